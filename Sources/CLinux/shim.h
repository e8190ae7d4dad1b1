// What Linux and glibc give and Swift's Glibc module leaves out: variadic calls, fork, eventfd, adjtimex, mallinfo2.
// One static inline for one C function, and its name says which.
//
// No system header is included: a struct that two modules define (timespec, fd_set) belongs to neither for sure.
#pragma once

extern int fork(void);
extern int eventfd(unsigned int count, int flags);
extern int prctl(int option, ...);
extern int getsockopt(int fd, int level, int option, void *value, unsigned int *length);

static inline int gh_fork(void) { return fork(); }

// EFD_NONBLOCK | EFD_CLOEXEC, which are O_NONBLOCK and O_CLOEXEC.
static inline int gh_eventfd(void) { return eventfd(0, 04000 | 02000000); }

// The head of struct timex, and more room than its tail takes.
struct gh_timex {
  unsigned int modes;
  long offset, freq, maxerror, esterror;
  int status;
  long tail[64];
};
extern int adjtimex(struct gh_timex *state);

// 1 where something keeps the clock right, 0 where nothing does: TIME_ERROR, STA_UNSYNC.
static inline int gh_adjtimex_synchronised(void) {
  struct gh_timex state = {0};
  return adjtimex(&state) != 5 && !(state.status & 0x40);
}

// PR_SET_PDEATHSIG.
static inline int gh_prctl_parent_death_signal(int signal_number) {
  return prctl(1, (unsigned long)signal_number, 0ul, 0ul, 0ul);
}

// PR_SET_DUMPABLE: without it a process that a trap ends is gone only when its memory is written to a core file.
static inline int gh_prctl_no_core_dump(void) { return prctl(4, 0ul, 0ul, 0ul, 0ul); }

// PR_SET_NAME.
static inline int gh_prctl_thread_name(const char *name) { return prctl(15, (unsigned long)name, 0ul, 0ul, 0ul); }

// The head of siginfo_t as waitid fills it; the kernel writes all 128 bytes.
struct gh_child_information {
  int signal_number, error, code;
  union {
    struct {
      int process;
      unsigned int user;
      int status;
    } child;
    void *alignment;
    int rest[29];
  } fields;
};
extern int waitid(int idtype, unsigned int id, struct gh_child_information *information, int options);

// P_PID with WEXITED | WNOHANG | WNOWAIT: 1 where the child is over, which it stays, to be reaped later.
// The code is CLD_EXITED (1), CLD_KILLED (2) or CLD_DUMPED (3); the status goes with it.
static inline int gh_waitid_look(int process, int *code, int *status) {
  struct gh_child_information information = {0};
  if (waitid(1, (unsigned int)process, &information, 0x01000005) != 0) return -1;
  *code = information.code;
  *status = information.fields.child.status;
  return information.fields.child.process == process;
}

extern long ptrace(int request, ...);

// PTRACE_SEIZE of one thread, which runs on meanwhile.
static inline int gh_ptrace_seize(int thread) { return (int)ptrace(0x4206, thread, 0ul, 0ul); }

// PTRACE_INTERRUPT: that thread alone stands still.
static inline int gh_ptrace_interrupt(int thread) { return (int)ptrace(0x4207, thread, 0ul, 0ul); }

struct gh_peer_credentials {
  int pid;
  unsigned int uid;
  unsigned int gid;
};

// SOL_SOCKET, SO_PEERCRED.
static inline int gh_getsockopt_peer_credentials(int fd, struct gh_peer_credentials *out) {
  unsigned int length = sizeof *out;
  return getsockopt(fd, 1, 17, out, &length);
}

// struct mallinfo2: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost.
struct gh_mallinfo {
  unsigned long field[10];
};
extern struct gh_mallinfo mallinfo2(void);

// Bytes that malloc has given out and not got back, in the first arena and in maps of their own: uordblks, hblkhd.
static inline unsigned long gh_mallinfo2_in_use(void) {
  struct gh_mallinfo info = mallinfo2();
  return info.field[7] + info.field[4];
}

// What Linux and glibc give and Swift's Glibc module leaves out: variadic calls, fork, eventfd, adjtimex.
// One static inline for one C function, and its name says which.
//
// _GNU_SOURCE stays undefined: with it this module's types would differ from the Glibc module's.
#pragma once

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <sys/types.h>
#include <unistd.h>

static inline pid_t gh_fork(void) { return fork(); }

static inline int gh_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

// 1 where something keeps the clock right, 0 where nothing does.
static inline int gh_adjtimex_synchronised(void) {
  struct timex state = {0};
  return adjtimex(&state) != TIME_ERROR && !(state.status & STA_UNSYNC);
}

static inline int gh_prctl_parent_death_signal(int signal_number) {
  return prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0);
}

static inline int gh_prctl_thread_name(const char *name) {
  return prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
}

struct gh_peer_credentials {
  int pid;
  unsigned int uid;
  unsigned int gid;
};

// SO_PEERCRED, whose struct ucred stands behind _GNU_SOURCE.
static inline int gh_getsockopt_peer_credentials(int fd, struct gh_peer_credentials *out) {
  socklen_t length = sizeof *out;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, out, &length);
}

// What Linux and glibc give and Swift's Glibc module leaves out: variadic calls, fork, macros, the
// GNU extensions. One static inline for one C function, and its name says which.
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static inline pid_t gh_fork(void) { return fork(); }

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

// SO_PEERCRED's struct ucred stands behind _GNU_SOURCE, which a module may be built without.
static inline int gh_getsockopt_peer_credentials(int fd, struct gh_peer_credentials *out) {
  socklen_t length = sizeof *out;
  return getsockopt(fd, SOL_SOCKET, 17 /* SO_PEERCRED */, out, &length);
}

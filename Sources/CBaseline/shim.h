// What gatehouse-bench measures with: a raw periodic loop in plain C, and an allocator that counts.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <time.h>

static inline uint64_t gh_baseline_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// A loop with absolute deadlines and nothing in it; writes how late each of `count` wake-ups was, in ns.
static inline void gh_baseline_loop(uint64_t period_ns, size_t count, uint64_t *late_ns) {
  uint64_t deadline = gh_baseline_now() + period_ns;
  for (size_t i = 0; i < count; i++) {
    struct timespec t = {(time_t)(deadline / 1000000000u), (long)(deadline % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) != 0) {
    }
    uint64_t now = gh_baseline_now();
    late_ns[i] = now - deadline;
    deadline += period_ns;
    if (deadline < now) deadline = now + period_ns;
  }
}

extern long syscall(long number, ...);
extern long sysconf(int name);

// sched_setaffinity of this thread to the last core.
static inline long gh_pin_to_last_core(void) {
  unsigned long mask[16] = {0};
  long last = sysconf(84 /* _SC_NPROCESSORS_ONLN */) - 1;
  mask[last / (8 * sizeof(long))] = 1ul << (last % (8 * sizeof(long)));
#if defined(__x86_64__)
  return syscall(203, 0, sizeof mask, mask);
#elif defined(__aarch64__)
  return syscall(122, 0, sizeof mask, mask);
#else
  return syscall(241, 0, sizeof mask, mask);
#endif
}

// glibc's own allocator, under the names that it keeps for whoever stands before it.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

static inline long *gh_allocation_counter(void) {
  static long count;
  return &count;
}

// Weak definitions under the C library's names: the program's own stand before glibc's, whoever calls. Swift refuses
// these names to its own functions, so they are C's. One file of one program may use them.
__attribute__((weak, used)) void *gh_counted_malloc(size_t size) __asm__("malloc");
__attribute__((weak, used)) void *gh_counted_malloc(size_t size) {
  __atomic_fetch_add(gh_allocation_counter(), 1, __ATOMIC_RELAXED);
  return __libc_malloc(size);
}

__attribute__((weak, used)) void *gh_counted_calloc(size_t count, size_t size) __asm__("calloc");
__attribute__((weak, used)) void *gh_counted_calloc(size_t count, size_t size) {
  __atomic_fetch_add(gh_allocation_counter(), 1, __ATOMIC_RELAXED);
  return __libc_calloc(count, size);
}

__attribute__((weak, used)) void *gh_counted_realloc(void *old, size_t size) __asm__("realloc");
__attribute__((weak, used)) void *gh_counted_realloc(void *old, size_t size) {
  __atomic_fetch_add(gh_allocation_counter(), 1, __ATOMIC_RELAXED);
  return __libc_realloc(old, size);
}

__attribute__((weak, used)) int gh_counted_posix_memalign(void **out, size_t alignment, size_t size) __asm__(
    "posix_memalign");
__attribute__((weak, used)) int gh_counted_posix_memalign(void **out, size_t alignment, size_t size) {
  __atomic_fetch_add(gh_allocation_counter(), 1, __ATOMIC_RELAXED);
  *out = __libc_memalign(alignment, size);
  return *out ? 0 : 12;
}

__attribute__((weak, used)) void *gh_counted_aligned_alloc(size_t alignment, size_t size) __asm__("aligned_alloc");
__attribute__((weak, used)) void *gh_counted_aligned_alloc(size_t alignment, size_t size) {
  __atomic_fetch_add(gh_allocation_counter(), 1, __ATOMIC_RELAXED);
  return __libc_memalign(alignment, size);
}

extern void free(void *pointer);
// The detour through memory keeps the compiler from taking the pair out.
static inline void gh_counted_free(void *pointer) {
  void *volatile kept = pointer;
  free(kept);
}

static inline long gh_allocations(void) { return __atomic_load_n(gh_allocation_counter(), __ATOMIC_RELAXED); }

// SQLite's functions under names of their own, so that they do not meet those of the library's module.
extern int gh_raw_step(void *statement) __asm__("sqlite3_step");
extern int gh_raw_type(void *statement, int column) __asm__("sqlite3_column_type");
extern const unsigned char *gh_raw_text(void *statement, int column) __asm__("sqlite3_column_text");
extern int gh_raw_bytes(void *statement, int column) __asm__("sqlite3_column_bytes");
extern long long gh_raw_integer(void *statement, int column) __asm__("sqlite3_column_int64");

// Steps through all rows and touches every column of each; returns the rows, and in `sum` what was touched.
static inline long gh_baseline_rows(void *statement, int columns, uint64_t *sum) {
  long rows = 0;
  while (gh_raw_step(statement) == 100 /* SQLITE_ROW */) {
    rows++;
    for (int column = 0; column < columns; column++) {
      int type = gh_raw_type(statement, column);
      if (type == 1 /* SQLITE_INTEGER */) {
        *sum += (uint64_t)gh_raw_integer(statement, column);
      } else if (type != 5 /* SQLITE_NULL */) {
        const unsigned char *text = gh_raw_text(statement, column);
        int bytes = gh_raw_bytes(statement, column);
        if (bytes > 0) *sum += (uint64_t)bytes + text[0] + text[bytes - 1];
      }
    }
  }
  return rows;
}

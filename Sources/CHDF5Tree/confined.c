#define _GNU_SOURCE
#include "confined.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "library.h"

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Leaves this process memory, the clock and its own end; every other call fails. Where the system
 * has no such filters, the process is still one of its own. */
static void forbid_calls(void) {
#ifdef ARCHITECTURE
#define ALLOW(call)                                    \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), \
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(brk), ALLOW(mmap), ALLOW(munmap), ALLOW(mremap), ALLOW(mprotect), ALLOW(madvise),
      ALLOW(futex), ALLOW(clock_gettime), ALLOW(gettimeofday), ALLOW(rt_sigreturn), ALLOW(exit),
      ALLOW(exit_group),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
#undef ALLOW
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
  }
#endif
}

/* Sets a limit of the system, below the one that is there. */
static void limit(int resource, rlim_t most) {
  struct rlimit limits;
  if (getrlimit((__rlimit_resource_t)resource, &limits) != 0) return;
  if (most < limits.rlim_cur) limits.rlim_cur = most;
  if (most < limits.rlim_max) limits.rlim_max = most;
  setrlimit((__rlimit_resource_t)resource, &limits);
}

/* The life of the process that does the work. */
static void live(const snnc_task *task, void (*body)(const snnc_task *, snnc_shared *),
                 snnc_shared *shared) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU};
  for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) {
    signal(fatal[index], SIG_DFL);
  }
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, task->limits->seconds);
  limit(RLIMIT_DATA, 2 * (task->count + task->limits->room) + ((rlim_t)256 << 20));
  if (H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 || H5PLset_loading_state(0) < 0) {
    snnc_end(shared, SNNC_HDF5_SYSTEM, "libhdf5 does not start");
  }
  forbid_calls();
  body(task, shared);
  snnc_end(shared, SNNC_HDF5_DONE, "done");
}

int snnc_confined(const snnc_task *task, void (*body)(const snnc_task *, snnc_shared *),
                  snnc_hdf5_result *result) {
  memset(result, 0, sizeof *result);
  const size_t head = (sizeof(snnc_shared) + 7) / 8 * 8;
  const size_t count = head + task->limits->room;
  void *memory = mmap(NULL, count, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    snprintf(result->message, sizeof result->message, "there is no memory for its tree");
    return SNNC_HDF5_SYSTEM;
  }
  result->memory = memory;
  result->memory_count = count;
  snnc_shared *shared = memory;
  shared->status = SNNC_HDF5_DAMAGED;
  snprintf(shared->message, sizeof shared->message, "libhdf5 ended while it worked on it");
  shared->bytes = (uint8_t *)memory + head;
  shared->room = task->limits->room;
  const pid_t child = fork();
  if (child == 0) live(task, body, shared);
  if (child < 0) {
    snprintf(result->message, sizeof result->message, "there is no process to read it in");
    return SNNC_HDF5_SYSTEM;
  }
  while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
  }
  const int status = shared->status;
  memcpy(result->message, shared->message, sizeof result->message);
  result->message[sizeof result->message - 1] = 0;
  const size_t found = shared->count;
  result->bytes = (const uint8_t *)memory + head;
  result->count = found <= task->limits->room ? found : 0;
  return status >= SNNC_HDF5_DONE && status <= SNNC_HDF5_SYSTEM ? status : SNNC_HDF5_DAMAGED;
}

void snnc_hdf5_release(snnc_hdf5_result *result) {
  if (result->memory) munmap(result->memory, result->memory_count);
  memset(result, 0, sizeof *result);
}

void snnc_end(snnc_shared *shared, int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(shared->message, sizeof shared->message, format, arguments);
  va_end(arguments);
  shared->status = status;
  _exit(0);
}

/* Keeps the words of the innermost error. */
static herr_t keep(unsigned number, const H5E_error2_t *error, void *words) {
  (void)number;
  if (error->desc) snprintf(words, SNNC_HDF5_MESSAGE, "%s", error->desc);
  return 0;
}

void snnc_end_with_library(snnc_shared *shared, const char *what) {
  char words[SNNC_HDF5_MESSAGE] = "";
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep, words);
  snnc_end(shared, SNNC_HDF5_DAMAGED, "%.160s%s%.80s", what, *words ? ": " : "", words);
}

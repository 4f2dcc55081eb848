#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Declared by glibc for _GNU_SOURCE only, which Swift's Glibc module is not compiled with. */
extern int renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned int flags);

/* Exchanges two paths in one step; 0, or -1 with errno. */
static inline int snnc_exchange(const char *a, const char *b) {
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, 2 /* RENAME_EXCHANGE */);
}

/* The number of processors that this process may run on, as a scheduler of jobs has set it; 0 where
   the system does not say. */
static inline int snnc_processors(void) {
  unsigned long mask[1024] = {0};
  int count = 0;
  if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0) return 0;
  for (unsigned i = 0; i < sizeof mask / sizeof mask[0]; i++) count += __builtin_popcountl(mask[i]);
  return count;
}

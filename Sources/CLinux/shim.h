#include <fcntl.h>

/* Declared by glibc for _GNU_SOURCE only, which Swift's Glibc module is not compiled with. */
extern int renameat2(int from_folder, const char *from, int to_folder, const char *to,
                     unsigned int flags);

/* Exchanges two paths in one step; 0, or -1 with errno. */
static inline int snnc_exchange(const char *a, const char *b) {
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, 2 /* RENAME_EXCHANGE */);
}

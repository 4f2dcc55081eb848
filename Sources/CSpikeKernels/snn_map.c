/* Maps files by POSIX, where that is there. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "snn_map.h"

#if (defined(__unix__) || defined(__APPLE__)) && !defined(SNN_NO_MMAP)
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

const void *snn_map(const char *path, size_t bytes) {
  struct stat status;
  void *memory = MAP_FAILED;
  /* A pipe is not even opened: its writer would take closing it for the end. */
  if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) return NULL;
  const int file = open(path, O_RDONLY);
  if (file < 0) return NULL;
  if (fstat(file, &status) == 0 && status.st_size > 0 && (uintmax_t)status.st_size == bytes) {
    memory = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, file, 0);
  }
  close(file);
  return memory == MAP_FAILED ? NULL : memory;
}

void snn_unmap(const void *memory, size_t bytes) {
  if (memory != NULL) munmap((void *)(uintptr_t)memory, bytes);
}
#else
const void *snn_map(const char *path, size_t bytes) {
  (void)path;
  (void)bytes;
  return NULL;
}

void snn_unmap(const void *memory, size_t bytes) {
  (void)memory;
  (void)bytes;
}
#endif

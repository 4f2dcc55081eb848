/* Maps files by POSIX, where that is there. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "snn_map.h"

#if (defined(__unix__) || defined(__APPLE__)) && !defined(SNN_NO_MMAP)
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

const void *snn_map(const char *path, size_t bytes) {
  const int file = open(path, O_RDONLY);
  void *memory = MAP_FAILED;
  if (file < 0) return NULL;
  const off_t size = lseek(file, 0, SEEK_END);
  if (size > 0 && (uintmax_t)size == bytes) {
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

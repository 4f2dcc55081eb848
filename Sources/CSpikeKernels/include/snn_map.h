/*
 * Files in memory without a copy of them. Optional: the kernels take weights from anywhere.
 */
#ifndef SNN_MAP_H
#define SNN_MAP_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The contents of the file `path`, which must have `bytes` bytes, aligned to 64, not to be written;
 * NULL if it has another size or the system maps no files: then it is to be read. The file must not
 * be cut short while it is mapped. When compiling, SNN_NO_MMAP leaves out the mapping. */
const void *snn_map(const char *path, size_t bytes);

/* Ends the mapping of a file; NULL does nothing. */
void snn_unmap(const void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif

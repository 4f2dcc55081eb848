/*
 * The checksum by which a program knows its weights.
 */
#ifndef SNN_CHECKSUM_H
#define SNN_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* XXH64 with seed 0 of `bytes` bytes, a multiple of 32 and not 0, as a little-endian machine reads
 * them. It finds damage, not malice. */
uint64_t snn_checksum(const void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif

/*
 * NumPy's files: reads float32 .npy, writes float32 .npy and .npz of uint8. Optional: a program
 * around the kernels may want it. Every function that can fail returns NULL on success and else a
 * fixed text that says why.
 */
#ifndef SNN_NPY_H
#define SNN_NPY_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { SNN_NPY_RANK = 32 };

/* An array in C order. */
typedef struct snn_npy {
  int32_t rank;
  size_t shape[SNN_NPY_RANK];
  size_t count; /* of elements */
  float *data;
} snn_npy;

/* Reads a .npy of version 1 or 2 that holds '<f4' in C order, of at most SNN_NPY_RANK dimensions.
 * Free it with snn_npy_free; after a failure there is nothing to free. */
const char *snn_npy_read(const char *path, snn_npy *array);

void snn_npy_free(snn_npy *array);

/* Writes float32 data [shape] as a .npy of version 1; 0 <= rank <= SNN_NPY_RANK. */
const char *snn_npy_write(const char *path, const float *data, const size_t *shape, int32_t rank);

/* An .npz being written: an uncompressed zip, below 4 GB. */
typedef struct snn_npz snn_npz;

/* Opens `path` for writing; free with snn_npz_close, whatever fails between. */
const char *snn_npz_open(const char *path, snn_npz **npz);

/* Adds one member, `name` without ".npy", that holds uint8 data [shape]. */
const char *snn_npz_add(snn_npz *npz, const char *name, const uint8_t *data, const size_t *shape,
                        int32_t rank);

/* Writes the directory, closes the file and frees `npz`. Fails if anything before did. */
const char *snn_npz_close(snn_npz *npz);

#ifdef __cplusplus
}
#endif

#endif

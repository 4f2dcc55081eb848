/*
 * Worker threads for the kernels, on POSIX threads. Optional: the kernels run without.
 */
#ifndef SNN_THREADS_H
#define SNN_THREADS_H

#include "snn_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct snn_threads snn_threads;

/* Starts a pool of `workers` >= 1, the caller of a kernel being one of them; NULL if memory or
 * threads run out. */
snn_threads *snn_threads_create(int32_t workers);

/* The pool's executor, which lives as long as the pool. One kernel at a time may use it. NULL for
 * a pool that is NULL. */
snn_executor *snn_threads_executor(snn_threads *threads);

/* Ends the threads and frees the pool; NULL does nothing. */
void snn_threads_destroy(snn_threads *threads);

#ifdef __cplusplus
}
#endif

#endif

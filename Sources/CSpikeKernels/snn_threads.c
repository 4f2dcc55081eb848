/* A pool of POSIX threads that draw tiles from a common counter. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "snn_threads.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct snn_worker {
  snn_threads *pool;
  pthread_t thread;
  int32_t index;
} snn_worker;

/* All fields below `lock` are guarded by it. */
struct snn_threads {
  snn_executor executor; /* first: the executor's address is the pool's */
  snn_worker *workers;
  int32_t started; /* threads, numbered from 1: the caller is worker 0 */
  pthread_mutex_t lock;
  pthread_cond_t work, done;
  void (*task)(void *context, int32_t tile, int32_t worker);
  void *context;
  int32_t next, tiles; /* the tile to hand out next, of how many */
  int32_t busy;        /* tiles handed out and not finished */
  int ends;
};

/* Runs tiles until none is left to hand out. Called and returns with the lock held. */
static void snn_work(snn_threads *pool, int32_t worker) {
  while (pool->next < pool->tiles) {
    const int32_t tile = pool->next++;
    pool->busy++;
    pthread_mutex_unlock(&pool->lock);
    pool->task(pool->context, tile, worker);
    pthread_mutex_lock(&pool->lock);
    pool->busy--;
  }
}

static void *snn_worker_main(void *argument) {
  const snn_worker *worker = argument;
  snn_threads *pool = worker->pool;
  pthread_mutex_lock(&pool->lock);
  while (!pool->ends) {
    snn_work(pool, worker->index);
    if (pool->busy == 0) pthread_cond_signal(&pool->done);
    if (!pool->ends) pthread_cond_wait(&pool->work, &pool->lock);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

static void snn_threads_run(snn_executor *self,
                            void (*task)(void *context, int32_t tile, int32_t worker),
                            void *context, int32_t tiles) {
  snn_threads *pool = (snn_threads *)self;
  pthread_mutex_lock(&pool->lock);
  pool->task = task;
  pool->context = context;
  pool->next = 0;
  pool->tiles = tiles;
  pthread_cond_broadcast(&pool->work);
  snn_work(pool, 0);
  while (pool->busy > 0) pthread_cond_wait(&pool->done, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
}

snn_threads *snn_threads_create(int32_t workers) {
  snn_threads *pool;
  if (workers < 1) return NULL;
  pool = calloc(1, sizeof *pool);
  if (pool == NULL) return NULL;
  pool->executor.workers = workers;
  pool->executor.run = snn_threads_run;
  pool->workers = calloc((size_t)workers, sizeof *pool->workers);
  if (pool->workers == NULL || pthread_mutex_init(&pool->lock, NULL) != 0) {
    free(pool->workers);
    free(pool);
    return NULL;
  }
  /* Cannot fail without attributes, says POSIX, but for lack of memory in other systems. */
  if (pthread_cond_init(&pool->work, NULL) != 0 || pthread_cond_init(&pool->done, NULL) != 0) {
    snn_threads_destroy(pool);
    return NULL;
  }
  while (pool->started + 1 < workers) {
    snn_worker *worker = &pool->workers[pool->started];
    worker->pool = pool;
    worker->index = pool->started + 1;
    if (pthread_create(&worker->thread, NULL, snn_worker_main, worker) != 0) {
      snn_threads_destroy(pool);
      return NULL;
    }
    pool->started++;
  }
  return pool;
}

snn_executor *snn_threads_executor(snn_threads *threads) {
  return threads == NULL ? NULL : &threads->executor;
}

void snn_threads_destroy(snn_threads *threads) {
  if (threads == NULL) return;
  pthread_mutex_lock(&threads->lock);
  threads->ends = 1;
  pthread_cond_broadcast(&threads->work);
  pthread_mutex_unlock(&threads->lock);
  for (int32_t i = 0; i < threads->started; i++) {
    pthread_join(threads->workers[i].thread, NULL);
  }
  pthread_cond_destroy(&threads->work);
  pthread_cond_destroy(&threads->done);
  pthread_mutex_destroy(&threads->lock);
  free(threads->workers);
  free(threads);
}

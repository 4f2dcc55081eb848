/* The most additions of float32 a second that this machine does: from registers, and with one
 * operand in the first-level cache. Tries each width of vectors that the machine has and prints the
 * best of several trials, since what disturbs a trial only slows it.
 *
 *   peak WORKERS     prints: registers L1, in additions a second on WORKERS threads together */
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* ADDENDS sums at a time hide the latency of an addition; a cache of 12 KiB at most. */
enum { ADDENDS = 12, ROWS = 16, ROUNDS = 1 << 20, TRIALS = 7 };

static float cache[ROWS * ADDENDS * 16] __attribute__((aligned(64)));

/* Both loops for vectors of `width` floats; they return a sum so that nothing is left out. */
#define LOOPS(name, width, attributes)                                                           \
  typedef float name __attribute__((vector_size(4 * (width))));                                  \
  attributes static float name##_registers(const float *from) {                                  \
    const name *in = (const name *)from, addend = in[0];                                         \
    name sums[ADDENDS];                                                                          \
    for (int i = 0; i < ADDENDS; i++) sums[i] = in[i];                                           \
    for (long round = 0; round < ROUNDS; round++) {                                              \
      for (int i = 0; i < ADDENDS; i++) sums[i] += addend;                                       \
    }                                                                                            \
    for (int i = 1; i < ADDENDS; i++) sums[0] += sums[i];                                        \
    return sums[0][0];                                                                           \
  }                                                                                              \
  attributes static float name##_l1(const float *from) {                                         \
    const name *in = (const name *)from;                                                         \
    name sums[ADDENDS];                                                                          \
    for (int i = 0; i < ADDENDS; i++) sums[i] = in[i];                                           \
    for (long round = 0; round < ROUNDS; round++) {                                              \
      const name *row = in + round % ROWS * ADDENDS;                                             \
      for (int i = 0; i < ADDENDS; i++) sums[i] += row[i];                                       \
    }                                                                                            \
    for (int i = 1; i < ADDENDS; i++) sums[0] += sums[i];                                        \
    return sums[0][0];                                                                           \
  }

LOOPS(vec4, 4, __attribute__((noinline)))
#if defined(__x86_64__)
LOOPS(vec8, 8, __attribute__((noinline, target("avx2"))))
LOOPS(vec16, 16, __attribute__((noinline, target("avx512f"))))
#endif

typedef struct job {
  float (*loop)(const float *from);
  pthread_barrier_t *barrier;
  double begin, end;
  float result;
} job;

static void *work(void *argument) {
  job *mine = argument;
  pthread_barrier_wait(mine->barrier);
  mine->begin = seconds();
  mine->result = mine->loop(cache);
  mine->end = seconds();
  return NULL;
}

/* Additions a second of a loop on some threads together, from the start of the first of them to the
 * end of the last. */
static double rate(float (*loop)(const float *from), int width, int workers) {
  const double additions = (double)ROUNDS * ADDENDS * width * workers;
  double best = 0;
  for (int trial = 0; trial < TRIALS; trial++) {
    pthread_t threads[workers];
    pthread_barrier_t barrier;
    job jobs[workers];
    pthread_barrier_init(&barrier, NULL, (unsigned)workers);
    for (int i = 0; i < workers; i++) {
      jobs[i] = (job){.loop = loop, .barrier = &barrier};
      if (pthread_create(&threads[i], NULL, work, &jobs[i]) != 0) exit(1);
    }
    for (int i = 0; i < workers; i++) pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
    double begin = jobs[0].begin, end = jobs[0].end;
    for (int i = 1; i < workers; i++) {
      if (jobs[i].begin < begin) begin = jobs[i].begin;
      if (jobs[i].end > end) end = jobs[i].end;
    }
    if (additions / (end - begin) > best) best = additions / (end - begin);
  }
  return best;
}

static double larger(double a, double b) { return a > b ? a : b; }

int main(int argc, char **argv) {
  const int workers = argc > 1 ? atoi(argv[1]) : 1;
  double registers = rate(vec4_registers, 4, workers), l1 = rate(vec4_l1, 4, workers);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    registers = larger(registers, rate(vec8_registers, 8, workers));
    l1 = larger(l1, rate(vec8_l1, 8, workers));
  }
  if (__builtin_cpu_supports("avx512f")) {
    registers = larger(registers, rate(vec16_registers, 16, workers));
    l1 = larger(l1, rate(vec16_l1, 16, workers));
  }
#endif
  printf("%.0f %.0f\n", registers, l1);
  return 0;
}

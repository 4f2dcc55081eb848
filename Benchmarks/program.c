/* An emitted model as one of the engines of the benchmark: it prepares as the emitted main.c does,
 * then runs one image for each line that it reads.
 *
 *   program WEIGHTS INPUT.npy LOGITS.npy WORKERS     see turns.py for what it prints
 *
 * MODEL is the identifier of the emitted model, CAPITALS the same in capitals, MODEL_HEADER the
 * name of its header. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include MODEL_HEADER
#include "snn_npy.h"
#include "snn_threads.h"

#define JOIN_(first, second) first##second
#define JOIN(first, second) JOIN_(first, second)
#define WEIGHTS_BYTES JOIN(CAPITALS, _WEIGHTS_BYTES)
#define ARENA_BYTES(workers) JOIN(CAPITALS, _ARENA_BYTES)(workers)
#define INPUT_COUNT JOIN(CAPITALS, _INPUT_COUNT)
#define OUTPUT_COUNT JOIN(CAPITALS, _OUTPUT_COUNT)

static void fail(const char *what, const char *why) {
  fprintf(stderr, "program: error: %s: %s\n", what, why);
  exit(1);
}

static void *aligned(size_t bytes) {
  void *memory;
  if (posix_memalign(&memory, 64, bytes) != 0) fail("start", "out of memory");
  return memory;
}

static void *weights(const char *path) {
  void *memory = aligned(WEIGHTS_BYTES);
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(memory, 1, WEIGHTS_BYTES, file) != WEIGHTS_BYTES) {
    fail(path, "cannot read the weights");
  }
  fclose(file);
  return memory;
}

/* The most memory that this program has had, in KiB. ru_maxrss would be no less than what the
 * program that started this one had. */
static long peak_kib(void) {
  char line[256];
  long kib = -1;
  FILE *file = fopen("/proc/self/status", "r");
  if (file == NULL) return -1;
  while (fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  }
  fclose(file);
  return kib;
}

int main(int argc, char **argv) {
  const double start = seconds();
  const int32_t workers = argc == 5 ? (int32_t)atoi(argv[4]) : 0;
  const size_t shape = OUTPUT_COUNT;
  static float logits[OUTPUT_COUNT];
  snn_threads *threads;
  snn_npy input;
  const char *error;
  MODEL model;
  char line[16];
  if (workers < 1) fail("usage", "program WEIGHTS INPUT.npy LOGITS.npy WORKERS");
  threads = workers > 1 ? snn_threads_create(workers) : NULL;
  error = snn_npy_read(argv[2], &input);
  if (error == NULL && input.count < INPUT_COUNT) error = "not a sample of the model";
  if (error != NULL) fail(argv[2], error);
  if (JOIN(MODEL, _init)(&model, aligned(ARENA_BYTES(workers)), ARENA_BYTES(workers),
                         weights(argv[1]), WEIGHTS_BYTES, snn_threads_executor(threads)) != 0) {
    fail(argv[1], "not the weights of this program");
  }
  printf("ready %.9f %s\n", seconds() - start, snn_instruction_set());
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL) {
    const double begin = seconds();
    JOIN(MODEL, _run)(&model, input.data, logits);
    printf("%.9f\n", seconds() - begin);
    fflush(stdout);
  }
  error = snn_npy_write(argv[3], logits, &shape, 1);
  if (error != NULL) fail(argv[3], error);
  printf("peak %ld\n", peak_kib());
  snn_threads_destroy(threads);
  return 0;
}

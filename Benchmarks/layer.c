/* The time of one layer against the rate at which its input fires: snn_conv_run, with neurons, on
 * random spikes of four steps.
 *
 *   layer WORKERS RUNS     prints a line for each run: KERNEL RATE ADDITIONS SECONDS
 *
 * The rates are run in turn, so that what else the machine does meets all of them. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "additions.h"
#include "snn_threads.h"

enum { STEPS = 4, RATES = 8 };

static const double rates[RATES] = {0.02, 0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.50};

static void *aligned(size_t bytes) {
  void *memory;
  if (posix_memalign(&memory, 64, bytes) != 0) exit(1);
  return memory;
}

/* Evenly in 0 ..< 1; xorshift64. */
static double random_number(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

/* Spikes in which each channel of each row fires at `rate`. */
static uint64_t *random_spikes(const snn_conv *conv, double rate) {
  const size_t words = SNN_WORDS(conv->in_channels);
  const size_t rows = (size_t)conv->steps * (size_t)(conv->in_height * conv->in_width);
  uint64_t *spikes = aligned(rows * words * sizeof *spikes);
  memset(spikes, 0, rows * words * sizeof *spikes);
  for (size_t row = 0; row < rows; row++) {
    for (int32_t channel = 0; channel < conv->in_channels; channel++) {
      if (random_number() < rate) {
        spikes[row * words + (size_t)(channel / 64)] |= UINT64_C(1) << channel % 64;
      }
    }
  }
  return spikes;
}

/* `count` numbers in -1 ..< 1. */
static float *random_reals(size_t count) {
  float *reals = aligned(count * sizeof *reals);
  for (size_t i = 0; i < count; i++) reals[i] = (float)(2 * random_number() - 1);
  return reals;
}

/* A convolution that keeps the size of its map. */
static snn_conv convolution(int32_t kernel, int32_t size, int32_t in, int32_t out) {
  const size_t rows = STEPS * (size_t)size * (size_t)size;
  const size_t weights = (size_t)kernel * (size_t)kernel * (size_t)in * (size_t)out;
  return (snn_conv){
      .steps = STEPS, .out_steps = STEPS, .in_channels = in, .out_channels = out,
      .in_height = size, .in_width = size, .out_height = size, .out_width = size,
      .kernel_height = kernel, .kernel_width = kernel, .stride_height = 1, .stride_width = 1,
      .pad_height = kernel / 2, .pad_width = kernel / 2, .weights = random_reals(weights),
      .neuron = {2.0f, 1.0f, SNN_LIF},
      .spikes_out = aligned(rows * SNN_WORDS(out) * sizeof(uint64_t))};
}

/* Times a convolution at every rate, one run to warm up and `runs` that count. */
static void measure(const char *name, snn_conv conv, int runs, void *scratch,
                    snn_executor *executor) {
  const uint64_t *inputs[RATES];
  double additions[RATES], dense;
  for (int i = 0; i < RATES; i++) {
    conv.spikes = inputs[i] = random_spikes(&conv, rates[i]);
    additions[i] = additions_of(&conv, &dense);
  }
  for (int run = -1; run < runs; run++) {
    for (int i = 0; i < RATES; i++) {
      conv.spikes = inputs[i];
      const double begin = seconds();
      snn_conv_run(&conv, scratch, executor);
      const double end = seconds();
      if (run >= 0) printf("%s %g %.0f %.9f\n", name, rates[i], additions[i], end - begin);
    }
  }
}

int main(int argc, char **argv) {
  const int workers = argc == 3 ? atoi(argv[1]) : 0, runs = argc == 3 ? atoi(argv[2]) : 0;
  snn_threads *threads = workers > 1 ? snn_threads_create(workers) : NULL;
  if (workers < 1 || runs < 1) {
    fprintf(stderr, "usage: layer WORKERS RUNS\n");
    return 1;
  }
  void *scratch = aligned((size_t)workers * SNN_SCRATCH_BYTES);
  snn_executor *executor = snn_threads_executor(threads);
  measure("1x1", convolution(1, 14, 768, 3072), runs, scratch, executor);
  measure("3x3", convolution(3, 28, 384, 768), runs, scratch, executor);
  snn_threads_destroy(threads);
  return 0;
}

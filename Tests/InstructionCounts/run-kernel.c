/*
 * Runs one kernel once on fixed pseudo-random data, so that scripts/check-instructions can count
 * its instructions:
 *   run-kernel conv3x3 | conv1x1 | attention
 * and prints the instruction set that the kernels chose, then the compiler.
 *
 * The shapes are those of a Spikingformer-8-768's blocks at 4 steps and 14 x 14 positions; the 3x3
 * convolution has fewer channels, so that counting takes a second or two.
 */
#include <stdio.h>
#include <string.h>

#include "snn_kernels.h"

#if defined(__clang__)
#define COMPILER "clang", __clang_major__, __clang_minor__, __clang_patchlevel__
#else
#define COMPILER "gcc", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__
#endif

enum {
  STEPS = 4,
  SIDE = 14,
  POSITIONS = SIDE * SIDE,
  FEW = 192,  /* channels of the 3x3 convolution */
  MANY = 768, /* channels of the others */
  HEADS = 8
};

/* Memory of fixed alignment: how it lies decides how many instructions a copy takes. */
static _Alignas(64) float weights[MANY * MANY];
static _Alignas(64) float bias[MANY], scale[MANY], shift[MANY];
static _Alignas(64) float residual[STEPS * POSITIONS * MANY];
static _Alignas(64) uint64_t spikes[3][STEPS * POSITIONS * SNN_WORDS(MANY)];
static _Alignas(64) uint64_t fired[STEPS * POSITIONS * SNN_WORDS(MANY)];
static _Alignas(64) unsigned char scratch[SNN_SCRATCH_BYTES];
static _Alignas(64) unsigned char workspace[SNN_ATTENTION_BYTES(STEPS, HEADS, MANY / HEADS)];

/* The next of Knuth's 64-bit linear congruential numbers, its upper half. */
static uint32_t next(void) {
  static uint64_t state = 1;
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(state >> 32);
}

/* Reals in -1 ..< 1. */
static void fill(float *out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)next() / 2147483648.0f - 1.0f;
}

/* Spikes of `channels` at every position and step, of which `percent` in a hundred fire. */
static void fire(uint64_t *out, int32_t channels, uint32_t percent) {
  const size_t words = SNN_WORDS(channels);
  for (size_t row = 0; row < STEPS * POSITIONS; row++) {
    for (int32_t channel = 0; channel < channels; channel++) {
      const uint64_t bit = next() % 100 < percent;
      out[row * words + (size_t)channel / 64] |= bit << channel % 64;
    }
  }
}

/* A convolution of one size in and out, without its outputs. */
static snn_conv convolution(int32_t channels, int32_t kernel, uint32_t percent) {
  const snn_conv conv = {
      .steps = STEPS, .in_height = SIDE, .in_width = SIDE, .in_channels = channels,
      .out_height = SIDE, .out_width = SIDE, .out_channels = channels,
      .kernel_height = kernel, .kernel_width = kernel, .stride_height = 1, .stride_width = 1,
      .pad_height = kernel / 2, .pad_width = kernel / 2, .spikes = spikes[0],
      .weights = weights, .bias = bias, .scale = scale, .shift = shift};
  fire(spikes[0], channels, percent);
  fill(weights, (size_t)(kernel * kernel * channels * channels));
  fill(bias, (size_t)channels);
  fill(scale, (size_t)channels);
  fill(shift, (size_t)channels);
  return conv;
}

/* 3x3 with neurons behind it, as in a patch embedding; 15 in 100 inputs fire. */
static void conv3x3(void) {
  snn_conv conv = convolution(FEW, 3, 15);
  conv.neuron = (snn_neuron){.tau = 2.0f, .threshold = 1.0f, .kind = SNN_LIF};
  conv.out_steps = STEPS;
  conv.spikes_out = fired;
  snn_conv_run(&conv, scratch, NULL);
}

/* 1x1 onto a shortcut, as at the end of a block; 2 in 100 inputs fire. */
static void conv1x1(void) {
  snn_conv conv = convolution(MANY, 1, 2);
  fill(residual, STEPS * POSITIONS * MANY);
  conv.residual = residual;
  conv.residual_steps = STEPS;
  conv.real_out = residual;
  snn_conv_run(&conv, scratch, NULL);
}

/* Attention with neurons behind it; 10 in 100 queries, keys and values fire. */
static void attention(void) {
  const snn_attention all = {
      .steps = STEPS, .tokens = POSITIONS, .heads = HEADS, .width = MANY / HEADS,
      .queries = spikes[0], .keys = spikes[1], .values = spikes[2], .factor = 0.125f,
      .neuron = {.tau = 2.0f, .threshold = 0.5f, .kind = SNN_LIF},
      .out_steps = STEPS, .spikes_out = fired};
  for (int operand = 0; operand < 3; operand++) fire(spikes[operand], MANY, 10);
  snn_attention_run(&all, workspace, scratch, NULL);
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    void (*run)(void);
  } kernels[] = {{"conv3x3", conv3x3}, {"conv1x1", conv1x1}, {"attention", attention}};
  for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
    if (argc != 2 || strcmp(argv[1], kernels[i].name) != 0) continue;
    kernels[i].run();
    printf("%s\n", snn_instruction_set());
    printf("%s %d.%d.%d\n", COMPILER);
    return 0;
  }
  fprintf(stderr, "usage: run-kernel conv3x3 | conv1x1 | attention\n");
  return 64;
}

/* How many additions a convolution of spikes is: the spikes under its taps, without padding, times
 * its output channels. */
#ifndef ADDITIONS_H
#define ADDITIONS_H

#include "snn_kernels.h"

static inline double ones(const uint64_t *words, size_t count) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += __builtin_popcountll(words[i]);
  return sum;
}

/* Under how many taps an input row or column comes while the window moves along its axis. */
static inline int32_t uses(int32_t in, int32_t out, int32_t kernel, int32_t stride, int32_t pad) {
  int32_t count = 0;
  for (int32_t tap = 0; tap < kernel; tap++) {
    const int32_t start = in + pad - tap;
    count += start >= 0 && start % stride == 0 && start / stride < out;
  }
  return count;
}

/* The additions of a convolution, and in `dense` what they would be if every input had fired. */
static inline double additions_of(const snn_conv *conv, double *dense) {
  const size_t words = SNN_WORDS(conv->in_channels);
  const uint64_t *spikes = conv->spikes;
  double additions = 0;
  *dense = 0;
  for (int32_t row = 0; row < conv->steps * conv->in_height; row++) {
    const int32_t down = uses(row % conv->in_height, conv->out_height, conv->kernel_height,
                              conv->stride_height, conv->pad_height);
    for (int32_t x = 0; x < conv->in_width; x++, spikes += words) {
      const int32_t across = uses(x, conv->out_width, conv->kernel_width, conv->stride_width,
                                  conv->pad_width);
      const double each = (double)conv->out_channels * down * across;
      additions += each * ones(spikes, words);
      *dense += each * conv->in_channels;
    }
  }
  return additions;
}

#endif

/* The kernels of snn_kernels.h that run once a value and need neither vectors nor workers: sums,
 * means, changes of layout, and the plain matrix product. */
#include "snn_exact.h"

#include "snn_kernels.h"

#include <string.h>

#include "snn_bits.h"

void snn_add(const float *a, int32_t a_steps, const float *b, int32_t b_steps, int32_t out_steps,
             size_t count, float *out) {
  for (int32_t step = 0; step < out_steps; step++) {
    const float *a_step = a_steps > 1 ? a + (size_t)step * count : a;
    const float *b_step = b_steps > 1 ? b + (size_t)step * count : b;
    float *out_step = out + (size_t)step * count;
    for (size_t i = 0; i < count; i++) out_step[i] = a_step[i] + b_step[i];
  }
}

void snn_mul(const float *a, int32_t a_steps, const float *b, int32_t b_steps, int32_t out_steps,
             size_t outer, size_t extent, size_t inner, float *out) {
  for (int32_t step = 0; step < out_steps; step++) {
    const float *left = a_steps > 1 ? a + (size_t)step * outer * extent * inner : a;
    const float *right = b_steps > 1 ? b + (size_t)step * outer * inner : b;
    for (size_t o = 0; o < outer; o++, right += inner) {
      for (size_t e = 0; e < extent; e++, left += inner, out += inner) {
        for (size_t i = 0; i < inner; i++) out[i] = left[i] * right[i];
      }
    }
  }
}

void snn_sum(const float *in, size_t outer, size_t extent, size_t inner, float *out) {
  for (size_t o = 0; o < outer; o++, out += inner) {
    for (size_t i = 0; i < inner; i++) out[i] = 0.0f;
    for (size_t e = 0; e < extent; e++, in += inner) {
      for (size_t i = 0; i < inner; i++) out[i] += in[i];
    }
  }
}

void snn_complement(const float *in, size_t count, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = 1.0f - in[i];
}

void snn_scale(const float *in, float factor, size_t count, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = in[i] * factor;
}

void snn_divide(const float *in, float divisor, size_t count, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = in[i] / divisor;
}

void snn_affine(const float *in, const float *scale, const float *shift, size_t positions,
                int32_t channels, float *out) {
  const size_t width = (size_t)channels;
  for (size_t position = 0; position < positions; position++) {
    for (size_t channel = 0; channel < width; channel++) {
      float product = in[position * width + channel] * scale[channel];
      SNN_ROUNDED(product);
      out[position * width + channel] = product + shift[channel];
    }
  }
}

/* out[i] = the sum of `terms` values, `count` apart from in[i] on, divided by their number. */
static void snn_mean(const float *in, int32_t terms, size_t count, float *out) {
  for (size_t i = 0; i < count; i++) out[i] = 0.0f;
  for (int32_t term = 0; term < terms; term++) {
    for (size_t i = 0; i < count; i++) out[i] += in[(size_t)term * count + i];
  }
  for (size_t i = 0; i < count; i++) out[i] /= (float)terms;
}

void snn_mean_positions(const float *in, int32_t steps, int32_t positions, int32_t channels,
                        float *out) {
  const size_t width = (size_t)channels;
  for (int32_t step = 0; step < steps; step++) {
    snn_mean(in + (size_t)step * (size_t)positions * width, positions, width,
             out + (size_t)step * width);
  }
}

void snn_mean_steps(const float *in, int32_t steps, size_t count, float *out) {
  snn_mean(in, steps, count, out);
}

void snn_repeat(const float *in, int32_t out_steps, size_t count, float *out) {
  for (int32_t step = 0; step < out_steps; step++)
    memcpy(out + (size_t)step * count, in, count * sizeof *in);
}

void snn_unpack_spikes(const uint64_t *spikes, size_t positions, int32_t channels, float *out) {
  const size_t width = (size_t)channels;
  for (size_t position = 0; position < positions; position++) {
    for (size_t channel = 0; channel < width; channel += 64) {
      const size_t count = width - channel < 64 ? width - channel : 64;
      uint8_t ones[64];
      snn_spread_bits(*spikes++, ones);
      for (size_t i = 0; i < count; i++) *out++ = (float)ones[i];
    }
  }
}

void snn_pack_spikes(const float *in, size_t positions, int32_t channels, uint64_t *spikes_out) {
  const size_t width = (size_t)channels, words = SNN_WORDS(channels);
  memset(spikes_out, 0, positions * words * sizeof *spikes_out);
  for (size_t position = 0; position < positions; position++, spikes_out += words) {
    for (size_t channel = 0; channel < width; channel++) {
      spikes_out[channel / 64] |= (uint64_t)(*in++ != 0.0f) << channel % 64;
    }
  }
}

void snn_channels_last(const float *in, int32_t steps, int32_t channels, int32_t positions,
                       float *out) {
  const size_t width = (size_t)channels, count = (size_t)positions;
  for (int32_t step = 0; step < steps; step++) {
    for (size_t position = 0; position < count; position++) {
      for (size_t channel = 0; channel < width; channel++) {
        *out++ = in[channel * count + position];
      }
    }
    in += width * count;
  }
}

void snn_planar_bits(const uint64_t *spikes, int32_t steps, int32_t positions, int32_t channels,
                     uint8_t *out) {
  const size_t count = (size_t)positions, words = SNN_WORDS(channels);
  for (int32_t step = 0; step < steps; step++, spikes += count * words) {
    for (size_t channel = 0; channel < (size_t)channels; channel++) {
      for (size_t position = 0; position < count; position++) {
        const uint64_t word = spikes[position * words + channel / 64];
        *out++ = (uint8_t)(word >> channel % 64 & 1);
      }
    }
  }
}

void snn_row_bits(const uint64_t *spikes, int32_t steps, int32_t positions, int32_t channels,
                  uint8_t *out) {
  const size_t rows = (size_t)steps * (size_t)positions, words = SNN_WORDS(channels);
  for (size_t row = 0; row < rows; row++, spikes += words) {
    for (size_t channel = 0; channel < (size_t)channels; channel++) {
      *out++ = (uint8_t)(spikes[channel / 64] >> channel % 64 & 1);
    }
  }
}

void snn_matmul(const snn_matrix *a, const snn_matrix *b, int32_t batches, int32_t rows,
                int32_t columns, int32_t inner, float *out) {
  for (int32_t batch = 0; batch < batches; batch++) {
    for (int32_t row = 0; row < rows; row++) {
      const float *left = a->data + batch * a->batch_stride + row * a->row_stride;
      for (int32_t column = 0; column < columns; column++) {
        const float *right = b->data + batch * b->batch_stride + column * b->column_stride;
        float sum = 0.0f;
        for (int32_t i = 0; i < inner; i++) {
          float product = left[i * a->column_stride] * right[i * b->row_stride];
          SNN_ROUNDED(product);
          sum += product;
        }
        *out++ = sum;
      }
    }
  }
}

/*
 * The convolution in groups, compiled once for each instruction set. Depthwise, where every channel
 * sees itself alone, vector lanes run over the channels; otherwise it is plain loops.
 */

/* Where the window of the output position (y, x) lies: its rows and columns that are not padding. */
typedef struct SNN_NAME(grouped_window) {
  snn_extent rows, columns;
  int32_t y, x; /* of the input under the window's first row and column */
} SNN_NAME(grouped_window);

static SNN_NAME(grouped_window) SNN_NAME(grouped_window_at)(const snn_conv *conv, int32_t y,
                                                            int32_t x) {
  SNN_NAME(grouped_window) window;
  window.y = y * conv->stride_height - conv->pad_height;
  window.x = x * conv->stride_width - conv->pad_width;
  window.rows.from = snn_max(0, -window.y);
  window.rows.until = snn_min(conv->kernel_height, conv->in_height - window.y);
  window.columns.from = snn_max(0, -window.x);
  window.columns.until = snn_min(conv->kernel_width, conv->in_width - window.x);
  return window;
}

/* The position of the input under one tap of the window, in the map of all steps. */
static size_t SNN_NAME(grouped_input)(const snn_conv *conv, int32_t step,
                                      const SNN_NAME(grouped_window) * window, int32_t row,
                                      int32_t column) {
  const size_t y = (size_t)step * (size_t)conv->in_height + (size_t)(window->y + row);
  return y * (size_t)conv->in_width + (size_t)(window->x + column);
}

/* One channel of one output position: its sum, from the bias, in the order of the taps and of the
 * `inputs` channels of its group. */
static float SNN_NAME(grouped_sum)(const snn_conv *conv, int32_t inputs, int32_t first,
                                   int32_t step, const SNN_NAME(grouped_window) * window,
                                   int32_t channel) {
  const size_t words = SNN_WORDS(conv->in_channels);
  float sum = conv->bias != NULL ? conv->bias[channel] : 0.0f;
  for (int32_t row = window->rows.from; row < window->rows.until; row++) {
    for (int32_t column = window->columns.from; column < window->columns.until; column++) {
      const size_t in = SNN_NAME(grouped_input)(conv, step, window, row, column);
      const size_t tap = (size_t)(row * conv->kernel_width + column);
      const float *weights =
          conv->weights + tap * (size_t)inputs * (size_t)conv->out_channels + channel;
      for (int32_t i = 0; i < inputs; i++, weights += conv->out_channels) {
        const int32_t from = first + i;
        if (conv->spikes != NULL) {
          if (conv->spikes[in * words + (size_t)(from / 64)] >> from % 64 & 1) sum += *weights;
        } else {
          float product = *weights * conv->reals[in * (size_t)conv->in_channels + (size_t)from];
          SNN_ROUNDED(product);
          sum += product;
        }
      }
    }
  }
  return sum;
}

#if SNN_LANES > 1
/* The lanes from `channel` on of a word of spikes, 0 or -1 each. */
static ivec SNN_NAME(lanes_of)(const uint64_t *words, int32_t channel) {
  const int32_t bits = (int32_t)(words[channel / 64] >> channel % 64 & snn_low_bits(SNN_LANES));
  ivec lanes;
  for (int32_t lane = 0; lane < SNN_LANES; lane++) lanes[lane] = -(bits >> lane & 1);
  return lanes;
}

/* SNN_LANES channels of one output position of a depthwise convolution. What did not fire adds -0,
 * which changes no sum. */
static vec SNN_NAME(depthwise_sums)(const snn_conv *conv, int32_t step,
                                    const SNN_NAME(grouped_window) * window, int32_t channel) {
  const size_t channels = (size_t)conv->out_channels, words = SNN_WORDS(channels);
  vec sums = {0.0f};
  if (conv->bias != NULL) sums = *(const vec *)(conv->bias + channel);
  for (int32_t row = window->rows.from; row < window->rows.until; row++) {
    for (int32_t column = window->columns.from; column < window->columns.until; column++) {
      const size_t in = SNN_NAME(grouped_input)(conv, step, window, row, column);
      const size_t tap = (size_t)(row * conv->kernel_width + column);
      vec term = *(const vec *)(conv->weights + tap * channels + channel);
      if (conv->spikes != NULL) {
        const ivec fired = SNN_NAME(lanes_of)(conv->spikes + in * words, channel);
        const ivec nothing = (ivec)(-(vec){0.0f});
        term = (vec)(((ivec)term & fired) | (nothing & ~fired));
      } else {
        term *= *(const vec *)(conv->reals + in * channels + channel);
        SNN_ROUNDED(term);
      }
      sums += term;
    }
  }
  return sums;
}
#endif

/* One task: one output row at one step. */
static void SNN_NAME(grouped_task)(void *context, int32_t index, int32_t worker) {
  const snn_grouped_plan *plan = context;
  const snn_conv *conv = plan->conv;
  const int32_t step = index / conv->out_height, y = index % conv->out_height;
  const int32_t inputs = conv->in_channels / plan->groups;
  const int32_t outputs = conv->out_channels / plan->groups;
  float *out = conv->real_out + (size_t)index * (size_t)conv->out_width * (size_t)conv->out_channels;
  (void)worker;
  for (int32_t x = 0; x < conv->out_width; x++, out += conv->out_channels) {
    const SNN_NAME(grouped_window) window = SNN_NAME(grouped_window_at)(conv, y, x);
    int32_t channel = 0;
#if SNN_LANES > 1
    if (inputs == 1 && outputs == 1) {
      for (; channel + SNN_LANES <= conv->out_channels; channel += SNN_LANES) {
        *(vec *)(out + channel) = SNN_NAME(depthwise_sums)(conv, step, &window, channel);
      }
    }
#endif
    for (; channel < conv->out_channels; channel++) {
      const int32_t first = channel / outputs * inputs;
      out[channel] = SNN_NAME(grouped_sum)(conv, inputs, first, step, &window, channel);
    }
  }
}

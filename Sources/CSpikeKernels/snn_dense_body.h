/*
 * The sums of a convolution of reals: every input that is not padding is multiplied.
 * Part of snn_conv_body.h.
 */

/* Adds to one row's sums [SNN_TILE] the products of `count` inputs and their weights. */
static void SNN_NAME(add_products)(const float *inputs, int32_t count, snn_weights block,
                                   float *all_sums) {
  for (int32_t lane = 0; lane < SNN_TILE; lane += SNN_GROUP * SNN_LANES) {
    vec *sums = (vec *)(all_sums + lane);
    SNN_EACH(SNN_LOAD)
    for (int32_t i = 0; i < count; i++) {
      const vec *weights = (const vec *)(block.first + lane + (size_t)i * block.stride);
      const float input = inputs[i];
      SNN_EACH(SNN_MULTIPLY_ADD)
    }
    SNN_EACH(SNN_STORE)
  }
}

#define SNN_LOAD_PAIR(r)                                                                         \
  vec *const row##r = (vec *)(sums[r] + lane);                                                   \
  vec low##r = row##r[0], high##r = row##r[1];
#define SNN_ADD_PAIR(r)                                                                          \
  {                                                                                              \
    vec low = weights[0] * inputs[r][i], high = weights[1] * inputs[r][i];                       \
    SNN_ROUNDED(low);                                                                            \
    SNN_ROUNDED(high);                                                                           \
    low##r += low;                                                                               \
    high##r += high;                                                                             \
  }
#define SNN_STORE_PAIR(r)                                                                        \
  row##r[0] = low##r;                                                                            \
  row##r[1] = high##r;

/* add_products for four rows at a time, which share the loads of the weights. */
static void SNN_NAME(add_products_of_four)(const float *const *inputs, int32_t count,
                                           snn_weights block, float *const *sums) {
  for (int32_t lane = 0; lane < block.channels; lane += 2 * SNN_LANES) {
    SNN_LOAD_PAIR(0)
    SNN_LOAD_PAIR(1)
    SNN_LOAD_PAIR(2)
    SNN_LOAD_PAIR(3)
    for (int32_t i = 0; i < count; i++) {
      const vec *weights = (const vec *)(block.first + lane + (size_t)i * block.stride);
      SNN_ADD_PAIR(0)
      SNN_ADD_PAIR(1)
      SNN_ADD_PAIR(2)
      SNN_ADD_PAIR(3)
    }
    SNN_STORE_PAIR(0)
    SNN_STORE_PAIR(1)
    SNN_STORE_PAIR(2)
    SNN_STORE_PAIR(3)
  }
}

/* Adds what the inputs from ..< until of one kernel row contribute to every row. An input of a
 * kernel row is kernel column * in_channels + channel: in memory they follow one another, in the
 * map as in the weights, and padding cuts them off at either end. */
static void SNN_NAME(convolve_block)(const snn_part *part, int32_t kernel_row, int32_t from,
                                     int32_t until, snn_weights block, float *sums) {
  const float *inputs[4] = {NULL, NULL, NULL, NULL};
  float *whole[4] = {NULL, NULL, NULL, NULL};
  int32_t waiting = 0;
  for (int32_t step = 0; step < part->steps; step++) {
    snn_window window = snn_first_window(part, step, kernel_row);
    for (int32_t position = 0; position < part->positions; position++) {
      const int32_t first = snn_max(window.from, from), last = snn_min(window.until, until);
      if (first == from && last == until) {
        inputs[waiting] = part->conv->reals + (window.origin + first);
        whole[waiting++] = sums;
      } else if (first < last) {
        snn_weights some = block;
        some.first += (size_t)(first - from) * block.stride;
        SNN_NAME(add_products)
        (part->conv->reals + (window.origin + first), last - first, some, sums);
      }
      if (waiting == 4) {
        SNN_NAME(add_products_of_four)(inputs, until - from, block, whole);
        waiting = 0;
      }
      sums += SNN_TILE;
      snn_next_window(part, &window);
    }
  }
  while (waiting-- > 0) {
    SNN_NAME(add_products)(inputs[waiting], until - from, block, whole[waiting]);
  }
}

/* Adds what reals contribute, SNN_BLOCK_INPUTS inputs of a kernel row at a time. */
static void SNN_NAME(convolve_reals)(const snn_part *part, snn_scratch *scratch) {
  const int32_t inputs = part->conv->kernel_width * part->conv->in_channels;
  for (int32_t kernel_row = 0; kernel_row < part->conv->kernel_height; kernel_row++) {
    for (int32_t from = 0; from < inputs; from += SNN_BLOCK_INPUTS) {
      const int32_t until = snn_min(from + SNN_BLOCK_INPUTS, inputs);
      for (int32_t tile = 0; tile < part->tiles; tile++) {
        const size_t first = (size_t)kernel_row * (size_t)inputs + (size_t)from;
        const snn_weights block = SNN_NAME(bring_weights)(
            snn_weights_of(part, tile, first, until - from),
            part->steps * part->positions * (until - from), scratch->weights);
        SNN_NAME(convolve_block)
        (part, kernel_row, from, until, block, snn_sums_of(part, tile, scratch));
      }
    }
  }
}

#undef SNN_LOAD_PAIR
#undef SNN_ADD_PAIR
#undef SNN_STORE_PAIR

/*
 * The sums of a convolution of spikes or counts: weights are read only where an input is active.
 * Part of snn_conv_body.h.
 */

/* Which values of one word of the channels of a position are not zero, a bit each. */
static SNN_APART uint64_t SNN_NAME(nonzero_bits)(const float *values, size_t word,
                                                 size_t channels) {
  const size_t first = word * 64, count = channels - first < 64 ? channels - first : 64;
  uint64_t bits = 0;
  size_t i = 0;
  for (; i + SNN_LANES <= count; i += SNN_LANES) {
    bits |= SNN_NAME(nonzero_lanes)(*(const vec *)(values + first + i)) << i;
  }
  for (; i < count; i++) bits |= (uint64_t)(values[first + i] != 0.0f) << i;
  return bits;
}

/* Lists the rows of a part in which any of some inputs is active. */
static snn_list SNN_NAME(list_rows)(const snn_part *part, snn_inputs inputs, snn_row *rows) {
  const snn_conv *conv = part->conv;
  const int32_t width = conv->out_width, stride = conv->stride_width;
  const int32_t kernel_y = inputs.tap / conv->kernel_width - conv->pad_height;
  const int32_t kernel_x = inputs.tap % conv->kernel_width - conv->pad_width;
  const int32_t last_x = conv->in_width - 1 - kernel_x;
  /* The output columns whose input lies inside: inner ..< outer. */
  const int32_t inner = kernel_x < 0 ? snn_ceiling(-kernel_x, stride) : 0;
  const int32_t outer = last_x < 0 ? 0 : snn_min(last_x / stride + 1, width);
  const size_t channels = (size_t)conv->in_channels, words = SNN_WORDS(channels);
  const uint64_t *const spikes = conv->spikes;
  const float *const counts = conv->counts;
  snn_list list = {rows, 0, 0};
  int32_t row = 0;

  for (int32_t step = 0; step < part->steps; step++) {
    const int32_t top = (part->first_step + step) * conv->in_height;
    int32_t x = part->first_position % width, y = part->first_position / width;
    for (int32_t left = part->positions; left > 0; y++) {
      const int32_t end = snn_min(width, x + left), in_y = y * conv->stride_height + kernel_y;
      const int inside = in_y >= 0 && in_y < conv->in_height;
      const int32_t from = inside ? snn_min(snn_max(inner, x), end) : end;
      const int32_t until = inside ? snn_max(snn_min(outer, end), from) : end;
      int32_t position =
          inside ? (top + in_y) * conv->in_width + from * stride + kernel_x : 0;
      for (int32_t i = row + from - x; i < row + until - x; i++, position += stride) {
        /* Written always and kept only if any input is active: no branch to foresee. */
        snn_row *listed = rows + list.count;
        uint64_t any = 0;
        for (int32_t word = 0; word < SNN_BLOCK_WORDS; word++) {
          uint64_t bits = 0;
          if (word < inputs.words) {
            const size_t at = (size_t)position, index = (size_t)(inputs.word + word);
            bits = counts == NULL ? spikes[at * words + index]
                                  : SNN_NAME(nonzero_bits)(counts + at * channels, index, channels);
          }
          listed->bits[word] = bits;
          any |= bits;
          list.reads += snn_count_bits(bits);
        }
        listed->row = i;
        listed->position = position;
        list.count += any != 0;
      }
      row += end - x;
      left -= end - x;
      x = 0;
    }
  }
  return list;
}

/* Adds to the sums [..][SNN_TILE] of each row the weights of its active inputs, multiplied by
 * `counts` [position][channels], from the first of the inputs on, unless it is NULL. Fetches a cache
 * line of the next weights with each row (here and not in a function: gcc 12 takes one that only
 * prefetches to do nothing, and drops it). */
static inline void SNN_NAME(add_rows)(snn_list list, snn_weights block, const snn_weights *next,
                                      const float *counts, size_t channels, float *all_sums) {
  int32_t next_input = 0, next_line = 0;
  for (const snn_row *row = list.rows; row < list.rows + list.count; row++) {
    float *row_sums = all_sums + (size_t)row->row * SNN_TILE;
    if (next_input < next->inputs) {
      SNN_PREFETCH(next->first + (size_t)next_input * next->stride + next_line);
    }
    next_line += 16;
    if (next_line >= next->channels) {
      next_line = 0;
      next_input++;
    }
    for (int32_t lane = 0; lane < SNN_TILE; lane += SNN_GROUP * SNN_LANES) {
      vec *sums = (vec *)(row_sums + lane);
      SNN_EACH(SNN_LOAD)
      for (int32_t word = 0; word < SNN_BLOCK_WORDS; word++) {
        for (uint64_t bits = row->bits[word]; bits != 0; bits &= bits - 1) {
          const size_t index = (size_t)(word * 64 + snn_lowest_bit(bits));
          const vec *weights = (const vec *)(block.first + index * block.stride + lane);
          if (counts == NULL) {
            SNN_EACH(SNN_ADD)
          } else {
            const float input = counts[(size_t)row->position * channels + index];
            SNN_EACH(SNN_MULTIPLY_ADD)
          }
        }
      }
      SNN_EACH(SNN_STORE)
    }
  }
}

static SNN_APART void SNN_NAME(add_spikes)(snn_list list, snn_weights block,
                                           const snn_weights *next, float *sums) {
  SNN_NAME(add_rows)(list, block, next, NULL, 0, sums);
}

static SNN_APART void SNN_NAME(add_counts)(snn_list list, snn_weights block,
                                           const snn_weights *next, const float *counts,
                                           size_t channels, float *sums) {
  SNN_NAME(add_rows)(list, block, next, counts, channels, sums);
}

/* Adds what spikes or counts contribute: some inputs after others, each to all tiles. */
static void SNN_NAME(convolve_events)(const snn_part *part, snn_scratch *scratch) {
  const snn_conv *conv = part->conv;
  const size_t channels = (size_t)conv->in_channels;
  snn_inputs inputs = snn_first_inputs(conv), next_inputs = inputs;
  for (int more = 1; more; inputs = next_inputs) {
    const snn_list list = SNN_NAME(list_rows)(part, inputs, scratch->rows);
    more = snn_next_inputs(conv, &next_inputs);
    for (int32_t tile = 0; tile < part->tiles; tile++) {
      const int last = tile + 1 == part->tiles;
      const snn_weights next =
          snn_weights_of_inputs(part, last ? 0 : tile + 1, last ? next_inputs : inputs);
      const snn_weights block = SNN_NAME(bring_weights)(
          snn_weights_of_inputs(part, tile, inputs), list.reads, scratch->weights);
      float *sums = snn_sums_of(part, tile, scratch);
      if (conv->counts == NULL) {
        SNN_NAME(add_spikes)(list, block, &next, sums);
      } else {
        const float *counts = conv->counts + (size_t)inputs.word * 64;
        SNN_NAME(add_counts)(list, block, &next, counts, channels, sums);
      }
    }
  }
}

/*
 * The convolution, compiled once for each instruction set. See snn_vector.h for vec, SNN_LANES
 * and SNN_NAME.
 *
 * A task makes the sums of a few tiles of SNN_TILE output channels for a block of rows, a row being
 * one position at one step. The kernel's taps and input channels are walked in their fixed order,
 * as blocks whose weights stay in the first-level cache; each block goes over all rows, whose sums
 * stay in the second. Vector lanes run over output channels, so no sum is reordered.
 */

/* Does `step(i)` for each accumulator i of a group: as many as hide the latency of an addition, and
 * a whole tile where there are registers for it. */
#if SNN_LANES <= 4 && (defined(__aarch64__) || defined(__riscv))
#define SNN_GROUP 16
#define SNN_EACH(step)                                                                           \
  step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)                                \
  step(8) step(9) step(10) step(11) step(12) step(13) step(14) step(15)
#elif SNN_LANES == 16
#define SNN_GROUP 4
#define SNN_EACH(step) step(0) step(1) step(2) step(3)
#else
#define SNN_GROUP 8
#define SNN_EACH(step) step(0) step(1) step(2) step(3) step(4) step(5) step(6) step(7)
#endif
#define SNN_LOAD(i) vec sum##i = sums[i];
#define SNN_STORE(i) sums[i] = sum##i;
#define SNN_ADD(i) sum##i += weights[i];
#define SNN_MULTIPLY_ADD(i)                                                                      \
  {                                                                                              \
    vec product = weights[i] * input;                                                            \
    SNN_ROUNDED(product);                                                                        \
    sum##i += product;                                                                           \
  }

/* Starts all sums of a part from the bias. */
static void SNN_NAME(start_sums)(const snn_part *part, snn_scratch *scratch) {
  for (int32_t index = 0; index < part->tiles; index++) {
    const snn_tile tile = snn_tile_of(part, index);
    float *sums = snn_sums_of(part, index, scratch);
    for (int32_t row = 0; row < part->steps * part->positions; row++, sums += SNN_TILE) {
      for (int32_t lane = 0; lane < SNN_TILE; lane += SNN_LANES) {
        *(vec *)(sums + lane) = *(const vec *)(tile.bias + lane);
      }
    }
  }
}

/* Copies weights to `copy` [inputs][SNN_TILE], padded with zeros, so that they lie together; or
 * leaves them in place if their `reads` in all are few. */
static snn_weights SNN_NAME(bring_weights)(snn_weights weights, int32_t reads, float *copy) {
  const snn_weights brought = {copy, SNN_TILE, weights.inputs, weights.channels};
  const int whole = weights.channels == SNN_TILE;
  if (whole && reads < SNN_COPY_READS * weights.inputs) return weights;
  for (int32_t input = 0; input < weights.inputs; input++, copy += SNN_TILE) {
    const float *from = weights.first + (size_t)input * weights.stride;
    if (whole) {
      for (int32_t lane = 0; lane < SNN_TILE; lane += SNN_LANES) {
        *(vec *)(copy + lane) = *(const vec *)(from + lane);
      }
    } else {
      snn_pad_tile(from, weights.channels, copy);
    }
  }
  return brought;
}

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
      int32_t position = (top + in_y) * conv->in_width + from * stride + kernel_x;
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

/* Turns the sums of a tile [steps][positions][SNN_TILE] into what the convolution stores.
 * `membrane` [SNN_TILE] lives on from one run of steps to the next. */
static void SNN_NAME(finish_tile)(const snn_part *part, const snn_tile *tile, const float *sums,
                                  float *membrane) {
  const snn_conv *conv = part->conv;
  const int32_t real_steps = snn_real_steps(conv), moves = conv->steps > 1;
  const int32_t first = part->first_step;
  const int32_t until = moves ? first + part->steps : snn_max(real_steps, conv->out_steps);
  const size_t positions = (size_t)conv->out_height * (size_t)conv->out_width;
  const size_t channels = (size_t)conv->out_channels, channel = (size_t)tile->first_channel;
  const int whole = tile->channels == SNN_TILE, scales = conv->scale != NULL;
  const snn_charge charge = snn_charge_of(&conv->neuron);
  SNN_NAME(membranes) membranes = SNN_NAME(load_membranes)(membrane);

  for (int32_t p = 0; p < part->positions; p++) {
    const size_t position = (size_t)(part->first_position + p);
    if (first == 0) membranes = SNN_NAME(resting_membranes)();
    for (int32_t step = first; step < until; step++) {
      float added[SNN_TILE], stored[SNN_TILE];
      const int32_t row = (moves ? step - first : 0) * part->positions + p;
      const size_t at = (size_t)step * positions + position;
      const float *row_sums = sums + (size_t)row * SNN_TILE, *residual = conv->residual;
      float *real_out = conv->real_out != NULL && step < real_steps
                            ? conv->real_out + at * channels + channel : NULL;
      const int fires = conv->spikes_out != NULL && step < conv->out_steps;
      uint64_t fired = 0;
      if (residual != NULL) {
        residual += (conv->residual_steps > 1 ? at : position) * channels + channel;
        if (!whole) residual = snn_pad_tile(residual, tile->channels, added);
        else if (p + 1 < part->positions) snn_prefetch_tile(residual + channels);
      }
      for (int32_t i = 0; i < SNN_TILE / SNN_LANES; i++) {
        const int32_t lane = i * SNN_LANES;
        vec y = *(const vec *)(row_sums + lane);
        if (scales) {
          y *= *(const vec *)(tile->scale + lane);
          SNN_ROUNDED(y);
          y += *(const vec *)(tile->shift + lane);
        }
        if (residual != NULL) y += *(const vec *)(residual + lane);
        if (real_out != NULL) *(vec *)((whole ? real_out : stored) + lane) = y;
        if (fires) fired |= SNN_NAME(fire_lanes)(charge, y, &membranes.lanes[i]) << lane;
      }
      if (real_out != NULL && !whole) {
        memcpy(real_out, stored, (size_t)tile->channels * sizeof *real_out);
      }
      if (fires) {
        conv->spikes_out[at * SNN_WORDS(channels) + channel / 64] =
            fired & snn_low_bits(tile->channels);
      }
    }
  }
  SNN_NAME(store_membranes)(&membranes, membrane);
}

/* One task of snn_conv_run. Where a block holds fewer rows than there are steps, its one position
 * takes several runs of steps. */
static void SNN_NAME(conv_task)(void *context, int32_t index, int32_t worker) {
  const snn_conv_plan *plan = context;
  snn_scratch *scratch = snn_scratch_of(plan->scratch, worker);
  float membranes[SNN_TASK_TILES][SNN_TILE];
  snn_part part = snn_first_part(plan, index);
  do {
    SNN_NAME(start_sums)(&part, scratch);
    if (part.conv->reals != NULL) {
      SNN_NAME(convolve_reals)(&part, scratch);
    } else {
      SNN_NAME(convolve_events)(&part, scratch);
    }
    for (int32_t index_in_part = 0; index_in_part < part.tiles; index_in_part++) {
      const snn_tile tile = snn_tile_of(&part, index_in_part);
      SNN_NAME(finish_tile)
      (&part, &tile, snn_sums_of(&part, index_in_part, scratch), membranes[index_in_part]);
    }
  } while (snn_next_steps(plan, &part));
}

#undef SNN_GROUP
#undef SNN_EACH
#undef SNN_LOAD
#undef SNN_STORE
#undef SNN_ADD
#undef SNN_MULTIPLY_ADD
#undef SNN_LOAD_PAIR
#undef SNN_ADD_PAIR
#undef SNN_STORE_PAIR

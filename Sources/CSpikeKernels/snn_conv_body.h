/*
 * The convolution, compiled once for each instruction set. See snn_vector.h for vec, SNN_LANES
 * and SNN_NAME.
 *
 * A task makes the sums of a few tiles of SNN_TILE output channels for a block of rows, a row being
 * one position at one step. The kernel's taps and input channels are walked in their fixed order,
 * as blocks whose weights stay in the first-level cache; each block goes over all rows, whose sums
 * stay in the second. Vector lanes run over output channels, so no sum is reordered.
 */

/* Does `step(i)` for each accumulator i of a group: as many as hide the latency of an addition. */
#if SNN_LANES == 16
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
 * leaves them in place if few rows of the part will read them. */
static snn_weights SNN_NAME(bring_weights)(const snn_part *part, snn_weights weights,
                                           float *copy) {
  const snn_weights brought = {copy, SNN_TILE, weights.inputs, weights.channels};
  const int whole = weights.channels == SNN_TILE;
  if (whole && part->steps * part->positions < SNN_DIRECT_ROWS) return weights;
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

/* Adds to the sums [..][SNN_TILE] of each row the weights of its inputs that fired; those of input
 * i of word w begin at block[w].first + i * block[w].stride. Fetches a cache line of the next
 * weights with each row (here and not in a function: gcc 12 takes one that only prefetches to do
 * nothing, and drops it). */
static void SNN_NAME(add_spikes)(const snn_row *rows, int32_t count, const snn_weights *block,
                                 const snn_weights *next, float *all_sums) {
  int32_t input = 0, line = 0;
  for (const snn_row *row = rows; row < rows + count; row++) {
    float *row_sums = all_sums + (size_t)row->row * SNN_TILE;
    if (input < next->inputs) {
      SNN_PREFETCH(next->first + (size_t)input * next->stride + line);
    }
    line += 16;
    if (line >= next->channels) {
      line = 0;
      input++;
    }
    for (int32_t lane = 0; lane < SNN_TILE; lane += SNN_GROUP * SNN_LANES) {
      vec *sums = (vec *)(row_sums + lane);
      SNN_EACH(SNN_LOAD)
      for (int32_t word = 0; word < SNN_BLOCK_WORDS; word++) {
        const size_t stride = block[word].stride;
        for (uint64_t bits = row->bits[word]; bits != 0; bits &= bits - 1) {
          const size_t offset = (size_t)snn_lowest_bit(bits) * stride + (size_t)lane;
          const vec *weights = (const vec *)(block[word].first + offset);
          SNN_EACH(SNN_ADD)
        }
      }
      SNN_EACH(SNN_STORE)
    }
  }
}

/* Lists the rows in which anything fired, and returns how many. (Sorting them by their spikes, so
 * that the processor foresees where their loops end, was measured and gained nothing.) */
static int32_t SNN_NAME(list_rows)(const uint64_t *bits, int32_t count, snn_row *rows) {
  int32_t listed = 0;
  for (int32_t row = 0; row < count; row++) {
    if ((bits[2 * row] | bits[2 * row + 1]) == 0) continue;
    rows[listed].bits[0] = bits[2 * row];
    rows[listed].bits[1] = bits[2 * row + 1];
    rows[listed++].row = row;
  }
  return listed;
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

/* Adds what one block of input, the words from `begin` on, contributes to one tile. */
static void SNN_NAME(add_block)(const snn_part *part, int32_t begin, int32_t tile,
                                int32_t listed, snn_scratch *scratch) {
  const snn_conv *conv = part->conv;
  const int32_t words = (int32_t)SNN_WORDS(conv->in_channels);
  const int32_t all_words = conv->kernel_height * conv->kernel_width * words;
  const int last = tile + 1 == part->tiles;
  const int32_t following = snn_min(last ? begin + SNN_BLOCK_WORDS : begin, all_words);
  const size_t start = snn_inputs_before(conv, following);
  const size_t end =
      snn_inputs_before(conv, snn_min(following + SNN_BLOCK_WORDS, all_words));
  const snn_weights next =
      snn_weights_of(part, last ? 0 : tile + 1, start, (int32_t)(end - start));
  snn_weights block[SNN_BLOCK_WORDS] = {{NULL, 0, 0, 0}, {NULL, 0, 0, 0}};
  for (int32_t word = 0; word < SNN_BLOCK_WORDS && begin + word < all_words; word++) {
    const int32_t inputs = snn_min(conv->in_channels - (begin + word) % words * 64, 64);
    const size_t first = snn_inputs_before(conv, begin + word);
    block[word] = SNN_NAME(bring_weights)(part, snn_weights_of(part, tile, first, inputs),
                                          scratch->weights + word * 64 * SNN_TILE);
  }
  SNN_NAME(add_spikes)
  (scratch->rows, listed, block, &next, snn_sums_of(part, tile, scratch));
}

/* Adds what spikes contribute: blocks of SNN_BLOCK_WORDS words, each word at one kernel tap. */
static void SNN_NAME(convolve_spikes)(const snn_part *part, snn_scratch *scratch) {
  const snn_conv *conv = part->conv;
  const int32_t words = (int32_t)SNN_WORDS(conv->in_channels);
  const int32_t all_words = conv->kernel_height * conv->kernel_width * words;
  const int32_t count = part->steps * part->positions;

  for (int32_t begin = 0; begin < all_words; begin += SNN_BLOCK_WORDS) {
    const int32_t used = snn_min(SNN_BLOCK_WORDS, all_words - begin);
    for (int32_t word = 0; word < used; word++) {
      snn_gather_bits(part, (begin + word) / words, (begin + word) % words, scratch->bits + word);
    }
    if (used < SNN_BLOCK_WORDS) snn_no_bits(count, scratch->bits + used);
    const int32_t listed = SNN_NAME(list_rows)(scratch->bits, count, scratch->rows);
    for (int32_t tile = 0; tile < part->tiles; tile++) {
      SNN_NAME(add_block)(part, begin, tile, listed, scratch);
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
            part, snn_weights_of(part, tile, first, until - from), scratch->weights);
        SNN_NAME(convolve_block)
        (part, kernel_row, from, until, block, snn_sums_of(part, tile, scratch));
      }
    }
  }
}

/* y = sum * scale + shift, then + residual, for the channels of one tile. */
static void SNN_NAME(finish_sums)(const snn_conv *conv, const snn_tile *tile, const float *sums,
                                  const float *residual, float *y) {
  int32_t lane = 0;
  for (; lane < SNN_TILE; lane += SNN_LANES) {
    vec value = *(const vec *)(sums + lane);
    if (conv->scale != NULL) {
      value *= *(const vec *)(tile->scale + lane);
      SNN_ROUNDED(value);
      value += *(const vec *)(tile->shift + lane);
    }
    *(vec *)(y + lane) = value;
  }
  if (residual == NULL) return;
  for (lane = 0; lane + SNN_LANES <= tile->channels; lane += SNN_LANES) {
    *(vec *)(y + lane) += *(const vec *)(residual + lane);
  }
  for (; lane < tile->channels; lane++) y[lane] += residual[lane];
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

  for (int32_t p = 0; p < part->positions; p++) {
    const size_t position = (size_t)(part->first_position + p);
    if (first == 0) memset(membrane, 0, SNN_TILE * sizeof *membrane);
    for (int32_t step = first; step < until; step++) {
      float y[SNN_TILE];
      const int32_t row = (moves ? step - first : 0) * part->positions + p;
      const size_t at = (size_t)step * positions + position;
      const float *residual = conv->residual;
      if (residual != NULL) {
        residual += (conv->residual_steps > 1 ? at : position) * channels + channel;
      }
      SNN_NAME(finish_sums)(conv, tile, sums + (size_t)row * SNN_TILE, residual, y);
      if (conv->real_out != NULL && step < real_steps) {
        memcpy(conv->real_out + at * channels + channel, y,
               (size_t)tile->channels * sizeof *y);
      }
      if (conv->spikes_out != NULL && step < conv->out_steps) {
        conv->spikes_out[at * SNN_WORDS(channels) + channel / 64] =
            SNN_NAME(fire)(&conv->neuron, y, membrane) & snn_low_bits(tile->channels);
      }
    }
  }
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
    if (part.conv->spikes != NULL) {
      SNN_NAME(convolve_spikes)(&part, scratch);
    } else {
      SNN_NAME(convolve_reals)(&part, scratch);
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

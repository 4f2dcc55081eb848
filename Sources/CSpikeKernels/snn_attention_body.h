/*
 * Spiking self-attention, compiled once for each instruction set, in two phases: the sums over
 * tokens for each step and head, [steps][heads][width][stride] of int32_t; then, token by token,
 * the sums over the width that make one word of output channels.
 */

/* sums[0 ..< count] += terms[0 ..< count], integers. */
static void SNN_NAME(add_integers)(int32_t *sums, const int32_t *terms, int32_t count) {
  int32_t lane = 0;
  for (; lane + SNN_LANES <= count; lane += SNN_LANES) {
    *(ivec *)(sums + lane) += *(const ivec *)(terms + lane);
  }
  for (; lane < count; lane++) sums[lane] += terms[lane];
}

/* Adds k[i] * v[j] over the tokens from ..< until, 255 at most, to the pairs of the keys i from `first`
 * on and the columns j of one word. The counts of a run of tokens fit in bytes. */
static void SNN_NAME(count_pairs)(const snn_attention_plan *plan, size_t row, int32_t channel,
                                  int32_t from, int32_t until, snn_pair_block block,
                                  uint8_t (*counts)[64], int32_t *pairs) {
  const snn_attention *attention = plan->attention;
  memset(counts, 0, (size_t)block.keys * sizeof *counts);
  for (int32_t token = from; token < until; token++) {
    const size_t at = (row + (size_t)token) * plan->words;
    const uint64_t values =
        snn_bits_at(attention->values + at, channel + block.column, block.columns);
    uint8_t ones[64];
    if (values == 0) continue;
    snn_spread_bits(values, ones);
    for (int32_t i = 0; i < block.keys; i += 64) {
      uint64_t keys = snn_bits_at(attention->keys + at, channel + block.key + i,
                                  snn_min(block.keys - i, 64));
      for (; keys != 0; keys &= keys - 1) {
        uint8_t *sums = counts[i + snn_lowest_bit(keys)];
        for (int32_t lane = 0; lane < 64; lane++) sums[lane] = (uint8_t)(sums[lane] + ones[lane]);
      }
    }
  }
  for (int32_t i = 0; i < block.keys; i++) {
    int32_t *sums = pairs + (size_t)(block.key + i) * plan->stride + block.column;
    for (int32_t lane = 0; lane < block.columns; lane++) sums[lane] += counts[i][lane];
  }
}

/* The first phase, one task a step and head: pairs[i][j] = sum over tokens of k[i] * v[j]. */
static void SNN_NAME(attention_pairs_task)(void *context, int32_t index, int32_t worker) {
  const snn_attention_plan *plan = context;
  const snn_attention *attention = plan->attention;
  const int32_t width = attention->width, tokens = attention->tokens;
  const int32_t channel = index % attention->heads * width;
  const size_t row = (size_t)(index / attention->heads) * (size_t)tokens;
  int32_t *pairs = plan->pairs + (size_t)index * (size_t)width * plan->stride;
  uint8_t(*counts)[64] = (uint8_t(*)[64])snn_scratch_of(plan->scratch, worker)->weights;
  snn_pair_block block;
  memset(pairs, 0, (size_t)width * plan->stride * sizeof *pairs);
  for (block.column = 0; block.column < width; block.column += 64) {
    block.columns = snn_min(width - block.column, 64);
    for (block.key = 0; block.key < width; block.key += SNN_PAIR_KEYS) {
      block.keys = snn_min(width - block.key, SNN_PAIR_KEYS);
      for (int32_t from = 0; from < tokens; from += 255) {
        const int32_t until = snn_min(from + 255, tokens);
        SNN_NAME(count_pairs)(plan, row, channel, from, until, block, counts, pairs);
      }
    }
  }
}

/* sums[channel - first] = sum over i of q[h,i] * pairs[h][i][channel's j], for the channels
 * first ..< until of one token, which may belong to several heads. */
static void SNN_NAME(attend)(const snn_attention_plan *plan, int32_t step, int32_t token,
                             int32_t first, int32_t until, int32_t *sums) {
  const snn_attention *attention = plan->attention;
  const int32_t width = attention->width;
  const size_t at =
      ((size_t)step * (size_t)attention->tokens + (size_t)token) * plan->words;
  memset(sums, 0, 64 * sizeof *sums);
  for (int32_t channel = first; channel < until;) {
    const int32_t head = channel / width, j = channel % width;
    const int32_t columns = snn_min(width - j, until - channel);
    const size_t slice = (size_t)step * (size_t)attention->heads + (size_t)head;
    const int32_t *pairs = plan->pairs + slice * (size_t)width * plan->stride;
    for (int32_t i = 0; i < width; i += 64) {
      const int32_t rows = snn_min(width - i, 64);
      uint64_t queries = snn_bits_at(attention->queries + at, head * width + i, rows);
      for (; queries != 0; queries &= queries - 1) {
        const size_t row = (size_t)(i + snn_lowest_bit(queries));
        SNN_NAME(add_integers)
        (sums + (channel - first), pairs + row * plan->stride + (size_t)j, columns);
      }
    }
    channel += columns;
  }
}

/* The second phase, one task a block of tokens and word of output channels. */
static void SNN_NAME(attention_task)(void *context, int32_t index, int32_t worker) {
  const snn_attention_plan *plan = context;
  const snn_attention *attention = plan->attention;
  const int32_t word = index / plan->blocks, begin = index % plan->blocks * plan->block;
  const int32_t count = snn_min(attention->tokens - begin, plan->block);
  const int32_t channels = attention->heads * attention->width;
  const int32_t first = 64 * word, until = snn_min(first + 64, channels);
  const int32_t steps = snn_max(attention->steps, attention->out_steps);
  const snn_charge charge = snn_charge_of(&attention->neuron);
  float *membranes = snn_scratch_of(plan->scratch, worker)->sums;
  const size_t width = (size_t)(until - first) * sizeof *membranes;
  float *kept = attention->membrane == NULL
                    ? NULL
                    : attention->membrane + (size_t)begin * (size_t)channels + (size_t)first;
  memset(membranes, 0, (size_t)count * 64 * sizeof *membranes);
  for (int32_t token = 0; token < count && kept != NULL; token++) {
    memcpy(membranes + token * 64, kept + (size_t)token * (size_t)channels, width);
  }
  for (int32_t step = 0; step < steps; step++) {
    const int32_t in_step = attention->steps > 1 ? step : 0;
    for (int32_t token = begin; token < begin + count; token++) {
      const size_t at = (size_t)step * (size_t)attention->tokens + (size_t)token;
      int32_t sums[64];
      float y[64];
      SNN_NAME(attend)(plan, in_step, token, first, until, sums);
      for (int32_t lane = 0; lane < 64; lane++) {
        y[lane] = (float)sums[lane] * attention->factor;
        SNN_ROUNDED(y[lane]);
      }
      if (attention->real_out != NULL && step < attention->steps) {
        memcpy(attention->real_out + at * (size_t)channels + (size_t)first, y,
               (size_t)(until - first) * sizeof *y);
      }
      if (attention->spikes_out != NULL && step < attention->out_steps) {
        attention->spikes_out[at * plan->words + (size_t)word] =
            SNN_NAME(fire)(charge, y, membranes + (token - begin) * 64) &
            snn_low_bits(until - first);
      }
    }
  }
  for (int32_t token = 0; token < count && kept != NULL; token++) {
    memcpy(kept + (size_t)token * (size_t)channels, membranes + token * 64, width);
  }
}

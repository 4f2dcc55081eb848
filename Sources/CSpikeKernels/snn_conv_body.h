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

#include "snn_events_body.h"
#include "snn_dense_body.h"

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
  SNN_NAME(membranes) membranes =
      first > 0 ? SNN_NAME(load_membranes)(membrane) : SNN_NAME(resting_membranes)();

  for (int32_t p = 0; p < part->positions; p++) {
    const size_t position = (size_t)(part->first_position + p);
    const int keeps = conv->spikes_out != NULL && conv->membrane != NULL;
    float *kept = keeps ? conv->membrane + position * channels + channel : NULL;
    if (first == 0) {
      if (kept == NULL) {
        membranes = SNN_NAME(resting_membranes)();
      } else {
        membranes = SNN_NAME(load_membranes)(snn_pad_tile(kept, tile->channels, membrane));
      }
    }
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
    if (kept != NULL) {
      SNN_NAME(store_membranes)(&membranes, membrane);
      memcpy(kept, membrane, (size_t)tile->channels * sizeof *kept);
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

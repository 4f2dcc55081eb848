/*
 * What the bodies share whatever the instruction set: small helpers, the plans that tell tasks
 * what to do, and the moving of bits and weights into the blocks of a convolution.
 */
#ifndef SNN_PLAN_H
#define SNN_PLAN_H

#include "snn_bits.h"

#if defined(__GNUC__) && !defined(SNN_PORTABLE)
#define SNN_PREFETCH(address) __builtin_prefetch(address)
#else
#define SNN_PREFETCH(address) ((void)(address))
#endif

/* Keeps a hot loop in a function of its own, where it has all registers to itself. */
#if defined(__GNUC__)
#define SNN_APART __attribute__((noinline))
#else
#define SNN_APART
#endif

enum {
  SNN_TILE = 64,         /* output channels that are worked on together: one word of spikes */
  SNN_TASK_TILES = 4,    /* tiles of a task, at most: they share the listing of the input */
  SNN_BLOCK_WORDS = 2,   /* words of input that are taken together: their weights for a tile fill 32 KB */
  SNN_BLOCK_INPUTS = 64, /* real inputs of a block */
  SNN_PAIR_KEYS = 256,   /* keys of an attention that are counted together: 16 KB of counts */
  SNN_COPY_READS = 4     /* weights that are read fewer times are not worth a copy */
};

/* Inputs that are taken together: some words of the channels under one kernel tap. */
typedef struct snn_inputs {
  int32_t tap, word, words;
} snn_inputs;

/* Which of some inputs are active for a row, which row it is, and at which position of all steps its
 * input lies. */
typedef struct snn_row {
  uint64_t bits[SNN_BLOCK_WORDS];
  int32_t row, position;
} snn_row;

/* The rows that have any active input, and how often these read a weight in all. */
typedef struct snn_list {
  const snn_row *rows;
  int32_t count, reads;
} snn_list;

/* The working memory of one worker. */
typedef struct snn_scratch {
  float weights[SNN_BLOCK_WORDS * 64 * SNN_TILE];
  float sums[SNN_TASK_TILES * SNN_BLOCK_ROWS * SNN_TILE];
  snn_row rows[SNN_BLOCK_ROWS];
} snn_scratch;

/* Fails to compile where SNN_SCRATCH_BYTES is not what the struct needs. */
typedef char snn_scratch_fits[sizeof(snn_scratch) == SNN_SCRATCH_BYTES ? 1 : -1];
typedef char snn_scratch_is_aligned[SNN_SCRATCH_BYTES % 64 == 0 ? 1 : -1];

static inline int32_t snn_min(int32_t a, int32_t b) { return a < b ? a : b; }

static inline int32_t snn_max(int32_t a, int32_t b) { return a > b ? a : b; }

static inline int32_t snn_ceiling(int32_t dividend, int32_t divisor) {
  return dividend / divisor + (dividend % divisor != 0);
}

static inline snn_scratch *snn_scratch_of(void *scratch, int32_t worker) {
  return (snn_scratch *)scratch + worker;
}

/* A convolution and how its work is cut: groups of tiles, by `blocks` of `block` positions. */
typedef struct snn_conv_plan {
  const snn_conv *conv;
  void *scratch;
  int32_t tiles; /* of output channels, in a task */
  int32_t block, blocks;
  int32_t steps; /* at a time */
} snn_conv_plan;

/* What a task of a convolution works on: a block of positions, some tiles of output channels and a
 * run of input steps. Its sums are [tiles][steps][positions][SNN_TILE]; channels past the last are
 * zero. */
typedef struct snn_part {
  const snn_conv *conv;
  int32_t first_position, positions;
  int32_t first_step, steps;
  int32_t first_channel, tiles;
} snn_part;

/* One tile of a part, with what belongs to its channels. */
typedef struct snn_tile {
  int32_t first_channel, channels;
  float bias[SNN_TILE], scale[SNN_TILE], shift[SNN_TILE];
} snn_tile;

/* The inputs of one kernel row under one output position: those in from ..< until are not padding,
 * and input i is reals[origin + i]. */
typedef struct snn_window {
  ptrdiff_t origin;
  int32_t from, until;
  int32_t x, y, step, kernel_row;
} snn_window;

/* Part of an axis under a window: from ..< until, without the padding. */
typedef struct snn_extent {
  int32_t from, until;
} snn_extent;

typedef struct snn_grouped_plan {
  const snn_conv *conv;
  int32_t groups;
} snn_grouped_plan;

typedef struct snn_neuron_plan {
  const float *reals;
  int32_t steps, out_steps, positions, channels, block;
  const snn_neuron *neuron;
  float *membrane;
  uint64_t *spikes_out;
} snn_neuron_plan;

/* Pairs of channels of a head: some keys with one word of values. */
typedef struct snn_pair_block {
  int32_t key, keys, column, columns;
} snn_pair_block;

typedef struct snn_attention_plan {
  const snn_attention *attention;
  void *scratch;
  int32_t *pairs;
  size_t words, stride;  /* of a token's channels; between rows of pairs */
  int32_t block, blocks; /* of tokens */
} snn_attention_plan;

/* Steps of the sum of a convolution, before any neuron. */
static inline int32_t snn_real_steps(const snn_conv *conv) {
  return conv->residual == NULL ? conv->steps : snn_max(conv->steps, conv->residual_steps);
}

/* A neuron as its lanes need it: v = v + (x - v) * factor, or / factor, or v + x. */
typedef struct snn_charge {
  float factor, threshold;
  int leaks, divides;
} snn_charge;

/* A division by a tau of 2 is done as a product with 0.5, which gives the same bits. */
static inline snn_charge snn_charge_of(const snn_neuron *neuron) {
  const int halves = neuron->kind == SNN_LIF && neuron->tau == 2.0f;
  snn_charge charge;
  charge.factor = halves ? 0.5f : neuron->tau;
  charge.threshold = neuron->threshold;
  charge.leaks = neuron->kind != SNN_IF;
  charge.divides = neuron->kind == SNN_LIF && !halves;
  return charge;
}

/* Copies `count` values and fills up to SNN_TILE with zeros; all zeros from NULL. Returns `tile`. */
static const float *snn_pad_tile(const float *values, int32_t count, float *tile) {
  const int32_t filled = values == NULL ? 0 : count;
  for (int32_t i = 0; i < SNN_TILE; i++) tile[i] = i < filled ? values[i] : 0.0f;
  return tile;
}

/* Fetches the channels of one tile into the cache. */
static inline void snn_prefetch_tile(const float *values) {
  for (int32_t i = 0; i < SNN_TILE; i += 16) SNN_PREFETCH(values + i);
}

/* The part of a task, at its first run of steps. Neighbouring tasks share weights. */
static snn_part snn_first_part(const snn_conv_plan *plan, int32_t task) {
  const snn_conv *conv = plan->conv;
  const int32_t positions = conv->out_height * conv->out_width;
  const int32_t first_tile = task / plan->blocks * plan->tiles;
  snn_part part;
  part.conv = conv;
  part.first_position = task % plan->blocks * plan->block;
  part.positions = snn_min(plan->block, positions - part.first_position);
  part.first_step = 0;
  part.steps = plan->steps;
  part.first_channel = first_tile * SNN_TILE;
  part.tiles = snn_min(plan->tiles, snn_ceiling(conv->out_channels, SNN_TILE) - first_tile);
  return part;
}

/* Moves a part on to its next run of steps; false after the last. */
static int snn_next_steps(const snn_conv_plan *plan, snn_part *part) {
  part->first_step += part->steps;
  part->steps = snn_min(plan->steps, plan->conv->steps - part->first_step);
  return part->steps > 0;
}

static snn_tile snn_tile_of(const snn_part *part, int32_t index) {
  const snn_conv *conv = part->conv;
  const int32_t channel = part->first_channel + index * SNN_TILE;
  snn_tile tile;
  tile.first_channel = channel;
  tile.channels = snn_min(SNN_TILE, conv->out_channels - channel);
  snn_pad_tile(conv->bias == NULL ? NULL : conv->bias + channel, tile.channels, tile.bias);
  snn_pad_tile(conv->scale == NULL ? NULL : conv->scale + channel, tile.channels, tile.scale);
  snn_pad_tile(conv->shift == NULL ? NULL : conv->shift + channel, tile.channels, tile.shift);
  return tile;
}

/* The sums of a part's tile in the scratch. */
static float *snn_sums_of(const snn_part *part, int32_t tile, snn_scratch *scratch) {
  return scratch->sums + (size_t)tile * (size_t)(part->steps * part->positions) * SNN_TILE;
}

/* Where the weights of some successive inputs lie for one tile. */
typedef struct snn_weights {
  const float *first;
  size_t stride;            /* from one input to the next */
  int32_t inputs, channels; /* channels <= SNN_TILE */
} snn_weights;

/* The weights of `inputs` successive inputs from input `first` of all kernel taps and channels on,
 * for one tile of a part, in place. */
static snn_weights snn_weights_of(const snn_part *part, int32_t tile, size_t first,
                                  int32_t inputs) {
  const int32_t channel = part->first_channel + tile * SNN_TILE;
  snn_weights weights;
  weights.stride = (size_t)part->conv->out_channels;
  weights.first = part->conv->weights + first * weights.stride + (size_t)channel;
  weights.inputs = inputs;
  weights.channels = snn_min(SNN_TILE, part->conv->out_channels - channel);
  return weights;
}

/* The first inputs of a convolution. */
static snn_inputs snn_first_inputs(const snn_conv *conv) {
  const snn_inputs first = {0, 0, snn_min((int32_t)SNN_WORDS(conv->in_channels), SNN_BLOCK_WORDS)};
  return first;
}

/* Moves on to the next inputs; false after the last, where they stay. */
static int snn_next_inputs(const snn_conv *conv, snn_inputs *inputs) {
  const int32_t words = (int32_t)SNN_WORDS(conv->in_channels);
  const int32_t word = inputs->word + inputs->words;
  if (word == words && inputs->tap + 1 == conv->kernel_height * conv->kernel_width) return 0;
  inputs->tap += word == words;
  inputs->word = word == words ? 0 : word;
  inputs->words = snn_min(words - inputs->word, SNN_BLOCK_WORDS);
  return 1;
}

/* The weights of some inputs for one tile of a part. */
static snn_weights snn_weights_of_inputs(const snn_part *part, int32_t tile, snn_inputs inputs) {
  const int32_t channels = part->conv->in_channels, channel = inputs.word * 64;
  return snn_weights_of(part, tile, (size_t)inputs.tap * (size_t)channels + (size_t)channel,
                        snn_min(channels - channel, inputs.words * 64));
}

/* Works out a window from its x and y. */
static void snn_place_window(const snn_part *part, snn_window *window) {
  const snn_conv *conv = part->conv;
  const int32_t y = window->y * conv->stride_height - conv->pad_height + window->kernel_row;
  const int32_t x = window->x * conv->stride_width - conv->pad_width;
  /* Columns of the kernel; the padding alone may have more channels than an int32_t counts. */
  const int32_t from = snn_min(snn_max(0, -x), conv->kernel_width);
  const int32_t until = snn_max(0, snn_min(conv->kernel_width, conv->in_width - x));
  const ptrdiff_t row = (ptrdiff_t)window->step * conv->in_height + y;
  const int inside = y >= 0 && y < conv->in_height;
  window->origin = (row * conv->in_width + x) * conv->in_channels;
  window->from = from * conv->in_channels;
  window->until = inside ? until * conv->in_channels : 0;
}

/* The window of a part's first position at one of its steps. */
static snn_window snn_first_window(const snn_part *part, int32_t step, int32_t kernel_row) {
  const int32_t width = part->conv->out_width;
  snn_window window;
  window.x = part->first_position % width;
  window.y = part->first_position / width;
  window.step = part->first_step + step;
  window.kernel_row = kernel_row;
  snn_place_window(part, &window);
  return window;
}

/* Moves a window on to the next position. */
static void snn_next_window(const snn_part *part, snn_window *window) {
  if (++window->x == part->conv->out_width) {
    window->x = 0;
    window->y++;
  }
  snn_place_window(part, window);
}

#endif

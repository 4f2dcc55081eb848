/*
 * What the bodies share whatever the instruction set: small helpers, the plans that tell tasks
 * what to do, and the moving of bits and weights into the blocks of a convolution.
 */
#ifndef SNN_PLAN_H
#define SNN_PLAN_H

enum {
  SNN_TILE = 64,         /* output channels that are worked on together: one word of spikes */
  SNN_TASK_TILES = 2,    /* tiles of a task, at most: they share the gathering of the input */
  SNN_BLOCK_WORDS = 2,   /* words of input of a block: their weights for a tile fill 32 KB */
  SNN_BLOCK_INPUTS = 64, /* real inputs of a block */
  SNN_SPLIT_ROWS = 128,  /* smaller blocks are not made for the sake of more workers */
  SNN_DIRECT_ROWS = 16   /* below as many rows, copying the weights does not pay */
};

/* The input of one row in a block, and which row it is. */
typedef struct snn_row {
  uint64_t bits[SNN_BLOCK_WORDS];
  int32_t row;
} snn_row;

/* The working memory of one worker. */
typedef struct snn_scratch {
  float weights[SNN_BLOCK_WORDS * 64 * SNN_TILE];
  float sums[SNN_TASK_TILES * SNN_BLOCK_ROWS * SNN_TILE];
  uint64_t bits[SNN_BLOCK_ROWS * SNN_BLOCK_WORDS];
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

/* The lowest `count` bits set; 0 <= count <= 64. */
static inline uint64_t snn_low_bits(int32_t count) {
  return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

/* The index of the lowest bit set; bits != 0. */
static inline int32_t snn_lowest_bit(uint64_t bits) {
#if defined(__GNUC__) && !defined(SNN_PORTABLE)
  return __builtin_ctzll(bits);
#else
  /* A de Bruijn sequence: shifted by each index, its upper six bits differ. */
  static const int8_t indices[64] = {
      0,  1,  2,  53, 3,  7,  54, 27, 4,  38, 41, 8,  34, 55, 48, 28, 62, 5,  39, 46, 44, 42,
      22, 9,  24, 35, 59, 56, 49, 18, 29, 11, 63, 52, 6,  26, 37, 40, 33, 47, 61, 45, 43, 21,
      23, 58, 17, 10, 51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12};
  return indices[((bits & (~bits + 1)) * UINT64_C(0x022fdd63cc95386d)) >> 58];
#endif
}

/* `count` <= 64 bits from bit `first` on, which may lie across two words. */
static inline uint64_t snn_bits_at(const uint64_t *words, int32_t first, int32_t count) {
  const int32_t word = first / 64, shift = first % 64;
  uint64_t bits = words[word] >> shift;
  if (shift + count > 64) bits |= words[word + 1] << (64 - shift);
  return bits & snn_low_bits(count);
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
  uint64_t *spikes_out;
} snn_neuron_plan;

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

/* Copies `count` values and fills up to SNN_TILE with zeros; all zeros from NULL. */
static void snn_pad_tile(const float *values, int32_t count, float *tile) {
  const int32_t filled = values == NULL ? 0 : count;
  for (int32_t i = 0; i < SNN_TILE; i++) tile[i] = i < filled ? values[i] : 0.0f;
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

/* Inputs of all kernel taps and channels that lie before one word of input. */
static size_t snn_inputs_before(const snn_conv *conv, int32_t word) {
  const int32_t words = (int32_t)SNN_WORDS(conv->in_channels);
  return (size_t)(word / words) * (size_t)conv->in_channels + (size_t)(word % words) * 64;
}

/* Clears the bits of one word of a block, in all rows. */
static void snn_no_bits(int32_t rows, uint64_t *bits) {
  for (int32_t row = 0; row < rows; row++, bits += SNN_BLOCK_WORDS) *bits = 0;
}

/* Gathers one word of input under one kernel tap for every row of a part, zero for padding, into
 * every SNN_BLOCK_WORDS-th word of bits. */
static void snn_gather_bits(const snn_part *part, int32_t tap, int32_t word, uint64_t *bits) {
  const snn_conv *conv = part->conv;
  const int32_t width = conv->out_width, stride = conv->stride_width;
  const int32_t kernel_y = tap / conv->kernel_width - conv->pad_height;
  const int32_t kernel_x = tap % conv->kernel_width - conv->pad_width;
  const int32_t last_x = conv->in_width - 1 - kernel_x;
  /* The output columns whose input lies inside: inner ..< outer. */
  const int32_t inner = kernel_x < 0 ? snn_ceiling(-kernel_x, stride) : 0;
  const int32_t outer = last_x < 0 ? 0 : snn_min(last_x / stride + 1, width);
  const ptrdiff_t words = (ptrdiff_t)SNN_WORDS(conv->in_channels);

  for (int32_t step = 0; step < part->steps; step++) {
    const ptrdiff_t top = (ptrdiff_t)(part->first_step + step) * conv->in_height;
    int32_t x = part->first_position % width, y = part->first_position / width;
    for (int32_t left = part->positions; left > 0;) {
      const int32_t end = snn_min(width, x + left), in_y = y * conv->stride_height + kernel_y;
      const int inside = in_y >= 0 && in_y < conv->in_height;
      const int32_t from = inside ? snn_min(snn_max(inner, x), end) : end;
      const int32_t until = inside ? snn_max(snn_min(outer, end), from) : end;
      const ptrdiff_t row = (top + in_y) * conv->in_width + kernel_x;
      left -= end - x;
      for (; x < from; x++, bits += SNN_BLOCK_WORDS) *bits = 0;
      for (; x < until; x++, bits += SNN_BLOCK_WORDS) {
        *bits = conv->spikes[(row + (ptrdiff_t)x * stride) * words + word];
      }
      for (; x < end; x++, bits += SNN_BLOCK_WORDS) *bits = 0;
      x = 0;
      y++;
    }
  }
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

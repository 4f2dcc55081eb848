/* The kernels of snn_kernels.h that split their work over workers. Their heart is in the body
 * headers, compiled once for each instruction set. */
#include "snn_exact.h"

#include "snn_kernels.h"

#include <string.h>

#include "snn_plan.h"

/* The instruction set that the compiler's flags promise. */
#if defined(SNN_PORTABLE) || !defined(__GNUC__)
#define SNN_LANES 1
#elif defined(__SSE2__)
#define SNN_LANES 4
#define SNN_MASK(fired) ((uint64_t)(unsigned)__builtin_ia32_movmskps((vec)(fired)))
#elif defined(__aarch64__)
#include <arm_neon.h>
#define SNN_LANES 4
#define SNN_MASK(fired) ((uint64_t)vaddvq_u32((uint32x4_t)((fired) & (ivec){1, 2, 4, 8})))
#else
#define SNN_LANES 1
#endif
#define SNN_SUFFIX _base
#include "snn_vector.h"
#include "snn_neuron_body.h"
#include "snn_conv_body.h"
#include "snn_grouped_body.h"
#include "snn_attention_body.h"
#if SNN_LANES == 1
#define SNN_BASE_NAME "portable"
#else
#define SNN_BASE_NAME "vector128"
#endif
#undef SNN_LANES
#undef SNN_MASK
#undef SNN_SUFFIX

/* On x86-64, wider ones besides, chosen at run time. Neither target names fma. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(SNN_PORTABLE) && \
    !defined(SNN_NO_DISPATCH)
#define SNN_DISPATCHES 1

#define SNN_LANES 8
#define SNN_SUFFIX _avx2
#define SNN_MASK(fired) ((uint64_t)(unsigned)__builtin_ia32_movmskps256((vec)(fired)))
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,popcnt")
#endif
#include "snn_vector.h"
#include "snn_neuron_body.h"
#include "snn_conv_body.h"
#include "snn_grouped_body.h"
#include "snn_attention_body.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef SNN_LANES
#undef SNN_MASK
#undef SNN_SUFFIX

#if !defined(SNN_NO_AVX512)
#include <immintrin.h>
#define SNN_LANES 16
#define SNN_SUFFIX _avx512
#if defined(__clang__)
#pragma clang attribute push(                                                                    \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,bmi,bmi2,popcnt"))),          \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,avx2,bmi,bmi2,popcnt")
#endif
#include "snn_vector.h"
#include "snn_neuron_body.h"
#include "snn_conv_body.h"
#include "snn_grouped_body.h"
#include "snn_attention_body.h"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef SNN_LANES
#undef SNN_SUFFIX
#endif
#endif

typedef void snn_task(void *context, int32_t tile, int32_t worker);

/* The tasks of one instruction set. */
typedef struct snn_tasks {
  const char *name;
  snn_task *conv, *grouped, *neuron, *attention_pairs, *attention;
} snn_tasks;

/* The widest instruction set that this machine has. */
static snn_tasks snn_choose_tasks(void) {
  const snn_tasks base = {SNN_BASE_NAME,          snn_conv_task_base,
                          snn_grouped_task_base,  snn_neuron_task_base,
                          snn_attention_pairs_task_base, snn_attention_task_base};
#if defined(SNN_DISPATCHES)
  const snn_tasks avx2 = {"avx2",                 snn_conv_task_avx2,
                          snn_grouped_task_avx2,  snn_neuron_task_avx2,
                          snn_attention_pairs_task_avx2, snn_attention_task_avx2};
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2") || !__builtin_cpu_supports("popcnt")) {
    return base;
  }
#if !defined(SNN_NO_AVX512)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    const snn_tasks avx512 = {"avx512",                 snn_conv_task_avx512,
                              snn_grouped_task_avx512,  snn_neuron_task_avx512,
                              snn_attention_pairs_task_avx512, snn_attention_task_avx512};
    return avx512;
  }
#endif
  return avx2;
#else
  return base;
#endif
}

size_t snn_scratch_bytes(void) { return SNN_SCRATCH_BYTES; }

size_t snn_attention_bytes(int32_t steps, int32_t heads, int32_t width) {
  return SNN_ATTENTION_BYTES(steps, heads, width);
}

const char *snn_instruction_set(void) { return snn_choose_tasks().name; }

static int32_t snn_workers(const snn_executor *executor) {
  return executor == NULL ? 1 : executor->workers;
}

/* Runs a task on every tile. */
static void snn_run(snn_executor *executor, snn_task *task, void *context, int32_t tiles) {
  if (executor != NULL && executor->workers > 1 && tiles > 1) {
    executor->run(executor, task, context, tiles);
    return;
  }
  for (int32_t tile = 0; tile < tiles; tile++) task(context, tile, 0);
}

/* How many positions make a block: as many as fit `most`, and fewer, but not below `least`, where
 * that gives each worker about four of the tasks, of which there are `tiles` a block. */
static int32_t snn_block(int32_t positions, int32_t most, int32_t least, int32_t tiles,
                         int32_t workers) {
  int32_t blocks = snn_ceiling(positions, snn_max(most, 1));
  if (workers > 1) {
    const int32_t wanted = snn_ceiling(4 * workers, tiles);
    blocks = snn_max(blocks, snn_min(wanted, snn_ceiling(positions, snn_max(least, 1))));
  }
  return snn_ceiling(positions, blocks);
}

/* Cuts a convolution into tasks of some tiles for a block of positions, such that the workers are
 * done soonest if all tasks take the same time. A task adds its rows to each tile; listing its rows
 * takes about an eighth of that for one tile, and bringing the weights as long as 32 rows. */
static void snn_cut_conv(snn_conv_plan *plan, int32_t workers) {
  const snn_conv *conv = plan->conv;
  const int32_t positions = conv->out_height * conv->out_width;
  const int32_t tiles = snn_ceiling(conv->out_channels, SNN_TILE);
  const int32_t fewest = snn_ceiling(positions, snn_max(SNN_BLOCK_ROWS / conv->steps, 1));
  const int32_t most = workers > 1 ? snn_min(positions, fewest + 4 * workers) : fewest;
  int64_t best = INT64_MAX;
  plan->steps = snn_min(conv->steps, SNN_BLOCK_ROWS);
  for (int32_t taken = snn_min(SNN_TASK_TILES, tiles); taken > 0; taken--) {
    for (int32_t wanted = fewest; wanted <= most; wanted++) {
      const int32_t block = snn_ceiling(positions, wanted);
      const int32_t blocks = snn_ceiling(positions, block);
      const int64_t rows = (int64_t)block * conv->steps;
      const int64_t rounds = ((int64_t)blocks * snn_ceiling(tiles, taken) + workers - 1) / workers;
      const int64_t time = rounds * (rows * (8 * taken + 1) + 256 * taken);
      if (time < best) {
        best = time;
        plan->tiles = taken;
        plan->block = block;
        plan->blocks = blocks;
      }
    }
  }
}

void snn_conv_run(const snn_conv *conv, void *scratch, snn_executor *executor) {
  snn_conv_plan plan = {conv, scratch, 0, 0, 0, 0};
  if (conv->out_height * conv->out_width <= 0 || conv->out_channels <= 0) return;
  snn_cut_conv(&plan, snn_workers(executor));
  snn_run(executor, snn_choose_tasks().conv, &plan,
          plan.blocks * snn_ceiling(snn_ceiling(conv->out_channels, SNN_TILE), plan.tiles));
}

void snn_grouped_run(const snn_conv *conv, int32_t groups, snn_executor *executor) {
  snn_grouped_plan plan;
  plan.conv = conv;
  plan.groups = groups;
  snn_run(executor, snn_choose_tasks().grouped, &plan, conv->steps * conv->out_height);
}

void snn_neuron_run(const float *reals, int32_t steps, int32_t out_steps, int32_t positions,
                    int32_t channels, const snn_neuron *neuron, float *membrane,
                    uint64_t *spikes_out, snn_executor *executor) {
  snn_neuron_plan plan;
  if (positions <= 0) return;
  plan.reals = reals;
  plan.steps = steps;
  plan.out_steps = out_steps;
  plan.positions = positions;
  plan.channels = channels;
  plan.block = snn_block(positions, positions, 64, 1, snn_workers(executor));
  plan.neuron = neuron;
  plan.membrane = membrane;
  plan.spikes_out = spikes_out;
  snn_run(executor, snn_choose_tasks().neuron, &plan, snn_ceiling(positions, plan.block));
}

void snn_attention_run(const snn_attention *attention, void *workspace, void *scratch,
                       snn_executor *executor) {
  const snn_tasks tasks = snn_choose_tasks();
  const int32_t channels = attention->heads * attention->width;
  const int32_t words = (int32_t)SNN_WORDS(channels);
  snn_attention_plan plan;
  if (attention->tokens <= 0 || channels <= 0) return;
  plan.attention = attention;
  plan.scratch = scratch;
  plan.pairs = workspace;
  plan.words = (size_t)words;
  plan.stride = ((size_t)attention->width + 15) / 16 * 16;
  plan.block = snn_block(attention->tokens, SNN_BLOCK_ROWS, 16, words, snn_workers(executor));
  plan.blocks = snn_ceiling(attention->tokens, plan.block);
  snn_run(executor, tasks.attention_pairs, &plan, attention->steps * attention->heads);
  snn_run(executor, tasks.attention, &plan, words * plan.blocks);
}

/* A pooling and its maps: either of spikes or of reals. */
typedef struct snn_pool_plan {
  const snn_pool *pool;
  const uint64_t *spikes;
  const float *reals;
  uint64_t *spikes_out;
  float *reals_out;
} snn_pool_plan;

static snn_extent snn_pool_extent(int32_t out, int32_t stride, int32_t pad, int32_t kernel,
                                  int32_t size) {
  snn_extent extent;
  extent.from = snn_max(out * stride - pad, 0);
  extent.until = snn_min(out * stride - pad + kernel, size);
  return extent;
}

/* out |= in. */
static void snn_join_words(uint64_t *out, const uint64_t *in, size_t words) {
  for (size_t word = 0; word < words; word++) out[word] |= in[word];
}

/* out = max(out, in), keeping the first of equals; a NaN of either stays. */
static void snn_keep_larger(float *out, const float *in, size_t channels) {
  for (size_t channel = 0; channel < channels; channel++) {
    const float value = in[channel], most = out[channel];
    const int wins = (value > most) | (value != value);
    out[channel] = wins ? value : most;
  }
}

static float snn_minus_infinity(void) {
  const uint32_t bits = UINT32_C(0xff800000);
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* One task of a pooling: one output row at one step. */
static void snn_pool_task(void *context, int32_t index, int32_t worker) {
  const snn_pool_plan *plan = context;
  const snn_pool *pool = plan->pool;
  const int32_t step = index / pool->out_height;
  const size_t channels = (size_t)pool->channels, words = SNN_WORDS(pool->channels);
  const snn_extent rows = snn_pool_extent(index % pool->out_height, pool->stride_height,
                                          pool->pad_height, pool->kernel_height, pool->in_height);
  const float lowest = snn_minus_infinity();
  (void)worker;
  for (int32_t x = 0; x < pool->out_width; x++) {
    const snn_extent columns = snn_pool_extent(x, pool->stride_width, pool->pad_width,
                                               pool->kernel_width, pool->in_width);
    const size_t out = (size_t)index * (size_t)pool->out_width + (size_t)x;
    if (plan->spikes != NULL) {
      memset(plan->spikes_out + out * words, 0, words * sizeof(uint64_t));
    } else {
      for (size_t c = 0; c < channels; c++) plan->reals_out[out * channels + c] = lowest;
    }
    for (int32_t in_y = rows.from; in_y < rows.until; in_y++) {
      for (int32_t in_x = columns.from; in_x < columns.until; in_x++) {
        const size_t row = (size_t)step * (size_t)pool->in_height + (size_t)in_y;
        const size_t in = row * (size_t)pool->in_width + (size_t)in_x;
        if (plan->spikes != NULL) {
          snn_join_words(plan->spikes_out + out * words, plan->spikes + in * words, words);
        } else {
          snn_keep_larger(plan->reals_out + out * channels, plan->reals + in * channels, channels);
        }
      }
    }
  }
}

void snn_max_pool_spikes(const snn_pool *pool, const uint64_t *spikes, uint64_t *spikes_out,
                         snn_executor *executor) {
  snn_pool_plan plan = {pool, spikes, NULL, spikes_out, NULL};
  snn_run(executor, snn_pool_task, &plan, pool->steps * pool->out_height);
}

void snn_max_pool_reals(const snn_pool *pool, const float *reals, float *reals_out,
                        snn_executor *executor) {
  snn_pool_plan plan = {pool, NULL, reals, NULL, reals_out};
  snn_run(executor, snn_pool_task, &plan, pool->steps * pool->out_height);
}

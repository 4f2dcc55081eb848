/* Written by snnc. Each call names the module paths of the checkpoint that it computes. */
#include "masked_model.h"
#include "snn_checksum.h"

#include <string.h>

#define REALS(offset) ((float *)(void *)(model->arena + (offset)))
#define SPIKES(offset) ((uint64_t *)(void *)(model->arena + (offset)))
#define WEIGHTS(offset) ((const float *)(const void *)(model->weights + (offset)))
#define WORKSPACE(offset) ((void *)(model->arena + (offset)))
#define SCRATCH ((void *)(model->arena + 1856u))

const masked_model_layer masked_model_layers[3] = {
  {"plif", 2, 16, 4, 0},
  {"tokens_if", 2, 16, 4, 1},
  {"mask", 2, 16, 2, 0},
};

int masked_model_init(masked_model *model, void *arena, size_t arena_bytes,
    const void *weights, size_t weights_bytes, snn_executor *executor) {
  static const unsigned char head[24] = {83, 78, 78, 87, 84, 83, 48, 49, 128, 2, 0, 0, 0, 0, 0, 0, 51, 177, 225, 92, 8, 244, 124, 44};
  size_t workers = executor ? (size_t)executor->workers : 1u;
  if (!arena || arena_bytes < MASKED_MODEL_ARENA_BYTES(workers)) return MASKED_MODEL_ARENA_TOO_SMALL;
  if ((uintptr_t)arena % 64u) return MASKED_MODEL_ARENA_UNALIGNED;
  if (!weights || weights_bytes != MASKED_MODEL_WEIGHTS_BYTES) return MASKED_MODEL_WEIGHTS_SIZE;
  if ((uintptr_t)weights % 64u) return MASKED_MODEL_WEIGHTS_UNALIGNED;
  if (memcmp(weights, head, sizeof head)) return MASKED_MODEL_WEIGHTS_FOREIGN;
#ifndef SNN_TRUST_WEIGHTS
  if (snn_checksum((const unsigned char *)weights + 64, MASKED_MODEL_WEIGHTS_BYTES - 64)
      != UINT64_C(0x2c7cf4085ce1b133)) return MASKED_MODEL_WEIGHTS_DAMAGED;
#endif
  model->weights = (const unsigned char *)weights;
  model->arena = (unsigned char *)arena;
  model->executor = executor;
  model->observe = 0;
  model->context = 0;
  return MASKED_MODEL_OK;
}

static void fired(const masked_model *model, int32_t layer, int32_t first, int32_t steps,
    const uint64_t *spikes) {
  if (model->observe) model->observe(model->context, layer, first, steps, spikes);
}

void masked_model_run(const masked_model *model, const float *input, float *output) {
  /* input */
  snn_channels_last(input, 1, 4, 16, REALS(0u));
  /* depthwise */
  snn_grouped_run(&(snn_conv){
      .steps = 1,
      .in_channels = 4, .out_channels = 4,
      .in_height = 4, .in_width = 4, .out_height = 4, .out_width = 4,
      .kernel_height = 3, .kernel_width = 3, .stride_height = 1, .stride_width = 1,
      .pad_height = 1, .pad_width = 1,
      .reals = REALS(0u),
      .weights = WEIGHTS(64u),
      .real_out = REALS(256u),
  }, 4, model->executor);
  /* plif */
  snn_neuron_run(REALS(256u), 1, 2, 16, 4,
      &(snn_neuron){0.625f, 0.5f, SNN_PLIF}, NULL, SPIKES(0u), model->executor);
  fired(model, 0, 0, 2, SPIKES(0u));
  /* projection, tokens_if */
  snn_conv_run(&(snn_conv){
      .steps = 2, .out_steps = 2,
      .in_channels = 4, .out_channels = 4,
      .in_height = 4, .in_width = 4, .out_height = 4, .out_width = 4,
      .kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1,
      .pad_height = 0, .pad_width = 0,
      .spikes = SPIKES(0u),
      .weights = WEIGHTS(256u),
      .neuron = {1.0f, 0.5f, SNN_IF}, .spikes_out = SPIKES(512u),
  }, SCRATCH, model->executor);
  fired(model, 1, 0, 2, SPIKES(512u));
  /* heads */
  snn_unpack_spikes(SPIKES(512u), 32, 4, REALS(0u));
  /* sum */
  snn_sum(REALS(0u), 64, 2, 1, REALS(768u));
  /* mask */
  snn_neuron_run(REALS(768u), 2, 2, 16, 2,
      &(snn_neuron){1.5f, 0.5f, SNN_LIF}, NULL, SPIKES(1024u), model->executor);
  fired(model, 2, 0, 2, SPIKES(1024u));
  /* heads */
  snn_unpack_spikes(SPIKES(512u), 32, 4, REALS(0u));
  /* mask */
  snn_unpack_spikes(SPIKES(1024u), 32, 2, REALS(1280u));
  /* masked */
  snn_mul(REALS(0u), 2, REALS(1280u), 2, 2, 32, 2, 1, REALS(512u));
  /* not */
  snn_complement(REALS(512u), 128, REALS(0u));
  /* map */
  snn_pack_spikes(REALS(0u), 32, 4, SPIKES(1600u));
  /* groups */
  snn_grouped_run(&(snn_conv){
      .steps = 2,
      .in_channels = 4, .out_channels = 8,
      .in_height = 4, .in_width = 4, .out_height = 5, .out_width = 5,
      .kernel_height = 2, .kernel_width = 2, .stride_height = 2, .stride_width = 2,
      .pad_height = 3, .pad_width = 3,
      .spikes = SPIKES(1600u),
      .weights = WEIGHTS(320u),
      .bias = WEIGHTS(576u),
      .real_out = REALS(0u),
  }, 2, model->executor);
  /* mean */
  snn_mean_positions(REALS(0u), 2, 25, 8, REALS(1600u));
  /* steps */
  snn_mean_steps(REALS(1600u), 2, 8, REALS(0u));
  /* output */
  memcpy(output, REALS(0u), 8 * sizeof *output);
}

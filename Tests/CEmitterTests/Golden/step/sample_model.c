/* Written by snnc. Each call names the module paths of the checkpoint that it computes. */
#include "sample_model.h"
#include "snn_checksum.h"

#include <string.h>

#define REALS(offset) ((float *)(void *)(model->arena + (offset)))
#define SPIKES(offset) ((uint64_t *)(void *)(model->arena + (offset)))
#define WEIGHTS(offset) ((const float *)(const void *)(model->weights + (offset)))
#define WORKSPACE(offset) ((void *)(model->arena + (offset)))
#define SCRATCH ((void *)(model->arena + 1088u))

const sample_model_layer sample_model_layers[2] = {
  {"lif", 3, 16, 6, 0},
  {"attn_lif", 3, 4, 6, 0},
};

int sample_model_init(sample_model *model, void *arena, size_t arena_bytes,
    const void *weights, size_t weights_bytes, snn_executor *executor) {
  static const unsigned char head[24] = {83, 78, 78, 87, 84, 83, 48, 49, 0, 5, 0, 0, 0, 0, 0, 0, 137, 237, 166, 225, 52, 84, 60, 86};
  size_t workers = executor ? (size_t)executor->workers : 1u;
  if (!arena || arena_bytes < SAMPLE_MODEL_ARENA_BYTES(workers)) return SAMPLE_MODEL_ARENA_TOO_SMALL;
  if ((uintptr_t)arena % 64u) return SAMPLE_MODEL_ARENA_UNALIGNED;
  if (!weights || weights_bytes != SAMPLE_MODEL_WEIGHTS_BYTES) return SAMPLE_MODEL_WEIGHTS_SIZE;
  if ((uintptr_t)weights % 64u) return SAMPLE_MODEL_WEIGHTS_UNALIGNED;
  if (memcmp(weights, head, sizeof head)) return SAMPLE_MODEL_WEIGHTS_FOREIGN;
#ifndef SNN_TRUST_WEIGHTS
  if (snn_checksum((const unsigned char *)weights + 64, SAMPLE_MODEL_WEIGHTS_BYTES - 64)
      != UINT64_C(0x563c5434e1a6ed89)) return SAMPLE_MODEL_WEIGHTS_DAMAGED;
#endif
  model->weights = (const unsigned char *)weights;
  model->arena = (unsigned char *)arena;
  model->executor = executor;
  model->observe = 0;
  model->context = 0;
  sample_model_reset(model);
  return SAMPLE_MODEL_OK;
}

static void fired(const sample_model *model, int32_t layer, int32_t first, int32_t steps,
    const uint64_t *spikes) {
  if (model->observe) model->observe(model->context, layer, first, steps, spikes);
}

/* What is the same at every time step, and what neurons fire that see nothing else. */
static void once(const sample_model *model, const float *frame) {
  /* input */
  snn_channels_last(frame, 1, 3, 16, REALS(576u));
  /* conv, bn, lif */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 3,
      .in_channels = 3, .out_channels = 6,
      .in_height = 4, .in_width = 4, .out_height = 4, .out_width = 4,
      .kernel_height = 3, .kernel_width = 3, .stride_height = 1, .stride_width = 1,
      .pad_height = 1, .pad_width = 1,
      .reals = REALS(576u),
      .weights = WEIGHTS(64u),
      .scale = WEIGHTS(768u), .shift = WEIGHTS(832u),
      .neuron = {1.5f, 0.5f, SNN_LIF}, .spikes_out = SPIKES(192u),
  }, SCRATCH, model->executor);
  fired(model, 0, 0, 3, SPIKES(192u));
}

void sample_model_reset(sample_model *model) {
  memset(model->arena, 0, 192u); /* membranes and sums */
  model->step = 0;
}

int sample_model_step(sample_model *model, const float *frame) {
  if (model->step >= SAMPLE_MODEL_TIME_STEPS) return SAMPLE_MODEL_OUT_OF_TURN;
  if (model->step == 0) once(model, frame);
  /* pool */
  snn_max_pool_spikes(&(snn_pool){
      .steps = 1, .channels = 6,
      .in_height = 4, .in_width = 4, .out_height = 2, .out_width = 2,
      .kernel_height = 2, .kernel_width = 2, .stride_height = 2, .stride_width = 2,
      .pad_height = 0, .pad_width = 0,
  }, SPIKES(192u + (size_t)model->step * 128u), SPIKES(960u), model->executor);
  /* kv, attn_lif */
  snn_attention_run(&(snn_attention){
      .steps = 1, .out_steps = 1, .tokens = 4, .heads = 2, .width = 3,
      .queries = SPIKES(960u), .keys = SPIKES(960u), .values = SPIKES(960u),
      .factor = 0.125f,
      .neuron = {2.0f, 0.25f, SNN_LIF}, .membrane = REALS(0u), .spikes_out = SPIKES(1024u),
  }, WORKSPACE(576u), SCRATCH, model->executor);
  fired(model, 1, model->step, 1, SPIKES(1024u));
  /* pool */
  snn_unpack_spikes(SPIKES(960u), 4, 6, REALS(576u));
  /* proj, add */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 1,
      .in_channels = 6, .out_channels = 6,
      .in_height = 2, .in_width = 2, .out_height = 2, .out_width = 2,
      .kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1,
      .pad_height = 0, .pad_width = 0,
      .spikes = SPIKES(1024u),
      .weights = WEIGHTS(896u),
      .bias = WEIGHTS(1088u),
      .residual = REALS(576u), .residual_steps = 1,
      .real_out = REALS(704u),
  }, SCRATCH, model->executor);
  /* matmul */
  snn_matmul(&(snn_matrix){REALS(704u) + 0, 1, 12, 6}, &(snn_matrix){REALS(704u) + 0, 1, 12, 6},
      6, 2, 2, 2, REALS(576u) + 0);
  /* add */
  snn_channels_last(REALS(704u), 1, 4, 6, REALS(832u));
  /* add2 */
  snn_add(REALS(576u), 1, REALS(832u), 1, 1, 24, REALS(704u));
  /* add2 */
  snn_channels_last(REALS(704u), 1, 6, 4, REALS(576u));
  /* mean */
  snn_mean_positions(REALS(576u), 1, 4, 6, REALS(704u));
  /* steps */
  snn_add(REALS(128u), 1, REALS(704u), 1, 1, 6, REALS(128u));
  model->step++;
  return SAMPLE_MODEL_OK;
}

int sample_model_output(sample_model *model, float *output) {
  if (model->step != SAMPLE_MODEL_TIME_STEPS) return SAMPLE_MODEL_OUT_OF_TURN;
  model->step++; /* the memory of what was read is used again */
  /* steps */
  snn_divide(REALS(128u), 3.0f, 6, REALS(192u));
  /* head */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 1,
      .in_channels = 6, .out_channels = 5,
      .in_height = 1, .in_width = 1, .out_height = 1, .out_width = 1,
      .kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1,
      .pad_height = 0, .pad_width = 0,
      .reals = REALS(192u),
      .weights = WEIGHTS(1152u),
      .real_out = REALS(256u),
  }, SCRATCH, model->executor);
  /* output */
  memcpy(output, REALS(256u), 5 * sizeof *output);
  return SAMPLE_MODEL_OK;
}

void sample_model_run(sample_model *model, const float *input, float *output) {
  sample_model_reset(model);
  for (int32_t step = 0; step < SAMPLE_MODEL_TIME_STEPS; step++)
    sample_model_step(model, input);
  sample_model_output(model, output);
}

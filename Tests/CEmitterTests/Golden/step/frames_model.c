/* Written by snnc. Each call names the module paths of the checkpoint that it computes. */
#include "frames_model.h"
#include "snn_checksum.h"

#include <string.h>

#define REALS(offset) ((float *)(void *)(model->arena + (offset)))
#define SPIKES(offset) ((uint64_t *)(void *)(model->arena + (offset)))
#define WEIGHTS(offset) ((const float *)(const void *)(model->weights + (offset)))
#define WORKSPACE(offset) ((void *)(model->arena + (offset)))
#define SCRATCH ((void *)(model->arena + 1088u))

const frames_model_layer frames_model_layers[3] = {
  {"lif", 3, 4, 6, 0},
  {"attn_lif", 3, 4, 6, 0},
  {"if", 3, 4, 6, 0},
};

int frames_model_init(frames_model *model, void *arena, size_t arena_bytes,
    const void *weights, size_t weights_bytes, snn_executor *executor) {
  static const unsigned char head[24] = {83, 78, 78, 87, 84, 83, 48, 49, 64, 3, 0, 0, 0, 0, 0, 0, 125, 145, 43, 123, 31, 51, 60, 148};
  size_t workers = executor ? (size_t)executor->workers : 1u;
  if (!arena || arena_bytes < FRAMES_MODEL_ARENA_BYTES(workers)) return FRAMES_MODEL_ARENA_TOO_SMALL;
  if ((uintptr_t)arena % 64u) return FRAMES_MODEL_ARENA_UNALIGNED;
  if (!weights || weights_bytes != FRAMES_MODEL_WEIGHTS_BYTES) return FRAMES_MODEL_WEIGHTS_SIZE;
  if ((uintptr_t)weights % 64u) return FRAMES_MODEL_WEIGHTS_UNALIGNED;
  if (memcmp(weights, head, sizeof head)) return FRAMES_MODEL_WEIGHTS_FOREIGN;
#ifndef SNN_TRUST_WEIGHTS
  if (snn_checksum((const unsigned char *)weights + 64, FRAMES_MODEL_WEIGHTS_BYTES - 64)
      != UINT64_C(0x943c331f7b2b917d)) return FRAMES_MODEL_WEIGHTS_DAMAGED;
#endif
  model->weights = (const unsigned char *)weights;
  model->arena = (unsigned char *)arena;
  model->executor = executor;
  model->observe = 0;
  model->context = 0;
  frames_model_reset(model);
  return FRAMES_MODEL_OK;
}

static void fired(const frames_model *model, int32_t layer, int32_t first, int32_t steps,
    const uint64_t *spikes) {
  if (model->observe) model->observe(model->context, layer, first, steps, spikes);
}

void frames_model_reset(frames_model *model) {
  memset(model->arena, 0, 448u); /* membranes and sums */
  model->step = 0;
}

int frames_model_step(frames_model *model, const float *frame) {
  if (model->step >= FRAMES_MODEL_TIME_STEPS) return FRAMES_MODEL_OUT_OF_TURN;
  /* input */
  snn_channels_last(frame, 1, 2, 16, REALS(448u));
  /* conv, lif */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 1,
      .in_channels = 2, .out_channels = 6,
      .in_height = 4, .in_width = 4, .out_height = 2, .out_width = 2,
      .kernel_height = 3, .kernel_width = 3, .stride_height = 2, .stride_width = 2,
      .pad_height = 1, .pad_width = 1,
      .reals = REALS(448u),
      .weights = WEIGHTS(64u),
      .real_out = REALS(832u),
      .neuron = {1.5f, 0.25f, SNN_LIF}, .membrane = REALS(0u), .spikes_out = SPIKES(960u),
  }, SCRATCH, model->executor);
  fired(model, 0, model->step, 1, SPIKES(960u));
  /* kv, attn_lif */
  snn_attention_run(&(snn_attention){
      .steps = 1, .out_steps = 1, .tokens = 4, .heads = 2, .width = 3,
      .queries = SPIKES(960u), .keys = SPIKES(960u), .values = SPIKES(960u),
      .factor = 1.0f,
      .neuron = {0.625f, 0.5f, SNN_PLIF}, .membrane = REALS(128u), .spikes_out = SPIKES(1024u),
  }, WORKSPACE(448u), SCRATCH, model->executor);
  fired(model, 1, model->step, 1, SPIKES(1024u));
  /* proj, add, if */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 1,
      .in_channels = 6, .out_channels = 6,
      .in_height = 2, .in_width = 2, .out_height = 2, .out_width = 2,
      .kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1,
      .pad_height = 0, .pad_width = 0,
      .spikes = SPIKES(1024u),
      .weights = WEIGHTS(512u),
      .residual = REALS(832u), .residual_steps = 1,
      .neuron = {1.0f, 0.5f, SNN_IF}, .membrane = REALS(256u), .spikes_out = SPIKES(576u),
  }, SCRATCH, model->executor);
  fired(model, 2, model->step, 1, SPIKES(576u));
  /* if */
  snn_unpack_spikes(SPIKES(576u), 4, 6, REALS(448u));
  /* mean */
  snn_mean_positions(REALS(448u), 1, 4, 6, REALS(576u));
  /* steps */
  snn_add(REALS(384u), 1, REALS(576u), 1, 1, 6, REALS(384u));
  model->step++;
  return FRAMES_MODEL_OK;
}

int frames_model_output(frames_model *model, float *output) {
  if (model->step != FRAMES_MODEL_TIME_STEPS) return FRAMES_MODEL_OUT_OF_TURN;
  model->step++; /* the memory of what was read is used again */
  /* steps */
  snn_divide(REALS(384u), 3.0f, 6, REALS(448u));
  /* head */
  snn_conv_run(&(snn_conv){
      .steps = 1, .out_steps = 1,
      .in_channels = 6, .out_channels = 5,
      .in_height = 1, .in_width = 1, .out_height = 1, .out_width = 1,
      .kernel_height = 1, .kernel_width = 1, .stride_height = 1, .stride_width = 1,
      .pad_height = 0, .pad_width = 0,
      .reals = REALS(448u),
      .weights = WEIGHTS(704u),
      .real_out = REALS(512u),
  }, SCRATCH, model->executor);
  /* output */
  memcpy(output, REALS(512u), 5 * sizeof *output);
  return FRAMES_MODEL_OK;
}

void frames_model_run(frames_model *model, const float *input, float *output) {
  frames_model_reset(model);
  for (int32_t step = 0; step < FRAMES_MODEL_TIME_STEPS; step++)
    frames_model_step(model, input + (size_t)step * FRAMES_MODEL_FRAME_COUNT);
  frames_model_output(model, output);
}

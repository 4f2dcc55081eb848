/* frames_model: 10 kernel calls, 3 layers of neurons, 3 time steps.
 * Written by snnc; the weights' checksum is 0x943c331f7b2b917d.
 *
 *   input   float [3][2][4][4], row-major
 *   output  float [5]
 *
 * The library allocates nothing, prints nothing and has no variables: the caller brings the
 * arena and the weights, and any number of instances may run at once, each on its own arena.
 */
#ifndef FRAMES_MODEL_H
#define FRAMES_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "snn_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FRAMES_MODEL_TIME_STEPS 3
#define FRAMES_MODEL_INPUT_RANK 3
#define FRAMES_MODEL_INPUT_TIMED 1
#define FRAMES_MODEL_INPUT_COUNT 96
#define FRAMES_MODEL_FRAME_COUNT 32 /* of one time step */
#define FRAMES_MODEL_OUTPUT_COUNT 5
#define FRAMES_MODEL_NEURON_LAYERS 3

/* The size of frames_model.weights.bin. */
#define FRAMES_MODEL_WEIGHTS_BYTES 832u

/* The size of the arena for a number of workers, 1 without an executor. */
#define FRAMES_MODEL_ARENA_BYTES(workers) \
  ((size_t)1088u + (size_t)(workers) * SNN_SCRATCH_BYTES)

/* A layer of neurons: its module path, the extents of its spikes, and whether the model's order
 * of them is [positions][channels], not [channels][positions]. */
typedef struct frames_model_layer {
  const char *name;
  int32_t steps, positions, channels, channelsLast;
} frames_model_layer;

/* The layers, in the order of the model. */
extern const frames_model_layer frames_model_layers[3];

/* An instance. Set `observe` after _init to see the spikes of each layer as it has fired, uint64_t
 * [steps][positions][SNN_WORDS(channels)], the first of which are those of the time step `first`;
 * they are gone after the call. */
typedef struct frames_model {
  const unsigned char *weights;
  unsigned char *arena;
  snn_executor *executor;
  void (*observe)(void *context, int32_t layer, int32_t first, int32_t steps,
      const uint64_t *spikes);
  void *context;
  int32_t step; /* how many have been computed since _reset */
} frames_model;

/* What the functions say that can fail. */
enum {
  FRAMES_MODEL_OK = 0,
  FRAMES_MODEL_ARENA_TOO_SMALL = 1, /* or NULL */
  FRAMES_MODEL_ARENA_UNALIGNED = 2,
  FRAMES_MODEL_WEIGHTS_SIZE = 3,    /* not FRAMES_MODEL_WEIGHTS_BYTES, or NULL */
  FRAMES_MODEL_WEIGHTS_UNALIGNED = 4,
  FRAMES_MODEL_WEIGHTS_FOREIGN = 5, /* no weights' file, or another model's */
  FRAMES_MODEL_WEIGHTS_DAMAGED = 6, /* with another checksum than their own; not with SNN_TRUST_WEIGHTS */
  FRAMES_MODEL_OUT_OF_TURN = 7      /* _step behind the last frame, or _output not right behind it */
};

/* Prepares an instance. `arena`: FRAMES_MODEL_ARENA_BYTES, aligned to 64; `weights`: the contents
 * of frames_model.weights.bin, mapped, read or linked in, aligned to 64; both must live as long as the
 * instance. `executor` may be NULL. It reads all weights once, for their checksum; compiled with
 * SNN_TRUST_WEIGHTS it does not. */
int frames_model_init(frames_model *model, void *arena, size_t arena_bytes,
    const void *weights, size_t weights_bytes, snn_executor *executor);

/* Begins a sample: nothing has been seen. _init does it, too. */
void frames_model_reset(frames_model *model);

/* Computes all that one more time step makes known; FRAMES_MODEL_TIME_STEPS of them are a
 * sample. `frame`: its input, FRAMES_MODEL_FRAME_COUNT numbers. */
int frames_model_step(frames_model *model, const float *frame);

/* Computes the output, once, when all time steps have been given. */
int frames_model_output(frames_model *model, float *output);

/* Computes one sample: _reset, every _step, and _output. */
void frames_model_run(frames_model *model, const float *input, float *output);

#ifdef __cplusplus
}
#endif

#endif

/* masked_model: 16 kernel calls, 3 layers of neurons, 2 time steps.
 * Written by snnc; the weights' checksum is 0x2c7cf4085ce1b133.
 *
 *   input   float [4][4][4], row-major
 *   output  float [8]
 *
 * The library allocates nothing, prints nothing and has no variables: the caller brings the
 * arena and the weights, and any number of instances may run at once, each on its own arena.
 */
#ifndef MASKED_MODEL_H
#define MASKED_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "snn_kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MASKED_MODEL_TIME_STEPS 2
#define MASKED_MODEL_INPUT_RANK 3
#define MASKED_MODEL_INPUT_TIMED 0
#define MASKED_MODEL_INPUT_COUNT 64
#define MASKED_MODEL_FRAME_COUNT 64 /* of one time step */
#define MASKED_MODEL_OUTPUT_COUNT 8
#define MASKED_MODEL_NEURON_LAYERS 3

/* The size of masked_model.weights.bin. */
#define MASKED_MODEL_WEIGHTS_BYTES 640u

/* The size of the arena for a number of workers, 1 without an executor. */
#define MASKED_MODEL_ARENA_BYTES(workers) \
  ((size_t)1856u + (size_t)(workers) * SNN_SCRATCH_BYTES)

/* A layer of neurons: its module path, the extents of its spikes, and whether the model's order
 * of them is [positions][channels], not [channels][positions]. */
typedef struct masked_model_layer {
  const char *name;
  int32_t steps, positions, channels, channelsLast;
} masked_model_layer;

/* The layers, in the order of the model. */
extern const masked_model_layer masked_model_layers[3];

/* An instance. Set `observe` after _init to see the spikes of each layer as it has fired, uint64_t
 * [steps][positions][SNN_WORDS(channels)], the first of which are those of the time step `first`;
 * they are gone after the call. */
typedef struct masked_model {
  const unsigned char *weights;
  unsigned char *arena;
  snn_executor *executor;
  void (*observe)(void *context, int32_t layer, int32_t first, int32_t steps,
      const uint64_t *spikes);
  void *context;
} masked_model;

/* What the functions say that can fail. */
enum {
  MASKED_MODEL_OK = 0,
  MASKED_MODEL_ARENA_TOO_SMALL = 1, /* or NULL */
  MASKED_MODEL_ARENA_UNALIGNED = 2,
  MASKED_MODEL_WEIGHTS_SIZE = 3,    /* not MASKED_MODEL_WEIGHTS_BYTES, or NULL */
  MASKED_MODEL_WEIGHTS_UNALIGNED = 4,
  MASKED_MODEL_WEIGHTS_FOREIGN = 5, /* no weights' file, or another model's */
  MASKED_MODEL_WEIGHTS_DAMAGED = 6  /* with another checksum than their own; not with SNN_TRUST_WEIGHTS */
};

/* Prepares an instance. `arena`: MASKED_MODEL_ARENA_BYTES, aligned to 64; `weights`: the contents
 * of masked_model.weights.bin, mapped, read or linked in, aligned to 64; both must live as long as the
 * instance. `executor` may be NULL. It reads all weights once, for their checksum; compiled with
 * SNN_TRUST_WEIGHTS it does not. */
int masked_model_init(masked_model *model, void *arena, size_t arena_bytes,
    const void *weights, size_t weights_bytes, snn_executor *executor);

/* Computes one sample. */
void masked_model_run(const masked_model *model, const float *input, float *output);

#ifdef __cplusplus
}
#endif

#endif

/* Written by snnc. Runs the model on the samples of a NumPy file:
 *   frames_model input.npy logits.npy [--spikes out.npz] [--threads N] [--weights FILE] [--one-sample]
 * The input has an axis of samples in front, or, always with --one-sample, none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frames_model.h"
#include "snn_map.h"
#include "snn_npy.h"
#include "snn_threads.h"

/* The spikes of all samples, one bit each in the order of numpy.packbits. */
typedef struct recorder {
  unsigned char *bits[FRAMES_MODEL_NEURON_LAYERS + 1];
  size_t samples, sample;
  int isOutOfMemory;
} recorder;

/* Takes one sample's spikes of a layer, those of `steps` time steps from `first` on, into
 * [steps][samples] of its own order. */
static void record(void *context, int32_t layer, int32_t first, int32_t steps,
    const uint64_t *spikes) {
  recorder *r = (recorder *)context;
  const frames_model_layer *l = &frames_model_layers[layer];
  size_t words = SNN_WORDS(l->channels), positions = (size_t)l->positions;
  size_t slice = positions * (size_t)l->channels;
  size_t total = (size_t)l->steps * r->samples * slice;
  /* How far apart neighbours lie. */
  size_t acrossChannels = l->channelsLast ? 1 : positions;
  size_t acrossPositions = l->channelsLast ? (size_t)l->channels : 1;
  if (!r->bits[layer]) r->bits[layer] = (unsigned char *)calloc((total + 7u) / 8u, 1);
  if (!r->bits[layer]) { r->isOutOfMemory = 1; return; }
  for (size_t step = 0; step < (size_t)steps; step++) {
    size_t start = (((size_t)first + step) * r->samples + r->sample) * slice;
    for (size_t position = 0; position < positions; position++) {
      const uint64_t *row = spikes + (step * positions + position) * words;
      for (size_t channel = 0; channel < (size_t)l->channels; channel++) {
        size_t bit = start + channel * acrossChannels + position * acrossPositions;
        if (row[channel / 64u] >> channel % 64u & 1u)
          r->bits[layer][bit / 8u] |= (unsigned char)(0x80u >> bit % 8u);
      }
    }
  }
}

static const char *writeSpikes(const char *path, recorder *r) {
  snn_npz *npz = 0;
  const char *error = snn_npz_open(path, &npz);
  for (int32_t layer = 0; !error && layer < FRAMES_MODEL_NEURON_LAYERS; layer++) {
    const frames_model_layer *l = &frames_model_layers[layer];
    char name[1100];
    size_t shape = ((size_t)l->steps * r->samples * (size_t)l->positions
        * (size_t)l->channels + 7u) / 8u;
    snprintf(name, sizeof name, "spikes/%s", l->name);
    error = snn_npz_add(npz, name, r->bits[layer], &shape, 1);
  }
  if (npz) {
    const char *closing = snn_npz_close(npz);
    if (!error) error = closing;
  }
  return error;
}

/* Memory for `bytes`, aligned to 64, and what to free. */
static unsigned char *aligned(size_t bytes, void **memory) {
  *memory = malloc(bytes + 63u);
  if (!*memory) return 0;
  return (unsigned char *)*memory + (64u - (uintptr_t)*memory % 64u) % 64u;
}

/* Reads the whole of a file of FRAMES_MODEL_WEIGHTS_BYTES; returns how much there was. */
static size_t readWeights(const char *path, unsigned char *weights) {
  FILE *file = fopen(path, "rb");
  size_t count;
  if (!file) return 0;
  count = fread(weights, 1, FRAMES_MODEL_WEIGHTS_BYTES, file);
  if (fgetc(file) != EOF) count++;
  fclose(file);
  return count;
}

/* Exit statuses, after sysexits.h. */
enum { USAGE = 64, BAD_DATA = 65, NO_INPUT = 66, OUTPUT_FAILED = 74 };

static int fail(const char *what, const char *why, int status) {
  fprintf(stderr, "frames_model: error: %s: %s\n", what, why);
  return status;
}

static int canRead(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file) fclose(file);
  return file != 0;
}

/* Whether the array holds samples of the model's input: `axes` of them, or one alone. */
static int fits(const snn_npy *array, size_t axes) {
  static const size_t shape[] = {0 /* any number of samples */, 3, 2, 4, 4};
  size_t rank = sizeof shape / sizeof *shape;
  if (array->rank != (int32_t)(rank - 1u + axes)) return 0;
  for (size_t axis = 1; axis < rank; axis++)
    if (array->shape[axis - 1u + axes] != shape[axis]) return 0;
  return 1;
}

/* Takes a number of the model's input; returns why it is none, or 0. */
static const char *take(float *x) {
  if (*x - *x != 0.0f) return "the samples must be finite [input-not-finite]";
  return 0;
}

static int run(const char *input, const char *output, const char *spikes, int isOneSample,
    frames_model *model) {
  snn_npy array;
  recorder r;
  /* The output has an axis of samples where the input has one. */
  size_t shape[] = {0, 5}, axes = 1;
  float *logits;
  const char *error;
  int status = 0;
  if (!canRead(input)) return fail(input, "cannot open the file", NO_INPUT);
  error = snn_npy_read(input, &array);
  if (error) return fail(input, error, BAD_DATA);
  if (fits(&array, 0)) axes = 0;
  else if (isOneSample || !fits(&array, 1)) {
    snn_npy_free(&array);
    return fail(input, isOneSample ? "the shape is not that of one sample [input-shape]"
        : "the samples must be [samples, 3, 2, 4, 4] [input-shape]", BAD_DATA);
  }
  for (size_t i = 0; i < array.count && !error; i++) error = take(array.data + i);
  if (error) {
    snn_npy_free(&array);
    return fail(input, error, BAD_DATA);
  }
  memset(&r, 0, sizeof r);
  shape[0] = r.samples = axes ? array.shape[0] : 1;
  logits = (float *)malloc(r.samples * FRAMES_MODEL_OUTPUT_COUNT * sizeof *logits);
  if (!logits) {
    snn_npy_free(&array);
    return fail(input, "out of memory", OUTPUT_FAILED);
  }
  if (spikes) {
    model->observe = record;
    model->context = &r;
  }
  for (r.sample = 0; r.sample < r.samples; r.sample++)
    frames_model_run(model, array.data + r.sample * FRAMES_MODEL_INPUT_COUNT,
        logits + r.sample * FRAMES_MODEL_OUTPUT_COUNT);
  error = snn_npy_write(output, logits, shape + 1 - axes,
      (int32_t)(sizeof shape / sizeof *shape - 1u + axes));
  if (error) status = fail(output, error, OUTPUT_FAILED);
  if (!status && spikes) {
    error = r.isOutOfMemory ? "out of memory" : writeSpikes(spikes, &r);
    if (error) status = fail(spikes, error, OUTPUT_FAILED);
  }
  for (int32_t layer = 0; layer < FRAMES_MODEL_NEURON_LAYERS; layer++) free(r.bits[layer]);
  free(logits);
  snn_npy_free(&array);
  return status;
}

int main(int argc, char **argv) {
  const char *spikes = 0, *weightsPath = 0;
  long workers = 1;
  char beside[4096];
  void *arenaMemory, *weightsMemory = 0;
  unsigned char *arena, *copy = 0;
  const void *mapped, *weights;
  snn_threads *threads;
  frames_model model;
  int status, isOneSample = 0, usage = argc < 3;
  for (int i = 3; i < argc && !usage; i += 2) {
    char *end = 0;
    if (!strcmp(argv[i], "--one-sample")) {
      isOneSample = 1;
      i--;
    } else if (i + 1 >= argc) usage = 1;
    else if (!strcmp(argv[i], "--spikes")) spikes = argv[i + 1];
    else if (!strcmp(argv[i], "--weights")) weightsPath = argv[i + 1];
    else if (!strcmp(argv[i], "--threads")) {
      workers = strtol(argv[i + 1], &end, 10);
      usage = *end != 0 || workers < 1 || workers > 1024;
    } else usage = 1;
  }
  if (usage) {
    fprintf(stderr, "usage: %s input.npy logits.npy [--spikes out.npz] [--threads N]"
        " [--weights FILE] [--one-sample]\n", argc > 0 ? argv[0] : "frames_model");
    return USAGE;
  }
  if (!weightsPath) {
    /* The weights stand beside the program. */
    const char *slash = strrchr(argv[0], '/');
    int length = slash ? (int)(slash + 1 - argv[0]) : 0;
    int written = snprintf(beside, sizeof beside, "%.*s%s", length, argv[0],
        "frames_model.weights.bin");
    if (written < 0 || (size_t)written >= sizeof beside)
      return fail(argv[0], "the path is too long; pass --weights", NO_INPUT);
    weightsPath = beside;
  }
  arena = aligned(FRAMES_MODEL_ARENA_BYTES(workers), &arenaMemory);
  /* A pipe, or a file of another size, is read; _init says what is wrong with it. */
  weights = mapped = snn_map(weightsPath, FRAMES_MODEL_WEIGHTS_BYTES);
  if (!mapped) weights = copy = aligned(FRAMES_MODEL_WEIGHTS_BYTES, &weightsMemory);
  threads = workers > 1 ? snn_threads_create((int32_t)workers) : 0;
  if (!arena || !weights || (workers > 1 && !threads)) {
    status = fail("start", "out of memory or threads", OUTPUT_FAILED);
  } else {
    size_t count = copy ? readWeights(weightsPath, copy) : FRAMES_MODEL_WEIGHTS_BYTES;
    int problem = frames_model_init(&model, arena, FRAMES_MODEL_ARENA_BYTES(workers), weights, count,
        snn_threads_executor(threads));
    if (problem) {
      if (!canRead(weightsPath))
        status = fail(weightsPath, "cannot open the weights", NO_INPUT);
      else if (problem == FRAMES_MODEL_WEIGHTS_DAMAGED)
        status = fail(weightsPath, "the weights are damaged", BAD_DATA);
      else status = fail(weightsPath, "not the weights of this program", BAD_DATA);
    }
    else status = run(argv[1], argv[2], spikes, isOneSample, &model);
  }
  snn_threads_destroy(threads);
  snn_unmap(mapped, FRAMES_MODEL_WEIGHTS_BYTES);
  free(arenaMemory);
  free(weightsMemory);
  return status;
}

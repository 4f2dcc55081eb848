/* Counts what a model adds for one image and, if asked, makes its layers fire at other rates. It is
 * linked with program.c and, by -Wl,--wrap, put around the model and the kernels that fire, so the
 * emitted C runs as it is.
 *
 * The first image is counted, as additions.h says. With BENCH_RATE=x in the environment every
 * layer then gets the threshold with which it fires x times as many spikes as it did, one layer
 * behind the other, and all later images are run with these. Prints
 *
 *   counted ADDITIONS DENSE FIRED NEURONS
 *
 * of the first image, or with the new thresholds. DENSE is what a dense engine multiplies and adds
 * in these convolutions. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "additions.h"
#include MODEL_HEADER

#define JOIN_(first, second) first##second
#define JOIN(first, second) JOIN_(first, second)

/* A call of a kernel, which is the same at each image. */
typedef struct call {
  double additions, dense; /* of a convolution of spikes */
  double fired, neurons;   /* of a kernel that fires */
  float threshold;
} call;

static enum { COUNT, SEARCH, RUN } phase = COUNT;
static call *calls;
static int next, many;
static double factor = 1;

static call *next_call(void) {
  if (next == many) {
    calls = realloc(calls, (size_t)++many * sizeof *calls);
    if (calls == NULL) exit(1);
    calls[next] = (call){0};
  }
  return &calls[next++];
}

/* A kernel that fires, ready to be run with any threshold. */
typedef struct job {
  void (*run)(const struct job *job, float threshold);
  const void *kernel; /* snn_conv, snn_attention or the arguments of snn_neuron_run */
  void *workspace, *scratch;
  snn_executor *executor;
  float threshold; /* the model's own */
  const uint64_t *spikes;
  size_t words;
} job;

static double fired(const job *job, float threshold) {
  job->run(job, threshold);
  return ones(job->spikes, job->words);
}

/* The threshold with which a kernel fires about `wanted` spikes. More fire at a lower one. */
static float search(const job *job, double wanted) {
  float low = job->threshold, high = job->threshold;
  for (float by = 1; fired(job, low) < wanted && by < 1e6f; by *= 2) low -= by;
  for (float by = 1; fired(job, high) > wanted && by < 1e6f; by *= 2) high += by;
  for (int i = 0; i < 16; i++) {
    const float middle = low + (high - low) / 2;
    *(fired(job, middle) > wanted ? &low : &high) = middle;
  }
  return high;
}

/* Runs a kernel that fires as the phase asks. */
static void fire(const job *job, call *call, size_t neurons) {
  if (phase == COUNT) {
    call->threshold = job->threshold;
  } else if (phase == SEARCH) {
    double wanted = call->fired * factor;
    if (wanted > 0.95 * (double)neurons) wanted = 0.95 * (double)neurons;
    call->threshold = search(job, wanted);
  }
  job->run(job, call->threshold);
  if (phase == RUN) return;
  call->fired = ones(job->spikes, job->words);
  call->neurons = (double)neurons;
}

/* ---- the kernels ---- */

/* The arguments of snn_neuron_run. */
typedef struct layer {
  const float *reals;
  int32_t steps, out_steps, positions, channels;
  const snn_neuron *neuron;
  float *membrane;
  uint64_t *spikes_out;
} layer;

void __real_snn_conv_run(const snn_conv *conv, void *scratch, snn_executor *executor);
void __real_snn_attention_run(const snn_attention *attention, void *workspace, void *scratch,
                              snn_executor *executor);
void __real_snn_neuron_run(const float *reals, int32_t steps, int32_t out_steps, int32_t positions,
                           int32_t channels, const snn_neuron *neuron, float *membrane,
                           uint64_t *spikes_out, snn_executor *executor);

static void run_conv(const job *job, float threshold) {
  snn_conv conv = *(const snn_conv *)job->kernel;
  conv.neuron.threshold = threshold;
  __real_snn_conv_run(&conv, job->scratch, job->executor);
}

static void run_attention(const job *job, float threshold) {
  snn_attention attention = *(const snn_attention *)job->kernel;
  attention.neuron.threshold = threshold;
  __real_snn_attention_run(&attention, job->workspace, job->scratch, job->executor);
}

static void run_neuron(const job *job, float threshold) {
  const layer *layer = job->kernel;
  snn_neuron neuron = *layer->neuron;
  neuron.threshold = threshold;
  __real_snn_neuron_run(layer->reals, layer->steps, layer->out_steps, layer->positions,
                        layer->channels, &neuron, layer->membrane, layer->spikes_out,
                        job->executor);
}

/* What `conv` adds to its result, out of the way of the result where both lie in one place, so that
 * a search can run it again and again; NULL where that needs nothing. */
static float *saved_residual(const snn_conv *conv) {
  const size_t count = (size_t)conv->residual_steps * (size_t)conv->out_height *
                       (size_t)conv->out_width * (size_t)conv->out_channels;
  float *copy;
  if (phase != SEARCH || conv->residual == NULL || conv->residual != conv->real_out) return NULL;
  copy = malloc(count * sizeof *copy);
  if (copy == NULL) exit(1);
  return memcpy(copy, conv->residual, count * sizeof *copy);
}

void __wrap_snn_conv_run(const snn_conv *original, void *scratch, snn_executor *executor) {
  call *call = next_call();
  snn_conv conv = *original;
  const size_t rows = (size_t)conv.out_steps * (size_t)conv.out_height * (size_t)conv.out_width;
  const job job = {.run = run_conv, .kernel = &conv, .scratch = scratch, .executor = executor,
                   .threshold = conv.neuron.threshold, .spikes = conv.spikes_out,
                   .words = rows * SNN_WORDS(conv.out_channels)};
  if (conv.spikes != NULL && phase != RUN) call->additions = additions_of(&conv, &call->dense);
  if (conv.spikes_out == NULL) {
    __real_snn_conv_run(&conv, scratch, executor);
    return;
  }
  float *saved = saved_residual(&conv);
  if (saved != NULL) conv.residual = saved;
  fire(&job, call, rows * (size_t)conv.out_channels);
  free(saved);
}

void __wrap_snn_attention_run(const snn_attention *attention, void *workspace, void *scratch,
                              snn_executor *executor) {
  const size_t rows = (size_t)attention->out_steps * (size_t)attention->tokens;
  const int32_t channels = attention->heads * attention->width;
  const job job = {.run = run_attention, .kernel = attention, .workspace = workspace,
                   .scratch = scratch, .executor = executor,
                   .threshold = attention->neuron.threshold, .spikes = attention->spikes_out,
                   .words = rows * SNN_WORDS(channels)};
  if (attention->spikes_out == NULL) {
    __real_snn_attention_run(attention, workspace, scratch, executor);
  } else {
    fire(&job, next_call(), rows * (size_t)channels);
  }
}

void __wrap_snn_neuron_run(const float *reals, int32_t steps, int32_t out_steps,
                           int32_t positions, int32_t channels, const snn_neuron *neuron,
                           float *membrane, uint64_t *spikes_out, snn_executor *executor) {
  const layer layer = {reals,  steps,    out_steps, positions, channels,
                       neuron, membrane, spikes_out};
  const size_t rows = (size_t)out_steps * (size_t)positions;
  const job job = {.run = run_neuron, .kernel = &layer, .executor = executor,
                   .threshold = neuron->threshold, .spikes = spikes_out,
                   .words = rows * SNN_WORDS(channels)};
  fire(&job, next_call(), rows * (size_t)channels);
}

/* ---- the model ---- */

#define REAL_RUN JOIN(JOIN(__real_, MODEL), _run)
#define WRAP_RUN JOIN(JOIN(__wrap_, MODEL), _run)

void REAL_RUN(const MODEL *model, const float *input, float *output);

/* Runs one image; the first one in the phases that come before RUN, too. */
void WRAP_RUN(const MODEL *model, const float *input, float *output) {
  const char *rate = getenv("BENCH_RATE");
  double additions = 0, dense = 0, spikes = 0, neurons = 0;
  next = 0;
  REAL_RUN(model, input, output);
  if (phase == RUN) return;
  if (rate != NULL) {
    factor = atof(rate);
    phase = SEARCH;
    next = 0;
    REAL_RUN(model, input, output);
  }
  phase = RUN;
  for (int i = 0; i < many; i++) {
    additions += calls[i].additions;
    dense += calls[i].dense;
    spikes += calls[i].fired;
    neurons += calls[i].neurons;
  }
  printf("counted %.0f %.0f %.0f %.0f\n", additions, dense, spikes, neurons);
}

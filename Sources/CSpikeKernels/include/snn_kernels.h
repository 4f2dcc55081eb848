/*
 * The kernels of a spiking transformer, in C99: no allocation, no input or output, no state.
 *
 * Layouts
 *   spikes   uint64_t [steps][positions][words], words = SNN_WORDS(channels): channel c is bit
 *            c % 64 of word c / 64; bits past the last channel are zero, in and out.
 *   reals    float [steps][positions][channels].
 *   weights  float [kernel_height][kernel_width][in_channels][out_channels].
 *   Positions are row-major over (y, x). A map of one step is static: where the others have T
 *   steps, it stands for the same values at every step.
 *
 * Arithmetic
 *   binary32, round to nearest even, subnormals kept, nothing fused or reassociated. Each result
 *   is fixed to the bit by the order of operations given at each function; neither the instruction
 *   set nor the compiler nor the number of workers changes it.
 *
 * When compiling, SNN_PORTABLE leaves plain C99; SNN_NO_DISPATCH leaves the instruction set that
 * the compiler's flags promise; SNN_NO_AVX512 leaves out AVX-512.
 */
#ifndef SNN_KERNELS_H
#define SNN_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Words that hold one bit a channel. */
#define SNN_WORDS(channels) (((size_t)(channels) + 63u) / 64u)

/* Rows (one position at one step) that a worker of snn_conv_run works on at a time: 1048 bytes of
 * cache each. 512 suit an L2 cache of 1 MB; a microcontroller may take 8. A multiple of 8; the
 * results do not depend on it. Define it alike for the library and its callers. */
#ifndef SNN_BLOCK_ROWS
#define SNN_BLOCK_ROWS 512
#endif

/* Scratch memory that each worker of snn_conv_run and snn_attention_run needs. */
#define SNN_SCRATCH_BYTES ((size_t)32768 + (size_t)(SNN_BLOCK_ROWS) * 1048u)

/* Runs the tiles of a kernel on several workers. `run` calls task(context, tile, worker) once for
 * each tile in 0 ..< tiles, in any order, with worker in 0 ..< workers and no two calls of one
 * worker at a time, and returns when all are done. snn_threads.h has one on POSIX threads.
 * A kernel that is given NULL runs serially. */
typedef struct snn_executor {
  int32_t workers;
  void (*run)(struct snn_executor *self,
              void (*task)(void *context, int32_t tile, int32_t worker),
              void *context, int32_t tiles);
} snn_executor;

/* What a neuron does with its input x at each step, starting from v = 0:
 *   SNN_LIF   v = v + (x - v) / tau   a true division, rounded as such
 *   SNN_IF    v = v + x               tau is not read
 *   SNN_PLIF  v = v + (x - v) * tau   tau holds its own inverse, which was learned
 * then it fires where v >= threshold, and v = 0 where it fired.
 *
 * A call that is given a `membrane` starts from the v that it finds there and leaves there the v
 * after its last step, so that calls of one step, one after another on one membrane, fire what one
 * call of all steps fires. Zeros stand for neurons that have seen nothing. Without one, NULL, v
 * starts from 0 and is not kept. */
enum { SNN_LIF = 0, SNN_IF = 1, SNN_PLIF = 2 };

typedef struct snn_neuron {
  float tau;
  float threshold;
  int32_t kind;
} snn_neuron;

/* A convolution, or with a 1x1 kernel on one position a linear layer, and what is fused behind it:
 *   y = bias + sum over (kernel row, kernel column, input channel), in ascending order
 *   y = y * scale + shift, if scale;   y = y + residual, if residual;   each operation rounded
 *   real_out = y, if real_out;   spikes_out = neuron(y), if spikes_out
 * Padding adds no term, nor does an input that did not fire. A real input adds weight * input,
 * rounded, for every term that is not padding; of counts, those that are zero add none, which
 * changes no bit where weights are finite and no bias is -0. */
typedef struct snn_conv {
  int32_t steps; /* of the input */
  int32_t in_height, in_width, in_channels;
  int32_t out_height, out_width, out_channels;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t pad_height, pad_width; /* above and to the left; below and right follow from the sizes */
  /* The input, one of them: */
  const uint64_t *spikes; /* [steps][in_height * in_width][words] */
  const float *reals;     /* [steps][in_height * in_width][in_channels] */
  const float *counts;    /* the same, mostly zero, and finite */
  const float *weights;
  const float *bias;         /* [out_channels]; NULL starts the sums from +0 */
  const float *scale;        /* [out_channels], or NULL */
  const float *shift;        /* [out_channels]; NULL exactly where scale is */
  const float *residual;     /* [residual_steps][out positions][out_channels], or NULL */
  int32_t residual_steps;    /* 1, or as many as all others that are not 1 */
  int32_t out_steps;         /* of spikes_out: 1, or as many as all others that are not 1 */
  float *real_out;           /* [max(steps, residual_steps)][out positions][out_channels], or NULL;
                                may be the residual itself if that has as many steps */
  snn_neuron neuron;         /* read only with spikes_out */
  float *membrane;           /* [out positions][out_channels], or NULL; used only with spikes_out */
  uint64_t *spikes_out;      /* [out_steps][out positions][words of out_channels], or NULL */
} snn_conv;

/* Runs a convolution. `scratch`: SNN_SCRATCH_BYTES for each worker (one without an executor),
 * aligned to 64 bytes. */
void snn_conv_run(const snn_conv *conv, void *scratch, snn_executor *executor);

/* Runs a convolution in groups: inputs and outputs are cut into as many runs of channels, and each
 * run of outputs sees its own run of inputs alone. The weights are [kernel_height][kernel_width]
 * [in_channels / groups][out_channels]. scale, shift, residual, neuron, membrane and spikes_out are
 * not read; real_out is not NULL. */
void snn_grouped_run(const snn_conv *conv, int32_t groups, snn_executor *executor);

/* Fires neurons on the reals [steps][positions][channels], into spikes_out [out_steps]. steps is 1
 * (the same input at every step) or out_steps. `membrane`: [positions][channels], or NULL. */
void snn_neuron_run(const float *reals, int32_t steps, int32_t out_steps, int32_t positions,
                    int32_t channels, const snn_neuron *neuron, float *membrane,
                    uint64_t *spikes_out, snn_executor *executor);

/* The geometry of a pooling. Padding never wins. */
typedef struct snn_pool {
  int32_t steps, channels;
  int32_t in_height, in_width;
  int32_t out_height, out_width;
  int32_t kernel_height, kernel_width;
  int32_t stride_height, stride_width;
  int32_t pad_height, pad_width;
} snn_pool;

/* Spikes wherever any spike is in the window. */
void snn_max_pool_spikes(const snn_pool *pool, const uint64_t *spikes, uint64_t *spikes_out,
                         snn_executor *executor);

/* The largest value of the window; the first of equals, in row-major order; NaN if any is; minus
 * infinity for a window of nothing but padding. */
void snn_max_pool_reals(const snn_pool *pool, const float *reals, float *reals_out,
                        snn_executor *executor);

/* Spiking self-attention without a softmax, for each step, head h and token n:
 *   y[n][h * width + j] = factor * sum_i q[n][h,i] * (sum_m k[m][h,i] * v[m][h,j])
 * where [h,i] is channel h * width + i. The sums are exact integers, converted to binary32 (no
 * rounding below 2^24) and then multiplied, rounded. tokens * width must be below 2^31. */
typedef struct snn_attention {
  int32_t steps, tokens, heads, width;
  const uint64_t *queries, *keys, *values; /* [steps][tokens][words of heads * width] */
  float factor;
  float *real_out;      /* y, [steps][tokens][heads * width], or NULL */
  snn_neuron neuron;    /* read only with spikes_out */
  float *membrane;      /* [tokens][heads * width], or NULL; used only with spikes_out */
  int32_t out_steps;    /* of spikes_out: steps, or any number if steps is 1 */
  uint64_t *spikes_out; /* neuron(y), [out_steps][tokens][words of heads * width], or NULL */
} snn_attention;

/* Bytes of the workspace of snn_attention_run: the sums over m, one int32_t each. */
#define SNN_ATTENTION_BYTES(steps, heads, width)                                                 \
  ((size_t)(steps) * (size_t)(heads) * (size_t)(width) * (((size_t)(width) + 15u) / 16u * 64u))

/* Runs an attention. `workspace`: SNN_ATTENTION_BYTES; `scratch`: SNN_SCRATCH_BYTES for each
 * worker; both aligned to 64 bytes. */
void snn_attention_run(const snn_attention *attention, void *workspace, void *scratch,
                       snn_executor *executor);

/* out = a + b. A map holds `count` values a step; a and b have 1 or out_steps steps each. `out`
 * may be an operand that has out_steps steps. */
void snn_add(const float *a, int32_t a_steps, const float *b, int32_t b_steps, int32_t out_steps,
             size_t count, float *out);

/* out = a * b. A map of a holds [outer][extent][inner] values a step, one of b [outer][1][inner];
 * a and b have 1 or out_steps steps each. */
void snn_mul(const float *a, int32_t a_steps, const float *b, int32_t b_steps, int32_t out_steps,
             size_t outer, size_t extent, size_t inner, float *out);

/* [outer][extent][inner] values to [outer][1][inner]: the sum in ascending order, from +0. */
void snn_sum(const float *in, size_t outer, size_t extent, size_t inner, float *out);

/* out = 1 - in. `out` may be `in`. */
void snn_complement(const float *in, size_t count, float *out);

/* out = in / divisor. `out` may be `in`. */
void snn_divide(const float *in, float divisor, size_t count, float *out);

/* out = in * factor. `out` may be `in`. */
void snn_scale(const float *in, float factor, size_t count, float *out);

/* out = in * scale[channel] + shift[channel], rounded twice. `out` may be `in`. */
void snn_affine(const float *in, const float *scale, const float *shift, size_t positions,
                int32_t channels, float *out);

/* The mean over the positions of each step, into [steps][1][channels]: the sum in ascending order
 * of position, starting from +0, divided once. */
void snn_mean_positions(const float *in, int32_t steps, int32_t positions, int32_t channels,
                        float *out);

/* The mean over the steps of `count` values: the sum in ascending order of step, starting from +0,
 * divided once. */
void snn_mean_steps(const float *in, int32_t steps, size_t count, float *out);

/* Copies the one slice of `count` values for each of out_steps steps. */
void snn_repeat(const float *in, int32_t out_steps, size_t count, float *out);

/* Spikes [positions][words] to 0.0f and 1.0f [positions][channels]; for several steps, count
 * steps * positions. */
void snn_unpack_spikes(const uint64_t *spikes, size_t positions, int32_t channels, float *out);

/* Reals [positions][channels] to spikes: one wherever the value is not zero. */
void snn_pack_spikes(const float *in, size_t positions, int32_t channels, uint64_t *spikes_out);

/* Planar [steps][channels][positions] to [steps][positions][channels]. */
void snn_channels_last(const float *in, int32_t steps, int32_t channels, int32_t positions,
                       float *out);

/* Spikes [steps][positions][words] to one byte, 0 or 1, for each element of
 * [steps][channels][positions]. */
void snn_planar_bits(const uint64_t *spikes, int32_t steps, int32_t positions, int32_t channels,
                     uint8_t *out);

/* The same for each element of [steps][positions][channels]. */
void snn_row_bits(const uint64_t *spikes, int32_t steps, int32_t positions, int32_t channels,
                  uint8_t *out);

/* One operand of snn_matmul: element (batch, row, column) lies at data[batch * batch_stride +
 * row * row_stride + column * column_stride]. */
typedef struct snn_matrix {
  const float *data;
  ptrdiff_t batch_stride, row_stride, column_stride;
} snn_matrix;

/* out[batch][row][column] = sum over inner of a[batch][row][inner] * b[batch][inner][column], from
 * +0 in ascending order, multiplying and then adding; `out` is contiguous. The plain fallback. */
void snn_matmul(const snn_matrix *a, const snn_matrix *b, int32_t batches, int32_t rows,
                int32_t columns, int32_t inner, float *out);

/* The sizes above, for languages without C's macros; snn_scratch_bytes() is also what the library
 * was compiled with. */
size_t snn_scratch_bytes(void);
size_t snn_attention_bytes(int32_t steps, int32_t heads, int32_t width);

/* The instruction set that the kernels choose on this machine: "portable", "vector128", "avx2" or
 * "avx512". */
const char *snn_instruction_set(void);

#ifdef __cplusplus
}
#endif

#endif

import Lowering
import SpikeIR

extension CProgram {
  /// The program around the library: NumPy files in and out.
  ///
  /// Its own names are words without an underscore, or camel case, which no model's name is.
  var main: String {
    let template = """
      /* Written by snnc. Runs the model on the samples of a NumPy file:
       *   @NAME@ input.npy logits.npy [--spikes out.npz] [--threads N] [--weights FILE] [--one-sample]
       * The input has an axis of samples in front, or, always with --one-sample, none. */
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>

      #include "@NAME@.h"
      #include "snn_map.h"
      #include "snn_npy.h"
      #include "snn_threads.h"

      /* The spikes of all samples, one bit each in the order of numpy.packbits. */
      typedef struct recorder {
        unsigned char *bits[@MACRO@_NEURON_LAYERS + 1];
        size_t samples, sample;
        int isOutOfMemory;
      } recorder;

      /* Takes one sample's spikes of a layer, those of `steps` time steps from `first` on, into
       * [steps][samples] of its own order. */
      static void record(void *context, int32_t layer, int32_t first, int32_t steps,
          const uint64_t *spikes) {
        recorder *r = (recorder *)context;
        const @NAME@_layer *l = &@NAME@_layers[layer];
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
        for (int32_t layer = 0; !error && layer < @MACRO@_NEURON_LAYERS; layer++) {
          const @NAME@_layer *l = &@NAME@_layers[layer];
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

      /* Reads the whole of a file of @MACRO@_WEIGHTS_BYTES; returns how much there was. */
      static size_t readWeights(const char *path, unsigned char *weights) {
        FILE *file = fopen(path, "rb");
        size_t count;
        if (!file) return 0;
        count = fread(weights, 1, @MACRO@_WEIGHTS_BYTES, file);
        if (fgetc(file) != EOF) count++;
        fclose(file);
        return count;
      }

      /* Exit statuses, after sysexits.h. */
      enum { USAGE = 64, BAD_DATA = 65, NO_INPUT = 66, OUTPUT_FAILED = 74 };

      static int fail(const char *what, const char *why, int status) {
        fprintf(stderr, "@NAME@: error: %s: %s\\n", what, why);
        return status;
      }

      static int canRead(const char *path) {
        FILE *file = fopen(path, "rb");
        if (file) fclose(file);
        return file != 0;
      }

      /* Whether the array holds samples of the model's input: `axes` of them, or one alone. */
      static int fits(const snn_npy *array, size_t axes) {
        static const size_t shape[] = {0 /* any number of samples */@EXTENTS@};
        size_t rank = sizeof shape / sizeof *shape;
        if (array->rank != (int32_t)(rank - 1u + axes)) return 0;
        for (size_t axis = 1; axis < rank; axis++)
          if (array->shape[axis - 1u + axes] != shape[axis]) return 0;
        return 1;
      }

      /* Takes a number of the model's input; returns why it is none, or 0. */
      static const char *take(float *x) {
        if (*x - *x != 0.0f) return "the samples must be finite [input-not-finite]";
        @TAKE@
      }

      static int run(const char *input, const char *output, const char *spikes, int isOneSample,
          @NAME@ *model) {
        snn_npy array;
        recorder r;
        /* The output has an axis of samples where the input has one. */
        size_t shape[] = {0@OUTPUT@}, axes = 1;
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
              : "the samples must be [samples@EXTENTS@] [input-shape]", BAD_DATA);
        }
        for (size_t i = 0; i < array.count && !error; i++) error = take(array.data + i);
        if (error) {
          snn_npy_free(&array);
          return fail(input, error, BAD_DATA);
        }
        memset(&r, 0, sizeof r);
        shape[0] = r.samples = axes ? array.shape[0] : 1;
        logits = (float *)malloc(r.samples * @MACRO@_OUTPUT_COUNT * sizeof *logits);
        if (!logits) {
          snn_npy_free(&array);
          return fail(input, "out of memory", OUTPUT_FAILED);
        }
        if (spikes) {
          model->observe = record;
          model->context = &r;
        }
        for (r.sample = 0; r.sample < r.samples; r.sample++)
          @NAME@_run(model, array.data + r.sample * @MACRO@_INPUT_COUNT,
              logits + r.sample * @MACRO@_OUTPUT_COUNT);
        error = snn_npy_write(output, logits, shape + 1 - axes,
            (int32_t)(sizeof shape / sizeof *shape - 1u + axes));
        if (error) status = fail(output, error, OUTPUT_FAILED);
        if (!status && spikes) {
          error = r.isOutOfMemory ? "out of memory" : writeSpikes(spikes, &r);
          if (error) status = fail(spikes, error, OUTPUT_FAILED);
        }
        for (int32_t layer = 0; layer < @MACRO@_NEURON_LAYERS; layer++) free(r.bits[layer]);
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
        @NAME@ model;
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
              " [--weights FILE] [--one-sample]\\n", argc > 0 ? argv[0] : "@NAME@");
          return USAGE;
        }
        if (!weightsPath) {
          /* The weights stand beside the program. */
          const char *slash = strrchr(argv[0], '/');
          int length = slash ? (int)(slash + 1 - argv[0]) : 0;
          int written = snprintf(beside, sizeof beside, "%.*s%s", length, argv[0],
              "@NAME@.weights.bin");
          if (written < 0 || (size_t)written >= sizeof beside)
            return fail(argv[0], "the path is too long; pass --weights", NO_INPUT);
          weightsPath = beside;
        }
        arena = aligned(@MACRO@_ARENA_BYTES(workers), &arenaMemory);
        /* A pipe, or a file of another size, is read; _init says what is wrong with it. */
        weights = mapped = snn_map(weightsPath, @MACRO@_WEIGHTS_BYTES);
        if (!mapped) weights = copy = aligned(@MACRO@_WEIGHTS_BYTES, &weightsMemory);
        threads = workers > 1 ? snn_threads_create((int32_t)workers) : 0;
        if (!arena || !weights || (workers > 1 && !threads)) {
          status = fail("start", "out of memory or threads", OUTPUT_FAILED);
        } else {
          size_t count = copy ? readWeights(weightsPath, copy) : @MACRO@_WEIGHTS_BYTES;
          int problem = @NAME@_init(&model, arena, @MACRO@_ARENA_BYTES(workers), weights, count,
              snn_threads_executor(threads));
          if (problem) {
            if (!canRead(weightsPath))
              status = fail(weightsPath, "cannot open the weights", NO_INPUT);
            else if (problem == @MACRO@_WEIGHTS_DAMAGED)
              status = fail(weightsPath, "the weights are damaged", BAD_DATA);
            else status = fail(weightsPath, "not the weights of this program", BAD_DATA);
          }
          else status = run(argv[1], argv[2], spikes, isOneSample, &model);
        }
        snn_threads_destroy(threads);
        snn_unmap(mapped, @MACRO@_WEIGHTS_BYTES);
        free(arenaMemory);
        free(weightsMemory);
        return status;
      }

      """
    return template.replacing("@NAME@", with: identifier).replacing("@MACRO@", with: macro)
      .replacing("@EXTENTS@", with: dimensions(of: .input))
      .replacing("@OUTPUT@", with: dimensions(of: plan.module.output))
      .replacing("@TAKE@", with: take.joined(separator: "\n  "))
  }

  /// The extents of a value of one sample, T in front where it is timed, each after a comma.
  private func dimensions(of value: ValueID) -> String {
    let type = plan.module.type(of: value)
    let extents = (type.isTimed ? [plan.module.timeSteps] : []) + type.shape.extents
    return extents.map { ", \($0)" }.joined()
  }

  /// The lines of C behind the check that the number `*x` is finite.
  private var take: [String] {
    let domain = plan.module.input.domain
    guard let exact = domain.exact else { return ["return 0;"] }
    let sign = "*x += 0.0f; /* a spike that did not fire is +0, however the file spells it */"
    return (domain == .spike ? [sign] : []) + [
      "const double n = *x * 0x1p\(exact.scale);",
      "if (!(n >= \(exact.low) && n <= \(exact.high) && n == (double)(int32_t)n))",
      "  return \"the samples must be \(domain) [input-domain]\";",
      "return 0;",
    ]
  }

  /// How the program is built.
  var makefile: String {
    """
    # Written by snnc. The results are the same bits at any optimisation and on any machine; -DSNN_PORTABLE
    # leaves out what needs vector instructions.
    CC ?= cc
    CFLAGS ?= -O3
    override CFLAGS += -std=c99 -Wall -Wextra -Wpedantic -ffp-contract=off

    LIBRARY = \(identifier).o snn_kernels.o snn_plain.o snn_checksum.o
    OBJECTS = $(LIBRARY) main.o snn_map.o snn_threads.o snn_npy.o
    HEADERS = $(wildcard *.h)

    \(identifier): $(OBJECTS)
    \t$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) -lpthread

    %.o: %.c $(HEADERS)
    \t$(CC) $(CFLAGS) $(CPPFLAGS) -c -o $@ $<

    clean:
    \trm -f \(identifier) $(OBJECTS)

    .PHONY: clean

    """
  }

  /// What the program is and how to use it.
  var readme: String {
    """
    # \(CText.comment(plan.module.name))

    Written by snnc from a checkpoint. Build it with `make`, then:

        ./\(identifier) input.npy logits.npy [--spikes out.npz] [--threads N]

    | file | what it is |
    |---|---|
    | `\(identifier).h`, `\(identifier).c` | the model as a C99 library: no malloc, no stdio, no variables |
    | `snn_kernels.*`, `snn_plain.c`, `snn_*_body.h`, `snn_exact.h`, `snn_bits.h`, `snn_plan.h`, `snn_vector.h` | the kernels that it calls |
    | `\(weightsName)` | the weights, \(weightsByteCount) bytes; to be mapped, read or linked in |
    | `snn_checksum.*` | how `_init` knows its weights; `-DSNN_TRUST_WEIGHTS` leaves the check out |
    | `snn_map.*` | optional: the weights in memory without a copy, by POSIX |
    | `snn_threads.*` | optional: threads for the kernels |
    | `main.c`, `snn_npy.*` | optional: the program that reads and writes NumPy files |

    To use the library, bring an arena and the weights, both aligned to 64 bytes:

        \(identifier) model;
        int problem = \(identifier)_init(&model, arena, \(macro)_ARENA_BYTES(1),
                                         weights, \(macro)_WEIGHTS_BYTES, NULL);
        if (!problem) \(identifier)_run(&model, input, output);

    \(framesText)

    The weights may be linked in, too, from a line of assembler such as
    `.balign 64; weights: .incbin "\(weightsName)"`. They are little-endian.

    Memory: the arena is \(plan.arenaByteCount) bytes and `SNN_SCRATCH_BYTES` for each thread, which
    `-DSNN_BLOCK_ROWS=8` makes less than a tenth of what they are, at some cost in speed and none in
    the results. Define it alike wherever `snn_kernels.h` is included. `-DSNN_PORTABLE` leaves plain
    C99 without vectors.\(stateText)

    `main.c` reads float32 arrays in C order (in NumPy, `x.astype('float32')`), [samples, ...], or one
    sample without that axis, and writes its outputs alike.
    Its exit status is 0, 64 for wrong usage, 65 for bad data, 66 for a missing input and 74 for an
    output that failed. It maps the weights (with `-DSNN_NO_MMAP` it reads them), so that its memory is
    that file and little more. Never compile with `-ffast-math`: the same bits everywhere are the point.

    """
  }

  /// How frames are given one after another.
  private var framesText: String {
    guard plan.schedule == .step else {
      return """
        All time steps of a layer are computed at once. A library that takes frames as they come is
        written by `snnc emit --target c --schedule step`.
        """
    }
    let frame = plan.module.input.isTimed ? "frame" : "input"
    return """
      Or give it the frames as they come; what a frame makes known is computed at once:

          \(identifier)_reset(&model);
          for (int step = 0; step < \(macro)_TIME_STEPS; step++)
            \(identifier)_step(&model, \(frame)); /* \(macro)_FRAME_COUNT numbers */
          \(identifier)_output(&model, output);
      """
  }

  /// How much of the arena goes on from time step to time step.
  private var stateText: String {
    guard plan.stateByteCount > 0 else { return "" }
    return " Of the arena, \(plan.stateByteCount) bytes are membranes and sums over time."
  }
}

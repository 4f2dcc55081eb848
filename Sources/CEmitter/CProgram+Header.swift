import Files
import Lowering
import SpikeIR

extension CProgram {
  /// The identifier in capitals, which starts every macro.
  var macro: String { identifier.uppercased() }

  /// The library's header.
  var header: String {
    let module = plan.module
    let output = module.type(of: module.output)
    return """
      /* \(CText.comment(module.name)): \(plan.steps.count) kernel calls, \
      \(plan.neurons.count) layers of neurons, \(module.timeSteps) time steps.
       * Written by snnc; the weights' checksum is \(checksumText).
       *
       *   input   float \(module.input.isTimed ? "[\(module.timeSteps)]" : "")\(cShape(module.input.shape)), row-major
       *   output  float \(output.isTimed ? "[\(module.timeSteps)]" : "")\(cShape(output.shape))
       *
       * The library allocates nothing, prints nothing and has no variables: the caller brings the
       * arena and the weights, and any number of instances may run at once, each on its own arena.
       */
      #ifndef \(macro)_H
      #define \(macro)_H

      #include <stddef.h>
      #include <stdint.h>

      #include "snn_kernels.h"

      #ifdef __cplusplus
      extern "C" {
      #endif

      #define \(macro)_TIME_STEPS \(module.timeSteps)
      #define \(macro)_INPUT_RANK \(module.input.shape.rank)
      #define \(macro)_INPUT_TIMED \(module.input.isTimed ? 1 : 0)
      #define \(macro)_INPUT_COUNT \(module.input.count(steps: module.timeSteps))
      #define \(macro)_FRAME_COUNT \(module.input.shape.count) /* of one time step */
      #define \(macro)_OUTPUT_COUNT \(output.count(steps: module.timeSteps))
      #define \(macro)_NEURON_LAYERS \(plan.neurons.count)

      /* The size of \(weightsName). */
      #define \(macro)_WEIGHTS_BYTES \(weightsByteCount)u

      /* The size of the arena for a number of workers, 1 without an executor. */
      #define \(macro)_ARENA_BYTES(workers) \\
        ((size_t)\(plan.arenaByteCount)u + (size_t)(workers) * SNN_SCRATCH_BYTES)

      /* A layer of neurons: its module path, the extents of its spikes, and whether the model's order
       * of them is [positions][channels], not [channels][positions]. */
      typedef struct \(identifier)_layer {
        const char *name;
        int32_t steps, positions, channels, channelsLast;
      } \(identifier)_layer;

      /* The layers, in the order of the model. */
      extern const \(identifier)_layer \(identifier)_layers[\(max(plan.neurons.count, 1))];

      /* An instance. Set `observe` after _init to see the spikes of each layer as it has fired, uint64_t
       * [steps][positions][SNN_WORDS(channels)], the first of which are those of the time step `first`;
       * they are gone after the call. */
      typedef struct \(identifier) {
        const unsigned char *weights;
        unsigned char *arena;
        snn_executor *executor;
        void (*observe)(void *context, int32_t layer, int32_t first, int32_t steps,
            const uint64_t *spikes);
        void *context;\(stepField)
      } \(identifier);

      /* What the functions say that can fail. */
      enum {
        \(macro)_OK = 0,
        \(macro)_ARENA_TOO_SMALL = 1, /* or NULL */
        \(macro)_ARENA_UNALIGNED = 2,
        \(macro)_WEIGHTS_SIZE = 3,    /* not \(macro)_WEIGHTS_BYTES, or NULL */
        \(macro)_WEIGHTS_UNALIGNED = 4,
        \(macro)_WEIGHTS_FOREIGN = 5, /* no weights' file, or another model's */
        \(macro)_WEIGHTS_DAMAGED = 6\(outOfTurn)
      };

      /* Prepares an instance. `arena`: \(macro)_ARENA_BYTES, aligned to 64; `weights`: the contents
       * of \(weightsName), mapped, read or linked in, aligned to 64; both must live as long as the
       * instance. `executor` may be NULL. It reads all weights once, for their checksum; compiled with
       * SNN_TRUST_WEIGHTS it does not. */
      int \(identifier)_init(\(identifier) *model, void *arena, size_t arena_bytes,
          const void *weights, size_t weights_bytes, snn_executor *executor);

      \(functionDeclarations)

      #ifdef __cplusplus
      }
      #endif

      #endif

      """
  }

  /// The field for what goes on from time step to time step, beside what lies in the arena.
  private var stepField: String {
    plan.schedule == .step ? "\n  int32_t step; /* how many have been computed since _reset */" : ""
  }

  /// What `_init` says last, and what else can be said in the schedule `step`.
  private var outOfTurn: String {
    let damaged = "/* with another checksum than their own; not with SNN_TRUST_WEIGHTS */"
    guard plan.schedule == .step else { return "  \(damaged)" }
    return """
      , \(damaged)
        \(macro)_OUT_OF_TURN = 7      /* _step behind the last frame, or _output not right behind it */
      """
  }

  /// The functions that compute a sample.
  private var functionDeclarations: String {
    guard plan.schedule == .step else {
      return """
        /* Computes one sample. */
        void \(identifier)_run(const \(identifier) *model, const float *input, float *output);
        """
    }
    let frame =
      plan.module.input.isTimed
      ? "its input, \(macro)_FRAME_COUNT numbers."
      : "the input, which does not vary: it is read at the first\n * time step, and may be NULL at others."
    return """
      /* Begins a sample: nothing has been seen. _init does it, too. */
      void \(identifier)_reset(\(identifier) *model);

      /* Computes all that one more time step makes known; \(macro)_TIME_STEPS of them are a
       * sample. `frame`: \(frame) */
      int \(identifier)_step(\(identifier) *model, const float *frame);

      /* Computes the output, once, when all time steps have been given. */
      int \(identifier)_output(\(identifier) *model, float *output);

      /* Computes one sample: _reset, every _step, and _output. */
      void \(identifier)_run(\(identifier) *model, const float *input, float *output);
      """
  }

  /// The checksum as the C source writes it.
  var checksumText: String { "0x" + XXHash64.digits(checksum) }

  /// `[3][224][224]`.
  private func cShape(_ shape: Shape) -> String {
    shape.extents.map { "[\($0)]" }.joined()
  }
}

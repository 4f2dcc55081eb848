import Lowering
import SpikeIR

extension CProgram {
  /// The library's source: one call an operation.
  var source: String {
    """
    /* Written by snnc. Each call names the module paths of the checkpoint that it computes. */
    #include "\(identifier).h"
    #include "snn_checksum.h"

    #include <string.h>

    #define REALS(offset) ((float *)(void *)(model->arena + (offset)))
    #define SPIKES(offset) ((uint64_t *)(void *)(model->arena + (offset)))
    #define WEIGHTS(offset) ((const float *)(const void *)(model->weights + (offset)))
    #define WORKSPACE(offset) ((void *)(model->arena + (offset)))
    #define SCRATCH ((void *)(model->arena + \(plan.arenaByteCount)u))

    const \(identifier)_layer \(identifier)_layers[\(max(plan.neurons.count, 1))] = {
    \(layerTable)
    };

    int \(identifier)_init(\(identifier) *model, void *arena, size_t arena_bytes,
        const void *weights, size_t weights_bytes, snn_executor *executor) {
      static const unsigned char head[24] = {\(weightsHead.map(String.init).joined(separator: ", "))};
      size_t workers = executor ? (size_t)executor->workers : 1u;
      if (!arena || arena_bytes < \(macro)_ARENA_BYTES(workers)) return \(macro)_ARENA_TOO_SMALL;
      if ((uintptr_t)arena % 64u) return \(macro)_ARENA_UNALIGNED;
      if (!weights || weights_bytes != \(macro)_WEIGHTS_BYTES) return \(macro)_WEIGHTS_SIZE;
      if ((uintptr_t)weights % 64u) return \(macro)_WEIGHTS_UNALIGNED;
      if (memcmp(weights, head, sizeof head)) return \(macro)_WEIGHTS_FOREIGN;\(contentsCheck)
      model->weights = (const unsigned char *)weights;
      model->arena = (unsigned char *)arena;
      model->executor = executor;
      model->observe = 0;
      model->context = 0;\(plan.schedule == .step ? "\n  \(identifier)_reset(model);" : "")
      return \(macro)_OK;
    }

    \(firedFunction)\(functions)
    """
  }

  /// The check of the weights themselves, where there are any.
  private var contentsCheck: String {
    guard weightsByteCount > Self.headerByteCount else { return "" }
    let start = Self.headerByteCount
    return """

      #ifndef SNN_TRUST_WEIGHTS
        if (snn_checksum((const unsigned char *)weights + \(start), \(macro)_WEIGHTS_BYTES - \(start))
            != UINT64_C(\(checksumText))) return \(macro)_WEIGHTS_DAMAGED;
      #endif
      """
  }

  /// The function that shows a layer's spikes to who wants to see them, where there are layers.
  private var firedFunction: String {
    guard !plan.neurons.isEmpty else { return "" }
    return """
      static void fired(const \(identifier) *model, int32_t layer, int32_t first, int32_t steps,
          const uint64_t *spikes) {
        if (model->observe) model->observe(model->context, layer, first, steps, spikes);
      }


      """
  }

  /// The rows of the table of neuron layers.
  private var layerTable: String {
    guard !plan.neurons.isEmpty else { return "  {\"\", 0, 0, 0, 0}" }
    return plan.neurons.map { layer in
      let layout = plan.buffer(layer.buffer).layout
      let steps = plan.module.timeSteps
      return "  {\"\(CText.string(layer.name))\", \(steps), \(layout.positions), "
        + "\(layout.channels), \(layer.hasChannelsLast ? 1 : 0)},"
    }.joined(separator: "\n")
  }
}

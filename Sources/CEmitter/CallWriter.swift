import Lowering
import SpikeIR

/// Writes a plan's calls of kernels, as the steps of one phase make them.
struct CallWriter {
  /// The plan.
  let plan: Plan
  /// Where each constant starts in the weights' file, in bytes.
  let weightOffsets: [Int]
  /// The phase.
  let phase: Plan.Phase

  /// The call of a kernel.
  func call(_ kernel: Kernel) -> String {
    switch kernel {
    case .convolution(let conv): return call(conv)
    case .groupedConvolution(let conv): return call(conv)
    case .attention(let attention): return call(attention)
    case .neuron(let source, let neuron, let membrane, let target):
      let layout = layout(source)
      return "snn_neuron_run(\(reals(source)), \(layout.steps), \(self.layout(target).steps), "
        + "\(layout.positions), \(layout.channels),\n"
        + "      &(snn_neuron){\(initializer(neuron))}, \(membrane.map(reals) ?? "NULL"), "
        + "\(spikes(target)), model->executor);"
    case .maxPool(let source, let geometry, let target): return call(source, geometry, target)
    case .add(let lhs, let rhs, let target):
      let layout = layout(target)
      return "snn_add(\(reals(lhs)), \(self.layout(lhs).steps), \(reals(rhs)), "
        + "\(self.layout(rhs).steps), \(layout.steps), \(layout.count / layout.steps), "
        + "\(reals(target)));"
    case .mul(let lhs, let rhs, let axis, let target):
      return "snn_mul(\(reals(lhs)), \(layout(lhs).steps), \(reals(rhs)), \(layout(rhs).steps), "
        + "\(layout(target).steps), \(axis.outer), \(axis.extent), \(axis.inner), "
        + "\(reals(target)));"
    case .sum(let source, let axis, let target):
      return "snn_sum(\(reals(source)), \(layout(source).steps * axis.outer), \(axis.extent), "
        + "\(axis.inner), \(reals(target)));"
    case .complement(let source, let target):
      return "snn_complement(\(reals(source)), \(layout(source).count), \(reals(target)));"
    case .divide(let source, let divisor, let target):
      return "snn_divide(\(reals(source)), \(CText.float(divisor)), \(layout(source).count), "
        + "\(reals(target)));"
    case .scale(let source, let factor, let target):
      return "snn_scale(\(reals(source)), \(CText.float(factor)), \(layout(source).count), "
        + "\(reals(target)));"
    case .affine(let source, let scale, let shift, let target):
      let layout = layout(source)
      return "snn_affine(\(reals(source)), \(weights(scale)), \(weights(shift)), "
        + "\(layout.steps * layout.positions), \(layout.channels), \(reals(target)));"
    case .meanPositions(let source, let target):
      let layout = layout(source)
      return "snn_mean_positions(\(reals(source)), \(layout.steps), \(layout.positions), "
        + "\(layout.channels), \(reals(target)));"
    case .meanSteps(let source, let target):
      return "snn_mean_steps(\(reals(source)), \(layout(source).steps), "
        + "\(layout(target).count), \(reals(target)));"
    case .repeat(let source, let target):
      return "snn_repeat(\(reals(source)), \(layout(target).steps), \(layout(source).count), "
        + "\(reals(target)));"
    case .unpack(let source, let target):
      let layout = layout(source)
      return "snn_unpack_spikes(\(spikes(source)), \(layout.steps * layout.positions), "
        + "\(layout.channels), \(reals(target)));"
    case .pack(let source, let target):
      let layout = layout(target)
      return "snn_pack_spikes(\(reals(source)), \(layout.steps * layout.positions), "
        + "\(layout.channels), \(spikes(target)));"
    case .transpose(let source, let rows, let columns, let target):
      return "snn_channels_last(\(source.map(reals) ?? input), \(layout(target).steps), "
        + "\(rows), \(columns), \(reals(target)));"
    case .matmul(let lhs, let rhs, let product, let target):
      return calls(lhs, rhs, product, target)
    case .output(let source):
      return "memcpy(output, \(reals(source)), \(layout(source).count) * sizeof *output);"
    }
  }

  private func call(_ conv: Kernel.Convolution) -> String {
    var lines = weightedSum(
      of: conv.input, isCounting: conv.isCounting, conv.geometry,
      channels: plan.channels(of: conv), conv.weights, conv.bias,
      and: ".out_steps = \(plan.outputSteps(of: conv, in: phase)),")
    if let affine = conv.affine {
      lines.append(".scale = \(weights(affine.scale)), .shift = \(weights(affine.shift)),")
    }
    if let residual = conv.residual {
      lines.append(
        ".residual = \(reals(residual)), .residual_steps = \(layout(residual).steps),")
    }
    if let output = conv.realOutput { lines.append(".real_out = \(reals(output)),") }
    if let neuron = conv.neuron, let output = conv.spikesOutput {
      lines.append(line(neuron, conv.membrane, output))
    }
    return "snn_conv_run(&(snn_conv){\n      " + lines.joined(separator: "\n      ")
      + "\n  }, SCRATCH, model->executor);"
  }

  private func call(_ conv: Kernel.GroupedConvolution) -> String {
    let lines = weightedSum(
      of: conv.input, conv.geometry, channels: layout(conv.output).channels, conv.weights,
      conv.bias)
    return "snn_grouped_run(&(snn_conv){\n      "
      + (lines + [".real_out = \(reals(conv.output)),"]).joined(separator: "\n      ")
      + "\n  }, \(conv.groups), model->executor);"
  }

  /// The part of a convolution's initializer that says what is summed; `others` stand in its first
  /// line.
  private func weightedSum(
    of source: BufferID, isCounting: Bool = false, _ geometry: Kernel.Geometry, channels: Int,
    _ kernel: ConstantID, _ bias: ConstantID?, and others: String = ""
  ) -> [String] {
    let input = layout(source)
    return [
      ".steps = \(input.steps)," + (others.isEmpty ? "" : " " + others),
      extents(geometry, channels: input.channels, channels),
      input.isBits
        ? ".spikes = \(spikes(source)),"
        : ".\(isCounting ? "counts" : "reals") = \(reals(source)),",
      ".weights = \(weights(kernel)),",
    ] + (bias.map { [".bias = \(weights($0)),"] } ?? [])
  }

  private func call(_ attention: Kernel.Attention) -> String {
    let layout = layout(attention.queries)
    let outSteps = attention.spikesOutput.map { self.layout($0).steps } ?? layout.steps
    var lines = [
      ".steps = \(layout.steps), .out_steps = \(outSteps), .tokens = \(layout.positions), "
        + ".heads = \(attention.heads), .width = \(layout.channels / attention.heads),",
      ".queries = \(spikes(attention.queries)), .keys = \(spikes(attention.keys)), "
        + ".values = \(spikes(attention.values)),",
      ".factor = \(CText.float(attention.factor)),",
    ]
    if let output = attention.realOutput { lines.append(".real_out = \(reals(output)),") }
    if let neuron = attention.neuron, let output = attention.spikesOutput {
      lines.append(line(neuron, attention.membrane, output))
    }
    let workspace = "WORKSPACE(\(plan.buffer(attention.workspace).offset)u)"
    return "snn_attention_run(&(snn_attention){\n      " + lines.joined(separator: "\n      ")
      + "\n  }, \(workspace), SCRATCH, model->executor);"
  }

  private func call(
    _ source: BufferID, _ geometry: Kernel.Geometry, _ target: BufferID
  ) -> String {
    let layout = layout(source)
    let name = layout.isBits ? "spikes" : "reals"
    let (input, output) =
      layout.isBits ? (spikes(source), spikes(target)) : (reals(source), reals(target))
    return "snn_max_pool_\(name)(&(snn_pool){\n"
      + "      .steps = \(layout.steps), .channels = \(layout.channels),\n      "
      + extents(geometry) + "\n  }, \(input), \(output), model->executor);"
  }

  /// The calls of `snn_matmul`, one a step.
  private func calls(
    _ lhs: Kernel.Matrix, _ rhs: Kernel.Matrix, _ product: Kernel.Product, _ target: BufferID
  ) -> String {
    let count = product.stack * product.rows * product.columns
    return (0..<layout(target).steps).map { step in
      "snn_matmul(&(snn_matrix){\(initializer(lhs, at: step))}, "
        + "&(snn_matrix){\(initializer(rhs, at: step))},\n      \(product.stack), "
        + "\(product.rows), \(product.columns), \(product.inner), "
        + "\(reals(target)) + \(step * count));"
    }.joined(separator: "\n  ")
  }

  // MARK: - Arguments

  /// The module's own input: the sample, or the frame of a time step.
  private var input: String { plan.schedule == .step ? "frame" : "input" }

  private func layout(_ id: BufferID) -> Plan.Layout { plan.layout(id, in: phase) }

  private func reals(_ id: BufferID) -> String { "REALS(\(place(id)))" }

  func spikes(_ id: BufferID) -> String { "SPIKES(\(place(id)))" }

  /// Where in the arena what this phase sees of a buffer starts.
  private func place(_ id: BufferID) -> String {
    let stride = plan.stride(of: id, in: phase)
    let offset = "\(plan.buffer(id).offset)u"
    return stride == 0 ? offset : "\(offset) + (size_t)model->step * \(stride)u"
  }

  /// The line of an initializer that says what fires.
  private func line(
    _ neuron: NeuronDynamics, _ membrane: BufferID?, _ output: BufferID
  ) -> String {
    let kept = membrane.map { ".membrane = \(reals($0)), " } ?? ""
    return ".neuron = {\(initializer(neuron))}, \(kept).spikes_out = \(spikes(output)),"
  }

  private func weights(_ id: ConstantID) -> String { "WEIGHTS(\(weightOffsets[id.index])u)" }

  private func initializer(_ neuron: NeuronDynamics) -> String {
    let (tau, kind) =
      switch neuron.charge {
      case .leaky(let tau): (tau, "SNN_LIF")
      case .learned(let inverseTau): (inverseTau, "SNN_PLIF")
      case .integrating: (Float(1), "SNN_IF")
      }
    return "\(CText.float(tau)), \(CText.float(neuron.threshold)), \(kind)"
  }

  private func initializer(_ matrix: Kernel.Matrix, at step: Int) -> String {
    let layout = layout(matrix.buffer)
    let slice = layout.steps == 1 ? 0 : step * layout.count / layout.steps
    let strides = matrix.strides.map(String.init).joined(separator: ", ")
    return "\(reals(matrix.buffer)) + \(slice), \(strides)"
  }

  /// The extents of a window's input, output, kernel and motion.
  private func extents(_ geometry: Kernel.Geometry) -> String {
    ".in_height = \(geometry.input[0]), .in_width = \(geometry.input[1]), "
      + ".out_height = \(geometry.output[0]), .out_width = \(geometry.output[1]),\n"
      + "      .kernel_height = \(geometry.kernel[0]), .kernel_width = \(geometry.kernel[1]), "
      + ".stride_height = \(geometry.window.stride[0]), "
      + ".stride_width = \(geometry.window.stride[1]),\n"
      + "      .pad_height = \(geometry.window.padding[0]), "
      + ".pad_width = \(geometry.window.padding[1]),"
  }

  /// The same, with the channels of input and output.
  private func extents(
    _ geometry: Kernel.Geometry, channels inputs: Int, _ outputs: Int
  ) -> String {
    ".in_channels = \(inputs), .out_channels = \(outputs),\n      " + extents(geometry)
  }
}

import IRTestSupport
import ONNX
import SpikeIR

/// Modules of the text form, and what ONNX files say of them.
enum Sample {
  /// The module of some nodes on an input, with its last value as the output.
  static func module(
    steps: Int = 2, weights: String = "", input: String, _ nodes: String..., output: String = "%1"
  ) throws -> Module {
    try Module(
      parsing: """
        snnir 1

        module @"sample" {
          time_steps = \(steps)
        \(weights)
          input %input : \(input)
        \(nodes.map { "  \($0)" }.joined(separator: "\n"))
          output \(output)
        }

        """, weights: CaseFile.weight)
  }

  /// What the file of a module says.
  static func decoded(_ module: Module, withSpikes: Bool = false) throws -> DecodedModel {
    try DecodedModel(ONNXModel(module, withSpikes: withSpikes).bytes(producer: "1.2.3"))
  }
}

import Diagnostics
import SpikeIR

extension Module {
  /// The last of a value's module paths, escaped, or its text form.
  func label(of value: ValueID) -> String {
    escaped(name(of: value))
  }

  /// What a value is, in a line: `%4 conv2d block.0.attn.q_conv: timed real [64, 4, 4]`.
  func title(of value: ValueID) -> String {
    guard let node = definition(of: value) else { return "the input: \(input)" }
    let origins = node.origins.map { escaped($0) }.joined(separator: ", ")
    return "\(value) \(node.op.definition.mnemonic) \(origins): \(node.type)"
  }

  /// The rows and columns of a node's window: `3×3`; `nil` where it has none.
  func window(of node: Node) -> String? {
    switch node.op {
    case .conv2d: node.weights.first.map { "\(weight($0).shape[0])×\(weight($0).shape[1])" }
    case .maxPool2d(let pool): pool.kernel.map { "\($0)" }.joined(separator: "×")
    default: nil
    }
  }
}

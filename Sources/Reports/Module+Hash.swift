import Files
public import SpikeIR

extension Module {
  /// The name of the algorithm of `hash`.
  public static let hashAlgorithm = "xxh64"

  /// A number that two modules share only if they compute the same from the same weights, damage
  /// and chance aside; 16 hexadecimal digits.
  ///
  /// It is XXH64, with seed 0, of a text that `ir-spec/profiles.md` specifies: T, the types, the
  /// nodes with their ops, attributes, operands and module paths, and the XXH64 of each weight's
  /// bytes. The module's name, its metadata and its weights' names are left out. It finds
  /// mistakes, and no forger.
  public var hash: String {
    var lines = ["snnc-module 1", "steps \(timeSteps)", "input \(input)"]
    lines += weights.map { "weight \($0.shape) \($0.data.hash)" }
    for (value, node) in definitions {
      let attributes = node.op.writtenAttributes.map { "\($0.name)=\($0.value)" }
      let operands = node.operands.map(\.description) + node.weights.map { "@\($0.index)" }
      let origins = node.origins.map { "\($0.utf8.count):\($0)" }
      lines.append(
        ([value.description, node.op.definition.mnemonic] + operands + attributes
          + [":", node.type.description, "from"] + origins).joined(separator: " "))
    }
    lines.append("output \(output)")
    let text = Array((lines.joined(separator: "\n") + "\n").utf8)
    return text.withUnsafeBytes { XXHash64.digits(of: $0) }
  }
}

extension WeightData {
  /// The XXH64 of the numbers' bytes, or `absent`.
  fileprivate var hash: String {
    guard !isAbsent else { return "absent" }
    return withFloats { XXHash64.digits(of: UnsafeRawBufferPointer($0)) }
  }
}

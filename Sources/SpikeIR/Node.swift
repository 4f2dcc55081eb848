/// An op applied to values and weights.
public struct Node: Sendable {
  /// The op with its attributes.
  public let op: Op

  /// The values it reads, each defined before it.
  public let operands: [ValueID]

  /// The weights it reads.
  public let weights: [WeightID]

  /// The type of its result.
  public let type: ValueType

  /// The checkpoint's module paths it came from, such as `block.3.attn.q_conv`.
  public let origins: [String]
}

extension Node {
  /// The name by which the spikes of a layer of neurons are known, unique in a module: its last
  /// module path, or the text form of its value where it has none.
  static func neuronName(_ value: ValueID, origins: [String]) -> String {
    origins.last ?? value.description
  }
}

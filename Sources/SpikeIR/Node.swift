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
  /// What the node that defines `value` is called: its last module path, or the text form of its value
  /// where it has none.
  ///
  /// Among layers of neurons it is unique, and names their spikes.
  static func name(of value: ValueID, origins: [String]) -> String {
    origins.last ?? value.description
  }
}

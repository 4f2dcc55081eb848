/// A value of a module: 0 is its input, `i + 1` is the result of its node `i`.
public struct ValueID: Hashable, Comparable, Sendable {
  /// The position among the module's values.
  public let index: Int

  /// Creates an id from a position.
  public init(_ index: Int) {
    self.index = index
  }

  /// The module's input.
  public static let input = ValueID(0)

  /// The order of definition.
  public static func < (a: ValueID, b: ValueID) -> Bool { a.index < b.index }
}

extension ValueID: CustomStringConvertible {
  /// The text form: `%input`, or `%3` for the result of the third node.
  public var description: String { index == 0 ? "%input" : "%\(index)" }
}

/// A weight of a module, by its position among them.
public struct WeightID: Hashable, Sendable {
  /// The position among the module's weights.
  public let index: Int

  /// Creates an id from a position.
  public init(_ index: Int) {
    self.index = index
  }
}

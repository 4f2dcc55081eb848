/// The type of a value: its shape, whether it varies over the time steps, and its domain.
public struct ValueType: Hashable, Sendable {
  /// The extents of one time step's slice.
  public var shape: Shape

  /// Whether the value has a slice for each time step; otherwise it is the same at every step.
  public var isTimed: Bool

  /// What the elements can be.
  public var domain: Domain

  /// Creates a type.
  public init(_ domain: Domain, _ shape: Shape, timed: Bool) {
    self.shape = shape
    self.isTimed = timed
    self.domain = domain
  }

  /// The number of elements over all of `steps` time steps.
  public func count(steps: Int) -> Int { shape.count * (isTimed ? steps : 1) }
}

extension ValueType: CustomStringConvertible {
  /// The text form, `timed spike [768, 14, 14]`.
  public var description: String { "\(isTimed ? "timed " : "")\(domain) \(shape)" }
}

import Glibc

/// A constant tensor of binary32 numbers, in row-major order.
public struct Weight: Sendable {
  /// The name, unique in a module: the checkpoint's key, or one derived from it by a pass.
  public let name: String

  /// The extents.
  public let shape: Shape

  /// The numbers.
  public let data: WeightData

  /// Creates a weight; `data` must hold `shape.count` numbers.
  public init(_ name: String, _ shape: Shape, _ data: WeightData) {
    precondition(data.count == shape.count, "a weight's data must fill its shape")
    self.name = name
    self.shape = shape
    self.data = data
  }

  /// Creates a weight that owns `values`.
  public init(_ name: String, _ shape: Shape, _ values: [Float]) {
    self.init(name, shape, WeightData(values))
  }
}

/// The numbers of a weight: owned, or lying in a mapped file that they keep alive.
public final class WeightData: @unchecked Sendable {
  /// The first number; `nil` where there are none behind the count.
  private let base: UnsafePointer<Float>?

  /// How many there are.
  public let count: Int

  /// What keeps the memory alive; `nil` where this object owns it.
  private let owner: AnyObject?

  /// Copies `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count) { memory in _ = memory.update(fromContentsOf: values) }
  }

  /// Creates `count` numbers, all +0, that `initialize` may fill.
  ///
  /// Memory that is never filled costs nothing: the system gives pages as they are touched.
  public init(count: Int, _ initialize: (UnsafeMutableBufferPointer<Float>) -> Void = { _ in }) {
    guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else {
      fatalError("out of memory")
    }
    let floats = memory.bindMemory(to: Float.self, capacity: count)
    initialize(UnsafeMutableBufferPointer(start: floats, count: count))
    base = UnsafePointer(floats)
    self.count = count
    owner = nil
  }

  /// Refers to `count` numbers at `base`, which `owner` keeps alive and unchanged.
  public init(borrowing base: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.base = base
    self.count = count
    self.owner = owner
  }

  /// Stands for `count` numbers that are never looked at: where only shapes are of interest.
  public init(absent count: Int) {
    base = nil
    self.count = count
    owner = nil
  }

  /// Whether only the count is known.
  public var isAbsent: Bool { base == nil }

  deinit {
    if owner == nil, let base { free(UnsafeMutablePointer(mutating: base)) }
  }

  /// Calls `body` with the numbers.
  public func withFloats<Result, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> Result
  ) throws(E) -> Result {
    precondition(base != nil, "the weight's numbers are absent")
    return try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The numbers, or `nil` if only their count is known.
  public var floatsIfKnown: [Float]? { isAbsent ? nil : floats }

  /// The numbers as an array of their own.
  public var floats: [Float] { withFloats { Array($0) } }
}

/// The names and shapes of a checkpoint's tensors.
public struct TensorShapes: Sendable {
  /// The names, in the file's order.
  public let names: [String]

  private let shapes: [String: [Int]]

  /// Creates a list of names and shapes; names are unique.
  public init(_ tensors: [(name: String, shape: [Int])]) {
    names = tensors.map(\.name)
    shapes = Dictionary(
      tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of the tensor `name`; `nil` where there is none.
  public subscript(name: String) -> [Int]? { shapes[name] }

  /// The extent of axis `axis` of the tensor `name`; `nil` where there is none.
  func extent(_ name: String, _ axis: Int) -> Int? {
    guard let shape = shapes[name], shape.indices.contains(axis) else { return nil }
    return shape[axis]
  }

  /// How many tensors `prefix + number + suffix` there are, for the numbers from 0 without a gap.
  func count(_ prefix: String, _ suffix: String) -> Int {
    var count = 0
    while self["\(prefix)\(count)\(suffix)"] != nil { count += 1 }
    return count
  }

  /// Whether of each list at least one tensor is there.
  func hold(_ landmarks: [[String]]) -> Bool {
    landmarks.allSatisfy { names in names.contains { self[$0] != nil } }
  }
}

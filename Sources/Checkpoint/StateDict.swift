import Diagnostics

/// A model's parameters and buffers: tensors by name, in the order of the file.
public struct StateDict: Sendable {
  /// The tensors.
  public let tensors: [Tensor]

  /// The tensors' places by name.
  private let indices: [TensorName: Int]

  /// Collects tensors; no two may have one name.
  init(_ tensors: [Tensor]) throws(Diagnostic) {
    var indices: [TensorName: Int] = [:]
    for (index, tensor) in tensors.enumerated() {
      guard indices.updateValue(index, forKey: tensor.name) == nil else {
        throw .duplicate(tensor.name)
      }
    }
    self.tensors = tensors
    self.indices = indices
  }

  /// The tensor with the given name.
  public subscript(name: TensorName) -> Tensor? {
    indices[name].map { tensors[$0] }
  }

  /// The tensor whose name is spelled `name`, byte by byte.
  public subscript(name: String) -> Tensor? {
    self[TensorName(name)]
  }
}

extension Diagnostic {
  fileprivate static func duplicate(_ name: TensorName) -> Diagnostic {
    .error(
      "duplicate-tensor", "a state dict must not hold two tensors of one name", at: name.location)
  }
}

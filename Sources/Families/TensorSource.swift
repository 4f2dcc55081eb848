import Checkpoint
public import Diagnostics
public import SpikeIR

/// Where a family gets the tensors of a network.
///
/// A module is built twice from one description: first from a `TensorRecorder`, which only learns
/// what the network asks for, so that all that is missing or misshapen can be named at once; then
/// from the checkpoint.
public protocol TensorSource: AnyObject {
  /// The numbers of the tensor `name`, whose shape in the checkpoint must be `shape`, as a weight
  /// of `[taps, in, out]` from `[out, in, taps]`; a vector `[out]` is as it stands.
  func data(_ name: String, _ shape: [Int]) throws(Diagnostic) -> WeightData

  /// The number of the tensor `name`, whose shape must be `[]`.
  func scalar(_ name: String) throws(Diagnostic) -> Float
}

/// A source that records what is asked for, and has shapes only.
final class TensorRecorder: TensorSource {
  /// The names and shapes that were asked for, in order.
  private(set) var requests: [(name: String, shape: [Int])] = []

  func data(_ name: String, _ shape: [Int]) -> WeightData {
    requests.append((name, shape))
    return WeightData(absent: shape.reduce(1, *))
  }

  func scalar(_ name: String) -> Float {
    requests.append((name, []))
    return 0
  }
}

/// A source that reads a checkpoint's tensors, whose shapes have been checked.
final class StateDictSource: TensorSource {
  private let stateDict: StateDict

  /// Creates a source over `stateDict`.
  init(_ stateDict: StateDict) {
    self.stateDict = stateDict
  }

  func data(_ name: String, _ shape: [Int]) throws(Diagnostic) -> WeightData {
    guard let tensor = stateDict[name], tensor.shape == shape else {
      preconditionFailure("\(name) was not checked")
    }
    let values = try tensor.floats()
    guard shape.count > 1 else { return WeightData(values) }
    return transposed(
      values, outputs: shape[0], inputs: shape[1], taps: shape.dropFirst(2).reduce(1, *))
  }

  func scalar(_ name: String) throws(Diagnostic) -> Float {
    guard let tensor = stateDict[name], tensor.shape.isEmpty else {
      preconditionFailure("\(name) was not checked")
    }
    return try tensor.floats()[0]
  }

  /// Reorders `[out, in, taps]` as `[taps, in, out]`: the order in which the terms are added.
  private func transposed(
    _ values: [Float], outputs: Int, inputs: Int, taps: Int
  ) -> WeightData {
    WeightData(count: values.count) { result in
      values.withUnsafeBufferPointer { values in
        // Square tiles, so that both sides stay in the cache.
        let side = 32
        for tap in 0..<taps {
          for inputStart in stride(from: 0, to: inputs, by: side) {
            for outputStart in stride(from: 0, to: outputs, by: side) {
              for input in inputStart..<min(inputStart + side, inputs) {
                let row = (tap * inputs + input) * outputs
                for output in outputStart..<min(outputStart + side, outputs) {
                  result[row + output] = values[(output * inputs + input) * taps + tap]
                }
              }
            }
          }
        }
      }
    }
  }
}

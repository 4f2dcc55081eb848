import Arrays
import Diagnostics

/// The right answers to samples.
struct Labels {
  private let labels: [Int]

  /// Labels that are known.
  init(_ labels: [Int]) {
    self.labels = labels
  }

  /// Reads the labels of `samples` samples.
  ///
  /// - Throws: what is wrong with the file, or `labels-shape`.
  init(_ path: String, samples: Int) throws(Diagnostic) {
    let array = try NumPyArray.read(path: path)
    guard array.shape == [samples] else { throw .labelsShape(array.shape, samples).inFile(path) }
    do throws(Diagnostic) {
      labels = try array.integers()
    } catch {
      throw error.inFile(path)
    }
  }

  /// How many outputs are highest at their label; of equals the first counts, as argmax takes it.
  func right(in outputs: [[Float]]) -> Int {
    zip(outputs, labels).count { output, label in
      output.indices.max { (output[$0], $1) < (output[$1], $0) } == label
    }
  }

  /// How many outputs are highest at their label, in words.
  func score(_ outputs: [[Float]]) -> String {
    let right = right(in: outputs)
    let hundredths = (right * 10_000 + labels.count / 2) / labels.count
    let fraction = "\(hundredths % 100)"
    return "\(right) of \(labels.count) right "
      + "(\(hundredths / 100).\(fraction.count < 2 ? "0" : "")\(fraction) %)"
  }
}

extension Diagnostic {
  fileprivate static func labelsShape(_ shape: [Int], _ samples: Int) -> Diagnostic {
    .error(
      "labels-shape", "there are \(samples) samples, so the labels are [\(samples)], not \(shape)")
  }
}

import Arrays
import Diagnostics
import Evaluation

/// The right answers to samples.
struct Labels {
  /// One number of an output for each sample.
  let values: [Int]

  /// Labels that are known.
  init(_ labels: [Int]) {
    values = labels
  }

  /// Labels that are known, each of which must be the number of one of `outputs` outputs.
  ///
  /// - Throws: `label-range`.
  init(_ labels: [Int], outputs: Int) throws(Diagnostic) {
    values = labels
    if let sample = values.firstIndex(where: { !(0..<outputs).contains($0) }) {
      throw .labelRange(values[sample], sample, outputs)
    }
  }

  /// Reads the labels of `samples` samples.
  ///
  /// - Parameter outputs: how many outputs there are, where each label must be the number of one.
  /// - Throws: what is wrong with the file; `labels-shape` or `label-range`.
  init(_ path: String, samples: Int, outputs: Int? = nil) throws(Diagnostic) {
    do throws(Diagnostic) {
      let array = try NumPyArray.read(path: path)
      guard array.shape == [samples] else { throw .labelsShape(array.shape, samples) }
      let labels = try array.integers()
      self =
        try outputs.map { (count) throws(Diagnostic) in try Labels(labels, outputs: count) }
        ?? Labels(labels)
    } catch {
      throw error.inFile(path)
    }
  }

  /// How many outputs are highest at their label.
  func score(_ outputs: [[Float]]) -> Proportion {
    let right = zip(outputs, values).count { output, label in
      SampleResult.best(of: output).first?.output == label
    }
    return Proportion(right, of: values.count)
  }
}

extension Diagnostic {
  fileprivate static func labelsShape(_ shape: [Int], _ samples: Int) -> Diagnostic {
    .error(
      "labels-shape", "there are \(samples) samples, so the labels are [\(samples)], not \(shape)")
  }

  fileprivate static func labelRange(_ label: Int, _ sample: Int, _ outputs: Int) -> Diagnostic {
    .error(
      "label-range",
      "a label is the number of an output, 0 to \(outputs - 1), and sample \(sample) has \(label)",
      notes: ["labels count from 0"])
  }
}

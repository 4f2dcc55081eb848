import Diagnostics

/// Samples for a module, read one at a time: an array's rows, a folder's pictures.
///
/// A source is for one module, and knows what its input takes.
protocol SampleSource: Sendable {
  /// The number of samples.
  var count: Int { get }

  /// Whether outputs have an axis of samples in front; an array of one sample may have none.
  var haveAxis: Bool { get }

  /// What diagnostics and outputs call the sample number `index`: `images.npy[3]`, or the path of a
  /// picture; not escaped.
  func name(of index: Int) -> String

  /// The right answers, where the samples' files say them.
  var labels: [Int]? { get }

  /// Reads the sample number `index`, in row-major order with its steps outermost.
  ///
  /// - Throws: what is wrong with it; every number has been checked to be one that the module takes.
  func sample(_ index: Int) throws(Diagnostic) -> [Float]
}

extension SampleSource {
  var labels: [Int]? { nil }

  var haveAxis: Bool { true }
}

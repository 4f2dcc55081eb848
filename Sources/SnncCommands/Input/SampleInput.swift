import Arrays
import Diagnostics
import SpikeIR

/// The samples that `--input` names: `FILE.npy` or `FILE.npz:MEMBER`.
struct SampleInput {
  /// One sample after another, each in row-major order with its steps outermost.
  let values: [Float]

  /// The number of samples.
  let count: Int

  /// The numbers of one sample.
  let sampleCount: Int

  /// Reads samples for `module`: `[B, ...]`, or `[B, T, ...]` where the module's input is timed.
  ///
  /// - Throws: what is wrong with the file; `input-shape`, `input-not-finite` or
  ///   `input-domain`.
  init(_ text: String, for module: Module) throws(Diagnostic) {
    let array = try NumPyArray.read(path: text)
    let expected =
      (module.input.isTimed ? [module.timeSteps] : []) + module.input.shape.extents
    guard array.shape.count == expected.count + 1, Array(array.shape.dropFirst()) == expected,
      array.shape[0] > 0
    else { throw .inputShape(array.shape, expected).inFile(text) }
    do throws(Diagnostic) {
      // A spike that did not fire is +0, however the file spells it.
      let isSpikes = module.input.domain == .spike
      values = try array.floats().map { isSpikes ? $0 + 0 : $0 }
    } catch {
      throw error.inFile(text)
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(values[index], index, array.shape).inFile(text)
    }
    let domain = module.input.domain
    if let index = values.firstIndex(where: { !domain.contains($0) }) {
      throw .outsideDomain(values[index], index, array.shape, domain).inFile(text)
    }
    count = array.shape[0]
    sampleCount = expected.reduce(1, *)
  }

  /// The sample number `index`.
  subscript(index: Int) -> [Float] {
    Array(values[index * sampleCount..<(index + 1) * sampleCount])
  }
}

extension Diagnostic {
  fileprivate static func inputShape(_ shape: [Int], _ expected: [Int]) -> Diagnostic {
    let rest = expected.map(String.init).joined(separator: ", ")
    let differsInSizeOnly =
      shape.count == expected.count + 1 && shape.dropFirst().dropLast(2) == expected.dropLast(2)
    return .error(
      "input-shape", "the module takes [samples, \(rest)], and the array is \(shape)",
      notes: differsInSizeOnly ? ["another size is set with: snnc import --image-size N"] : [])
  }

  fileprivate static func notFinite(_ value: Float, _ index: Int, _ shape: [Int]) -> Diagnostic {
    .error(
      "input-not-finite",
      "an input must be finite, and \(Shape(shape).indices(of: index)) is \(value)")
  }

  fileprivate static func outsideDomain(
    _ value: Float, _ index: Int, _ shape: [Int], _ domain: Domain
  ) -> Diagnostic {
    .error(
      "input-domain",
      "the module's input is \(domain), and \(Shape(shape).indices(of: index)) is \(value)")
  }
}

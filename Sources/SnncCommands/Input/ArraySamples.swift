import Arrays
import Diagnostics
import SpikeIR

/// The samples of an array: `[B, ...]`, or `[B, T, ...]` where the module's input is timed.
///
/// One sample may come without the axis of samples.
struct ArraySamples: SampleSource {
  let count: Int
  let haveAxis: Bool

  /// What the user called the array.
  private let path: String
  let array: NumPyArray
  private let domain: Domain

  /// Opens `FILE.npy`, `FILE.npz:MEMBER` or the only member of `FILE.npz` for `module`.
  ///
  /// - Parameter isOneSample: whether there must be no axis of samples.
  /// - Throws: what is wrong with the file, or `input-shape`.
  init(_ path: String, for module: Module, isOneSample: Bool = false) throws(Diagnostic) {
    self.path = path
    array = try NumPyArray.read(path: path)
    let expected = module.sampleExtents
    haveAxis = array.shape != expected
    count = haveAxis ? array.shape.first ?? 0 : 1
    guard !haveAxis || !isOneSample && count > 0 && Array(array.shape.dropFirst()) == expected
    else {
      throw .inputShape(array.shape, expected, isOneSample: isOneSample).inFile(path)
    }
    domain = module.input.domain
  }

  func name(of index: Int) -> String { "\(path)[\(index)]" }

  func sample(_ index: Int) throws(Diagnostic) -> [Float] {
    let size = array.count / count
    let start = index * size
    do throws(Diagnostic) {
      var values = try array.floats(in: start..<start + size)
      if let place = values.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(values[place], start + place, array.shape)
      }
      if let place = values.firstIndex(where: { !domain.contains($0) }) {
        throw .outsideDomain(values[place], start + place, array.shape, domain)
      }
      // A spike that did not fire is +0, however the file spells it.
      if domain == .spike { values = values.map { $0 + 0 } }
      return values
    } catch {
      throw error.inFile(path)
    }
  }
}

extension Module {
  /// The extents of a sample: `[C, H, W]` of an image, `[T, C, H, W]` of frames.
  var sampleExtents: [Int] { extents(of: .input) }
}

extension Diagnostic {
  fileprivate static func inputShape(
    _ shape: [Int], _ expected: [Int], isOneSample: Bool
  ) -> Diagnostic {
    let axes = (isOneSample ? [] : ["samples"]) + expected.map(String.init)
    let differsInSizeOnly =
      expected.count >= 3 && shape.count == expected.count + 1
      && shape.dropFirst().dropLast(2) == expected.dropLast(2)
    return .error(
      "input-shape",
      "the module takes [\(axes.joined(separator: ", "))], and the array is \(shape)",
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

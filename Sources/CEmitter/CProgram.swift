public import Diagnostics
import Files
public import Lowering
import SpikeIR

/// A plan as a C program: the library of a model, the kernels it calls, and a `main.c` around it.
public struct CProgram {
  /// A text file of the program.
  public struct File: Sendable {
    /// The name within the program's folder.
    public let name: String
    /// The contents.
    public let text: String
  }

  /// The plan.
  public let plan: Plan

  /// The model's identifier, which starts every name of its library.
  public let identifier: String

  /// Where each constant starts in the weights' file, in bytes.
  let weightOffsets: [Int]

  /// The size of the weights' file in bytes.
  public let weightsByteCount: Int

  /// The XXH64 of all that follows the header in the weights' file, by which the library knows its
  /// own and finds damage.
  let checksum: UInt64

  /// Makes the program of `plan`.
  public init(_ plan: Plan) {
    self.plan = plan
    identifier = CText.identifier(plan.module.name)
    var offset = Self.headerByteCount
    var offsets: [Int] = []
    for constant in plan.constants {
      offsets.append(offset)
      offset += Plan.aligned(constant.data.count * 4)
    }
    weightOffsets = offsets
    weightsByteCount = offset
    checksum = Self.checksum(of: plan.constants)
  }

  /// The checksum of constants that each begin at a multiple of 64 bytes, with zeros between.
  private static func checksum(of constants: [Plan.Constant]) -> UInt64 {
    var hash = XXHash64()
    for constant in constants {
      constant.data.withFloats { floats in
        let bytes = UnsafeRawBufferPointer(floats)
        let whole = bytes.count / Plan.alignment * Plan.alignment
        hash.take(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        let rest = Array(bytes[whole...])
        let padding = [UInt8](repeating: 0, count: Plan.aligned(rest.count) - rest.count)
        (rest + padding).withUnsafeBytes { hash.take($0) }
      }
    }
    return hash.ending()
  }

  /// All text files of the program.
  public var files: [File] {
    [
      File(name: "\(identifier).h", text: header),
      File(name: "\(identifier).c", text: source),
      File(name: "main.c", text: main),
      File(name: "Makefile", text: makefile),
      File(name: "README.md", text: readme),
    ] + KernelSources.files
  }

  /// The name of the weights' file.
  public var weightsName: String { "\(identifier).weights.bin" }

  /// Writes the weights' file: a header of 64 bytes, then each constant at a multiple of 64.
  ///
  /// The header is the magic `SNNWTS01`, the file's size and the checksum, little-endian, and zeros.
  ///
  /// - Throws: what `sink` throws.
  public func writeWeights(
    to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try write(weightsHead, paddedTo: Self.headerByteCount, to: sink)
    for constant in plan.constants {
      try constant.data.withFloats { (floats) throws(Diagnostic) in
        try sink(UnsafeRawBufferPointer(floats))
      }
      let count = constant.data.count * 4
      try write([], paddedTo: Plan.aligned(count) - count, to: sink)
    }
  }

  /// Writes `bytes` and zeros up to `count` bytes.
  private func write(
    _ bytes: [UInt8], paddedTo count: Int,
    to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    let padded = bytes + [UInt8](repeating: 0, count: count - bytes.count)
    var failure: Diagnostic?
    padded.withUnsafeBytes { bytes in
      do throws(Diagnostic) { try sink(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// The size of the weights' file's header in bytes.
  static let headerByteCount = 64

  /// The header of the weights' file before its zeros, by which `_init` knows the file.
  var weightsHead: [UInt8] {
    [UInt64(weightsByteCount), checksum].reduce(into: Array("SNNWTS01".utf8)) { bytes, number in
      for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(number >> shift & 0xFF)) }
    }
  }
}

public import Diagnostics
public import Files
public import SpikeIR

/// A `MODEL.snn`: a module whose weights lie in the mapped file; `ir-spec/binary.md` has the layout.
///
/// Reading checks everything but the weights' numbers, which it neither copies nor reads:
///
///     let model = try ModuleFile(path: "model.snn")
///     try model.verifyWeights()
///     run(model.module)
public struct ModuleFile: Sendable {
  /// The module.
  public let module: Module

  /// The file's name for diagnostics.
  private let path: String

  /// The recorded checksum of each weight.
  private let checksums: [UInt64]

  /// Maps and checks the file at `path`.
  ///
  /// - Throws: What the mapping, the header, the message or the module breaks, with the file's name.
  public init(path: String) throws(Diagnostic) {
    try self.init(mapping: MappedFile(path: path))
  }

  /// Checks a mapped file; the module's weights keep it mapped.
  ///
  /// - Throws: As `init(path:)`.
  public init(mapping file: MappedFile) throws(Diagnostic) {
    path = file.path
    do throws(Diagnostic) {
      let header = try file.withSpan { (span) throws(Diagnostic) in
        try FileHeader(parsing: span)
      }
      let end = FileHeader.size + header.messageLength
      let message = unsafe UnsafeRawBufferPointer(rebasing: file.bytes[FileHeader.size..<end])
      guard unsafe XXHash64.hash(message) == header.checksum else { throw .messageChecksum }
      try file.requireZeros(end..<header.weightsOffset)
      var decoder = ModuleDecoder(file, weightsAt: header.weightsOffset)
      module = try unsafe decoder.decode(message)
      checksums = decoder.checksums
    } catch {
      throw error.inFile(file.path)
    }
  }

  /// Whether a file starts as a `MODEL.snn` does.
  public static func isModel(_ file: MappedFile) -> Bool {
    file.withSpan { FileHeader.hasMagic($0) }
  }

  /// Reads all weights and compares their checksums with the recorded ones.
  ///
  /// - Throws: `weight-checksum`, with the weight's name.
  public func verifyWeights() throws(Diagnostic) {
    for (weight, checksum) in zip(module.weights, checksums) where weight.checksum != checksum {
      throw .weightChecksum(weight.name).inFile(path)
    }
  }
}

extension Diagnostic {
  fileprivate static var messageChecksum: Diagnostic {
    .error(
      "message-checksum", "the message is damaged: its checksum is not the one in the header",
      at: Location(place: .offset(FileHeader.size)))
  }

  fileprivate static func weightChecksum(_ name: String) -> Diagnostic {
    .error(
      "weight-checksum", "the weight is damaged: its checksum is not the one in the message",
      at: Location(place: .tensor(name)))
  }
}

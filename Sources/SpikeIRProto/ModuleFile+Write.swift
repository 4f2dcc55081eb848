public import Diagnostics
import Files
public import SpikeIR

extension ModuleFile {
  /// Writes `module` as a `MODEL.snn`: `sink` gets the bytes piece by piece, from first to last.
  ///
  /// The same module gives the same bytes. Each weight is read twice: for its checksum, which
  /// stands before it, and to write it.
  ///
  /// - Throws: `message-limit`, and what `sink` throws.
  public static func write(
    _ module: Module, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    let checksums = module.weights.map(\.checksum)
    let message = ModuleEncoder.encode(module, checksums: checksums)
    guard message.count <= BinaryLimits.message, module.metadata.count <= BinaryLimits.metadata
    else { throw .messageLimit(message.count, entries: module.metadata.count) }
    let header = unsafe message.withUnsafeBytes { unsafe FileHeader(of: $0) }
    let padding = header.weightsOffset - FileHeader.size - message.count
    let front = header.bytes + message + [UInt8](repeating: 0, count: padding)
    try unsafe send(front, to: sink)
    for weight in module.weights {
      try unsafe weight.data.withFloats { (floats) throws(Diagnostic) in
        try unsafe sink(UnsafeRawBufferPointer(floats))
      }
      let padding = FileHeader.aligned(weight.byteCount) - weight.byteCount
      if padding > 0 { try unsafe send([UInt8](repeating: 0, count: padding), to: sink) }
    }
  }

  /// Hands `bytes` to `sink`.
  private static func send(
    _ bytes: [UInt8], to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Diagnostic) in
      try unsafe sink(UnsafeRawBufferPointer(buffer))
    }
  }
}

extension Weight {
  /// The checksum of the numbers, as they stand in a file.
  var checksum: UInt64 {
    unsafe data.withFloats { unsafe XXHash64.hash(UnsafeRawBufferPointer($0)) }
  }
}

extension Diagnostic {
  fileprivate static func messageLimit(_ bytes: Int, entries: Int) -> Diagnostic {
    .error(
      "message-limit",
      "a message has at most \(BinaryLimits.message) bytes and \(BinaryLimits.metadata) metadata "
        + "entries, not \(bytes) and \(entries)")
  }
}

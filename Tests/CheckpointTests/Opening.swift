import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// Opens a checkpoint of `bytes`.
func open(_ bytes: [UInt8], limits: Limits = .standard) throws(Diagnostic) -> Checkpoint {
  // The mapping outlives the file's name.
  let file = TemporaryFile(bytes)
  return try Checkpoint(path: file.path, limits: limits)
}

/// Opens a checkpoint.
func open(_ tiny: TinyCheckpoint, limits: Limits = .standard) throws(Diagnostic) -> Checkpoint {
  try open(tiny.zip.bytes, limits: limits)
}

/// Opens an archive around a pickle, and a storage `0` of six floats.
func open(_ pickle: PickleAssembler, limits: Limits = .standard) throws(Diagnostic) -> Checkpoint {
  try open(TinyCheckpoint(pickle, TinyCheckpoint.plain.storages), limits: limits)
}

/// Expects that `body` throws the diagnostic with the given id, and returns it.
@discardableResult
func expect<Value>(
  _ id: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Value
) -> Diagnostic? {
  do {
    _ = try body()
    Issue.record("nothing was thrown instead of \(id)", sourceLocation: sourceLocation)
    return nil
  } catch {
    let diagnostic = error as? Diagnostic
    #expect(
      diagnostic?.id == id, "\(diagnostic?.message ?? "\(error)")", sourceLocation: sourceLocation)
    return diagnostic
  }
}

extension PickleAssembler {
  /// The dictionary `{"w": tensor}` with the tensor of `TinyCheckpoint.plain`.
  func stateDict(_ name: String = "w") -> PickleAssembler {
    ops("}(").text(name).tensor(key: "0", count: 6, shape: [2, 3], strides: [3, 1]).ops("u")
  }
}

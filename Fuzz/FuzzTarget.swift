/// Something that takes bytes and must end, whatever they are, in a value or a diagnostic.
struct FuzzTarget: Sendable {
  /// What `Fuzz` calls it.
  let name: String
  /// Runs it on bytes; a trap is a finding, and so is a broken promise, which `finding` reports.
  let run: @Sendable ([UInt8]) -> Void
  /// Bytes that are right, by name.
  let seeds: @Sendable () throws -> [(name: String, bytes: [UInt8])]

  /// All targets.
  static let all = [
    archive, certificate, checkpoint, emitter, energy, events, gestures, json, legacy, module,
    nir, numpy, pickle, picture, results, safetensors, text, view,
  ]

  /// Ends the run: a promise is broken.
  static func finding(_ what: String) -> Never {
    fatalError("finding: \(what)")
  }
}

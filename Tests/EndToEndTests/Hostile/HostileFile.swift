import CheckpointTestSupport
import Testing

/// A file that attacks, lies, or is merely odd, and what must come of it.
///
/// The classes are numbered as in SECURITY.md.
struct HostileFile: CustomTestStringConvertible, Sendable {
  /// What must come of a file.
  enum Outcome: Equatable, Sendable {
    /// It is refused: exit status 65, and a diagnostic of this id.
    case refused(String)
    /// It is refused, for a reason that is not the point.
    case anyRefusal
    /// It is read, and what it claims is not so: exit status 1, and a diagnostic of this id.
    case denied(String)
    /// It is read: exit status 0.
    case read
  }

  /// The number of the class.
  let number: Int
  /// What is special about it.
  let testDescription: String
  /// What must come of it.
  let outcome: Outcome
  /// What reads it.
  let reader: HostileReader
  /// Its bytes, made when they are needed: some files are large.
  let bytes: @Sendable () -> [UInt8]

  /// A file of any bytes.
  init(
    _ number: Int, _ name: String, _ outcome: Outcome, by reader: HostileReader = .importing,
    bytes: @escaping @Sendable () -> [UInt8]
  ) {
    self.number = number
    testDescription = name
    self.outcome = outcome
    self.reader = reader
    self.bytes = bytes
  }

  /// The archive of a small checkpoint, changed.
  static func zip(
    _ number: Int, _ name: String, _ outcome: Outcome,
    _ change: @escaping @Sendable (inout ZipBuilder) -> Void
  ) -> HostileFile {
    HostileFile(number, name, outcome) {
      var zip = TinyCheckpoint.plain.zip
      change(&zip)
      return zip.bytes
    }
  }

  /// A small checkpoint, changed.
  static func tiny(
    _ number: Int, _ name: String, _ outcome: Outcome, by reader: HostileReader = .importing,
    _ change: @escaping @Sendable (inout TinyCheckpoint) -> Void
  ) -> HostileFile {
    HostileFile(number, name, outcome, by: reader) {
      var tiny = TinyCheckpoint.plain
      change(&tiny)
      return tiny.zip.bytes
    }
  }

  /// A small checkpoint around a pickle's bytes.
  static func pickle(
    _ number: Int, _ name: String, _ outcome: Outcome, by reader: HostileReader = .importing,
    _ pickle: @escaping @Sendable () -> [UInt8]
  ) -> HostileFile {
    tiny(number, name, outcome, by: reader) { $0.pickle = pickle() }
  }
}

extension HostileFile {
  /// All files.
  static let all =
    files + zips + pickles + tensors + streams + modules + arrays + recorded + texts + graphs
}

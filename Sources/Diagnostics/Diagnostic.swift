/// A message to the user about an input, an output or a model: the one error type of this project.
///
/// A message states the rule, names the entity and gives both values; it starts in lower case and
/// has no final period. Each is built by a static factory next to its only user:
///
///     extension Diagnostic {
///       fileprivate static func headsDoNotDivide(_ heads: Int, width: Int) -> Diagnostic {
///         .error("heads-do-not-divide", "\(heads) heads do not divide the width \(width)")
///       }
///     }
public struct Diagnostic: Error, Hashable, Sendable {
  /// How grave a diagnostic is.
  public enum Severity: String, Sendable {
    case warning, error
  }

  /// A stable, kebab-case name; tests and scripts rely on it, and it never changes meaning.
  public let id: String

  /// Whether the work can go on.
  public let severity: Severity

  /// The rule that was broken, with the values.
  public var message: String

  /// Where in the inputs.
  public var location: Location

  /// Further facts and what to do, one line each.
  public var notes: [String]

  /// The exit status that this error leads to; of no meaning for a warning.
  public var status: ExitStatus

  /// Creates a diagnostic; called by the factories `error` and `warning` alone.
  private init(
    id: String, severity: Severity, message: String, location: Location, notes: [String],
    status: ExitStatus
  ) {
    self.id = id
    self.severity = severity
    self.message = message
    self.location = location
    self.notes = notes
    self.status = status
  }

  /// An error: the work cannot be done.
  public static func error(
    _ id: String, _ message: String, at location: Location = Location(), notes: [String] = [],
    status: ExitStatus = .badData
  ) -> Diagnostic {
    Diagnostic(
      id: id, severity: .error, message: message, location: location, notes: notes, status: status)
  }

  /// A warning: the work goes on, and the user should know.
  public static func warning(
    _ id: String, _ message: String, at location: Location = Location(), notes: [String] = []
  ) -> Diagnostic {
    Diagnostic(
      id: id, severity: .warning, message: message, location: location, notes: notes,
      status: .success)
  }

  /// Returns this diagnostic with `file` as its file, unless it already names one.
  public func inFile(_ file: String) -> Diagnostic {
    var copy = self
    copy.location.file = location.file ?? file
    return copy
  }

  /// Returns this diagnostic with `place` as its place, unless it already names one.
  public func at(_ place: Location.Place) -> Diagnostic {
    var copy = self
    copy.location.place = location.place ?? place
    return copy
  }
}

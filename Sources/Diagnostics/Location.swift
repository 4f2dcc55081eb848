/// Where in an input a diagnostic applies.
public struct Location: Hashable, Sendable {
  /// A place within a file.
  public enum Place: Hashable, Sendable {
    /// An entry of an archive, with a byte offset where one is known.
    case entry(String, offset: Int? = nil)
    /// A byte offset.
    case offset(Int)
    /// A line and a column of a text, both from 1.
    case text(line: Int, column: Int)
    /// A tensor of a checkpoint, by its name.
    case tensor(String)
    /// A node of a module: its result and the checkpoint's module paths it came from.
    case node(String, origins: [String])
  }

  /// The file, as the user named it.
  public var file: String?

  /// The place in that file.
  public var place: Place?

  /// Creates a location; without arguments, one that says nothing.
  public init(file: String? = nil, place: Place? = nil) {
    self.file = file
    self.place = place
  }
}

extension Location: CustomStringConvertible {
  /// `file: place`, with what is unknown left out; safe to print on a terminal.
  public var description: String {
    [file.map(escaped), place?.description].compactMap { $0 }.joined(separator: ": ")
  }
}

extension Location.Place: CustomStringConvertible {
  /// The place as a user reads it; safe to print on a terminal.
  public var description: String {
    switch self {
    case .entry(let name, let offset):
      offset.map { "\(escaped(name))+\($0)" } ?? escaped(name)
    case .offset(let offset): "byte \(offset)"
    case .text(let line, let column): "\(line):\(column)"
    case .tensor(let name): escaped(name)
    case .node(let result, let origins):
      ([result] + origins.map(escaped)).joined(separator: " ")
    }
  }
}

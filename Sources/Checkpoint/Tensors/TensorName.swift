public import Diagnostics

/// A tensor's name: bytes that are valid UTF-8, compared as bytes.
///
/// Swift compares texts by what they look like, so that two names of a checkpoint could be one.
public struct TensorName: Hashable, Sendable, CustomStringConvertible {
  /// The name's bytes.
  public let bytes: [UInt8]

  /// The name that is spelled `text`.
  public init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The name that `bytes` spell, which have been checked.
  init(checked bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The name as text; it may hold anything that UTF-8 can spell.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The name in printable ASCII.
  public var description: String { escaped(utf8: bytes) }

  /// The name as a place for diagnostics.
  public var location: Location { Location(place: .tensor(text)) }
}

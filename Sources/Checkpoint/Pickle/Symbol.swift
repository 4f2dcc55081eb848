/// The name of a Python class or function, as a pickle refers to it: a label, never looked up.
///
/// It is kept as `module name`, with a space that neither part can hold, so that no other split of
/// the two can pass for it. It is printable ASCII, so comparing texts compares bytes.
struct Symbol: Hashable, Sendable {
  /// The module, a space, and the name.
  let text: String

  /// Joins a module and a name, or returns `nil` where they are no printable ASCII.
  init?(module: [UInt8], name: [UInt8]) {
    guard !module.isEmpty, !name.isEmpty,
      (module + name).allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    text = String(decoding: module + [0x20] + name, as: UTF8.self)
  }

  /// The symbol written as `module name`.
  init(_ text: String) {
    self.text = text
  }

  /// The class of ordered dictionaries, which state dicts are.
  static let orderedDict = Symbol("collections OrderedDict")

  /// The class of parsed command lines, which training scripts save.
  static let namespace = Symbol("argparse Namespace")

  /// The symbol as Python writes it, with a dot.
  var dotted: String {
    text.split(separator: " ").joined(separator: ".")
  }
}

/// Text of ours that goes into C, made so that no byte of a checkpoint can change its meaning.
enum CText {
  /// `text` for a comment: every byte outside of letters, digits and `_.:-` becomes `_xHH`.
  static func comment(_ text: String) -> String {
    escaping(text.utf8.prefix(128)) { "_x" + digits($0, radix: 16, width: 2).uppercased() }
  }

  /// `text` as the inside of a C string: every other byte as an octal escape.
  ///
  /// A string of C99 has 4095 characters at most; what is past the 1024th is left out.
  static func string(_ text: String) -> String {
    escaping(text.utf8.prefix(1024)) { "\\" + digits($0, radix: 8, width: 3) }
  }

  /// An identifier made of a model's name, in lower case: other characters become `_`, and a name
  /// that C99, its library or the program itself could have taken gets a prefix.
  ///
  /// What remains without one has an underscore, no capital, none of the prefixes of the kernels and
  /// of the implementation, not the suffix of the library's types, and is none of the few other
  /// names with an underscore that later versions of C, C++ and POSIX have.
  static func identifier(_ name: String) -> String {
    var result = ""
    for byte in name.utf8.prefix(64) {
      result.unicodeScalars.append(isWord(byte) ? Unicode.Scalar(byte) : "_")
    }
    result = result.lowercased()
    let startsWell = result.utf8.first.map { isWord($0) && !(0x30...0x39).contains($0) } ?? false
    let isOurs =
      startsWell && result.contains("_") && !result.hasPrefix("_") && !result.hasPrefix("snn_")
      && !result.hasSuffix("_t") && !result.hasPrefix("pthread_") && !laterNames.contains(result)
    return isOurs ? result : "model_" + result
  }

  /// Names with an underscore that later C and C++ have.
  private static let laterNames: Set<String> = [
    "aligned_alloc", "quick_exit", "at_quick_exit", "thread_local", "static_assert", "and_eq",
    "or_eq", "xor_eq", "not_eq", "static_cast", "const_cast", "dynamic_cast", "reinterpret_cast",
    "co_await", "co_return", "co_yield", "typeof_unqual",
  ]

  /// A binary32 number as a C constant that reads back as the same number.
  static func float(_ value: Float) -> String {
    precondition(value.isFinite, "only finite numbers are emitted")
    return "\(value)f"
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte == UInt8(ascii: "_")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isWord(byte) || [UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-")].contains(byte)
  }

  /// Plain bytes as they are, and all others as `escape` writes them.
  private static func escaping(
    _ bytes: some Sequence<UInt8>, _ escape: (UInt8) -> String
  ) -> String {
    bytes.map { isPlain($0) ? String(Unicode.Scalar($0)) : escape($0) }.joined()
  }

  private static func digits(_ byte: UInt8, radix: Int, width: Int) -> String {
    let digits = String(byte, radix: radix)
    return String(repeating: "0", count: width - digits.count) + digits
  }
}

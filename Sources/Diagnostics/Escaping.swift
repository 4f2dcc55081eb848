/// Returns `text` with every byte that is not printable ASCII, and the backslash, as `\xHH`.
///
/// What comes out cannot move a terminal's cursor, end a comment line or hide by looking like
/// something else. It is injective, so two different names stay different.
public func escaped(_ text: some StringProtocol) -> String {
  escaped(utf8: text.utf8)
}

/// Returns `bytes` as printable ASCII, with every other byte and the backslash as `\xHH`.
public func escaped(utf8 bytes: some Sequence<UInt8>) -> String {
  var result = ""
  for byte in bytes {
    if (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\\") {
      result.unicodeScalars.append(Unicode.Scalar(byte))
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      result += "\\x" + (digits.count < 2 ? "0" : "") + digits
    }
  }
  return result
}

/// Returns `bytes` as text if they are valid UTF-8, and `nil` otherwise.
public func validText(_ bytes: some Sequence<UInt8>) -> String? {
  String(validating: Array(bytes), as: UTF8.self)
}

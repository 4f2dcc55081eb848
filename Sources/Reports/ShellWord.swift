/// `text` as one word of a shell's command line: in quotes where it holds more than letters, digits and
/// a few signs.
package func shellWord(_ text: String) -> String {
  let isPlain = text.allSatisfy {
    $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+@%".contains($0))
  }
  guard !isPlain || text.isEmpty else { return text }
  let parts = text.split(separator: "'", omittingEmptySubsequences: false)
  return "'" + parts.joined(separator: "'\\''") + "'"
}

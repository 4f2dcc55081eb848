import SpikeIR
import SpikeIRProto
import Testing

/// The example of `binary.md` is the bytes of its module.
@Suite struct BinaryPageTests {
  /// The page with the bytes of its example, 16 a line behind their offset.
  static func generated() throws -> String {
    let page = try Specification.page("binary.md")
    let example = try #require(
      page.firstMatch(of: #/(?s)```snnir\n(.*?)```\n\n```hexdump\n(.*?)```/#))
    var bytes: [UInt8] = []
    try ModuleFile.write(Module(parsing: String(example.1))) { bytes += $0 }
    let lines = stride(from: 0, to: bytes.count, by: 16).map { start in
      let line = bytes[start..<min(start + 16, bytes.count)].map { digits(Int($0), count: 2) }
      return "\(digits(start, count: 4))  \(line.joined(separator: " "))\n"
    }
    return page[..<example.2.startIndex] + lines.joined() + page[example.2.endIndex...]
  }

  /// A number in hexadecimal digits.
  private static func digits(_ value: Int, count: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: count - text.count) + text
  }

  @Test func theExampleIsItsModulesBytes() throws {
    try Specification.expect("binary.md", toBe: Self.generated())
  }
}

import Foundation

/// The list of the suite's files with their checksums, as `sha256sum` writes it.
///
/// What has been published stands first and stays: a case that turns out to be wrong is an error of
/// the specification, and is told as one.
struct Manifest {
  /// The number of lines that have been published, and the XXH64 of their text.
  ///
  /// Whoever publishes cases counts them here; nobody lowers the number.
  static let published = (lines: 1515, checksum: UInt64(0x629E_65E1_C768_EAC4))

  /// The lines: checksum, two blanks, path.
  let lines: [String]

  /// Where it is stored.
  static let url = Suite.folder.appending(path: "MANIFEST")

  /// Reads the stored list.
  init() throws {
    let text = try String(contentsOf: Self.url, encoding: .utf8)
    lines = text.split(separator: "\n").map(String.init)
  }

  /// The checksum of each file, by its path.
  var checksums: [String: String] {
    let pairs = lines.map { line in
      (String(line.dropFirst(66)), String(line.prefix(64)))
    }
    return Dictionary(pairs) { first, _ in first }
  }

  /// The text of the published lines.
  var publishedText: String {
    lines.prefix(Self.published.lines).map { "\($0)\n" }.joined()
  }

  /// The list for the files at `paths`, behind what is published of `old`; `sha256sum` computes it.
  static func text(of paths: [String], behind old: Manifest?) throws -> String {
    let published = old?.publishedText ?? ""
    let known = Set(
      (old?.lines.prefix(Self.published.lines) ?? []).map { String($0.dropFirst(66)) })
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sha256sum"] + paths.filter { !known.contains($0) }.sorted()
    process.currentDirectoryURL = Suite.folder
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return published + String(decoding: output, as: UTF8.self)
  }
}

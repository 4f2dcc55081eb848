import Foundation
import Testing

/// A page of Markdown, with what tests look at.
struct Page: CustomTestStringConvertible, Sendable {
  /// A fenced block.
  struct Block: Sendable {
    /// The word behind the fence, such as `console`.
    let language: String
    /// What stands behind that word: the file that the block shows.
    let file: String
    let line: Int
    let text: String
  }

  /// The path from the top of the repository.
  let path: String
  let blocks: [Block]
  /// The lines outside of fenced blocks, with their numbers.
  let prose: [(number: Int, text: String)]

  var testDescription: String { path }

  /// The pages that show commands.
  static let all: [Page] = {
    let manager = FileManager.default
    let listed = ["docs", "examples"].flatMap { folder in
      (manager.subpaths(atPath: Snnc.root.appending(path: folder).path) ?? [])
        .map { "\(folder)/\($0)" }
    }
    let top = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"]
    return (top + listed.sorted()).filter { $0.hasSuffix(".md") }.map(Page.init)
  }()

  /// Reads a page; one that is not there has no content.
  init(_ path: String) {
    let file = Snnc.root.appending(path: path)
    self.init(path: path, text: (try? String(contentsOf: file, encoding: .utf8)) ?? "")
  }

  /// Takes a page's text apart.
  init(path: String, text: String) {
    self.path = path
    var (blocks, prose): ([Block], [(Int, String)]) = ([], [])
    var open: (info: [Substring], line: Int, lines: [Substring])?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(
            Block(
              language: String(block.info.first ?? ""),
              file: block.info.dropFirst().joined(separator: " "), line: block.line,
              text: block.lines.map { "\($0)\n" }.joined()))
          open = nil
        } else {
          open = (line.dropFirst(3).split(separator: " "), index + 1, [])
        }
      } else if open != nil {
        open?.lines.append(line)
      } else {
        prose.append((index + 1, String(line)))
      }
    }
    self.blocks = blocks
    self.prose = prose
  }

  /// What `#...` of a link can name: the headings, as the repository's host spells them.
  var anchors: Set<String> {
    Set(
      prose.compactMap { line in
        line.text.firstMatch(of: #/^#+ (.*)$/#).map { heading in
          let kept = heading.1.lowercased().filter {
            $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_"
          }
          return kept.replacing(" ", with: "-")
        }
      })
  }

  /// The targets of links and pictures, with the numbers of their lines.
  var links: [(line: Int, target: String)] {
    prose.flatMap { number, text in
      let code = text.replacing(#/`[^`]*`/#, with: "")
      return code.matches(of: #/\]\(([^)\s]+)\)/#).map { (number, String($0.1)) }
    }
  }

  /// The code within the prose.
  var codeSpans: [(line: Int, text: String)] {
    prose.flatMap { number, text in
      text.matches(of: #/`([^`]+)`/#).map { (number, String($0.1)) }
    }
  }
}

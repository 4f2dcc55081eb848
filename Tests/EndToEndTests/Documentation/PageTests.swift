import Foundation
import Testing

/// What the pages show is what happens.
@Suite struct PageTests {
  @Test("the commands of a page work in their order and print what is shown", arguments: Page.all)
  func commands(_ page: Page) throws {
    let commands = ShownCommand.all(of: page)
    guard !commands.isEmpty else { return }
    let results = try Clone().run(commands.map(\.script))
    for (command, result) in zip(commands, results) {
      let place = "\(page.path):\(command.line): \(command.text)\n\(result.output)"
      #expect(result.status == 0, "\(place)")
      guard command.isRun, !command.output.isEmpty else { continue }
      #expect(command.shows(result.output), "\(place)")
    }
  }

  @Test("pages show commands, and only where they are run")
  func places() {
    #expect(Page.all.count { !ShownCommand.all(of: $0).isEmpty } > 5)
    for page in Page.all {
      for line in page.prose {
        #expect(!line.text.hasPrefix("    $ "), "\(page.path):\(line.number)")
      }
      for block in page.blocks where block.language != "console" {
        #expect(!block.text.contains(#/(?m)^\$ /#), "\(page.path):\(block.line)")
      }
    }
  }

  @Test("a `make` names a target, and a script in the text is there", arguments: Page.all)
  func targets(_ page: Page) throws {
    let makefile = try String(contentsOf: Snnc.root.appending(path: "Makefile"), encoding: .utf8)
    let targets = Set(makefile.matches(of: #/(?m)^([a-z]+):/#).map { String($0.1) })
    let spans = page.codeSpans + ShownCommand.all(of: page).map { ($0.line, $0.text) }
    for (line, text) in spans {
      let words = text.split(separator: " ").drop { $0 == "sudo" }
      if words.first == "make", words.count > 1, words.dropFirst().first?.first != "-" {
        for word in words.dropFirst().prefix(while: { $0 != "#" }) where !word.contains("=") {
          #expect(targets.contains(String(word)), "\(page.path):\(line): make \(word)")
        }
      } else if let script = words.first, script.hasPrefix("scripts/") {
        #expect(exists(String(script)), "\(page.path):\(line): \(script)")
      }
    }
  }

  @Test("the packages that a build needs are those that the page lists")
  func packages() throws {
    let setup = try String(contentsOf: Snnc.root.appending(path: "scripts/setup"), encoding: .utf8)
    let listed = setup.prefix(while: { $0 != "*" }).matches(of: #/(?m)^packages="(.*)"$/#)
      .flatMap { $0.1.split(separator: " ") }.filter { $0 != "$packages" }
    let page = try #require(Page.all.first { $0.path == "docs/installing.md" })
    let text = page.prose.map(\.text).joined(separator: " ")
    let shown = try #require(text.firstMatch(of: #/`(build-essential [^`]*)`/#)).1
    #expect(!listed.isEmpty && shown.split(separator: " ") == listed)
  }

  @Test("code that is said to be of a file stands there", arguments: Page.all)
  func quotations(_ page: Page) throws {
    for block in page.blocks where !block.file.isEmpty {
      let text = try String(contentsOf: Snnc.root.appending(path: block.file), encoding: .utf8)
      // What is left out of the middle is a line of `...`.
      var rest = text[...]
      for part in block.text.split(separator: #/(?m)^ *\.\.\.\n/#) {
        guard let found = rest.firstRange(of: part) else {
          Issue.record("\(page.path):\(block.line): this is not in \(block.file):\n\(part)")
          break
        }
        rest = rest[found.upperBound...]
      }
    }
  }

  /// All pages, those of the specification among them.
  static let linking =
    Page.all
    + ((try? FileManager.default.contentsOfDirectory(
      atPath: Snnc.root.appending(path: "ir-spec").path)) ?? [])
    .filter { $0.hasSuffix(".md") }.sorted().map { Page("ir-spec/\($0)") }

  @Test("links lead to files and headings that are there", arguments: linking)
  func links(_ page: Page) {
    for (line, target) in page.links where !target.contains("://") {
      let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path =
        parts[0].isEmpty
        ? page.path
        : URL(filePath: "/\(page.path)").deletingLastPathComponent().appending(path: parts[0])
          .standardized.path.dropFirst().description
      #expect(exists(path), "\(page.path):\(line): \(target)")
      guard parts.count == 2 else { continue }
      #expect(
        Page(path).anchors.contains(String(parts[1])), "\(page.path):\(line): \(target)")
    }
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Snnc.root.appending(path: path).path)
  }
}

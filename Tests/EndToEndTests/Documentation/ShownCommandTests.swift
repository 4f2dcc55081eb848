import Testing

/// How a command's output is held to what a page shows.
@Suite struct ShownCommandTests {
  /// Whether a page that shows `shown` is right of a command that prints `printed`.
  private func matches(_ shown: String, _ printed: String) -> Bool {
    ShownCommand(text: "x", line: 1, output: shown).shows(printed)
  }

  @Test("without ... all of it is compared")
  func plain() {
    #expect(matches("a\nb\n", "a\nb\n"))
    #expect(!matches("a\nb\n", "a\nc\n"))
    #expect(!matches("a\n", "a\nb\n"))
    #expect(!matches("a\nb\n", "a\n"))
  }

  @Test("... stands for lines, and within a line for text")
  func leftOut() {
    #expect(matches("a\n...\nd\n", "a\nb\nc\nd\n"))
    #expect(matches("...\nd\n", "a\nd\n") && matches("a\n  ...\n", "a\nb\n"))
    #expect(matches("took ... ms\n", "took 1.5 ms\n"))
    #expect(!matches("a\n...\nd\n", "b\nc\nd\n"), "the start")
    #expect(!matches("a\n...\nd\n", "a\nb\ne\n"), "the end")
    #expect(!matches("a\n...\nc\n...\nd\n", "a\nb\nb\nd\n"), "the middle")
    #expect(!matches("...\nb\n...\na\n...\n", "x\na\nb\nx\n"), "the order")
    #expect(!matches("took ... ms\n", "took 1.5 s\n"))
  }

  @Test("a block is cut into commands and what they print")
  func blocks() {
    let page = Page(
      path: "p.md",
      text: """
        Text.
        ```console
        $ one \\
            more
        out
        $ two
        ```
        ```c file.c
        $ none
        ```
        """)
    let commands = ShownCommand.all(of: page)
    #expect(commands.map(\.text) == ["one \\\n    more", "two"])
    #expect(commands.map(\.output) == ["out\n", ""])
    #expect(commands.map(\.line) == [3, 6])
    #expect(page.blocks.map(\.file) == ["", "file.c"] && page.blocks[1].text == "$ none\n")
  }
}

/// A command of a `console` block, and the output that is shown under it.
///
/// A command starts with `$ ` and goes on behind a backslash, and to the end of a file that it has
/// within (`<< 'END'`). In the output, `...` stands for any
/// text: on a line of its own for lines, within a line for what may vary, such as a time.
struct ShownCommand {
  /// What a shell is given.
  let text: String
  let line: Int
  /// What is shown; empty where nothing is.
  let output: String

  /// Commands that no test runs, by how they begin: why, and what is run instead, so that the
  /// commands behind them find what they need.
  static let notRun = [
    NotRun(start: "make ", reason: "builds and tests the program that the running tests are of"),
    NotRun(start: "sudo ", reason: "changes the machine; InstallTests install elsewhere"),
    NotRun(start: "pip install ", reason: "the network"),
    NotRun(start: "./evaluate.py ", reason: "packages of PyPI, and a cluster"),
    NotRun(start: "ir-spec/conformance/run python3 ", reason: "minutes; ConformanceTests run it"),
    NotRun(
      start: "sbatch ",
      instead: """
        for task in $(seq "$SHARDS"); do SLURM_ARRAY_TASK_ID=$task sh evaluate.sbatch; done
        """, reason: "a cluster; the tasks are run one after another"),
  ]

  /// How a command begins that is not run.
  struct NotRun {
    let start: String
    var instead = ":"
    let reason: String
  }

  /// Why it is not run; `make -C FOLDER` builds what a page made, so it is.
  private var exception: NotRun? {
    text.hasPrefix("make -") ? nil : Self.notRun.first { text.hasPrefix($0.start) }
  }

  /// Whether a test runs it as it stands.
  var isRun: Bool { exception == nil }

  /// What a test runs.
  var script: String { exception?.instead ?? text }

  /// The commands of a page in their order.
  static func all(of page: Page) -> [ShownCommand] {
    page.blocks.filter { $0.language == "console" }.flatMap(commands)
  }

  private static func commands(of block: Page.Block) -> [ShownCommand] {
    var commands: [(text: String, line: Int, output: String)] = []
    var goesOn = false
    // The word that ends a file within a command, where one has begun.
    var end: String?
    for (index, line) in block.text.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast().enumerated()
    {
      if goesOn {
        commands[commands.count - 1].text += "\n\(line)"
      } else if line.hasPrefix("$ ") {
        commands.append((String(line.dropFirst(2)), block.line + index + 1, ""))
      } else if !commands.isEmpty {
        commands[commands.count - 1].output += "\(line)\n"
        continue
      }
      if let word = line.firstMatch(of: #/<< '(\w+)'$/#)?.1 { end = String(word) }
      if line == end ?? "" { end = nil }
      goesOn = line.hasSuffix("\\") || end != nil
    }
    return commands.map { ShownCommand(text: $0.text, line: $0.line, output: $0.output) }
  }

  /// Whether `printed` is what is shown.
  func shows(_ printed: String) -> Bool {
    // Only what stands before and behind `...` is compared, in its order.
    let pieces = output.replacing(#/(?m)^ *\.\.\.$/#, with: "...").split(
      separator: "...", omittingEmptySubsequences: false)
    guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else {
      return printed == output
    }
    guard printed.hasPrefix(first) else { return false }
    var rest = printed.dropFirst(first.count)
    for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
      guard let found = rest.firstRange(of: piece) else { return false }
      rest = rest[found.upperBound...]
    }
    // A page's last line of `...` ends in a line break, as every text that a program prints.
    return rest.hasSuffix(last)
  }
}

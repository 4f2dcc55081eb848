import IRTestSupport
import Interpreter
import Lowering
import SpikeIR
import Testing

/// `status.md`: how far each op is specified, implemented and tested.
enum StatusPage {
  /// What was found of an op; an empty text says that nothing was.
  struct Row {
    let mnemonic: String
    /// Under which headings it is specified.
    let specified: String
    /// Which of its constraints refuse a module.
    let verified: String
    /// Whether the Interpreter computes the examples.
    let interpreted: String
    /// The kernels that it becomes.
    let lowered: String
    /// The operators that it becomes.
    let inONNX: String
    /// The files of tests with modules that have it.
    let tested: String

    /// The cells behind the name.
    var cells: [String] { [specified, verified, interpreted, lowered, inONNX, tested] }

    /// The columns in which there is nothing.
    var missing: [String] { zip(StatusPage.columns, cells).filter { $1 == "no" }.map(\.0) }
  }

  /// The columns behind the op's name.
  static let columns = ["specified", "verified", "interpreted", "lowered", "in ONNX", "tested"]

  /// What was found of all ops.
  static func rows() throws -> [Row] {
    let page = try OpPage.stored.generated()
    return try Op.definitions.map { definition in
      let section = page.sections.first { $0.mnemonic == definition.mnemonic }
      return try row(definition.mnemonic, section)
    }
  }

  /// What was found of an op.
  private static func row(_ mnemonic: String, _ section: OpPage.Section?) throws -> Row {
    let examples = try section?.examples ?? []
    let isWhole = section?.parts.map(\.heading) == OpPage.headings
    let raised = try Refusals.constraints(of: mnemonic)
    let isInterpreted = try examples.allSatisfy {
      try $0.computed().values.bits == $0.output.bits
    }
    let modules = try examples.map { try $0.module }
    return Row(
      mnemonic: mnemonic,
      specified: isWhole ? "[yes](ops.md#\(mnemonic))" : "no",
      verified: raised != section?.constraints
        ? "no" : raised.isEmpty ? "no constraints" : constraintRange(raised.count),
      interpreted: !examples.isEmpty && isInterpreted ? "yes" : "no",
      lowered: try cell(modules.flatMap { try last($0, of: kernels) }, without: "no kernel"),
      inONNX: try cell(
        modules.flatMap { try last($0, of: ONNXOperators.of) }, without: "no operator"),
      tested: try cell(tests(of: mnemonic), without: "no"))
  }

  /// What a module's last node becomes: what is there in addition to that of the others.
  private static func last(
    _ module: Module, of names: (Module) throws -> [String]
  ) throws -> [String] {
    var builder = ModuleBuilder(like: module)
    for weight in module.weights { _ = try builder.add(weight) }
    for node in module.nodes.dropLast() {
      _ = try builder.append(node.op, node.operands, weights: node.weights, from: node.origins)
    }
    var result = try names(module)
    for name in try names(builder.finish(output: ValueID(module.nodes.count - 1))) {
      if let index = result.firstIndex(of: name) { result.remove(at: index) }
    }
    return result
  }

  /// The kernels of a module, without those that only bring its input and output into their layouts.
  private static func kernels(of module: Module) throws -> [String] {
    try Lowering.lower(module).steps.map(\.kernel.name)
      .filter { !["transpose", "pack", "unpack", "output"].contains($0) }
  }

  /// The op's cases, the suites of the Interpreter with a module that has it, and the suite for other
  /// implementations.
  private static func tests(of mnemonic: String) throws -> [String] {
    let suites = try Specification.files("Tests/InterpreterTests", ".swift")
      .filter { $0.text.contains("= \(mnemonic) %") || $0.text.contains("builder.\(mnemonic)(") }
      .map { $0.path.split(separator: "/").suffix(2).joined(separator: "/") }
    let others = [
      (path: "Tests/SpikeIRTests/Cases/\(mnemonic).snnir", name: "Cases/\(mnemonic).snnir"),
      (path: "ir-spec/conformance/\(mnemonic)", name: "conformance/\(mnemonic)"),
    ].filter { Specification.exists($0.path) }
    return suites + others.map(\.name)
  }

  /// Different names in code font, in order.
  private static func cell(_ names: [String], without: String) -> String {
    var seen: Set<String> = []
    let list = names.filter { seen.insert($0).inserted }.map { "`\($0)`" }
    return list.isEmpty ? without : list.joined(separator: ", ")
  }

  /// The page.
  static func text() throws -> String {
    let header = ["op"] + columns
    let rows = try rows().map { ["`\($0.mnemonic)`"] + $0.cells }
    var table = ([header] + rows).map { "| \($0.joined(separator: " | ")) |" }
    table.insert("|" + String(repeating: "---|", count: header.count), at: 1)
    return """
      # Status

      What there is of each op in this project. The page is generated, and each cell is found out: a
      test refuses one that is not so.

      - *specified*: [ops.md](ops.md) has a section with every heading.
      - *verified*: for each of these constraints there is a module that is refused with its label.
      - *interpreted*: the Interpreter computes the output of the section's examples.
      - *lowered*: the kernels that the examples become, next to those that only move a module's input
        and output; the Engine, which runs them, gives the Interpreter's bits.
      - *in ONNX*: the operators that the examples become. They compute about the same numbers, not the
        same bits.
      - *tested*: by which suites of this project, next to the tests on random modules of all ops.

      \(table.joined(separator: "\n"))

      """
  }
}

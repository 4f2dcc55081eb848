import Foundation
import Interpreter
import SpikeIR
import Testing

/// A worked example: a module in the text form, and JSON with an input and its output.
///
/// Both are nested lists, the outermost axis first, with the time steps in front where the value is
/// timed. The output is generated: the Interpreter computes it.
struct Example {
  /// The module's text.
  let text: String

  /// The input's elements.
  let input: [Float]

  /// The output's elements, as they are stated.
  let output: [Float]

  /// A number, or a list of them.
  private enum Nested: Decodable {
    case number(Double)
    case list([Nested])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .list(try container.decode([Nested].self))
      }
    }

    /// The numbers, in row-major order.
    var elements: [Float] {
      switch self {
      case .number(let value): [Float(value)]
      case .list(let list): list.flatMap(\.elements)
      }
    }
  }

  /// An input with, perhaps, its output.
  private struct Numbers: Decodable {
    let input: Nested
    let output: Nested?
  }

  /// The examples of a text: each module with the JSON that follows it.
  static func all(in text: String) throws -> [Example] {
    try text.matches(of: blocks).map { match in
      let numbers = try JSONDecoder().decode(Numbers.self, from: Data(match.2.utf8))
      return Example(
        text: String(match.1), input: numbers.input.elements,
        output: numbers.output?.elements ?? [])
    }
  }

  /// A text with the output of each of its examples.
  static func generated(_ text: String) throws -> String {
    var (result, rest) = ("", text[...])
    for example in try all(in: text) {
      let block = try #require(rest.firstMatch(of: blocks))
      let (module, output) = try (example.module, example.computed())
      let lines = [
        member("input", example.input, module.extents(of: .input)),
        member("output", output.values, module.extents(of: module.output)),
      ]
      result += rest[..<block.range.lowerBound] + "```snnir\n\(example.text)```\n\n"
      result += "```json\n{\n\(lines.joined(separator: ",\n"))\n}\n```"
      rest = rest[block.range.upperBound...]
    }
    return result + rest
  }

  /// The module.
  var module: Module {
    get throws { try Module(parsing: text) }
  }

  /// What the Interpreter computes.
  func computed() throws -> Tensor {
    let module = try module
    let steps = module.input.isTimed ? module.timeSteps : 1
    try #require(input.count == module.input.count(steps: module.timeSteps), "\(text)")
    try #require(input.allSatisfy(module.input.domain.contains), "\(text)")
    return try Interpreter(module).run(Tensor(module.input.shape, steps: steps, input))
  }

  /// A module's block and the one with its numbers.
  private static var blocks: Regex<(Substring, Substring, Substring)> {
    #/(?s)```snnir\n(.*?)```\n\n```json\n(.*?)```/#
  }

  /// A member of the JSON, on as many lines as keep it within the columns of a page.
  private static func member(_ name: String, _ values: [Float], _ extents: [Int]) -> String {
    "  \"\(name)\": \(lines(values[...], extents[...], margin: 2, column: name.count + 6))"
  }

  /// Nested lists that start at a column; an axis that does not fit has a line for each index.
  private static func lines(
    _ values: ArraySlice<Float>, _ extents: ArraySlice<Int>, margin: Int, column: Int
  ) -> String {
    let line = line(values, extents)
    guard column + line.count > 92, !extents.isEmpty else { return line }
    let indices = parts(of: values, extents).map {
      String(repeating: " ", count: margin + 2)
        + lines($0, extents.dropFirst(), margin: margin + 2, column: margin + 2)
    }
    return "[\n\(indices.joined(separator: ",\n"))\n\(String(repeating: " ", count: margin))]"
  }

  /// Nested lists on one line.
  private static func line(_ values: ArraySlice<Float>, _ extents: ArraySlice<Int>) -> String {
    guard !extents.isEmpty else { return values.map(number).joined() }
    let indices = parts(of: values, extents).map { line($0, extents.dropFirst()) }
    return "[\(indices.joined(separator: ", "))]"
  }

  /// The elements at each index of the first axis.
  private static func parts(
    of values: ArraySlice<Float>, _ extents: ArraySlice<Int>
  ) -> [ArraySlice<Float>] {
    let count = values.count / (extents.first ?? 1)
    return stride(from: values.startIndex, to: values.endIndex, by: count).map {
      values[$0..<$0 + count]
    }
  }

  /// A number as short as it can be; a negative zero keeps its sign.
  private static func number(_ value: Float) -> String {
    let isShort =
      value == value.rounded() && value.magnitude < 100_000 && value.bitPattern != 1 << 31
    return isShort ? "\(Int(value))" : "\(value)"
  }
}

extension Module {
  /// The extents of a value, with the time steps in front where it is timed.
  func extents(of value: ValueID) -> [Int] {
    let type = type(of: value)
    return (type.isTimed ? [timeSteps] : []) + type.shape.extents
  }
}

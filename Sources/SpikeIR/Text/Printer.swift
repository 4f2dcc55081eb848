extension Module {
  /// The version of the text form that is read and written.
  public static let textVersion = 1

  /// The largest number of elements for which a weight is printed with its numbers, where nobody
  /// asks for more.
  public static let inlineCount = 8

  /// The text form, which reads back as this module.
  public var text: String { text() }

  /// The text form, with the numbers of all weights of at most `count` elements.
  public func text(inlining count: Int = Module.inlineCount) -> String {
    var text = ""
    write(to: &text, inlining: count)
    return text
  }

  /// Writes the text form, one definition a line, with the numbers of all weights of at most
  /// `count` elements.
  public func write(
    to stream: inout some TextOutputStream, inlining count: Int = Module.inlineCount
  ) {
    stream.write("snnir \(Module.textVersion)\n\nmodule @\(quoted(name)) {\n")
    stream.write("  time_steps = \(timeSteps)\n")
    for (key, value) in metadata { stream.write("  meta \(quoted(key)) = \(quoted(value))\n") }
    for weight in weights { stream.write("  \(weight.text(inlining: count))\n") }
    stream.write("  input \(ValueID.input) : \(input)\n")
    for (value, node) in definitions { stream.write("  \(value) = \(text(of: node))\n") }
    stream.write("  output \(output)\n}\n")
  }

  /// What stands after the `=` of a node.
  private func text(of node: Node) -> String {
    let operands =
      node.operands.map(\.description) + node.weights.map { "@\(quoted(weight($0).name))" }
    let attributes = node.op.writtenAttributes.map { "\($0.name) = \($0.value)" }
    let origins = node.origins.map(quoted).joined(separator: ", ")
    return node.op.definition.mnemonic + " " + operands.joined(separator: ", ")
      + (attributes.isEmpty ? "" : " {\(attributes.joined(separator: ", "))}") + " : \(node.type)"
      + (origins.isEmpty ? "" : " from \(origins)")
  }
}

extension Module: CustomStringConvertible {
  /// The text form.
  public var description: String { text }
}

extension Weight {
  /// The line that defines this weight: with its numbers if they are few, by name otherwise.
  fileprivate func text(inlining count: Int) -> String {
    let line = "weight @\(quoted(name)) : f32 \(shape)"
    guard shape.count <= count else { return line }
    let numbers = data.floats
    // The text has no infinities and no NaN; a weight that holds one is found by its name.
    return numbers.allSatisfy(\.isFinite) ? line + " = \(numbers)" : line
  }
}

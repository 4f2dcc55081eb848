public import Diagnostics

extension Module {
  /// Reads the text form; `ir-spec/text.md` is its grammar.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - file: The name of its file, for diagnostics.
  ///   - weights: Finds a weight that the text has by name only, which must have the shape that the
  ///     text gives; `nil` if there is none.
  /// - Throws: The first error, at its line and column.
  public init(
    parsing text: String, file: String? = nil,
    weights: (String, Shape) throws(Diagnostic) -> Weight? = { _, _ in nil }
  ) throws(Diagnostic) {
    do throws(Diagnostic) {
      var parser = try Parser(text)
      self = try parser.module(weights)
    } catch {
      throw file.map { error.inFile($0) } ?? error
    }
  }
}

/// Reads a module by recursive descent; the grammar is not recursive.
private struct Parser {
  /// The tokens that have not been read.
  private var tokens: TokenReader

  /// The values that are defined, by name.
  private var values: [String: ValueID] = [:]

  /// The weights that are defined, by name.
  private var weights: [String: WeightID] = [:]

  /// A node as it is written, before its op is known.
  private struct WrittenNode {
    /// The op's name.
    var mnemonic: Located<String>
    /// The values it reads.
    var operands: [ValueID] = []
    /// The weights it reads.
    var weights: [WeightID] = []
    /// The attributes, in the order of the text.
    var attributes: [Attribute] = []
    /// The type, where one is written.
    var type: Located<ValueType>?
    /// The module paths it came from.
    var origins: [String] = []
  }

  /// Starts at the beginning of `text`.
  init(_ text: String) throws(Diagnostic) {
    tokens = try TokenReader(text)
  }
}

// MARK: - The module and its lines

extension Parser {
  /// Reads the whole text.
  mutating func module(
    _ source: (String, Shape) throws(Diagnostic) -> Weight?
  ) throws(Diagnostic) -> Module {
    try format()
    try tokens.take(word: "module")
    let name = try tokens.symbol().element
    try tokens.take("{")
    try tokens.take(word: "time_steps")
    try tokens.take("=")
    let steps = try tokens.integer()
    let metadata = try self.metadata()
    var constants: [Located<Weight>] = []
    while tokens.token == .word("weight") {
      constants.append(try weight(source))
      guard constants.count <= TextLimits.weights else {
        throw tokens.fail(.textLimit(TextLimits.weights, "weights"), at: tokens.offset)
      }
    }
    let input = try self.input()
    var builder = try tokens.at(input.offset) { () throws(Diagnostic) in
      try ModuleBuilder(name: name, timeSteps: steps, input: input.element)
    }
    for (key, value) in metadata { builder.setMetadata(key, value) }
    for (weight, offset) in constants {
      weights[weight.name] = try tokens.at(offset) { () throws(Diagnostic) in
        try builder.add(weight)
      }
    }
    try nodes(into: &builder)
    try tokens.take(word: "output")
    let output = try value()
    try tokens.take("}")
    guard tokens.token == .end else { throw tokens.unexpected("the end") }
    return try builder.finish(output: output)
  }

  /// Reads `snnir 1`.
  private mutating func format() throws(Diagnostic) {
    try tokens.take(word: "snnir")
    // Ahead of the next token, which may be none of this version's.
    guard case .integer(let version) = tokens.token else { throw tokens.unexpected("a version") }
    guard version == Module.textVersion else {
      throw tokens.fail(.unknownVersion(version), at: tokens.offset)
    }
    try tokens.advance()
  }

  /// Reads the lines `meta "key" = "value"`.
  private mutating func metadata() throws(Diagnostic) -> [(key: String, value: String)] {
    var entries: [(key: String, value: String)] = []
    while tokens.token == .word("meta") {
      try tokens.advance()
      let place = tokens.offset
      let key = try tokens.string()
      try tokens.take("=")
      guard !entries.contains(where: { $0.key == key }) else {
        throw tokens.fail(.duplicateMetadata(key), at: place)
      }
      guard entries.count < TextLimits.metadata else {
        throw tokens.fail(.textLimit(TextLimits.metadata, "metadata entries"), at: place)
      }
      entries.append((key, try tokens.string()))
    }
    return entries
  }

  /// Reads `weight @"name" : f32 [2]`, and `= [0.5, -1.0]` if it follows.
  private mutating func weight(
    _ source: (String, Shape) throws(Diagnostic) -> Weight?
  ) throws(Diagnostic) -> Located<Weight> {
    try tokens.advance()
    let (name, place) = try tokens.symbol()
    try tokens.take(":")
    try tokens.take(word: "f32")
    let shapePlace = tokens.offset
    let shape = try self.shape()
    guard tokens.token != .sign("=") else {
      try tokens.advance()
      let dataPlace = tokens.offset
      let data = try tokens.list { (tokens: inout TokenReader) throws(Diagnostic) in
        try tokens.number(Float.self)
      }
      guard data.count == shape.count else {
        throw tokens.fail(.weightData(name, shape, data.count), at: dataPlace)
      }
      return (Weight(name, shape, data), place)
    }
    let found = try tokens.at(place) { () throws(Diagnostic) in try source(name, shape) }
    guard let found else { throw tokens.fail(.unknownWeight(name), at: place) }
    guard found.shape == shape else {
      throw tokens.fail(.weightShape(name, given: shape, found: found.shape), at: shapePlace)
    }
    return (Weight(name, shape, found.data), place)
  }

  /// Reads `input %name : type` and defines the value.
  private mutating func input() throws(Diagnostic) -> Located<ValueType> {
    try tokens.take(word: "input")
    guard case .value(let name) = tokens.token else { throw tokens.unexpected("a value's name") }
    try tokens.advance()
    values[name] = .input
    try tokens.take(":")
    return try type()
  }

  /// Reads the nodes, one after the other.
  private mutating func nodes(into builder: inout ModuleBuilder) throws(Diagnostic) {
    while case .value(let name) = tokens.token {
      let place = tokens.offset
      try tokens.advance()
      try tokens.take("=")
      guard values[name] == nil else { throw tokens.fail(.duplicateValue(name), at: place) }
      guard values.count <= TextLimits.nodes else {
        throw tokens.fail(.textLimit(TextLimits.nodes, "nodes"), at: place)
      }
      values[name] = try append(try node(), to: &builder)
    }
  }
}

// MARK: - A node

extension Parser {
  /// Reads what follows the `=` of a node.
  private mutating func node() throws(Diagnostic) -> WrittenNode {
    var node = WrittenNode(mnemonic: try tokens.word("an op"))
    try operands(of: &node)
    if tokens.token == .sign("{") { node.attributes = try attributes() }
    if tokens.token == .sign(":") {
      try tokens.advance()
      node.type = try type()
    }
    if tokens.token == .word("from") {
      repeat {
        try tokens.advance()
        node.origins.append(try tokens.string())
      } while tokens.token == .sign(",")
    }
    return node
  }

  /// Reads the values and then the weights of a node, separated by commas.
  private mutating func operands(of node: inout WrittenNode) throws(Diagnostic) {
    while true {
      switch tokens.token {
      case .value where node.weights.isEmpty: node.operands.append(try value())
      case .symbol: node.weights.append(try weightID())
      default: throw tokens.unexpected(node.weights.isEmpty ? "a value or a weight" : "a weight")
      }
      guard tokens.token == .sign(",") else { return }
      try tokens.advance()
    }
  }

  /// Reads `{name = value, ...}`.
  private mutating func attributes() throws(Diagnostic) -> [Attribute] {
    var attributes: [Attribute] = []
    repeat {
      try tokens.advance()
      let name = try tokens.word("an attribute").element
      try tokens.take("=")
      attributes.append(Attribute(name, try attributeValue()))
    } while tokens.token == .sign(",")
    try tokens.take("}")
    return attributes
  }

  /// Reads an attribute's value.
  private mutating func attributeValue() throws(Diagnostic) -> AttributeValue {
    switch tokens.token {
    case .word("true"), .word("false"):
      let value = tokens.token == .word("true")
      try tokens.advance()
      return .boolean(value)
    case .integer: return .integer(try tokens.integer())
    case .real: return .real(try tokens.number(Double.self))
    case .sign("["): return .integers(try tokens.integers())
    default: throw tokens.unexpected("an attribute's value")
    }
  }

  /// Appends a node to the module and checks its type.
  private func append(
    _ node: WrittenNode, to builder: inout ModuleBuilder
  ) throws(Diagnostic) -> ValueID {
    let result = try tokens.at(node.mnemonic.offset) { () throws(Diagnostic) in
      let op = try Op(mnemonic: node.mnemonic.element, attributes: node.attributes)
      return try builder.append(op, node.operands, weights: node.weights, from: node.origins)
    }
    if let (type, offset) = node.type {
      try tokens.at(offset) { () throws(Diagnostic) in try builder.check(type, of: result) }
    }
    return result
  }
}

// MARK: - Types

extension Parser {
  /// Reads `timed spike [3, 4]`.
  private mutating func type() throws(Diagnostic) -> Located<ValueType> {
    let place = tokens.offset
    let isTimed = tokens.token == .word("timed")
    if isTimed { try tokens.advance() }
    let domain = try self.domain()
    return (ValueType(domain, try shape(), timed: isTimed), place)
  }

  /// Reads `spike`, `count<17>`, `fixed<-3, 4, 2^-5>` or `real`.
  private mutating func domain() throws(Diagnostic) -> Domain {
    switch tokens.token {
    case .word("spike"):
      try tokens.advance()
      return .spike
    case .word("real"):
      try tokens.advance()
      return .real
    case .word("count"):
      try tokens.advance()
      try tokens.take("<")
      let maximum = try tokens.integer()
      try tokens.take(">")
      return .count(maximum)
    case .word("fixed"):
      try tokens.advance()
      try tokens.take("<")
      let low = try tokens.integer()
      try tokens.take(",")
      let high = try tokens.integer()
      try tokens.take(",")
      let scale = try self.scale()
      try tokens.take(">")
      return .fixed(low: low, high: high, scale: scale)
    default: throw tokens.unexpected("a domain")
    }
  }

  /// Reads `2^-5` as 5.
  private mutating func scale() throws(Diagnostic) -> Int {
    guard tokens.token == .integer(2) else { throw tokens.unexpected("'2'") }
    try tokens.advance()
    try tokens.take("^")
    let place = tokens.offset
    let exponent = try tokens.integer()
    guard (-Domain.scaleLimit...0).contains(exponent) else {
      throw tokens.fail(.scale(exponent), at: place)
    }
    return -exponent
  }

  /// Reads a valid shape.
  private mutating func shape() throws(Diagnostic) -> Shape {
    let place = tokens.offset
    let shape = Shape(try tokens.integers())
    guard shape.isValid else { throw tokens.fail(.invalidShape(shape), at: place) }
    return shape
  }
}

// MARK: - Names

extension Parser {
  /// Takes the name of a defined value.
  private mutating func value() throws(Diagnostic) -> ValueID {
    guard case .value(let name) = tokens.token else { throw tokens.unexpected("a value") }
    guard let id = values[name] else { throw tokens.fail(.undefinedValue(name), at: tokens.offset) }
    try tokens.advance()
    return id
  }

  /// Takes the name of a defined weight.
  private mutating func weightID() throws(Diagnostic) -> WeightID {
    let (name, place) = try tokens.symbol()
    guard let id = weights[name] else { throw tokens.fail(.undefinedWeight(name), at: place) }
    return id
  }
}

extension Diagnostic {
  fileprivate static func unknownVersion(_ version: Int) -> Diagnostic {
    .error(
      "unknown-version",
      "the text has version \(version) of the form, and this program reads \(Module.textVersion)",
      notes: version > Module.textVersion ? ["a newer snnc wrote it: update this one"] : [])
  }

  fileprivate static func duplicateValue(_ name: String) -> Diagnostic {
    .error("duplicate-value", "the value '%\(name)' is defined twice")
  }

  fileprivate static func undefinedValue(_ name: String) -> Diagnostic {
    .error("undefined-value", "'%\(name)' is used before it is defined")
  }

  fileprivate static func undefinedWeight(_ name: String) -> Diagnostic {
    .error("undefined-weight", "no 'weight' line defines @\(quoted(name))")
  }

  fileprivate static func unknownWeight(_ name: String) -> Diagnostic {
    .error("unknown-weight", "@\(quoted(name)) has no numbers here, and there is no such weight")
  }

  fileprivate static func weightShape(_ name: String, given: Shape, found: Shape) -> Diagnostic {
    .error("weight-shape", "@\(quoted(name)) is \(found), and the text says \(given)")
  }

  fileprivate static func weightData(_ name: String, _ shape: Shape, _ count: Int) -> Diagnostic {
    .error("weight-data", "@\(quoted(name)) of \(shape) takes \(shape.count) numbers, not \(count)")
  }

  fileprivate static func scale(_ exponent: Int) -> Diagnostic {
    .error(
      "invalid-domain", "the exponent of a domain is -\(Domain.scaleLimit) to 0, not \(exponent)")
  }
}

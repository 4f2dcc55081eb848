import Diagnostics

/// What each opcode does.
extension PickleMachine {
  /// Executes one opcode, `stop` excepted, whose operands `cursor` stands at.
  mutating func execute(
    _ opcode: OpCode, in bytes: Span<UInt8>, isFirst: Bool
  ) throws(Diagnostic) {
    switch opcode {
    case .stop: return
    case .proto: try readProtocol(in: bytes, isFirst: isFirst)
    case .frame: try readFrame(in: bytes)
    case .mark: try pushMark()
    case .pop: if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .dup: try push(top())

    case .none: try push(ObjectGraph.noneID)
    case .newTrue: try push(ObjectGraph.booleanID(true))
    case .newFalse: try push(ObjectGraph.booleanID(false))
    case .binInt: try push(.integer(Int(cursor.number(Int32.self, in: bytes))))
    case .binInt1: try push(.integer(Int(cursor.number(UInt8.self, in: bytes))))
    case .binInt2: try push(.integer(Int(cursor.number(UInt16.self, in: bytes))))
    case .long1: try push(integer(text(by: UInt8.self, in: bytes, limits.integerBytes)))
    case .long4: try push(integer(text(by: Int32.self, in: bytes, limits.integerBytes)))
    case .binFloat: try push(.real(readFloat(in: bytes)))
    case .shortBinString, .shortBinUnicode: try push(.text(text(by: UInt8.self, in: bytes)))
    case .binString: try push(.text(text(by: Int32.self, in: bytes)))
    case .binUnicode: try push(.text(text(by: UInt32.self, in: bytes)))
    case .binUnicode8: try push(.text(text(by: UInt64.self, in: bytes)))
    case .shortBinBytes: try push(.bytes(text(by: UInt8.self, in: bytes)))
    case .binBytes: try push(.bytes(text(by: UInt32.self, in: bytes)))
    case .binBytes8, .byteArray8: try push(.bytes(text(by: UInt64.self, in: bytes)))

    case .emptyTuple: try push(ObjectGraph.emptyTupleID)
    case .tuple: try push(.tuple(popToMark()))
    case .tuple1: try push(.tuple(pop(1)))
    case .tuple2: try push(.tuple(pop(2)))
    case .tuple3: try push(.tuple(pop(3)))
    case .emptyList: try push(.list([]))
    case .list: try push(.list(popToMark()))
    case .emptySet: try push(.set([]))
    case .frozenSet: try push(.set(popToMark()))
    case .emptyDict: try push(.dictionary([]))
    case .dict: try pushDictionary()

    case .append: try graph.append(pop(1), to: top())
    case .appends, .addItems: try append()
    case .setItem: try graph.setItems(pop(2), of: top())
    case .setItems: try setItems()

    case .binGet: try recall(UInt32(cursor.number(UInt8.self, in: bytes)))
    case .longBinGet: try recall(cursor.number(in: bytes))
    case .binPut: try memoize(UInt32(cursor.number(UInt8.self, in: bytes)))
    case .longBinPut: try memoize(cursor.number(in: bytes))
    case .memoize: try memoize(UInt32(memo.count))

    case .global: try pushGlobal(in: bytes)
    case .stackGlobal: try pushStackGlobal()
    case .binPersID: try push(.persistent(pop()))
    case .reduce, .newObj: try call(with: pop(2))
    case .newObjEx: try call(with: pop(3))
    case .build: try build()
    }
  }

  /// Reads the protocol, which comes first if at all.
  private mutating func readProtocol(
    in bytes: Span<UInt8>, isFirst: Bool
  ) throws(Diagnostic) {
    version = Int(try cursor.number(UInt8.self, in: bytes))
    guard (2...5).contains(version) else { throw .unknownProtocol(version) }
    guard isFirst else { throw .lateProtocol }
  }

  /// Opens a frame.
  private mutating func readFrame(in bytes: Span<UInt8>) throws(Diagnostic) {
    let count = try cursor.number(UInt64.self, in: bytes)
    try cursor.openFrame(Int(clamping: count), in: bytes)
  }

  /// Reads a count of type `Width` and that many bytes.
  private mutating func text<Width: FixedWidthInteger>(
    by type: Width.Type, in bytes: Span<UInt8>, _ limit: Int? = nil
  ) throws(Diagnostic) -> [UInt8] {
    try cursor.counted(by: type, atMost: limit ?? limits.textBytes, in: bytes)
  }

  /// Returns the integer of a two's complement number, the least significant byte first.
  private func integer(_ digits: [UInt8]) -> ObjectGraph.Node {
    let filler: UInt8 = digits.last.map { $0 & 0x80 == 0 ? 0 : 0xFF } ?? 0
    let isNegative = filler != 0
    guard digits.dropFirst(8).allSatisfy({ $0 == filler }),
      digits.count < 8 || (digits[7] & 0x80 != 0) == isNegative
    else { return .longInteger(digits) }
    var value: Int = isNegative ? -1 : 0
    for digit in digits.prefix(8).reversed() { value = value << 8 | Int(digit) }
    return .integer(value)
  }

  /// Reads a float, the one operand whose first byte is the most significant.
  private mutating func readFloat(in bytes: Span<UInt8>) throws(Diagnostic) -> Double {
    Double(bitPattern: try cursor.number(UInt64.self, in: bytes).byteSwapped)
  }

  /// Pushes a dictionary of what is above the mark.
  private mutating func pushDictionary() throws(Diagnostic) {
    let items = try popToMark()
    let dictionary = try graph.add(.dictionary([]))
    try graph.setItems(items, of: dictionary)
    try push(dictionary)
  }

  /// Appends what is above the mark to what is below it.
  private mutating func append() throws(Diagnostic) {
    let items = try popToMark()
    try graph.append(items, to: top())
  }

  /// Sets items of what is below the mark to what is above it.
  private mutating func setItems() throws(Diagnostic) {
    let items = try popToMark()
    try graph.setItems(items, of: top())
  }

  /// Pushes the symbol that two lines name.
  private mutating func pushGlobal(in bytes: Span<UInt8>) throws(Diagnostic) {
    let module = try cursor.line(atMost: limits.symbolBytes, in: bytes)
    let name = try cursor.line(atMost: limits.symbolBytes, in: bytes)
    try pushSymbol(module, name)
  }

  /// Pushes the symbol that two texts on the stack name.
  private mutating func pushStackGlobal() throws(Diagnostic) {
    let parts = try pop(2)
    guard case .text(let module) = graph[parts[0]], case .text(let name) = graph[parts[1]] else {
      throw .symbolIsNoText
    }
    try pushSymbol(module, name)
  }

  /// Pushes the symbol of a module and a name.
  private mutating func pushSymbol(_ module: [UInt8], _ name: [UInt8]) throws(Diagnostic) {
    guard max(module.count, name.count) <= limits.symbolBytes,
      let symbol = Symbol(module: module, name: name)
    else { throw .badSymbol }
    if let known = symbols[symbol] { return try push(known) }
    let id = try graph.add(.symbol(symbol))
    symbols[symbol] = id
    try push(id)
  }

  /// Pushes what calling the first of `parts` with the second gives; keyword arguments are inert.
  private mutating func call(with parts: [ObjectGraph.ID]) throws(Diagnostic) {
    try push(graph.call(parts[0], parts[1]))
  }

  /// Gives the second object on the stack the topmost as its state.
  private mutating func build() throws(Diagnostic) {
    let state = try pop()
    try graph.build(state, on: top())
  }
}

extension Diagnostic {
  fileprivate static func unknownProtocol(_ version: Int) -> Diagnostic {
    .error("pickle-protocol", "the pickle protocols 2 to 5 are read, and this one is \(version)")
  }

  fileprivate static var lateProtocol: Diagnostic {
    .error("pickle-protocol", "a pickle must declare its protocol first or not at all")
  }

  fileprivate static var symbolIsNoText: Diagnostic {
    .error("pickle-symbol", "a class or function must be named by two texts")
  }

  fileprivate static var badSymbol: Diagnostic {
    .error("pickle-symbol", "the name of a class or function must be short and printable ASCII")
  }
}

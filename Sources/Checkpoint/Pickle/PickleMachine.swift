import Diagnostics

/// What a pickle holds.
struct Pickle: Sendable {
  /// The objects.
  let graph: ObjectGraph
  /// The object that the pickle is of.
  let root: ObjectGraph.ID
  /// The protocol that the pickle declares; 2 where it declares none.
  let version: Int
  /// Where the pickle ends in its bytes.
  let end: Int
}

/// Reads pickles of the protocols 2 to 5 into object graphs; imports, calls and executes nothing.
///
/// It is the stack machine of Python's `pickle`, less everything that acts. The opcodes' effects
/// are in `PickleMachine+Opcodes.swift`.
struct PickleMachine {
  /// The objects made so far.
  var graph: ObjectGraph
  /// The place in the bytes.
  var cursor: PickleCursor
  /// The objects at hand.
  var stack: [ObjectGraph.ID] = []
  /// The heights of the stack at which it was marked; nothing below the last one can be popped.
  var marks: [Int] = []
  /// The objects that were given a number, to be used again.
  var memo: [UInt32: ObjectGraph.ID] = [:]
  /// The symbols met so far: one object each, however often a pickle spells it out.
  var symbols: [Symbol: ObjectGraph.ID] = [:]
  /// The protocol that the pickle declares.
  var version = 2
  /// What the pickle may ask for.
  let limits: Limits

  /// Prepares for the pickle that starts at `start`.
  private init(at start: Int, limits: Limits) {
    graph = ObjectGraph(limits: limits)
    cursor = PickleCursor(at: start)
    self.limits = limits
  }

  /// Reads the pickle in `bytes` at `start`; bytes may follow it.
  ///
  /// - Parameter entry: the archive's entry that holds the bytes, for messages.
  static func read(
    _ bytes: Span<UInt8>, at start: Int = 0, entry: String? = nil, limits: Limits
  ) throws(Diagnostic) -> Pickle {
    var machine = PickleMachine(at: start, limits: limits)
    var opcodeStart = start
    do throws(Diagnostic) {
      for _ in 0..<limits.opcodes {
        opcodeStart = machine.cursor.position
        let opcode = try machine.opcode(in: bytes)
        guard opcode == .stop else {
          try machine.execute(opcode, in: bytes, isFirst: opcodeStart == start)
          continue
        }
        let root = try machine.finish()
        return Pickle(
          graph: machine.graph, root: root, version: machine.version,
          end: machine.cursor.position)
      }
      throw Diagnostic.tooMany("opcodes", limits.opcodes)
    } catch {
      throw error.at(entry.map { .entry($0, offset: opcodeStart) } ?? .offset(opcodeStart))
    }
  }

  /// Reads the next opcode.
  private mutating func opcode(in bytes: Span<UInt8>) throws(Diagnostic) -> OpCode {
    let byte = try cursor.opcode(in: bytes)
    guard let opcode = OpCode(rawValue: byte) else {
      guard let name = OpCode.refused[byte] else { throw .unknownOpcode(byte) }
      throw .refusedOpcode(name)
    }
    return opcode
  }

  /// Returns the one object that must be left at the end.
  private mutating func finish() throws(Diagnostic) -> ObjectGraph.ID {
    guard !cursor.isInFrame else { throw .stopInFrame }
    let root = try pop()
    guard stack.isEmpty, marks.isEmpty else { throw .leftOvers(stack.count) }
    return root
  }

  /// Adds an object and pushes it.
  mutating func push(_ node: ObjectGraph.Node) throws(Diagnostic) {
    try push(graph.add(node))
  }

  /// Pushes an object.
  mutating func push(_ id: ObjectGraph.ID) throws(Diagnostic) {
    guard stack.count < limits.stack else { throw .tooMany("objects on its stack", limits.stack) }
    stack.append(id)
  }

  /// Marks the height of the stack.
  mutating func pushMark() throws(Diagnostic) {
    guard marks.count < limits.marks else { throw .tooMany("marks", limits.marks) }
    marks.append(stack.count)
  }

  /// Takes the object on top.
  mutating func pop() throws(Diagnostic) -> ObjectGraph.ID {
    let top = try top()
    stack.removeLast()
    return top
  }

  /// Returns the object on top.
  func top() throws(Diagnostic) -> ObjectGraph.ID {
    guard let top = stack.last, stack.count > marks.last ?? 0 else { throw .underflow }
    return top
  }

  /// Takes the objects above the last mark, and the mark.
  mutating func popToMark() throws(Diagnostic) -> [ObjectGraph.ID] {
    guard let mark = marks.popLast() else { throw .noMark }
    // A slice instead would share the stack's storage, and make each call copy all of it.
    let items = Array(stack[mark...])
    stack.removeLast(items.count)
    return items
  }

  /// Takes the `count` objects on top, the topmost last.
  mutating func pop(_ count: Int) throws(Diagnostic) -> [ObjectGraph.ID] {
    guard stack.count - (marks.last ?? 0) >= count else { throw .underflow }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    return items
  }

  /// Gives the object on top the number `index`.
  mutating func memoize(_ index: UInt32) throws(Diagnostic) {
    guard memo.count < limits.memo else { throw .tooMany("objects in its memo", limits.memo) }
    memo[index] = try top()
  }

  /// Pushes the object with the number `index`.
  mutating func recall(_ index: UInt32) throws(Diagnostic) {
    guard let id = memo[index] else { throw .notInMemo(index) }
    try push(id)
  }
}

extension Diagnostic {
  fileprivate static func unknownOpcode(_ byte: UInt8) -> Diagnostic {
    .error("pickle-opcode", "there is no pickle opcode 0x\(String(byte, radix: 16))")
  }

  fileprivate static func refusedOpcode(_ name: String) -> Diagnostic {
    .error("pickle-opcode", "the opcode \(name) has no place in a checkpoint")
  }

  fileprivate static func tooMany(_ what: String, _ limit: Int) -> Diagnostic {
    .error("pickle-limit", "a pickle has at most \(limit) \(what), and this one has more")
  }

  fileprivate static var underflow: Diagnostic {
    .error("pickle-stack", "an opcode needs more objects than are on the stack")
  }

  fileprivate static var noMark: Diagnostic {
    .error("pickle-stack", "an opcode needs a mark, and there is none on the stack")
  }

  fileprivate static func leftOvers(_ count: Int) -> Diagnostic {
    .error("pickle-stack", "STOP must find one object on the stack, and there are \(count) more")
  }

  fileprivate static func notInMemo(_ index: UInt32) -> Diagnostic {
    .error("pickle-memo", "the memo has no object \(index)")
  }

  fileprivate static var stopInFrame: Diagnostic {
    .error("pickle-frame", "STOP must be the last opcode of its frame")
  }
}

import Diagnostics

/// What a pickle describes: objects that refer to one another by number, and do nothing.
///
/// The numbers are what keeps hostile pickles harmless. An object in the memo is the same object at
/// each use, as Python has it, so a kilobyte cannot unfold into gigabytes; cycles are no problem;
/// and freeing a million nested lists frees one array.
struct ObjectGraph: Sendable {
  /// The number of an object.
  struct ID: Hashable, Sendable {
    /// The place in the graph's array.
    fileprivate let index: Int32
  }

  /// An object.
  enum Node: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    /// An integer beyond 64 bits: two's complement, least significant byte first.
    case longInteger([UInt8])
    case real(Double)
    /// UTF-8 by the pickle's word, or a byte string of Python 2; not checked here.
    case text([UInt8])
    case bytes([UInt8])
    case symbol(Symbol)
    case tuple([ID])
    case list([ID])
    case set([ID])
    /// Keys and values in turn.
    case dictionary([ID])
    /// A reference to something outside of the pickle: a storage.
    case persistent(ID)
    case record(Record)
  }

  /// An object of a class that is not interpreted: who would have made it, from what.
  struct Record: Sendable {
    /// The class or function.
    let callee: ID
    /// The arguments, a tuple.
    let arguments: ID
    /// What was assigned to the object's attributes; `noneID` for nothing.
    var state: ID
    /// What was appended: elements, or keys and values in turn.
    var items: [ID] = []
  }

  /// The objects; the first ones are those that need no second copy.
  private var nodes: [Node] = [.none, .boolean(false), .boolean(true), .tuple([])]

  /// The most objects that are allowed.
  private let limit: Int

  /// Creates an empty graph.
  init(limits: Limits) {
    limit = limits.nodes
  }

  /// The containers that an object has been made of, a bit an object.
  ///
  /// What Python has read of them by then does not change when they do.
  private var used: [UInt64] = []

  /// Python's `None`.
  static let noneID = ID(index: 0)

  /// The empty tuple.
  static let emptyTupleID = ID(index: 3)

  /// Returns the number of a truth value.
  static func booleanID(_ value: Bool) -> ID { ID(index: value ? 2 : 1) }

  /// The object with the number `id`.
  subscript(id: ID) -> Node {
    nodes[Int(id.index)]
  }

  /// All objects, in the order of their making.
  var all: [Node] { nodes }

  /// Adds an object.
  mutating func add(_ node: Node) throws(Diagnostic) -> ID {
    guard nodes.count < limit else { throw .tooManyObjects(limit) }
    defer { nodes.append(node) }
    return ID(index: Int32(nodes.count))
  }

  /// Appends `items` to the list, the set or the record `target`.
  mutating func append(_ items: [ID], to target: ID) throws(Diagnostic) {
    try checkUnused(target)
    let place = Int(target.index)
    let node = nodes[place]
    // Out of the array first: then `grown` below is the only owner, and grows in place.
    nodes[place] = .none
    switch consume node {
    case .list(var grown):
      grown.append(contentsOf: items)
      nodes[place] = .list(grown)
    case .set(var grown):
      grown.append(contentsOf: items)
      nodes[place] = .set(grown)
    case .record(var grown):
      grown.items.append(contentsOf: items)
      nodes[place] = .record(grown)
    default: throw .noContainer("append to", "a list")
    }
  }

  /// Appends keys and values to the dictionary or the record `target`.
  mutating func setItems(_ items: [ID], of target: ID) throws(Diagnostic) {
    guard items.count.isMultiple(of: 2) else { throw .oddItems(items.count) }
    for key in stride(from: 0, to: items.count, by: 2) {
      switch self[items[key]] {
      case .list, .set, .dictionary: throw .unhashableKey
      default: continue
      }
    }
    try checkUnused(target)
    let place = Int(target.index)
    let node = nodes[place]
    nodes[place] = .none
    switch consume node {
    case .dictionary(var grown):
      grown.append(contentsOf: items)
      nodes[place] = .dictionary(grown)
    case .record(var grown):
      grown.items.append(contentsOf: items)
      nodes[place] = .record(grown)
    default: throw .noContainer("set items of", "a dictionary")
    }
  }

  /// Gives the object `target` its attributes.
  mutating func build(_ state: ID, on target: ID) throws(Diagnostic) {
    switch self[target] {
    case .record(var record):
      guard record.state == Self.noneID else { throw .builtTwice }
      use(state)
      for part in elements(of: state) ?? [] { use(part) }
      record.state = state
      nodes[Int(target.index)] = .record(record)
    // An attribute of a dictionary, such as `_metadata` of a state dict, is none of its keys.
    case .dictionary: return
    default: throw .noContainer("build", "an object")
    }
  }

  /// Marks a container as one that an object has been made of.
  private mutating func use(_ id: ID) {
    switch self[id] {
    case .list, .set, .dictionary: break
    default: return
    }
    let (word, bit) = Int(id.index).quotientAndRemainder(dividingBy: UInt64.bitWidth)
    if word >= used.count { used += repeatElement(0, count: word + 1 - used.count) }
    used[word] |= 1 << bit
  }

  /// Checks that no object has been made of a container that is about to change.
  private func checkUnused(_ id: ID) throws(Diagnostic) {
    let (word, bit) = Int(id.index).quotientAndRemainder(dividingBy: UInt64.bitWidth)
    guard word >= used.count || used[word] >> bit & 1 == 0 else { throw .changedLater }
  }

  /// Adds what calling `callee` with the tuple `arguments` would give.
  mutating func call(_ callee: ID, _ arguments: ID) throws(Diagnostic) -> ID {
    guard case .tuple(let values) = self[arguments] else {
      throw .argumentsAreNoTuple(kind(of: arguments))
    }
    switch self[callee] {
    case .symbol(.orderedDict) where values.isEmpty: return try add(.dictionary([]))
    // Of a module saved whole, the legacy stream has the class as a reference to its source.
    case .symbol, .record, .persistent:
      for value in values { use(value) }
      return try add(
        .record(Record(callee: callee, arguments: arguments, state: Self.noneID)))
    default: throw .notCallable(kind(of: callee))
    }
  }
}

extension Diagnostic {
  fileprivate static func tooManyObjects(_ limit: Int) -> Diagnostic {
    .error("pickle-limit", "a pickle makes at most \(limit) objects, and this one makes more")
  }

  fileprivate static func noContainer(_ verb: String, _ what: String) -> Diagnostic {
    .error("pickle-type", "a pickle can only \(verb) \(what), and this one tries another object")
  }

  fileprivate static func oddItems(_ count: Int) -> Diagnostic {
    .error("pickle-type", "keys and values must come in pairs, and these are \(count)")
  }

  fileprivate static var builtTwice: Diagnostic {
    .error("pickle-type", "an object gets its attributes once, and this one twice")
  }

  fileprivate static var changedLater: Diagnostic {
    .error(
      "pickle-type",
      "a container must not change after an object has been made of it, and this one does")
  }

  fileprivate static var unhashableKey: Diagnostic {
    .error("pickle-type", "a key must be hashable, and this one is a container")
  }

  fileprivate static func argumentsAreNoTuple(_ kind: String) -> Diagnostic {
    .error("pickle-type", "the arguments of a call must be a tuple, not \(kind)")
  }

  fileprivate static func notCallable(_ kind: String) -> Diagnostic {
    .error("pickle-type", "only a class or a function can be called, not \(kind)")
  }
}

import Checkpoint
import CheckpointTestSupport
import Diagnostics
import Testing

/// Networks that were saved whole are read as their state dicts, and their classes never looked up.
@Suite struct SavedModuleTests {
  /// The names and first elements of a checkpoint's tensors.
  private func contents(_ checkpoint: Checkpoint) throws -> [String] {
    try checkpoint.stateDict.tensors.map { "\($0.name.text) \(try $0.floats()[0])" }
  }

  @Test func readsAModuleAsItsStateDict() throws {
    let inner = PickleAssembler([]).module(
      "nn Linear", parameters: [("weight", 2), ("bias", nil)], buffers: [])
    let outer = PickleAssembler().module(
      "models Net", parameters: [("scale", 0)], buffers: [("seen", 1), ("cache", 5)],
      passing: ["cache"], children: [("fc", inner), ("dropped", PickleAssembler([]).ops("N"))])
    let checkpoint = try open(outer)
    #expect(checkpoint.container == "module saved whole")
    #expect(try contents(checkpoint) == ["scale 0.0", "seen 1.0", "fc.weight 2.0"])
  }

  @Test func readsAModuleUnderAName() throws {
    let net = PickleAssembler([]).module("models Net", parameters: [("w", 3)], buffers: [])
    let pickle = PickleAssembler().ops("}(").text("epoch").int(3).text("net").raw(net.bytes)
      .text("optimizer").ops("}u")
    let checkpoint = try open(pickle)
    #expect(checkpoint.container == "state dict under 'net'")
    #expect(try contents(checkpoint) == ["w 3.0"])
  }

  @Test func givesAModuleThatIsRegisteredTwiceBothNames() throws {
    let shared = PickleAssembler([]).module("nn Linear", parameters: [("w", 4)], buffers: [])
      .ops("q").raw([9])
    let net = PickleAssembler().module(
      "models Net", parameters: [], buffers: [],
      children: [("a", shared), ("b", PickleAssembler([]).ops("h").raw([9]))])
    #expect(try contents(open(net)) == ["a.w 4.0", "b.w 4.0"])
  }

  @Test func readsAnObjectWithSlots() throws {
    let net = PickleAssembler().global("models Net").ops(")").raw([0x81]).ops("(")
      .attributes(parameters: [("w", 1)], buffers: []).ops("}tb")
    #expect(try contents(open(net)) == ["w 1.0"])
  }

  @Test func readsTheClassOfALegacyStreamThatHasItsSource() throws {
    let net = PickleAssembler().ops("(").text("module").global("models Net").text("models.py")
      .text("class Net: ...").ops("tQ)").raw([0x81])
      .attributes(parameters: [("w", 1)], buffers: []).ops("b")
    let stream = TinyCheckpoint(net, TinyCheckpoint.plain.storages).stream()
    #expect(try contents(open(stream)) == ["w 1.0"])
  }

  @Test func readsTheTensorsOfATorchScriptProgram() throws {
    let inner = PickleAssembler([]).global("__torch__.nn Linear").ops(")").raw([0x81]).ops("}(")
      .text("training").raw([0x89]).text("weight").element(2).ops("ub")
    let outer = PickleAssembler().global("__torch__ Net").ops(")").raw([0x81]).ops("}(")
      .text("threshold").float(1).text("scale").element(0).text("fc").raw(inner.bytes).ops("ub")
    var zip = TinyCheckpoint(outer, TinyCheckpoint.plain.storages).zip
    zip.members.append(.init("tiny/constants.pkl", PickleAssembler().ops(")").stopped))
    zip.members.append(.init("tiny/code/__torch__.py", Array("import os; os.abort()".utf8)))
    let checkpoint = try open(zip.bytes)
    #expect(checkpoint.container == "TorchScript program")
    #expect(try contents(checkpoint) == ["scale 0.0", "fc.weight 2.0"])
  }

  @Test func refusesAModuleInItself() {
    let net = PickleAssembler().global("models Net").ops(")").raw([0x81, 0x71, 0])
      .attributes(
        parameters: [("w", 0)], buffers: [],
        children: [("me", PickleAssembler([]).ops("h").raw([0]))]
      ).ops("b")
    expect("checkpoint-limit") { try open(net) }
  }

  @Test func refusesModulesThatUnfoldWithoutEnd() {
    // Each of 40 modules holds the one before it twice: 2^40 names.
    let leaf = PickleAssembler().module("nn Leaf", parameters: [], buffers: []).ops("q").raw([1])
    let bomb = (2..<42).reduce(leaf) { inner, index in
      let again = PickleAssembler([]).ops("h").raw([UInt8(index - 1)])
      return inner.ops("0").module(
        "nn Pair", parameters: [], buffers: [], children: [("a", again), ("b", again)]
      ).ops("q").raw([UInt8(index)])
    }
    expect("checkpoint-limit") { try open(bomb) }
  }

  @Test func refusesAParameterThatIsNoTensor() {
    let net = PickleAssembler().global("models Net").ops(")").raw([0x81]).ops("}(")
      .text("_parameters").ops("}(").text("w").global("os system").ops(")R").ops("uub")
    let error = expect("unknown-rebuild") { try open(net) }
    #expect(error?.location.place == .tensor("w"))
  }
}

extension PickleAssembler {
  /// A tensor of one element of the storage `0`.
  func element(_ offset: Int) -> PickleAssembler {
    tensor(key: "0", count: 6, offset: offset, shape: [1], strides: [1])
  }

  /// An object of a class as PyTorch pickles a module; `nil` stands for None.
  func module(
    _ symbol: String, parameters: [(String, Int?)], buffers: [(String, Int?)],
    passing: [String] = [], children: [(String, PickleAssembler)] = []
  ) -> PickleAssembler {
    global(symbol).ops(")").raw([0x81])
      .attributes(parameters: parameters, buffers: buffers, passing: passing, children: children)
      .ops("b")
  }

  /// The dictionary of a module's attributes.
  func attributes(
    parameters: [(String, Int?)], buffers: [(String, Int?)], passing: [String] = [],
    children: [(String, PickleAssembler)] = []
  ) -> PickleAssembler {
    var pickle = ops("}(").text("training").raw([0x88])
    for (name, tensors) in [("_parameters", parameters), ("_buffers", buffers)] {
      pickle = pickle.text(name).ops("}(")
      for (name, offset) in tensors {
        pickle = pickle.text(name)
        pickle = offset.map { pickle.element($0) } ?? pickle.ops("N")
      }
      pickle = pickle.ops("u")
    }
    // As protocol 2 has it: a call of `set` with a list.
    pickle = pickle.text("_non_persistent_buffers_set").global("__builtin__ set").ops("](")
    pickle = passing.reduce(pickle) { $0.text($1) }.raw([0x65, 0x85]).ops("R")
    pickle = pickle.text("_modules").global("collections OrderedDict").ops(")R(")
    pickle = children.reduce(pickle) { $0.text($1.0).raw($1.1.bytes) }
    return pickle.ops("uu")
  }
}

import Checkpoint
import CheckpointTestSupport
import Diagnostics
import Families
import SpikeIR
import Testing

/// Models of the user's own: a text whose weights are a checkpoint's tensors.
@Suite struct ArchitectureImportTests {
  /// A checkpoint whose tensors hold 0, 1, 2 and so on, or `value` throughout.
  static func checkpoint(
    _ tensors: [(name: String, shape: [Int])], of value: Float? = nil
  ) throws -> Checkpoint {
    var pickle = PickleAssembler().ops("}(")
    var storages: [(key: String, bytes: [UInt8])] = []
    for (index, (name, shape)) in tensors.enumerated() {
      let count = shape.reduce(1, *)
      let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
      pickle = pickle.text(name).tensor(
        key: "\(index)", count: count, shape: shape, strides: strides)
      storages.append(
        ("\(index)", TinyCheckpoint.bytes(of: (0..<count).map { value ?? Float($0) })))
    }
    let file = TemporaryFile(TinyCheckpoint(pickle.ops("u"), storages).zip.bytes)
    return try Checkpoint(path: file.path)
  }

  /// A module with these weights, whose nodes use none.
  static func text(_ weights: [String]) -> String {
    (["snnir 1", "module @\"m\" { time_steps = 2"] + weights
      + ["input %x : real [2]", "%y = scale %x {factor = 1.0}", "output %y", "}"])
      .joined(separator: "\n")
  }

  /// A module whose linear layer uses `fc.weight` and `fc.bias`; both lie after `weights`.
  static func linear(_ weights: [String] = [], meta: String = "") -> String {
    """
    snnir 1
    module @"m" {
      time_steps = 2 \(meta)
      \(weights.joined(separator: "\n  "))
      weight @"fc.weight" : f32 [2, 3]
      weight @"fc.bias" : f32 [3]
      input %x : real [2]
      %y = linear %x, @"fc.weight", @"fc.bias"
      output %y
    }
    """
  }

  /// The tensors that `linear` names.
  static let linearTensors: [(name: String, shape: [Int])] = [
    ("fc.weight", [3, 2]), ("fc.bias", [3]),
  ]

  /// Imports `text` as the file `a/own.snnir`.
  static func load(
    _ text: String, _ tensors: [(name: String, shape: [Int])]
  ) throws -> ArchitectureImport {
    try ArchitectureImport(checkpoint(tensors), text: text, file: "a/own.snnir")
  }

  /// Shapes of tensors, and of weights that they can be.
  static let fitting: [(tensor: [Int], weight: [Int])] = [
    ([4, 3, 2, 5], [2, 5, 3, 4]), ([2, 2, 2, 2], [2, 2, 2, 2]), ([4, 3, 1, 5], [1, 5, 3, 4]),
    ([4, 3, 5], [1, 5, 3, 4]), ([4, 3, 1], [1, 1, 3, 4]), ([4, 3], [1, 1, 3, 4]),
    ([4, 3, 1, 1], [1, 1, 3, 4]), ([40, 33], [33, 40]), ([4, 3, 1], [3, 4]),
    ([4, 3, 1, 1], [3, 4]),
    ([5], [5]), ([1], [1]), ([], [1]),
  ]

  @Test(arguments: fitting)
  func weightsAreReordered(_ tensor: [Int], _ weight: [Int]) throws {
    let module = try Self.load(
      Self.text(["weight @\"w\" : f32 \(weight)"]), [("w", tensor)]
    ).module
    let values = module.weights[0].data.floats
    let outputs = weight.last ?? 1
    let inputs = weight.dropLast().last ?? 1
    let taps = weight.dropLast(2).reduce(1, *)
    #expect(values.count == taps * inputs * outputs)
    for (index, value) in values.enumerated() {
      let (output, input) = (index % outputs, index / outputs % inputs)
      let tap = index / outputs / inputs
      #expect(value == Float((output * inputs + input) * taps + tap))
    }
  }

  /// Shapes of tensors, and of weights that they cannot be.
  static let unfit: [(tensor: [Int], weight: [Int])] = [
    ([2, 5, 3, 4], [2, 5, 3, 4]), ([4, 3, 5, 2], [2, 5, 3, 4]), ([4, 3, 2], [2, 1, 3, 4]),
    ([4, 3], [1, 2, 3, 4]), ([4, 3], [4, 3]), ([4, 3, 2], [3, 4]), ([4, 3, 1, 2], [3, 4]),
    ([4, 3, 1, 1, 1], [3, 4]), ([12], [3, 4]), ([3, 4], [12]), ([5, 1], [5]), ([], [2]),
    ([1], []), ([], []), ([2, 3, 4], [2, 3, 4]), ([1, 1, 1, 3, 2], [1, 1, 1, 2, 3]),
  ]

  @Test(arguments: unfit)
  func otherShapesAreRefused(_ tensor: [Int], _ weight: [Int]) throws {
    let error = try expect("weight-shape") {
      try Self.load(Self.text(["weight @\"w\" : f32 \(weight)"]), [("w", tensor)])
    }
    #expect(error.location.description == "a/own.snnir: 3:8")
    #expect(error.message.hasSuffix("'w' is \(tensor) in the checkpoint"))
    #expect(error.message.contains("\(weight)"))
  }

  @Test func allThatIsMissingOrLeftOverIsNamed() throws {
    let error = try expect("misfit") {
      try Self.load(Self.linear(), [("fc.wieght", [3, 2]), ("extra", [7])])
    }
    #expect(error.message == "4 tensors do not fit own.snnir")
    #expect(
      error.notes == [
        "missing: fc.weight [2, 3]", "missing: fc.bias [3]", "left over: fc.wieght [3, 2]",
        "left over: extra [7]",
      ])
    let missing = try expect("misfit") {
      try Self.load(Self.linear(), [("fc.weight", [3, 2])])
    }
    #expect(missing.message.contains("missing: fc.bias [3]"))
  }

  @Test func whatNoNodeUsesIsDeclaredAndListed() throws {
    let model = try Self.load(
      Self.linear(["weight @\"old\" : f32 [4]", "weight @\"fixed\" : f32 [2] = [1.0, 2.0]"]),
      [("old", [4]), ("bn.num_batches_tracked", []), ("fixed", [9, 9])] + Self.linearTensors)
    #expect(model.unusedNames == ["old", "bn.num_batches_tracked", "fixed"])
    #expect(model.used.tensors == 2 && model.used.parameters == 9)
    #expect(model.unused.tensors == 3 && model.unused.parameters == 85)
    #expect(model.module.weights.map(\.name) == ["old", "fixed", "fc.weight", "fc.bias"])
    #expect(model.module.weights[1].data.floats == [1, 2])
    #expect(model.module.weights[2].data.floats == [0, 2, 4, 1, 3, 5])
  }

  @Test func theModuleSaysWhereItIsFrom() throws {
    let plain = try Self.load(Self.linear(), Self.linearTensors)
    #expect(plain.family == "own architecture own.snnir")
    #expect(plain.module.metadata("family") == "own architecture own.snnir")
    #expect(plain.module.name == "m")
    let named = try Self.load(
      Self.linear(meta: "meta \"a\" = \"b\" meta \"family\" = \"mine\""), Self.linearTensors)
    #expect(named.module.metadata("family") == "mine" && named.module.metadata("a") == "b")
  }

  @Test func errorsOfTheTextStandInTheText() throws {
    let text = Self.linear().replacing("[3]", with: "[4]")
    let error = try expect("linear-c3") {
      try Self.load(text, [("fc.weight", [3, 2]), ("fc.bias", [4])])
    }
    #expect(error.location.description == "a/own.snnir: 8:8")
    let twice = try expect("duplicate-weight") {
      try Self.load(Self.linear(["weight @\"fc.bias\" : f32 [3]"]), Self.linearTensors)
    }
    #expect(twice.location.file == "a/own.snnir")
  }

  @Test func errorsOfATensorStandInTheCheckpoint() throws {
    let checkpoint = try Self.checkpoint(Self.linearTensors, of: .nan)
    let error = try expect("not-finite") {
      try ArchitectureImport(checkpoint, text: Self.linear(), file: "own.snnir")
    }
    #expect(error.location.file == checkpoint.path)
    #expect(error.location.place == .tensor("fc.weight"))
  }

  @Test func namesAreComparedByteByByte() throws {
    let error = try expect("misfit") {
      try Self.load(Self.text(["weight @\"e\\xCC\\x81\" : f32 [1]"]), [("\u{E9}", [1])])
    }
    #expect(error.notes == ["missing: e\\xCC\\x81 [1]", "left over: \\xC3\\xA9 [1]"])
    let model = try Self.load(
      Self.text(["weight @\"e\\xCC\\x81\" : f32 [1]"]), [("e\u{301}", [1])])
    #expect(model.unusedNames == ["e\\xCC\\x81"])
  }
}

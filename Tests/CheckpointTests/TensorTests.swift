import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// Views of storages, and the values that come out of them.
@Suite struct TensorTests {
  /// A view, and what it shows of a storage that holds 0 to 11.
  struct View: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var offset = 0
    let shape: [Int]
    let strides: [Int]
    let values: [Float]
  }

  static let views: [View] = [
    View(testDescription: "whole", shape: [12], strides: [1], values: (0..<12).map { Float($0) }),
    View(testDescription: "slice", offset: 3, shape: [2], strides: [1], values: [3, 4]),
    View(
      testDescription: "transposed", shape: [3, 4], strides: [1, 3],
      values: [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]),
    View(testDescription: "steps", offset: 1, shape: [3], strides: [4], values: [1, 5, 9]),
    View(testDescription: "expanded", offset: 7, shape: [3], strides: [0], values: [7, 7, 7]),
    View(
      testDescription: "partly expanded", shape: [2, 2, 2], strides: [4, 0, 1],
      values: [0, 1, 0, 1, 4, 5, 4, 5]),
    View(
      testDescription: "overlapping", shape: [3, 3], strides: [1, 1],
      values: [0, 1, 2, 1, 2, 3, 2, 3, 4]),
    View(
      testDescription: "channels last", shape: [1, 2, 2, 3], strides: [12, 1, 6, 2],
      values: [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]),
    View(testDescription: "single value", offset: 11, shape: [], strides: [], values: [11]),
    View(
      testDescription: "any stride for size 1", offset: 2, shape: [1, 2], strides: [1 << 40, 1],
      values: [2, 3]),
    View(
      testDescription: "largest stride for size 1", shape: [3, 1, 2], strides: [3, .max, 1],
      values: [0, 1, 3, 4, 6, 7]),
    View(testDescription: "no elements", shape: [0, 5], strides: [5, 1], values: []),
  ]

  @Test(arguments: views)
  func reads(_ view: View) throws {
    let bytes = TinyCheckpoint.bytes(of: (0..<12).map { Float($0) })
    let tiny = TinyCheckpoint.view(
      bytes: bytes, count: 12, offset: view.offset, shape: view.shape, strides: view.strides)
    let tensor = try #require(try open(tiny).stateDict["w"])
    #expect(tensor.count == view.values.count)
    #expect(try tensor.floats() == view.values)
  }

  /// A tensor's type, the bits of its elements, and their values.
  static let values: [(String, [UInt8], [Float])] = [
    ("FloatStorage", le(0x8000_0000 as UInt32) + le(1 as UInt32), [-0.0, 0x1p-149]),
    ("BFloat16Storage", le(0x3F80 as UInt16) + le(0x8001 as UInt16), [1, -0x1p-133]),
    ("DoubleStorage", le((1.0 + 0x1p-24 + 0x1p-50).bitPattern), [1 + 0x1p-23]),
    ("CharStorage", [0xFF, 0x80], [-1, -128]),
    ("ByteStorage", [0xFF, 0x80], [255, 128]),
    ("ShortStorage", le(-2 as Int16), [-2]),
    ("IntStorage", le(Int32.min), [-0x1p31]),
    ("LongStorage", le((1 << 24) + 1 as Int64) + le(Int64.max), [0x1p24, 0x1p63]),
    ("BoolStorage", [0, 1], [0, 1]),
  ]

  @Test(arguments: values)
  func converts(type: String, bytes: [UInt8], expected: [Float]) throws {
    let count = expected.count
    let tiny = TinyCheckpoint.view(type, bytes: bytes, count: count, shape: [count], strides: [1])
    let floats = try #require(try open(tiny).stateDict["w"]).floats()
    #expect(floats.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func convertsEveryFiniteHalfExactly() throws {
    let halves = (0...UInt16.max).filter { Float16(bitPattern: $0).isFinite }
    let tiny = TinyCheckpoint.view(
      "HalfStorage", bytes: halves.flatMap { le($0) }, count: halves.count, shape: [halves.count],
      strides: [1])
    let floats = try #require(try open(tiny).stateDict["w"]).floats()
    #expect(floats.map(\.bitPattern) == halves.map { Float(Float16(bitPattern: $0)).bitPattern })
  }

  /// Elements that are no finite numbers, each at the index [1, 0].
  static let refused: [(String, [UInt8], String)] = [
    ("FloatStorage", TinyCheckpoint.bytes(of: [1, 2, .nan, 3]), "is NaN"),
    ("FloatStorage", TinyCheckpoint.bytes(of: [1, 2, -.infinity, 3]), "is infinite"),
    ("HalfStorage", [0, 0, 0, 0, 0, 0x7C, 0, 0], "is infinite"),
    ("HalfStorage", [0, 0, 0, 0, 1, 0xFC, 0, 0], "is NaN"),
    ("BFloat16Storage", [0, 0, 0, 0, 0xC0, 0x7F, 0, 0], "is NaN"),
    (
      "DoubleStorage", [0.0, 0, 1e300, 0].flatMap { le($0.bitPattern) },
      "is too large for single precision"
    ),
  ]

  @Test(arguments: refused)
  func refusesWhatIsNotFinite(type: String, bytes: [UInt8], words: String) throws {
    let tiny = TinyCheckpoint.view(type, bytes: bytes, count: 4, shape: [2, 2], strides: [2, 1])
    let tensor = try #require(try open(tiny).stateDict["w"])
    let error = expect("not-finite") { try tensor.floats() }
    #expect(error?.location.place == .tensor("w"))
    #expect(
      error?.message == "a tensor's elements must be finite, and the one at [1, 0] \(words)")
  }

  @Test func refusesTruthValuesThatAreNone() throws {
    let tiny = TinyCheckpoint.view(
      "BoolStorage", bytes: [0, 1, 2], count: 3, shape: [3], strides: [1])
    let tensor = try #require(try open(tiny).stateDict["w"])
    expect("not-boolean") { try tensor.floats() }
  }

  @Test func tensorsMayShareAStorage() throws {
    let pickle = PickleAssembler().ops("}(").text("a")
      .tensor(key: "0", count: 6, shape: [6], strides: [1]).text("b")
      .tensor(key: "0", count: 6, offset: 2, shape: [2], strides: [1]).ops("u")
    let stateDict = try open(pickle).stateDict
    #expect(try stateDict["a"]?.floats() == [0, 1, 2, 3, 4, 5])
    #expect(try stateDict["b"]?.floats() == [2, 3])
  }

  /// Appends the arguments that every form of a tensor starts with: two elements of storage `0`.
  private func arguments(_ pickle: PickleAssembler) -> PickleAssembler {
    pickle.storage("FloatStorage", key: "0", count: 6).int(0).ints([2]).ints([1])
  }

  @Test func readsParametersAndOlderForms() throws {
    var pickle = PickleAssembler().ops("}(").text("old")
      .global("torch._utils _rebuild_tensor").ops("(")
    pickle = arguments(pickle).ops("tR").text("parameter")
      .global("torch._utils _rebuild_parameter").ops("(")
      .tensor(key: "0", count: 6, offset: 2, shape: [2], strides: [1]).raw([0x88]).ops("}tR")
    pickle = pickle.text("subclass").global("torch._tensor _rebuild_from_type_v2").ops("(")
      .global("torch._utils _rebuild_tensor_v2").global("timm Weight").ops("(")
    pickle = arguments(pickle).raw([0x89]).ops("}tNtRu")
    let stateDict = try open(pickle).stateDict
    #expect(try stateDict["old"]?.floats() == [0, 1])
    #expect(try stateDict["parameter"]?.floats() == [2, 3])
    #expect(try stateDict["subclass"]?.floats() == [0, 1])
  }

  @Test func readsTypedViewsOfStoragesOfBytes() throws {
    let pickle = PickleAssembler().ops("}(").text("w")
      .global("torch._utils _rebuild_tensor_v3").ops("((").text("storage")
      .global("torch.storage UntypedStorage").text("0").text("cpu").int(24).ops("tQ").int(1)
      .ints([2]).ints([2]).raw([0x89]).ops("}").global("torch float32").ops("tR")
    #expect(try open(pickle.ops("u")).stateDict["w"]?.floats() == [1, 3])
    let both = pickle.text("x").tensor(key: "0", count: 6, shape: [2], strides: [1]).ops("u")
    expect("storage-reference") { try open(both) }
  }

  @Test func refusesLazyViews() throws {
    var pickle = PickleAssembler().ops("}(").text("w")
      .global("torch._utils _rebuild_tensor_v2").ops("(")
    pickle = arguments(pickle).raw([0x89]).ops("}}(").text("neg").raw([0x88]).ops("utRu")
    expect("unsupported-tensor") { try open(pickle) }
  }
}

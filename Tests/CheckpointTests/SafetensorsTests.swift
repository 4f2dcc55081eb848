import Checkpoint
import CheckpointTestSupport
import Diagnostics
import Testing

/// Safetensors files are read by their format's rules, or refused.
@Suite struct SafetensorsTests {
  /// Opens a file of a header and some bytes of data.
  static func read(_ header: String, _ data: [UInt8]) throws(Diagnostic) -> Checkpoint {
    try open(TinySafetensors(header, data).bytes)
  }

  /// An entry of a header.
  static func entry(
    _ name: String, _ type: String, _ shape: [Int], _ begin: Int, _ end: Int
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  @Test func readsWhatTheLibraryWroteAsTheCheckpointOfTheSameTensors() throws {
    // Rewritten by safetensors 0.8.0: save_file(state_dict, path, metadata).
    let name = "spikingformer-cifar10-half-tiny"
    let rewritten = try Checkpoint(path: Fixture.path("\(name).safetensors"))
    let original = try Checkpoint(path: Fixture.path("\(name).pth"))
    #expect(rewritten.format == "safetensors" && rewritten.container == "plain state dict")
    #expect(
      rewritten.hints == [
        "format": .text("pt"), "num_heads": .integer(4), "time_step": .integer(4),
      ]
    )
    #expect(rewritten.stateDict.tensors.count == original.stateDict.tensors.count)
    for tensor in original.stateDict.tensors {
      let twin = try #require(rewritten.stateDict[tensor.name])
      #expect(twin.elementType == tensor.elementType && twin.shape == tensor.shape)
      #expect(try twin.floats().map(\.bitPattern) == tensor.floats().map(\.bitPattern))
    }
  }

  /// The element types with their bytes and what they are as floats.
  static let types: [(String, [UInt8], [Float])] = [
    ("F64", le((1.0 + 0x1p-24 + 0x1p-50).bitPattern), [1 + 0x1p-23]),
    ("F32", le(0x8000_0000 as UInt32) + le(1 as UInt32), [-0.0, 0x1p-149]),
    ("F16", le(0x3C00 as UInt16) + le(0x8001 as UInt16), [1, -0x1p-24]),
    ("BF16", le(0x3F80 as UInt16) + le(0x8001 as UInt16), [1, -0x1p-133]),
    ("I64", le((1 << 24) + 1 as Int64) + le(Int64.max), [0x1p24, 0x1p63]),
    ("I32", le(Int32.min), [-0x1p31]), ("I16", le(-2 as Int16), [-2]), ("I8", [0xFF], [-1]),
    ("U64", le(UInt64.max), [0x1p64]), ("U32", le(UInt32.max), [0x1p32]),
    ("U16", le(UInt16.max), [65535]), ("U8", [0xFF], [255]), ("BOOL", [0, 1], [0, 1]),
  ]

  @Test(arguments: types)
  func converts(_ type: String, _ bytes: [UInt8], _ values: [Float]) throws {
    // A byte before them, so that no number lies at a multiple of its size.
    let header =
      "{\(Self.entry("a", "U8", [1], 0, 1)),"
      + "\(Self.entry("w", type, [values.count], 1, 1 + bytes.count))}"
    let tensor = try #require(try Self.read(header, [7] + bytes).stateDict["w"])
    #expect(try tensor.floats().map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test(arguments: ["F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "F8_E8M0"])
  func listsEightBitFloatsAndTakesThemForNoWeight(_ type: String) throws {
    let header = "{\(Self.entry("a", "U8", [1], 0, 1)),\(Self.entry("w", type, [2], 1, 3))}"
    let stateDict = try Self.read(header, [7, 0x38, 0x38]).stateDict
    #expect(try stateDict["a"]?.floats() == [7])
    let error = expect("element-type") { try stateDict["w"]?.floats() }
    #expect(error?.location.place == .tensor("w"))
  }

  /// Files that must be read: the header, the bytes of data, and the tensors' shapes in order.
  static let good: [(header: String, count: Int, shapes: [String: [Int]])] = [
    (TinySafetensors.plain.header, 24, ["w": [2, 3]]),
    (TinySafetensors.plain.header + String(repeating: " ", count: 7), 24, ["w": [2, 3]]),
    ("{\(entry("s", "F64", [], 0, 8))}", 8, ["s": []]),
    ("{\(entry("e", "F32", [0, 5], 0, 0))}", 0, ["e": [0, 5]]),
    (
      "{\(entry("b", "U8", [2], 1, 3)),\(entry("e", "I64", [3, 0], 1, 1)),\(entry("a", "I8", [1], 0, 1))}",
      3, ["b": [2], "e": [3, 0], "a": [1]]
    ),
    (
      "{\(entry("a", "U8", [2], 0, 2)),\"__metadata__\":{},\(entry("e", "F16", [0], 2, 2))}", 2,
      ["a": [2], "e": [0]]
    ),
    (
      "{ \"w\" :\n{\"data_offsets\":[0, 1], \"dtype\": \"\\u0055\\u0038\", \"shape\": [1 , 1]}\n}",
      1,
      ["w": [1, 1]]
    ),
    ("{\"w\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1],\"note\":[{}]}}", 1, ["w": []]),
  ]

  @Test(arguments: good.indices)
  func reads(_ index: Int) throws {
    let (header, count, shapes) = Self.good[index]
    let data = (0..<count).map { UInt8($0) }
    let tensors = try Self.read(header, data).stateDict.tensors
    #expect(Dictionary(uniqueKeysWithValues: tensors.map { ($0.name.text, $0.shape) }) == shapes)
    for tensor in tensors { #expect(try tensor.floats().count == tensor.count) }
  }

  @Test func keepsTheOrderOfTheHeader() throws {
    let tensors = try Self.read(Self.good[4].header, [1, 2, 3]).stateDict.tensors
    #expect(tensors.map(\.name.text) == ["b", "e", "a"])
    #expect(try tensors.map { try $0.floats() } == [[2, 3], [], [1]])
  }

  @Test(arguments: [128, 384, 640, 1152, 0x0580])
  func isNotTakenForAPickleByItsLength(_ length: Int) throws {
    var tiny = TinySafetensors.plain
    tiny.header += String(repeating: " ", count: length - tiny.header.utf8.count)
    #expect(tiny.bytes[0] == 0x80)
    #expect(try open(tiny.bytes).stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func takesTheLeadingModuleOffEveryName() throws {
    let header = "{\(Self.entry("module.a", "U8", [1], 0, 1))}"
    let checkpoint = try Self.read(header, [7])
    #expect(checkpoint.stateDict["a"] != nil)
    #expect(
      checkpoint.notes == ["took the leading 'module.' of DistributedDataParallel off every name"])
  }

  /// A text of the metadata, and the hint that it is.
  static let hints: [(String, Hint)] = [
    ("8", .integer(8)), ("-3", .integer(-3)), ("0.5", .real(0.5)), ("1e-3", .real(0.001)),
    ("true", .boolean(true)), ("false", .boolean(false)), ("", .text("")), ("007", .text("007")),
    ("[224, 224]", .list([.integer(224), .integer(224)])), ("[0.5]", .list([.real(0.5)])),
    ("[]", .list([])), ("[[1]]", .text("[[1]]")), ("[1, true]", .text("[1, true]")),
    ("null", .text("null")), ("{}", .text("{}")), ("\\\"8\\\"", .text("\"8\"")),
    ("8 heads", .text("8 heads")), ("99999999999999999999", .text("99999999999999999999")),
    ("nan", .text("nan")),
  ]

  @Test(arguments: hints.indices)
  func metadataAreHints(_ index: Int) throws {
    let (text, hint) = Self.hints[index]
    let checkpoint = try Self.read(
      "{\"__metadata__\":{\"k\":\"\(text)\",\"\u{E9}\":\"1\"},\(Self.entry("w", "U8", [1], 0, 1))}",
      [0])
    #expect(checkpoint.hints == ["k": hint])
    #expect(checkpoint.hintsName == "metadata")
  }

  @Test func longMetadataAreLeftOut() throws {
    let long = String(repeating: "1, ", count: 400)
    let list = "[" + String(repeating: "1, ", count: 64) + "1]"
    let checkpoint = try Self.read(
      "{\"__metadata__\":{\"a\":\"\(long)\",\"b\":\"\(list)\"},\(Self.entry("w", "U8", [1], 0, 1))}",
      [0])
    #expect(checkpoint.hints == ["b": .text(list)])
  }
}

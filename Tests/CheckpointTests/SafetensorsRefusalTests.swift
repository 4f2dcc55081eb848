import Checkpoint
import CheckpointTestSupport
import Diagnostics
import Testing

/// Safetensors files that cannot be read, and those that break a rule.
@Suite struct SafetensorsRefusalTests {
  /// An entry of a header.
  static func entry(
    _ name: String, _ type: String, _ shape: String, _ offsets: String
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test func everyTruncationIsAnError() {
    for bytes in [TinySafetensors.plain.bytes, Self.two.bytes] {
      for count in 0..<bytes.count {
        #expect(throws: Diagnostic.self, "at \(count)") { try open(Array(bytes[..<count])) }
      }
      expect("safetensors-coverage") { try open(bytes + [0]) }
    }
  }

  @Test func noChangedByteTraps() throws {
    let bytes = Self.two.bytes
    for index in bytes.indices {
      for byte: UInt8 in [0, 1, 0x20, 0x22, 0x2D, 0x30, 0x39, 0x5B, 0x5C, 0x7B, 0x7D, 0xFF] {
        var changed = bytes
        changed[index] = byte
        guard let checkpoint = try? open(changed) else { continue }
        for tensor in checkpoint.stateDict.tensors { _ = try? tensor.floats() }
      }
    }
  }

  /// Two tensors and metadata.
  static let two = TinySafetensors(
    "{\"__metadata__\":{\"k\":\"8\"},\(entry("a", "F32", "[2,1]", "[0,8]")),"
      + "\(entry("b", "BOOL", "[3]", "[8,11]"))}",
    [0, 0, 128, 63, 0, 0, 0, 64, 1, 0, 1])

  /// Lengths of a header of 57 bytes, and what is wrong with them.
  static let lengths: [(UInt64, String)] = [
    (0, "json-syntax"), (1, "json-syntax"), (56, "json-syntax"), (58, "json-syntax"),
    (82, "safetensors-header"), (100_000_000, "safetensors-header"),
    (100_000_001, "safetensors-header"), (1 << 47, "safetensors-header"),
    (1 << 48, "not-a-checkpoint"), (.max, "not-a-checkpoint"),
  ]

  @Test(arguments: lengths)
  func refusesLengths(_ length: UInt64, _ id: String) {
    var tiny = TinySafetensors.plain
    #expect(tiny.header.utf8.count == 57)
    tiny.length = length
    expect(id) { try open(tiny.bytes) }
  }

  @Test func theHeadersLimitIsTheFormats() {
    var limits = Limits.standard
    #expect(limits.headerBytes == 100_000_000)
    limits.headerBytes = 56
    let error = expect("safetensors-header") {
      try open(TinySafetensors.plain.bytes, limits: limits)
    }
    #expect(error?.message == "the header has at most 56 bytes, and this one has 57")
  }

  /// Headers that are not JSON objects.
  static let malformed: [(String, String)] = [
    ("{", "json-syntax"), ("{}}", "json-syntax"), ("{\"w\":}", "json-syntax"),
    ("{\"w\":{\"dtype\":F32}}", "json-syntax"), ("{\"w\":NaN}", "json-syntax"),
    ("{\(entry("w", "U8", "[1]", "[0,1]"))}x", "json-syntax"),
    ("{\(entry("w", "U8", "[99999999999999999999]", "[0,1]"))}", "json-syntax"),
    ("{\(entry("w\\u0000", "U8", "[1]", "[0,1]"))}", "json-syntax"),
    ("{\(entry("w", "U8", "[1]", "[0,1]")),\(entry("w", "U8", "[1]", "[1,2]"))}", "json-duplicate"),
    (
      "{\(entry("w", "U8", "[1]", "[0,1]")),\(entry("\\u0077", "U8", "[1]", "[0,1]"))}",
      "json-duplicate"
    ),
    ("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", "json-duplicate"),
    (
      "{\"w\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}",
      "json-duplicate"
    ),
    ("{\"w\":" + String(repeating: "[", count: 100_000), "json-limit"),
    ("{" + String(repeating: "\"w\":0,", count: 1 << 20), "json-limit"),
  ]

  @Test(arguments: malformed.indices)
  func refusesMalformed(_ index: Int) {
    let (header, id) = Self.malformed[index]
    let error = expect(id) { try open(TinySafetensors(header, [0]).bytes) }
    #expect(error?.notes.last?.contains("which starts at byte 8") == true)
  }

  /// Headers that break a rule of the format, in a file with 8 bytes of data.
  static let invalid: [(header: String, id: String)] = [
    ("{}", "no-state-dict"), ("{\"__metadata__\":{}}", "no-state-dict"),
    ("{\"__metadata__\":[]}", "safetensors-metadata"),
    ("{\"__metadata__\":null}", "safetensors-metadata"),
    ("{\"__metadata__\":{\"heads\":8}}", "safetensors-metadata"),
    ("{\"__metadata__\":{\"heads\":{}}}", "safetensors-metadata"),
    ("{\"w\":[]}", "safetensors-entry"), ("{\"w\":{}}", "safetensors-entry"),
    ("{\"w\":{\"dtype\":\"U8\",\"shape\":[8]}}", "safetensors-entry"),
    ("{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,8]}}", "safetensors-entry"),
    ("{\"w\":{\"shape\":[8],\"data_offsets\":[0,8]}}", "safetensors-entry"),
    ("{\"w\":{\"dtype\":8,\"shape\":[8],\"data_offsets\":[0,8]}}", "safetensors-entry"),
    ("{\(entry("w", "U8", "8", "[0,8]"))}", "safetensors-entry"),
    ("{\(entry("w", "U8", "[8.0]", "[0,8]"))}", "safetensors-entry"),
    ("{\(entry("w", "U8", "[\"8\"]", "[0,8]"))}", "safetensors-entry"),
    ("{\(entry("w", "U8", "[-8]", "[0,8]"))}", "safetensors-entry"),
    ("{\(entry("w", "U8", "[-2,-4]", "[0,8]"))}", "safetensors-entry"),
    ("{\(entry("w", "U8", "[8]", "[-1,7]"))}", "safetensors-entry"),
    ("{\(entry("w", "F4", "[16]", "[0,8]"))}", "element-type"),
    ("{\(entry("w", "f32", "[2]", "[0,8]"))}", "element-type"),
    ("{\(entry("w", "C64", "[1]", "[0,8]"))}", "element-type"),
    ("{\(entry("", "U8", "[8]", "[0,8]"))}", "tensor-name"),
    ("{\(entry(String(repeating: "w", count: 1025), "U8", "[8]", "[0,8]"))}", "tensor-name"),
    // Offsets.
    ("{\(entry("w", "U8", "[8]", "[0]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[8]", "[0,4,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[8]", "[8,0]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[9]", "[0,9]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[1]", "[8,9]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[8]", "[0,9223372036854775807]"))}", "safetensors-offsets"),
    ("{\(entry("w", "F32", "[8]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "F32", "[1]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "F32", "[]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[8,0]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U16", "[3]", "[0,7]"))}", "safetensors-offsets"),
    // Products that leave 64 bits, or wrap around to the right number.
    ("{\(entry("w", "U8", "[9223372036854775807,2]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[4294967296,4294967296,8]", "[0,0]"))}", "safetensors-offsets"),
    ("{\(entry("w", "F64", "[2305843009213693953]", "[0,8]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "[0,9223372036854775807,2]", "[0,0]"))}", "safetensors-offsets"),
    ("{\(entry("w", "U8", "\([Int](repeating: 1, count: 33))", "[0,1]"))}", "checkpoint-limit"),
    // Coverage.
    ("{\(entry("w", "U8", "[7]", "[1,8]"))}", "safetensors-coverage"),
    ("{\(entry("w", "U8", "[7]", "[0,7]"))}", "safetensors-coverage"),
    (
      "{\(entry("a", "U8", "[3]", "[0,3]")),\(entry("b", "U8", "[4]", "[4,8]"))}",
      "safetensors-coverage"
    ),
    (
      "{\(entry("a", "U8", "[5]", "[0,5]")),\(entry("b", "U8", "[4]", "[4,8]"))}",
      "safetensors-coverage"
    ),
    (
      "{\(entry("a", "U8", "[8]", "[0,8]")),\(entry("b", "U8", "[8]", "[0,8]"))}",
      "safetensors-coverage"
    ),
    (
      "{\(entry("a", "U8", "[8]", "[0,8]")),\(entry("b", "U8", "[0]", "[4,4]"))}",
      "safetensors-coverage"
    ),
    ("{\(entry("a", "U8", "[0]", "[8,8]"))}", "safetensors-coverage"),
  ]

  @Test(arguments: invalid.indices)
  func refusesInvalid(_ index: Int) {
    let (header, id) = Self.invalid[index]
    let error = expect(id) {
      try open(TinySafetensors(header, [UInt8](repeating: 0, count: 8)).bytes)
    }
    #expect(error?.status == .badData)
    #expect(error?.location.file != nil)
  }

  @Test func namesTheTensorAndBothValues() {
    let header = "{\(Self.entry("w", "F32", "[2,3]", "[0,8]"))}"
    let error = expect("safetensors-offsets") {
      try open(TinySafetensors(header, [UInt8](repeating: 0, count: 8)).bytes)
    }
    #expect(error?.message == "float32 [2, 3] takes 24 bytes, and its offsets [0, 8] have 8")
    #expect(error?.location.place == .tensor("w"))
  }

  @Test func limitsHold() {
    var limits = Limits.standard
    limits.tensors = 1
    expect("checkpoint-limit") { try open(Self.two.bytes, limits: limits) }
    limits = .standard
    limits.headerValues = 14
    expect("json-limit") { try open(Self.two.bytes, limits: limits) }
    limits = .standard
    limits.nameBytes = 0
    expect("tensor-name") { try open(Self.two.bytes, limits: limits) }
  }
}

import Diagnostics
import IRTestSupport
import SpikeIR
import SpikeIRProto
import Testing

/// Files that nobody wrote: each is refused with a diagnostic or gives a module that holds.
@Suite struct HostileFileTests {
  /// The bytes of the sample.
  let file: [UInt8]

  init() throws {
    file = try Sample.bytes(Sample.module())
  }

  /// The id of the diagnostic that reading `bytes` gives; `nil` where they are read.
  func id(_ bytes: [UInt8]) throws -> String? {
    do {
      try Sample.read(bytes).verifyStructure()
      return nil
    } catch let error as Diagnostic {
      return error.id
    }
  }

  /// The sample with `bytes` at `offset`.
  func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
    Array(file[..<offset]) + bytes + file[(offset + bytes.count)...]
  }

  @Test func everyTruncationIsRefused() throws {
    for count in file.indices {
      #expect(try id(Array(file[..<count])) != nil, "\(count) bytes")
    }
  }

  @Test func everyChangedByteOutsideTheWeightsIsRefused() throws {
    let weights = (Sample.message(in: file).upperBound + 63) / 64 * 64
    for offset in 0..<weights {
      for bit in 0..<8 {
        #expect(try id(patched(offset, [file[offset] ^ 1 << bit])) != nil, "byte \(offset)")
      }
    }
  }

  /// With a checksum that fits, as an attacker would write it.
  @Test func everyChangedByteOfTheMessageIsRefusedOrGivesAModule() throws {
    let range = Sample.message(in: file)
    let weights = Array(file[((range.upperBound + 63) / 64 * 64)...])
    var refused = 0
    for offset in range {
      for value in (0..<8).map({ file[offset] ^ 1 << $0 }) + [0, 0x7F, 0x80, 0xFF] {
        var message = Array(file[range])
        message[offset - range.lowerBound] = value
        if try id(Sample.file(message, weights: weights)) != nil { refused += 1 }
      }
    }
    #expect(refused > range.count)
  }

  @Test func everyTruncationOfTheMessageIsRefused() throws {
    let range = Sample.message(in: file)
    let weights = Array(file[((range.upperBound + 63) / 64 * 64)...])
    for end in range {
      #expect(try id(Sample.file(Array(file[40..<end]), weights: weights)) != nil)
    }
  }

  @Test func headersAreChecked() throws {
    #expect(try id([]) == "not-a-model")
    #expect(try id(Array(file[..<20])) == "bad-header")
    #expect(try id(patched(8, [2])) == "newer-format")
    #expect(try id(patched(8, [0])) == "bad-header")
    #expect(try id(patched(12, [1])) == "bad-header")
    #expect(try id(patched(16, [UInt8](repeating: 0xFF, count: 8))) == "message-limit")
    #expect(try id(Array(patched(8, [2])[..<12])) == "newer-format")
    #expect(try id(patched(16, [0, 0, 0, 4])) == "bad-header")
    #expect(try id(patched(24, [UInt8](repeating: 0xFF, count: 8))) == "bad-header")
    #expect(try id(patched(32, [file[32] ^ 1])) == "message-checksum")
    #expect(try id(file + [0]) == "wrong-length")
    #expect(try id(patched(file.count - 1, [1])) == "nonzero-padding")
  }

  @Test func aTransferAsTextIsNamed() throws {
    let converted = [0x89, 0x53, 0x4E, 0x4E, 0x0A, 0x1A, 0x0A] + file[8...]
    let error = try #require(throws: Diagnostic.self) { _ = try Sample.read(converted) }
    #expect(error.id == "not-a-model" && error.notes.count == 1)
  }

  @Test func messagesAreChecked() throws {
    let input = Field.bytes(3, [])
    #expect(try id(Sample.file(Field.varint(2, 1) + input)) == nil)
    #expect(try id(Sample.file(Field.varint(2, 1))) == "missing-field")
    #expect(try id(Sample.file(input)) == "time-steps")
    #expect(try id(Sample.file([0xFF])) == "bad-message")
    let valid = Field.varint(2, 1) + input
    #expect(try id(Sample.file(valid + Field.bytes(1, [0xC0, 0x80]))) == "invalid-utf8")
    let entry = Field.bytes(5, Field.bytes(1, [65]))
    #expect(try id(Sample.file(valid + entry + entry)) == "duplicate-metadata")
    #expect(try id(Sample.file(valid + Field.varint(4, 1))) == "undefined-value")
    #expect(try id(Sample.file(valid + Field.varint(99, 1))) == nil, "unknown fields are ignored")
    #expect(try id(Sample.file(valid + Field.bytes(2, [1]))) == "bad-message", "a number as bytes")
    #expect(try id(Sample.file(valid + [0x9B, 0x06, 0x9C, 0x06])) == "bad-message", "a group")
    let timed = Field.varint(2, 1) + Field.bytes(3, Field.bytes(2, [1]))
    #expect(try id(Sample.file(timed)) == "bad-message", "a boolean as bytes")
    let attribute = Field.bytes(4, Field.bytes(1, [65]) + Field.bytes(5, [1]))
    #expect(
      try id(Sample.file(valid + Field.bytes(7, attribute))) == "bad-message",
      "a boolean as bytes, further within")
    let entries = (0...BinaryLimits.metadata).flatMap { Field.bytes(5, Field.varint(1, $0)) }
    #expect(try id(Sample.file(valid + entries)) == "bad-message")
    let many = (0...BinaryLimits.metadata).flatMap {
      Field.bytes(5, Field.bytes(1, Array("\($0)".utf8)))
    }
    #expect(try id(Sample.file(valid + many)) == "message-limit")
  }

  @Test func domainsAreChecked() throws {
    /// The id for an input of the integers `low` to `high` times 2^-`scale`.
    func id(_ low: Int, _ high: Int, _ scale: Int) throws -> String? {
      let exact = Field.signed(1, low) + Field.signed(2, high) + Field.varint(3, scale)
      return try self.id(
        Sample.file(Field.varint(2, 1) + Field.bytes(3, Field.bytes(1, exact))))
    }
    #expect(try id(0, 1, 0) == nil)
    #expect(try id(-3, 4, 5) == nil)
    let refused = [
      (0, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1 << 25, 0), (.min, 0, 0), (.max, 0, 0),
      (.min, .max, 0),
      (0, 1, 101), (0, 1, Int(UInt32.max)),
    ]
    for (low, high, scale) in refused {
      #expect(try id(low, high, scale) == "invalid-domain", "\(low) \(high) \(scale)")
    }
  }

  @Test func weightsAreChecked() throws {
    /// The id for a weight of `extents` at `offset` with `length`, in a file with 64 bytes of them.
    func id(_ extents: [Int], offset: Int, length: Int, size: Int = 64) throws -> String? {
      let weight =
        extents.flatMap { Field.varint(2, $0) } + Field.varint(3, offset) + Field.varint(4, length)
      let message = Field.varint(2, 1) + Field.bytes(3, []) + Field.bytes(6, weight)
      return try self.id(Sample.file(message, weights: [UInt8](repeating: 0, count: size)))
    }
    #expect(try id([4], offset: 0, length: 16) == nil)
    #expect(try id([], offset: 0, length: 4) == nil)
    #expect(try id([4], offset: 0, length: 12) == "weight-length")
    #expect(try id([4], offset: 4, length: 16) == "weight-place")
    #expect(try id([4], offset: 64, length: 16) == "weight-place")
    #expect(try id([4], offset: -64, length: 16) == "weight-place")
    #expect(try id([0], offset: 0, length: 0) == "invalid-shape")
    #expect(try id([-1], offset: 0, length: 4) == "invalid-shape")
    #expect(try id([1 << 32, 1 << 32], offset: 0, length: 0) == "invalid-shape")
    #expect(try id([1 << 34], offset: 0, length: 1 << 36) == "wrong-length")
    #expect(try id([17], offset: 0, length: 68) == "wrong-length")
    #expect(try id([4], offset: 0, length: 16, size: 128) == "wrong-length")
    #expect(try id([4], offset: 0, length: 16, size: 16) == "wrong-length")
  }

  @Test func nodesAreChecked() throws {
    /// The id for a node of these fields.
    func id(_ node: [UInt8]) throws -> String? {
      try self.id(
        Sample.file(Field.varint(2, 1) + Field.bytes(3, []) + Field.bytes(7, node)))
    }
    let op = Field.bytes(1, Array("repeat".utf8))
    let type = Field.bytes(5, Field.varint(2, 1))
    #expect(try id(op + Field.varint(2, 0) + type) == nil)
    #expect(try id(op + Field.varint(2, 0)) == "missing-field")
    #expect(try id(op + Field.varint(2, 0) + Field.bytes(5, [])) == "wrong-type")
    #expect(try id(op + Field.varint(2, 1) + type) == "undefined-value")
    #expect(try id(op + Field.varint(2, Int(UInt32.max)) + type) == "undefined-value")
    #expect(try id(op + type) == "operand-count")
    #expect(try id(op + Field.varint(2, 0) + Field.varint(3, 0) + type) == "weight-count")
    #expect(try id(Field.bytes(1, Array("repeat\0".utf8)) + type) == "unknown-op")
    #expect(try id(op + Field.bytes(4, Field.bytes(1, [65])) + type) == "missing-field")
    let attribute = Field.bytes(1, [65]) + Field.varint(5, 1)
    #expect(try id(op + Field.bytes(4, attribute) + type) == "unknown-attribute")
  }

  @Test func manySmallMessagesEndTheBudget() throws {
    let node = Field.bytes(7, [])
    let nodes = [[UInt8]](repeating: node, count: 4 << 20).flatMap { $0 }
    #expect(try id(Sample.file(Field.varint(2, 1) + Field.bytes(3, []) + nodes)) == "message-limit")
  }
}

import Files
import IRTestSupport

extension Refusal {
  /// Files that are none of the binary form.
  static var binaries: [Refusal] { headers + messages + weights }

  private static func malformed(
    _ id: String, _ name: String, _ file: [UInt8], or others: [String] = []
  ) -> Refusal {
    Refusal("malformed", id, name, file: file, or: others)
  }

  /// A file that is right: an input, a node, and two weights.
  private static var right: [UInt8] {
    Field.file(
      Message.module(
        input: Message.type([2]), output: 1,
        weights: [
          Message.weight("a", [2], offset: 0, [1, 2]),
          Message.weight("b", [2], offset: 64, [3, 4]),
        ],
        nodes: [Message.node("affine", [0], weights: [0, 1], type: Message.type([2]))]),
      weights: Message.padded([1, 2]) + Message.padded([3, 4]))
  }

  /// That file with other bytes from `offset` on.
  private static func patched(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
    Array(right[..<offset]) + bytes + right[(offset + bytes.count)...]
  }

  private static var headers: [Refusal] {
    // Where the weights start.
    let start = right.count - 128
    let all = [UInt8](repeating: 0xFF, count: 8)
    return [
      malformed(
        "not-a-model", "line-ends-converted", Array(right[..<4]) + [0x0A, 0x1A, 0x0A] + right[8...]),
      malformed("not-a-model", "other-magic", patched(7, [0x0B])),
      malformed("not-a-model", "cut-magic", Array(right[..<7])),
      malformed("newer-format", "version-2", patched(8, [2])),
      malformed("newer-format", "highest-version", patched(8, [0xFF, 0xFF, 0xFF, 0xFF])),
      malformed(
        "newer-format", "nothing-else-is-known",
        Array(patched(8, [2])[..<12]) + all + all + all + all),
      malformed("newer-format", "nothing-behind", Array(patched(8, [2])[..<12])),
      malformed("bad-header", "version-0", patched(8, [0])),
      malformed("bad-header", "reserved", patched(12, [1])),
      malformed("bad-header", "cut", Array(right[..<39]), or: ["wrong-length"]),
      malformed("bad-header", "start-not-rounded", patched(24, [right[24] &+ 1])),
      malformed("bad-header", "start-beyond", patched(24, [right[24] &+ 64])),
      malformed("bad-header", "start-at-the-end-of-numbers", patched(24, all)),
      malformed(
        "bad-header", "length-at-the-end-of-numbers", patched(16, all),
        or: ["message-limit", "wrong-length"]),
      malformed("wrong-length", "message-cut", Array(right[..<100])),
      malformed("wrong-length", "weights-cut", Array(right.dropLast())),
      malformed("wrong-length", "no-weights", Array(right[..<start])),
      malformed("wrong-length", "one-byte-more", right + [0]),
      malformed("wrong-length", "a-block-more", right + [UInt8](repeating: 0, count: 64)),
      malformed("message-checksum", "header", patched(32, [right[32] ^ 1])),
      malformed("message-checksum", "message", patched(42, [right[42] ^ 1])),
      malformed("nonzero-padding", "before-the-weights", patched(start - 1, [1])),
      malformed("nonzero-padding", "between-the-weights", patched(start + 8, [1])),
      malformed("nonzero-padding", "at-the-end", patched(right.count - 1, [0x80])),
      malformed("weight-checksum", "first", patched(start, [1])),
      malformed("weight-checksum", "second", patched(start + 64 + 7, [0xC0])),
    ]
  }

  private static var messages: [Refusal] {
    let vector = Message.type([2])
    let module = Message.module(input: vector, output: 0)
    /// A file of a message.
    func file(_ message: [UInt8]) -> [UInt8] { Field.file(message) }
    return [
      malformed("bad-message", "garbage", file([0xFF])),
      malformed("bad-message", "field-cut", file(module + [0x3A, 5, 1])),
      malformed("bad-message", "number-cut", file(module + [0x20, 0x80])),
      malformed("bad-message", "other-wire-type", file(module + Field.varint(1, 65))),
      malformed("bad-message", "other-wire-type-of-a-list", file(module + Field.varint(7, 1))),
      malformed("bad-message", "group", file(module + [0x3B, 0x3C])),
      malformed("bad-message", "unknown-group", file(module + [0x9B, 0x06, 0x9C, 0x06])),
      malformed("bad-message", "nested", file(module + Field.bytes(7, [0x0A, 9]))),
      malformed("missing-field", "input", file(Field.varint(2, 1))),
      malformed(
        "missing-field", "type-of-a-node",
        file(module + Field.bytes(7, Field.bytes(1, Array("add".utf8)) + Field.packed(2, [0, 0])))),
      malformed(
        "missing-field", "value-of-an-attribute",
        file(
          Message.module(
            input: vector, output: 1,
            nodes: [
              Message.node("scale", [0], [Field.bytes(1, Array("factor".utf8))], type: vector)
            ]))),
      malformed("invalid-utf8", "name", file(module + Field.bytes(1, [0xFF]))),
      malformed(
        "invalid-utf8", "key", file(module + Field.bytes(5, Field.bytes(1, [0xC0, 0x80])))),
      malformed(
        "invalid-utf8", "value", file(module + Field.bytes(5, Field.bytes(2, [0xE2, 0x82])))),
      malformed(
        "invalid-utf8", "origin",
        file(
          Message.module(
            input: vector, output: 1,
            nodes: [
              Message.node("add", [0, 0], type: vector) + Field.bytes(6, [0xED, 0xA0, 0x80])
            ]))),
    ]
  }

  private static var weights: [Refusal] {
    /// A file of weights with these extents, offsets and lengths, and 128 bytes of
    /// zeros, whose checksum each of two numbers has.
    func file(_ weights: [(extents: [Int], offset: Int, length: Int)]) -> [UInt8] {
      let messages = weights.enumerated().map { index, weight in
        Field.bytes(1, [65 + UInt8(index)]) + Field.packed(2, weight.extents)
          + Field.varint(3, weight.offset) + Field.varint(4, weight.length)
          + Field.fixed(5, [UInt8](repeating: 0, count: 8).withUnsafeBytes { XXHash64.hash($0) })
      }
      return Field.file(
        Message.module(input: Message.type([2]), output: 0, weights: messages),
        weights: [UInt8](repeating: 0, count: 128))
    }
    return [
      malformed("weight-length", "too-short", file([([2], 0, 4), ([2], 64, 8)])),
      malformed("weight-length", "with-padding", file([([2], 0, 64), ([2], 64, 8)])),
      malformed("weight-length", "zero", file([([2], 0, 0), ([2], 64, 8)])),
      malformed("weight-place", "not-at-the-start", file([([2], 64, 8), ([2], 128, 8)])),
      malformed("weight-place", "overlap", file([([2], 0, 8), ([2], 0, 8)])),
      malformed("weight-place", "not-rounded", file([([2], 0, 8), ([2], 8, 8)])),
      malformed("weight-place", "out-of-order", file([([2], 64, 8), ([2], 0, 8)])),
      malformed("weight-place", "gap", file([([2], 0, 8), ([2], 128, 8)])),
      malformed("weight-place", "negative", file([([2], -64, 8), ([2], 0, 8)])),
      malformed(
        "wrong-length", "weight-beyond-the-file", file([([2], 0, 8), ([1 << 33], 64, 1 << 35)])),
    ]
  }
}

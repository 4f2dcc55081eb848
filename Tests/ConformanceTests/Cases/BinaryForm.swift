import Diagnostics
import Files
import Foundation
import IRTestSupport
import SpikeIR
import SpikeIRProto

/// Messages of the schema, made field by field.
enum Message {
  /// A type; `exact` is low, high and scale.
  static func type(_ extents: [Int], timed: Bool = false, exact: [Int]? = nil) -> [UInt8] {
    let domain = exact.map {
      Field.bytes(1, Field.signed(1, $0[0]) + Field.signed(2, $0[1]) + Field.varint(3, $0[2]))
    }
    return (domain ?? []) + (timed ? Field.varint(2, 1) : []) + Field.packed(3, extents)
  }

  /// A weight, with the checksum of its numbers.
  static func weight(
    _ name: String, _ extents: [Int], offset: Int, _ numbers: [Float]
  ) -> [UInt8] {
    let checksum = bytes(of: numbers).withUnsafeBytes { XXHash64.hash($0) }
    return Field.bytes(1, Array(name.utf8)) + Field.packed(2, extents) + Field.varint(3, offset)
      + Field.varint(4, 4 * numbers.count) + Field.fixed(5, checksum)
  }

  /// A node.
  static func node(
    _ op: String, _ operands: [Int], weights: [Int] = [], _ attributes: [[UInt8]] = [],
    type: [UInt8]
  ) -> [UInt8] {
    Field.bytes(1, Array(op.utf8)) + Field.packed(2, operands) + Field.packed(3, weights)
      + attributes.flatMap { Field.bytes(4, $0) } + Field.bytes(5, type)
  }

  /// A module of one time step.
  static func module(
    input: [UInt8], output: Int, weights: [[UInt8]] = [], nodes: [[UInt8]] = []
  ) -> [UInt8] {
    Field.bytes(1, Array("binary".utf8)) + Field.varint(2, 1) + Field.bytes(3, input)
      + Field.varint(4, output) + weights.flatMap { Field.bytes(6, $0) }
      + nodes.flatMap { Field.bytes(7, $0) }
  }

  /// The bytes of numbers as they stand in a file, and their padding.
  static func padded(_ numbers: [Float]) -> [UInt8] {
    let bytes = bytes(of: numbers)
    return bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
  }

  private static func bytes(of numbers: [Float]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
    }
  }
}

extension Case {
  /// Files that say what they say in unusual ways, which protobuf allows.
  static func binaryForm() throws -> [Case] {
    let vector = Message.type([2])
    let numbers: [Float] = [1, 2, 3, 4]
    let weight = Message.weight("w", [2, 2], offset: 0, numbers)
    let linear = Message.node("linear", [0], weights: [0], type: vector)
    let scale = Message.node(
      "scale", [0], [Field.bytes(1, Array("factor".utf8)) + Field.fixed(4, 2.0.bitPattern)],
      type: vector)
    let unknown = Field.varint(77, 5) + Field.bytes(99, [1, 2, 3]) + Field.fixed(1000, 7)
    return try [
      // Each message has fields that the schema lacks: a newer writer's, which are ignored.
      Case(
        "binary/unknown-fields",
        file: Field.file(
          unknown
            + Message.module(
              input: vector + unknown, output: 1, weights: [weight + unknown],
              nodes: [linear + unknown]) + Field.bytes(5, Field.bytes(1, [65]) + unknown),
          weights: Message.padded(numbers)), on: [1, 1], gives: [4, 6]),
      Case(
        "binary/unknown-fields-of-attributes",
        file: Field.file(
          Message.module(
            input: vector, output: 1,
            nodes: [
              Message.node(
                "scale", [0],
                [
                  unknown + Field.bytes(1, Array("factor".utf8)) + Field.fixed(4, 2.0.bitPattern)
                    + unknown
                ], type: vector + unknown)
            ])), on: [1, -1], gives: [2, -2]),
      // Lists with a field for each element.
      Case(
        "binary/lists-apart",
        file: Field.file(
          Message.module(
            input: Field.varint(3, 2), output: 1, weights: [weight],
            nodes: [
              Field.bytes(1, Array("linear".utf8)) + Field.varint(2, 0) + Field.varint(3, 0)
                + Field.bytes(5, Field.varint(3, 2))
            ]), weights: Message.padded(numbers)), on: [1, 1], gives: [4, 6]),
      // A list in several pieces, packed and not.
      Case(
        "binary/lists-in-pieces",
        file: Field.file(
          Message.module(
            input: Field.packed(3, [1]) + Field.varint(3, 2) + Field.packed(3, []), output: 1,
            nodes: [
              Message.node(
                "reshape", [0],
                [
                  Field.bytes(1, Array("shape".utf8))
                    + Field.bytes(3, Field.varint(1, 4) + Field.packed(1, [2]))
                ], type: Message.type([2, 1]))
            ])), on: [1, -1], gives: [1, -1]),
      Case(
        "binary/order-of-fields",
        file: Field.file(
          Field.bytes(
            7,
            Field.bytes(5, vector) + Field.packed(2, [0])
              + Field.bytes(
                4, Field.fixed(4, 2.0.bitPattern) + Field.bytes(1, Array("factor".utf8)))
              + Field.bytes(1, Array("scale".utf8)))
            + Field.varint(4, 1) + Field.bytes(3, vector) + Field.varint(2, 1)
            + Field.bytes(1, Array("binary".utf8))), on: [1, -1], gives: [2, -2]),
      // Zeros need not be written, and may be.
      Case(
        "binary/zeros-written",
        file: Field.file(
          Field.bytes(1, []) + Field.varint(2, 1)
            + Field.bytes(3, Field.varint(2, 0) + Field.packed(3, [2])) + Field.varint(4, 0)
            + Field.bytes(5, Field.bytes(1, []) + Field.bytes(2, []))), on: [1, -1],
        gives: [1, -1]),
      Case(
        "binary/defaults-written",
        file: Field.file(
          Message.module(
            input: Message.type([1, 1, 1]), output: 1,
            weights: [Message.weight("k", [1, 1, 1, 1], offset: 0, [3])],
            nodes: [
              Message.node(
                "conv2d", [0], weights: [0],
                [
                  Field.bytes(1, Array("stride".utf8)) + Field.bytes(3, Field.packed(1, [2, 2])),
                  Field.bytes(1, Array("padding".utf8)) + Field.bytes(3, Field.packed(1, [0, 0])),
                  Field.bytes(1, Array("groups".utf8)) + Field.signed(2, 1),
                ], type: Message.type([1, 1, 1]))
            ]), weights: Message.padded([3])), on: [2], gives: [6]),
      Case(
        "binary/no-weights",
        file: Field.file(Message.module(input: vector, output: 1, nodes: [scale])),
        on: [0.5, 0.25], gives: [1, 0.5]),
      Case(
        "binary/weights-apart",
        file: Field.file(
          Message.module(
            input: Message.type([17]), output: 1,
            weights: [
              Message.weight("a", [], offset: 0, [5]),
              Message.weight("b", [17], offset: 64, (1...17).map(Float.init)),
              Message.weight("c", [17], offset: 192, [Float](repeating: 1, count: 17)),
            ], nodes: [Message.node("affine", [0], weights: [1, 2], type: Message.type([17]))]),
          weights: Message.padded([5]) + Message.padded((1...17).map(Float.init))
            + Message.padded([Float](repeating: 1, count: 17))),
        on: [Float](repeating: 2, count: 17), gives: (1...17).map { 2 * Float($0) + 1 }),
      // No number of the text form is infinite or none, so this case has no text.
      Case(
        "binary/not-finite-and-unread",
        file: Field.file(
          Message.module(
            input: vector, output: 1,
            weights: [Message.weight("w", [3], offset: 0, [.infinity, -.infinity, .nan])],
            nodes: [scale]), weights: Message.padded([.infinity, -.infinity, .nan])),
        on: [1, 2], gives: [2, 4]),
      Case(
        "binary/names",
        file: Field.file(
          Field.bytes(1, [0, 10, 0x22, 0x5C, 0xE2, 0x82, 0xAC]) + Field.varint(2, 1)
            + Field.bytes(3, vector)
            + Field.bytes(5, Field.bytes(1, [0]) + Field.bytes(2, [0xF0, 0x9F, 0xA7, 0xA0]))),
        on: [1, 2], gives: [1, 2]),
    ]
  }

  /// Makes a case of a file as it is; `nothing` but the file's own bytes is kept of it.
  private init(_ path: String, file: [UInt8], on input: [Float], gives: [Float]) throws {
    try self.init(path, Module(binary: file), on: input, gives: gives, binary: file)
  }
}

extension Module {
  /// Reads the binary form.
  init(binary bytes: [UInt8]) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).snn")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let file = try ModuleFile(path: url.path)
    try file.verifyWeights()
    self = file.module
  }
}

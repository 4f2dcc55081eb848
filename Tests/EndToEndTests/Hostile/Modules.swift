import CheckpointTestSupport
import Files
import Foundation

/// Classes 58 to 61: modules, in both forms.
extension HostileFile {
  static let modules: [HostileFile] =
    malformedModules + invalidModules + malformedTexts + invalidTexts

  /// The good module's bytes, changed.
  private static func module(
    _ number: Int, _ name: String, _ id: String,
    _ change: @escaping @Sendable (inout [UInt8]) -> Void
  ) -> HostileFile {
    HostileFile(number, name, .refused(id), by: .module) {
      var bytes = Array(Good.module)
      change(&bytes)
      return bytes
    }
  }

  /// 58: what is no module.
  private static let malformedModules: [HostileFile] = [
    module(58, "empty", "unexpected-token") { $0 = [] },
    module(58, "a transfer as text", "not-a-model") { $0[4...5] = [0x0A] },
    module(58, "a newer version", "newer-format") { $0[8] = 2 },
    module(58, "version 0", "bad-header") { $0[8] = 0 },
    module(58, "a reserved bit", "bad-header") { $0[12] = 1 },
    module(58, "a message of 2^63 bytes", "message-limit") { $0[23] = 0x7F },
    module(58, "weights that start elsewhere", "bad-header") { $0[24] ^= 64 },
    module(58, "a checksum of another message", "message-checksum") { $0[40] ^= 1 },
    module(58, "cut before the weights", "wrong-length") { $0.removeLast($0.count - 100) },
    module(58, "a byte too many", "wrong-length") { $0.append(0) },
    module(58, "a byte in the padding", "nonzero-padding") { $0[$0.count - 1] = 1 },
    module(58, "a damaged weight", "weight-checksum") { $0[$0.count - 60] ^= 1 },
    module(58, "a message that is none", "bad-message") { $0.rewrite { $0[0] = 0xFF } },
    module(58, "three million empty nodes", "message-limit") {
      $0.rewrite { message in
        for _ in 0..<3_000_000 { message += [0x32, 0] }
      }
    },
  ]

  /// 59: a message that can be read, and says what is not so.
  private static let invalidModules: [HostileFile] = [
    module(59, "an op that there is not", "unknown-op") { $0.rename("linear", "linaer") },
    module(59, "an op without its attributes", "missing-attribute") {
      $0.rename("linear", "matmul")
    },
    module(59, "a name that is no UTF-8", "invalid-utf8") { $0.rename("one", [0xFF, 0x6E, 0x65]) },
  ]

  /// The good text, changed.
  private static func text(
    _ number: Int, _ name: String, _ id: String, _ old: String = "", _ new: String = ""
  ) -> HostileFile {
    HostileFile(number, name, .refused(id), by: .architecture) {
      Array(Good.architecture.replacing(old, with: new).utf8)
    }
  }

  /// 60: what is no text of a module.
  private static let malformedTexts: [HostileFile] =
    [
      text(60, "a newer version", "unknown-version", "snnir 1", "snnir 2"),
      text(60, "a NUL", "unexpected-character", "snnir 1", "snnir 1 \u{0}"),
      text(60, "a mark of direction", "unexpected-character", "time_steps", "\u{202E}"),
      text(60, "a missing brace", "unexpected-token", "{", ""),
      text(
        60, "a number of 400 digits", "bad-number", "= 1", "= " + String(repeating: "9", count: 400)
      ),
      text(60, "bytes that are no text", "bad-string", "\"w\"", "\"\\xFF\""),
      HostileFile(60, "empty", .anyRefusal, by: .architecture) { [] },
      HostileFile(60, "64 MiB of a shape", .refused("text-limit"), by: .architecture) {
        Array("snnir 1 module @\"a\" { time_steps = 1 input %x : real [".utf8)
          + [UInt8](repeating: 0x31, count: 64 << 20)
      },
      HostileFile(60, "300,000 nodes", .refused("text-limit"), by: .architecture) {
        let head = "snnir 1 module @\"a\" { time_steps = 1 input %0 : spike [1]\n"
        let nodes = (1...300_000).map { "%\($0) = complement %\($0 - 1)\n" }
        return Array((head + nodes.joined() + "output %300000 }").utf8)
      },
      HostileFile(60, "2,000 entries of metadata", .refused("text-limit"), by: .architecture) {
        let entries = (1...2_000).map { "meta \"\($0)\" = \"\"\n" }
        return Array(("snnir 1 module @\"a\" { time_steps = 1\n" + entries.joined()).utf8)
      },
    ]

  /// 61: a text that can be read, and says what is not so.
  private static let invalidTexts: [HostileFile] = [
    text(61, "no time steps", "time-steps", "time_steps = 1", "time_steps = 0"),
    text(61, "a shape of 2^60 elements", "invalid-shape", "[3]", "[1073741824, 1073741824]"),
    text(61, "a shape that wraps", "invalid-shape", "[3]", "[4294967296, 4294967296]"),
    text(61, "a value that there is not", "undefined-value", "linear %x", "linear %z"),
    text(61, "a value twice", "duplicate-value", "%y = linear", "%x = linear"),
    text(61, "a weight that there is not", "undefined-weight", "%x, @\"w\"", "%x, @\"v\""),
    text(61, "an op that there is not", "unknown-op", "linear %x", "system %x"),
    text(61, "another type", "wrong-type", "%x, @\"w\"", "%x, @\"w\" : spike [2]"),
    text(61, "a domain out of its limits", "invalid-domain", "spike [3]", "count<99999999> [3]"),
    text(61, "a weight that does not fit", "weight-shape", "[3, 2]", "[2, 3]"),
  ]
}

extension [UInt8] {
  /// Changes the message of a module, and makes length, start and checksum those of the new one.
  fileprivate mutating func rewrite(_ change: (inout [UInt8]) -> Void) {
    func number(_ place: Int) -> Int {
      (0..<8).reduce(0) { $0 | Int(self[place + $1]) << (8 * $1) }
    }
    var message = Array(self[40..<40 + number(16)])
    let weights = self[number(24)...]
    change(&message)
    let start = (40 + message.count + 63) / 64 * 64
    let checksum = message.withUnsafeBytes { XXHash64.hash($0) }
    let head = self[..<16] + le(UInt64(message.count)) + le(UInt64(start)) + le(checksum)
    let padding = [UInt8](repeating: 0, count: start - 40 - message.count)
    self = head + message + padding + weights
  }

  /// Replaces a text of the message by another of its length.
  fileprivate mutating func rename(_ old: String, _ new: some Collection<UInt8>) {
    rewrite { message in message.replace(Array(old.utf8), with: Array(new)) }
  }

  fileprivate mutating func rename(_ old: String, _ new: String) { rename(old, Array(new.utf8)) }
}

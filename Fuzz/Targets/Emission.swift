import CEmitter
import CheckpointTestSupport
import Diagnostics
import IRTestSupport
import Lowering
import SpikeIR

extension FuzzTarget {
  /// The emitter: names of any bytes change no token of the C.
  ///
  /// The input is a seed of one byte, for the weights, and a name up to its first NUL.
  static let emitter = FuzzTarget(
    name: "emitter",
    run: { bytes in
      guard let seed = bytes.first else { return }
      let name = String(decoding: bytes.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
      guard let plain = try? model("model", "layer", UInt64(seed)),
        let hostile = try? model("model", name, UInt64(seed)),
        let named = try? model(name, "layer", UInt64(seed))
      else { return }
      let letters = named.identifier.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x5F
      }
      if !letters || named.identifier.isEmpty { finding("'\(named.identifier)' is no identifier") }
      let code = hostile.files.filter { !$0.name.hasPrefix("snn_") }
      for file in code {
        let isPlain = file.text.utf8.allSatisfy {
          (0x20...0x7E).contains($0) || $0 == 10 || $0 == 9
        }
        if !isPlain || file.text.contains("??") { finding("\(file.name) has bytes of a name") }
      }
      guard tokens(hostile) == tokens(plain) else { finding("'\(name)' changes the code") }
    },
    seeds: {
      ["plain", "*/ int x; /*", "??/\n", "\\\n", "%s%n", "\u{202E}", "int", "a.b"].enumerated().map
      {
        ("\($0)", [UInt8($0)] + Array($1.utf8))
      }
    })

  /// A small module with a name in every place.
  private static func model(
    _ name: String, _ origin: String, _ seed: UInt64
  ) throws(Diagnostic) -> CProgram {
    var random = SeededRandom(seed)
    var builder = try ModuleBuilder(
      name: name, timeSteps: 2, input: ValueType(.real, [3], timed: false))
    let weight = try builder.add(Weight(origin, [3, 4], random.values(12, of: .real)))
    let sum = try builder.linear(.input, weight: weight, from: origin)
    let spikes = try builder.lif(sum, tau: 2, threshold: 1, from: origin)
    let mean = try builder.meanSteps(spikes, from: origin)
    return try CProgram(Lowering.lower(builder.finish(output: mean)))
  }

  /// The C text with comments and strings taken out.
  private static func tokens(_ program: CProgram) -> String {
    let file = program.files.first { $0.name == "\(program.identifier).c" }
    var rest = Array((file?.text ?? "").utf8)[...]
    var kept: [UInt8] = []
    while let byte = rest.first {
      if rest.starts(with: Array("/*".utf8)) {
        while !rest.isEmpty, !rest.starts(with: Array("*/".utf8)) { rest.removeFirst() }
        rest = rest.dropFirst(2)
      } else if byte == UInt8(ascii: "\"") {
        rest.removeFirst()
        while let next = rest.first, next != byte {
          rest = rest.dropFirst(next == UInt8(ascii: "\\") ? 2 : 1)
        }
        rest = rest.dropFirst()
      } else {
        kept.append(byte)
        rest.removeFirst()
      }
    }
    return String(decoding: kept, as: UTF8.self)
      .replacing(program.identifier.uppercased(), with: "M").replacing(
        program.identifier, with: "m")
  }
}

import CheckpointTestSupport
import Diagnostics
import Files
import IRTestSupport
import SpikeIR
import SpikeIRProto

extension FuzzTarget {
  /// The text form: what is read is printed, and read back the same.
  static let text = FuzzTarget(
    name: "text",
    run: { bytes in
      guard let module = try? Module(parsing: String(decoding: bytes, as: UTF8.self)) else {
        return
      }
      // A weight by name only is found nowhere, so whatever was read can be printed whole.
      let printed = module.text
      guard let again = try? Module(parsing: printed), again.text == printed else {
        finding("a text that does not read back")
      }
    },
    seeds: {
      try (1...8 as ClosedRange<UInt64>).map {
        ("\($0)", Array(try ModuleGenerator.module(seed: $0).text.utf8))
      }
    })

  /// The binary form: the input is the message, and the header around it is right.
  static let module = FuzzTarget(
    name: "module",
    run: { bytes in
      guard let file = try? ModuleFile(path: MemoryFile.path(of: framed(bytes))) else { return }
      do throws(Diagnostic) {
        try file.module.verifyStructure()
      } catch {
        finding("a module that does not hold: \(error.message)")
      }
    },
    seeds: {
      try (1...8 as ClosedRange<UInt64>).map { seed in
        var bytes: [UInt8] = []
        try ModuleFile.write(ModuleGenerator.module(seed: seed)) { bytes += $0 }
        let length = (0..<8).reduce(0) { $0 | Int(bytes[16 + $1]) << (8 * $1) }
        return ("\(seed)", Array(bytes[40..<40 + length]))
      }
    })

  /// The file of a message, and 4 KiB of zeros for its weights; `ir-spec/binary.md` has the layout.
  private static func framed(_ message: [UInt8]) -> [UInt8] {
    let end = (40 + message.count + 63) / 64 * 64
    var file: [UInt8] = [0x89, 0x53, 0x4E, 0x4E, 0x0D, 0x0A, 0x1A, 0x0A]
    file += le(1 as UInt32) + le(0 as UInt32) + le(UInt64(message.count)) + le(UInt64(end))
    file += le(message.withUnsafeBytes { XXHash64.hash($0) }) + message
    return file + [UInt8](repeating: 0, count: end - file.count + 4096)
  }
}

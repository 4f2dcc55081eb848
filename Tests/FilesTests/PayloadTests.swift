import CheckpointTestSupport
import Diagnostics
import Files
import Testing

/// Programs that carry a file behind themselves.
@Suite struct PayloadTests {
  /// What stands for a program: an ELF header's start, and bytes that fill no whole page.
  static let program =
    [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0] + [UInt8](repeating: 0, count: 7)
    + (0..<70_001).map { UInt8(truncatingIfNeeded: $0) }

  /// A program with a file behind it.
  func made(_ contents: [UInt8], behind program: [UInt8] = program) throws -> [UInt8] {
    let file = TemporaryFile(program)
    var bytes: [UInt8] = []
    let start = try Payload.write(MappedFile(path: file.path)) { bytes += $0 }
    #expect(start == bytes.count)
    bytes += contents
    bytes += Payload.trailer(of: start..<bytes.count)
    return bytes
  }

  /// What a program carries.
  func found(_ bytes: [UInt8]) throws -> [UInt8]? {
    let file = TemporaryFile(bytes)
    guard let payload = try Payload.find(in: MappedFile(path: file.path)) else { return nil }
    let part = try MappedFile(path: file.path, range: payload.range, called: "it")
    #expect(part.path == "it" && part.count == payload.range.count)
    return part.withSpan { $0.bytes(in: 0..<$0.count) }
  }

  @Test(arguments: [0, 1, 5, 1000, 100_000])
  func whatIsWrittenIsFound(_ count: Int) throws {
    let contents = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let bytes = try made(contents)
    #expect(try found(bytes) == contents)
    // The program is as it was, but for its mark.
    #expect(bytes[..<9] == Self.program[..<9])
    #expect(bytes[16..<Self.program.count] == Self.program[16...])
    #expect(bytes.count == 131_072 + count + 40)
  }

  @Test func aProgramCarriesNothing() throws {
    #expect(try found(Self.program) == nil)
    #expect(try found(Self.program + [1, 2, 3]) == nil)
    for count in 0..<16 { #expect(try found(Array(Self.program[..<count])) == nil) }
  }

  @Test func whatLostItsEndIsNoProgramAnyMore() throws {
    let bytes = try made([1, 2, 3, 4, 5, 6])
    for count in [16, 40, 70_000, 131_072] + Array(bytes.count - 46..<bytes.count) {
      let error = #expect(throws: Diagnostic.self) { try found(Array(bytes[..<count])) }
      #expect(error?.id == "damaged-simulator", "\(count) bytes")
    }
    let longer = #expect(throws: Diagnostic.self) { try found(bytes + [0]) }
    #expect(longer?.id == "damaged-simulator")
  }

  @Test func everyBitOfTheEndIsChecked() throws {
    let bytes = try made([1, 2, 3])
    for offset in bytes.count - 40..<bytes.count {
      for bit in 0..<8 {
        var changed = bytes
        changed[offset] ^= 1 << bit
        let error = #expect(throws: Diagnostic.self) { try found(changed) }
        #expect(error?.id == "damaged-simulator")
      }
    }
  }

  @Test func onlyProgramsCarryFiles() throws {
    for program in [[], Array("#!/bin/sh\n".utf8), Array(Self.program[..<64])] {
      let error = #expect(throws: Diagnostic.self) { try made([1], behind: program) }
      #expect(error?.id == "not-a-program")
    }
  }
}

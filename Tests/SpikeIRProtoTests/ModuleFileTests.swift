import Diagnostics
import Files
import Foundation
import IRTestSupport
import SpikeIR
import SpikeIRProto
import Testing

/// What is written reads back, and keeps the bytes of the weights where they are.
@Suite struct ModuleFileTests {
  @Test(arguments: try CaseFile.all)
  func textBinaryTextIsTheIdentity(_ file: CaseFile) throws {
    for section in try file.sections where section.expected.isEmpty {
      let module = try Module(parsing: section.text, weights: CaseFile.weight)
      let bytes = try Sample.bytes(module)
      let again = try Sample.read(bytes)
      #expect(again.text == module.text)
      #expect(try Sample.bytes(again) == bytes)
      for (weight, copy) in zip(module.weights, again.weights) {
        #expect(weight.data.floats.map(\.bitPattern) == copy.data.floats.map(\.bitPattern))
      }
    }
  }

  @Test func randomModulesReadBack() throws {
    var mnemonics: Set<String> = []
    for seed in 0..<200 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      let bytes = try Sample.bytes(module)
      let again = try Sample.read(bytes)
      #expect(again.text == module.text, "seed \(seed)")
      #expect(try Sample.bytes(again) == bytes, "seed \(seed)")
      mnemonics.formUnion(module.nodes.map(\.op.definition.mnemonic))
    }
    #expect(mnemonics == Set(Op.definitions.map(\.mnemonic)))
  }

  @Test func aStoredFileOfVersion1IsReadAndWritten() throws {
    let stored = try Data(contentsOf: Sample.artifact)
    #expect(try ModuleFile(path: Sample.artifact.path).module.text == Sample.text)
    #expect(try Sample.bytes(Sample.module()) == Array(stored))
  }

  @Test func attributesAtTheirDefaultAreNotWrittenAndMayStandInAFile() throws {
    let modules = try [1, 2].map { groups in
      let inputs = 2 / groups
      return try Module(
        parsing: """
          snnir 1
          module @"m" {
          time_steps = 1
          weight @"w 1 1 \(inputs) 2" : f32 [1, 1, \(inputs), 2]
          input %x : real [2, 1, 1]
          %1 = conv2d %x, @"w 1 1 \(inputs) 2"
               {stride = [1, 1], padding = [0, 0], groups = \(groups)}
          output %1
          }
          """, weights: CaseFile.weight)
    }
    let name = Array("groups".utf8)
    for (module, isWritten) in zip(modules, [false, true]) {
      let bytes = try Sample.bytes(module)
      #expect(bytes.contains(name) == isWritten)
      #expect(try Sample.read(bytes).nodes.map(\.op) == module.nodes.map(\.op))
    }
    // The number 2, in zigzag form, becomes the default 1: it is read, and then no kernel fits.
    let file = try Sample.bytes(modules[1])
    var message = Array(file[Sample.message(in: file)])
    let place = try #require(message.firstRange(of: name + [0x10, 4]))
    message[place.upperBound - 1] = 2
    let error = try #require(throws: Diagnostic.self) {
      try Sample.read(Sample.file(message, weights: Array(file.suffix(64))))
    }
    #expect(error.id == "conv2d-c2")
  }

  @Test func weightsAreAlignedAndTheFileEndsWithTheirPadding() throws {
    let bytes = try Sample.bytes(Sample.module())
    let message = Sample.message(in: bytes)
    let start = (message.upperBound + 63) / 64 * 64
    #expect(bytes.count == start + 64 + 128 + 64)
    #expect(bytes[(start + 64)..<(start + 68)] == [0, 0, 0x80, 0x3F])
    #expect(bytes[(start + 64 + 72)..<(start + 192)].allSatisfy { $0 == 0 })
  }

  @Test func weightsLieInTheMapping() throws {
    try Sample.withFile(Sample.bytes(Sample.module())) { path in
      let file = try MappedFile(path: path)
      let mapping = try #require(file.bytes.baseAddress)
      let module = try ModuleFile(mapping: file).module
      for weight in module.weights {
        try weight.data.withFloats { floats in
          let place = UnsafeRawPointer(try #require(floats.baseAddress)) - mapping
          #expect((0..<file.count).contains(place) && place % 64 == 0)
        }
      }
    }
  }

  @Test func weightsKeepTheMappingAlive() throws {
    var weight: Weight?
    weight = try Sample.read(Sample.bytes(Sample.module())).weights[1]
    #expect(weight?.data.floats == [Float](repeating: 1, count: 18))
  }

  @Test func weightsThatAreNotFiniteKeepTheirBits() throws {
    let bits: [UInt32] = [0x7F80_0000, 0x7FA0_0001, 0xFFC0_0000, 0x8000_0001]
    var builder = try ModuleBuilder(
      name: "m", timeSteps: 1, input: ValueType(.real, [], timed: true))
    _ = try builder.add(Weight("w", [4], bits.map(Float.init(bitPattern:))))
    let module = try Sample.read(Sample.bytes(builder.finish(output: .input)))
    #expect(module.weights[0].data.floats.map(\.bitPattern) == bits)
  }

  @Test func damagedWeightsAreFoundWhenAsked() throws {
    var bytes = try Sample.bytes(Sample.module())
    try Sample.withFile(bytes) { try ModuleFile(path: $0).verifyWeights() }
    bytes[bytes.count - 64] ^= 1
    try Sample.withFile(bytes) { path in
      let file = try ModuleFile(path: path)
      let error = try #require(throws: Diagnostic.self) { try file.verifyWeights() }
      #expect(error.id == "weight-checksum")
      #expect(error.location.description == "\(path): bias\\x00")
    }
  }

  @Test func modelsAreRecognised() throws {
    #expect(
      try Sample.withFile(Sample.bytes(Sample.module())) {
        ModuleFile.isModel(try MappedFile(path: $0))
      })
    for bytes in [[], [0x89], Array("PK\u{3}\u{4}....".utf8)] {
      #expect(try !Sample.withFile(bytes) { ModuleFile.isModel(try MappedFile(path: $0)) })
    }
  }

  @Test func theSinkCanFail() throws {
    let module = try Sample.module()
    for pieces in 0..<6 {
      var left = pieces
      let error = try #require(throws: Diagnostic.self) {
        try ModuleFile.write(module) { (_) throws(Diagnostic) in
          left -= 1
          guard left >= 0 else { throw .error("full", "no space") }
        }
      }
      #expect(error.id == "full")
    }
  }

  @Test(
    arguments: [
      ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("Nobody inspects the spammish repetition", 0xFBCE_A83C_8A37_8BF1),
    ] as [(String, UInt64)])
  func checksumsAreXXH64(_ text: String, _ expected: UInt64) {
    #expect(Array(text.utf8).withUnsafeBytes { XXHash64.hash($0) } == expected)
  }
}

import CEmitter
import Foundation
import Lowering
import SpikeIR
import Testing

/// No name of a checkpoint can change what the emitted C means.
@Suite struct HostileNameTests {
  static let names = [
    "*/", "*/ int main(void) { return 7; } /*", "/*", "//", "??/", "??/\n", "??'", "\\\n", "\\",
    "a\\\nb", "%s%n%p", "\"", "\" \"", "'", "\n#error no", "\r", "\u{0}", "\u{202E}/*\u{2066}",
    "\u{FF0A}\u{FF0F}", "int", "main", "while", "_", "__FILE__", "_Bool", "1st", "9", "", " ",
    "snn_conv_run", "SNN_LIF", "size_t", "uint64_t", "int32_t", "FILE", "NULL", "INT32_MAX",
    "EXIT_SUCCESS", "L_tmpnam", "wchar_t", "div_t", "write_spikes", "weights_path",
    "arena_bytes", "weights_bytes", "in_height", "seek_set", "int_t", "static_assert",
    "my_NAME", "my_MACRO", "my_SHAPE", "my_DIMENSIONS", "NAME_MACRO", "../../etc/passwd", "a/b",
    "$(touch x)", "`x`", "model.tar.gz", "h\u{E9}llo_w\u{F6}rld",
    String(repeating: "a", count: 4096), String(repeating: "*/", count: 2048),
  ]

  /// The C text without its comments and strings.
  static func tokens(_ program: CProgram) throws -> String {
    let file = try #require(program.files.first { $0.name == "\(program.identifier).c" })
    return file.text.replacing(#/(?s)/\*.*?\*//#, with: "/**/")
      .replacing(#/"(?:[^"\\\n]|\\[0-7]{3})*"/#, with: "\"\"")
  }

  @Test(arguments: names)
  func originsAndWeightsNeverChangeTheTokens(_ name: String) throws {
    let plain = try CProgram(Lowering.lower(SampleModule.make()))
    let hostile = try CProgram(Lowering.lower(SampleModule.make(origin: name)))
    #expect(try Self.tokens(hostile) == Self.tokens(plain))
    for file in hostile.files where !file.name.hasPrefix("snn_") {
      let isPlain = file.text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 10 || $0 == 9 }
      #expect(isPlain, "\(file.name)")
      #expect(!file.text.contains("??"), "\(file.name)")
    }
  }

  @Test(arguments: names)
  func namesOfModulesAreIdentifiersOfTheirOwn(_ name: String) throws {
    let identifier = try CProgram(Lowering.lower(SampleModule.make(name: name))).identifier
    #expect(identifier.wholeMatch(of: #/[A-Za-z][A-Za-z0-9_]{0,80}/#) != nil, "\(identifier)")
  }

  /// Whatever the program declares itself, a model is not called so.
  @Test func noModelTakesANameOfTheProgram() throws {
    let program = try CProgram(Lowering.lower(SampleModule.make()))
    let main = try #require(program.files.first { $0.name == "main.c" })
    let code = main.text.replacing(#/(?s)/\*.*?\*//#, with: " ")
    let words = Set(code.matches(of: #/[A-Za-z_]\w*/#).map { String($0.0) })
      .filter { !$0.lowercased().hasPrefix(program.identifier) }
    #expect(words.isSuperset(of: ["uint64_t", "main", "snn_threads_create", "for"]))
    let taken = try words.filter { word in
      try CProgram(Lowering.lower(SampleModule.make(name: word))).identifier == word
    }
    #expect(taken.isEmpty)
  }

  @Test func everyNameCompiles() throws {
    for (index, name) in Self.names.enumerated() {
      // The name alone decides the model's identifier; the origins are any of the others.
      let origin = Self.names[(index + 1) % Self.names.count]
      let folder = try ProgramFolder(
        CProgram(Lowering.lower(SampleModule.make(name: name, origin: origin))))
      let messages = try folder.compile(
        ["\(folder.program.identifier).c", "main.c"],
        with: ProgramFolder.Compiler(description: "cc"), ["-fsyntax-only"])
      #expect(messages == "", "\(name), \(origin)")
    }
  }
}

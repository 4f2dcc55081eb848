import Arrays
import Foundation
import Testing

/// Modules in the text form, and arrays of one sample.
@Suite struct TextModuleTests {
  /// A folder with a text and its input, `[2]` at each of two steps.
  private func folder(_ text: String = Self.text) throws -> Folder {
    let folder = Folder()
    try Data(text.utf8).write(to: folder.url.appending(path: "net.snnir"))
    let sample: [Float] = [1, 2, 3, -0.0]
    try Data(NumPyArray(shape: [2, 2], floats: sample).npy())
      .write(to: folder.url.appending(path: "one.npy"))
    try Data(NumPyArray(shape: [3, 2, 2], floats: sample + sample + sample).npy())
      .write(to: folder.url.appending(path: "three.npy"))
    return folder
  }

  static let text = """
    // Twice the input.
    snnir 1
    module @"twice_the_input" {
      time_steps = 2
      weight @"two" : f32 [2] = [2.0, 2.0]
      weight @"zero" : f32 [2] = [-0.0, -0.0]
      input %x : timed real [2]
      %1 = affine %x, @"two", @"zero" from "twice"
      output %1
    }
    """

  @Test("a text whose weights have their numbers is a module; outputs have the output's shape")
  func textsRun() throws {
    let folder = try folder()
    for engine in ["native", "interpreter"] {
      for (name, shape) in [("one", [2, 2]), ("three", [3, 2, 2])] {
        let ended = try Snnc.run(
          "run", "net.snnir", "--input", "\(name).npy", "--engine", engine, "--logits", "o.npy",
          in: folder)
        #expect(ended.status == 0, "\(ended.errors)")
        let output = try NumPyArray.read(path: folder.path("o.npy"))
        #expect(output.shape == shape)
        #expect(
          try output.floats().prefix(4).map(\.bitPattern)
            == [2, 4, 6, -0.0].map { ($0 as Float).bitPattern })
      }
    }
  }

  @Test("with --one-sample another axis is an error, and only images are said to have a size")
  func oneSample() throws {
    let folder = try folder()
    try Data(NumPyArray(shape: [1, 3, 7], floats: [Float](repeating: 0, count: 21)).npy())
      .write(to: folder.url.appending(path: "other.npy"))
    for (arguments, status, words) in [
      (["one.npy", "--one-sample"], 0, "[0]"),
      (
        ["three.npy", "--one-sample"], 65, "takes [2, 2], and the array is [3, 2, 2] [input-shape]"
      ),
      (["other.npy"], 65, "takes [samples, 2, 2], and the array is [1, 3, 7] [input-shape]"),
    ] as [([String], Int32, String)] {
      let ended = try Snnc.launch(
        Snnc.program.path, ["run", "net.snnir", "--input"] + arguments, in: folder)
      #expect(ended.status == status)
      #expect((ended.output + ended.errors).contains(words), "\(ended.output + ended.errors)")
      #expect(!ended.errors.contains("--image-size"))
    }
  }

  @Test("the emitted C takes one sample or several, and gives the same shapes")
  func emittedC() throws {
    let folder = try folder()
    let emitted = try Snnc.run("emit", "net.snnir", "--target", "c", "-o", "c", in: folder)
    #expect(emitted.status == 0, "\(emitted.errors)")
    let made = try Snnc.launch(
      "/usr/bin/env", ["make", "-s", "-C", "c", "CFLAGS=-O0 -Werror"], in: folder)
    try #require(made.status == 0, "\(made.errors)")
    for name in ["one", "three"] {
      _ = try Snnc.run(
        "run", "net.snnir", "--input", "\(name).npy", "--logits", "engine.npy", in: folder)
      let ended = try Snnc.launch(
        folder.path("c/twice_the_input"), ["\(name).npy", "c.npy"], in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(try folder.bytes("c.npy") == folder.bytes("engine.npy"))
    }
  }

  @Test("texts that are none, and newer ones, are refused")
  func refusals() throws {
    for (text, message, note) in [
      (
        "snnir 2\nmodule",
        "net.snnir: 1:7: error: the text has version 2 of the form, and this program reads 1 [unknown-version]",
        "note: a newer snnc wrote it: update this one"
      ),
      ("snnir 1 module @\"m\" { time_steps = 0 input %x : real [] output %x }", "[time-steps]", ""),
      ("module @\"m\"", "[unexpected-token]", ""), ("", "[unexpected-token]", ""),
      ("\u{FEFF}snnir 1", "[unexpected-character]", ""),
    ] {
      let ended = try Snnc.run("run", "net.snnir", "--input", "one.npy", in: folder(text))
      #expect(ended.status == 65)
      #expect(
        ended.errors.contains(message) && (note.isEmpty || ended.errors.contains(note)),
        "\(ended.errors)")
    }
  }
}

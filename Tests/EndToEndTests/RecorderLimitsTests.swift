import Arrays
import Foundation
import Testing

/// Modules of more neurons and ops over all steps than can be recorded, or counted in 64 bits.
@Suite struct RecorderLimitsTests {
  /// As many layers as have more than 2^63 neurons over all steps.
  static let overflowing = (1 << 17) + 16

  /// A folder with a module of `layers` layers of 2^46 spikes each, nearly, and a sample with its label.
  private func folder(layers: Int) throws -> Folder {
    let folder = Folder()
    let text =
      """
      snnir 1
      module @"wide" {
        time_steps = 4096
        weight @"w" : f32 [1, 1, 1, 1] = [1.0]
        input %x : real [1, 1, 1]
        %wide = conv2d %x, @"w" {stride = [1, 1], padding = [65535, 65535]}

      """ + (0..<layers).map { "%l\($0) = lif %wide {tau = 2.0, threshold = 1.0}\n" }.joined()
      + "%mean = mean %wide\noutput %mean\n}\n"
    try Data(text.utf8).write(to: folder.url.appending(path: "wide.snnir"))
    for (name, array) in [
      ("x.npy", NumPyArray(shape: [1, 1, 1, 1], floats: [1])),
      ("y.npy", NumPyArray(shape: [1], bytes: [0])),
    ] {
      try Data(array.npy()).write(to: folder.url.appending(path: name))
    }
    return folder
  }

  @Test(
    "each is refused with the limit that it breaks, and nothing is written",
    arguments: [
      (["--spikes", "s.npz"], "spikes-limit"),
      (["--spikes", "s.npz", "--engine", "interpreter"], "spikes-limit"),
      (["--membranes", "s.npz"], "membrane-limit"),
    ], [1, RecorderLimitsTests.overflowing])
  func traces(_ run: (options: [String], id: String), layers: Int) throws {
    let folder = try folder(layers: layers)
    let ended = try Snnc.launch(
      Snnc.program.path, ["run", "wide.snnir", "--input", "x.npy"] + run.options, in: folder)
    #expect(ended.status == 64 && ended.errors.contains("[\(run.id)]"), "\(ended.errors)")
    #expect(!folder.names.contains("s.npz"))
  }

  @Test(
    "an account of very many ops at very many steps is refused, and a simulator, which has one",
    arguments: [
      ["run", "--input", "x.npy", "--account"], ["report", "--input", "x.npy"],
      ["emit", "--target", "sim", "-o", "long"],
    ])
  func account(_ arguments: [String]) throws {
    let folder = Folder()
    let text =
      "snnir 1\nmodule @\"long\" {\ntime_steps = 4096\ninput %v0 : timed real [1]\n"
      + (1...512).map { "%v\($0) = complement %v\($0 - 1)\n" }.joined() + "output %v512\n}\n"
    try Data(text.utf8).write(to: folder.url.appending(path: "long.snnir"))
    let sample = NumPyArray(shape: [4096, 1], floats: [Float](repeating: 0, count: 4096))
    try Data(sample.npy()).write(to: folder.url.appending(path: "x.npy"))
    let ended = try Snnc.launch(Snnc.program.path, arguments + ["long.snnir"], in: folder)
    #expect(ended.status == 65, "\(ended.errors)")
    #expect(ended.errors.hasPrefix("long.snnir: ") && ended.errors.contains("[account-limit]"))
    #expect(folder.names == ["long.snnir", "x.npy"])
  }

  @Test("an evaluation of as many neurons as overflow their number is refused as too large")
  func evaluation() throws {
    let ended = try Snnc.run(
      "eval", "wide.snnir", "--data", "x.npy", "--labels", "y.npy",
      in: try folder(layers: Self.overflowing))
    #expect(ended.status == 65 && ended.errors.contains("[too-large]"), "\(ended.errors)")
  }
}

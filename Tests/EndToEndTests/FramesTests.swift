import Arrays
import Foundation
import Testing

/// The schedule `step` as docs/emitting.md shows it.
@Suite struct FramesTests {
  /// A model for an event camera, imported under the name that the page gives it.
  static func makeModule(in folder: Folder) throws -> Fixture {
    let fixture = Fixture.named("spikingformer-dvs128-tiny")
    try FileManager.default.copyItem(
      atPath: Snnc.fixture("\(fixture.name).pth"), toPath: folder.path("dvs_gestures.pth"))
    let ended = try Snnc.launch(
      Snnc.program.path,
      ["import", "dvs_gestures.pth", "--arch", "spikingformer"] + fixture.flags, in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    return fixture
  }

  @Test("the page's example compiles as it stands and computes what the engine does")
  func example() throws {
    let folder = Folder()
    let fixture = try Self.makeModule(in: folder)
    let text = try String(
      contentsOf: Snnc.root.appending(path: "docs/emitting.md"), encoding: .utf8)
    let examples = text.matches(of: #/(?s)```c\n(.*?)```/#).map { String($0.1) }
    try #require(examples.count == 1 && examples[0].contains("dvs_gestures_step(model, frame)"))
    let emitted = try Snnc.run("emit", "--target", "c", "--schedule", "step", in: folder)
    try #require(emitted.status == 0, "\(emitted.errors)")
    let program = "dvs_gestures-c"
    try Data(examples[0].utf8).write(to: folder.url.appending(path: "\(program)/example.c"))
    try Data(Self.driver.utf8).write(to: folder.url.appending(path: "\(program)/driver.c"))
    let flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-ffp-contract=off"]
    let sources = [
      "example.c", "driver.c", "dvs_gestures.c", "snn_kernels.c", "snn_plain.c", "snn_checksum.c",
    ]
    let compiled = try Snnc.launch(
      "/usr/bin/env",
      ["cc", "-O1", "-D_POSIX_C_SOURCE=200809L"] + flags + ["-o", "driver"]
        + sources.map { "\(program)/\($0)" }, in: folder)
    try #require(compiled.status == 0, "\(compiled.errors)")

    let input = try NumPyArray.read(path: fixture.input)
    let sample = try Array(input.floats().prefix(input.shape.dropFirst().reduce(1, *)))
    try sample.withUnsafeBytes { try Data($0).write(to: folder.url.appending(path: "frames")) }
    let ran = try Snnc.launch(
      folder.path("driver"), ["\(program)/dvs_gestures.weights.bin", "frames"], in: folder)
    try #require(ran.status == 0)
    _ = try Snnc.run(
      "run", "dvs_gestures.snn", "--input", fixture.input, "--logits", "l.npy", in: folder)
    let logits = try NumPyArray.read(path: folder.path("l.npy"))
    let expected = try logits.floats().prefix(logits.shape[1]).map { "\($0.bitPattern)" }
    #expect(ran.output.split(separator: " ").map(String.init) == expected)
  }

  /// Calls the example with the frames of a file, and then with a camera that breaks off.
  static let driver = """
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include "dvs_gestures.h"

    int classify(dvs_gestures *model, int (*next)(float *frame), float *scores);

    static FILE *frames;
    static int next(float *frame) {
      return fread(frame, sizeof *frame, DVS_GESTURES_FRAME_COUNT, frames)
          == DVS_GESTURES_FRAME_COUNT;
    }

    int main(int argc, char **argv) {
      float scores[DVS_GESTURES_OUTPUT_COUNT];
      void *weights, *arena;
      dvs_gestures model;
      FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
      if (!file || !(frames = fopen(argv[2], "rb"))) return 1;
      if (posix_memalign(&weights, 64, DVS_GESTURES_WEIGHTS_BYTES)) return 2;
      if (posix_memalign(&arena, 64, DVS_GESTURES_ARENA_BYTES(1))) return 3;
      if (!fread(weights, DVS_GESTURES_WEIGHTS_BYTES, 1, file)) return 4;
      if (dvs_gestures_init(&model, arena, DVS_GESTURES_ARENA_BYTES(1), weights,
          DVS_GESTURES_WEIGHTS_BYTES, NULL)) return 5;
      if (!classify(&model, next, scores)) return 6;
      for (int i = 0; i < DVS_GESTURES_OUTPUT_COUNT; i++) {
        uint32_t bits;
        memcpy(&bits, scores + i, sizeof bits);
        printf("%u ", (unsigned)bits);
      }
      return classify(&model, next, scores) ? 7 : 0;
    }

    """

  @Test("emit says what memory a program needs, and --plan what lies where")
  func memory() throws {
    let folder = Folder()
    _ = try Self.makeModule(in: folder)
    let layer = try Snnc.run("emit", "--target", "c", "--plan", in: folder)
    let step = try Snnc.run("emit", "--target", "c", "--plan", "--schedule", "step", in: folder)
    for (ended, membranes) in [(layer, "0"), (step, "573,568")] {
      #expect(ended.status == 0, "\(ended.errors)")
      #expect(ended.output.contains(" \(membranes) of membranes and sums over time, "))
      #expect(ended.output.contains(#/\nscratch +[0-9,]+ bytes for each thread\n/#))
    }
    let rows = step.output.split(separator: "\n").drop { !$0.hasPrefix("buffer ") }.map {
      $0.split(separator: /\ {2,}/).map(String.init)
    }
    #expect(rows.first == ["buffer", "layout", "bytes", "offset", "steps", "written by"])
    #expect(rows.dropFirst().allSatisfy { $0.count == 6 })
    #expect(rows.count { $0[0] == "membrane" } == 11)
    #expect(rows.contains(["sum", "reals 1 x 1 x 32", "128", "573,440", "0-21", "head"]))
    // The table's numbers are those of the program.
    let end = try rows.dropFirst().map { try bytes($0[2]) + bytes($0[3]) }.max()
    let arena = try #require(step.output.firstMatch(of: #/\narena +([0-9,]+) bytes/#))
    #expect(try end == bytes(String(arena.1)))
    let header = try String(
      decoding: folder.bytes("dvs_gestures-c/dvs_gestures.h"), as: UTF8.self)
    #expect(try header.contains("((size_t)\(bytes(String(arena.1)))u + "))
    #expect(layer.output.contains("bits 4 x 16384 x 4"))
    #expect(!step.output.contains("bits 4 x"))
  }

  /// The number that a table shows with its digits in groups.
  private func bytes(_ text: String) throws -> Int {
    try #require(Int(text.replacing(",", with: "")))
  }

  @Test("a schedule is refused where there is none to choose")
  func usage() throws {
    let folder = Folder()
    _ = try Self.makeModule(in: folder)
    for (arguments, words) in [
      (["emit", "--target", "onnx", "--schedule", "step"], "--schedule goes with --target c"),
      (["emit", "--target", "onnx", "--plan"], "--plan goes with --target c"),
      (["emit", "--target", "c", "--schedule", "frame"], "'frame' is invalid"),
      (
        ["run", "dvs_gestures.snn", "--input", "x.npy", "--engine", "interpreter"]
          + ["--schedule", "step"], "--schedule goes with --engine native"
      ),
    ] {
      let ended = try Snnc.launch(Snnc.program.path, arguments, in: folder)
      #expect(ended.status == 64)
      #expect(ended.errors.contains(words), "\(ended.errors)")
    }
  }
}

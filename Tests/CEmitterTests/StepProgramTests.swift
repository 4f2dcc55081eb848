import CEmitter
import Engine
import Foundation
import IRTestSupport
import Lowering
import SpikeIR
import Testing

/// A library that is given frames as they come, driven by a program of this test's own.
@Suite struct StepProgramTests {
  /// Runs `steps`, the body of a function with two prepared instances `a` and `b`, a `sample` of all
  /// frames and `FRAME(t)`, with some `functions` before it, and returns the words that it prints.
  static func run(
    _ module: Module, functions: String = "", _ steps: String
  ) throws -> [String] {
    let program = try CProgram(Lowering.lower(module, schedule: .step))
    let folder = try ProgramFolder(program)
    let (name, macro) = (program.identifier, program.identifier.uppercased())
    var random = SeededRandom(11)
    let sample = random.sample(of: module)
    let numbers = sample.map { "\($0)f" }.joined(separator: ", ")
    let source = """
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include "\(name).h"
      #define FRAME(t) (sample + (\(macro)_INPUT_TIMED ? (t) * \(macro)_FRAME_COUNT : 0))
      static const float sample[] = {\(numbers)};
      static void prepare(\(name) *model, const void *weights) {
        void *arena;
        if (posix_memalign(&arena, 64, \(macro)_ARENA_BYTES(1))) exit(1);
        /* What an arena holds before must not matter. */
        memset(arena, 0xA5, \(macro)_ARENA_BYTES(1));
        if (\(name)_init(model, arena, \(macro)_ARENA_BYTES(1), weights,
            \(macro)_WEIGHTS_BYTES, NULL)) exit(2);
      }
      static void show(const float *output) {
        for (int i = 0; i < \(macro)_OUTPUT_COUNT; i++) {
          uint32_t bits;
          memcpy(&bits, output + i, 4);
          printf("%u ", (unsigned)bits);
        }
      }
      \(functions)
      int main(int argc, char **argv) {
        float output[\(macro)_OUTPUT_COUNT];
        void *weights;
        \(name) a, b;
        FILE *file = fopen(argv[argc - 1], "rb");
        if (!file || posix_memalign(&weights, 64, \(macro)_WEIGHTS_BYTES)) return 3;
        if (!fread(weights, \(macro)_WEIGHTS_BYTES, 1, file)) return 4;
        prepare(&a, weights);
        prepare(&b, weights);
        \(steps.replacing("NAME", with: name).replacing("MACRO", with: macro))
        return 0;
      }
      """
    try folder.write(Data(source.utf8), to: "driver.c")
    let messages = try folder.compile(
      ["driver.c", "\(name).c", "snn_kernels.c", "snn_plain.c", "snn_checksum.c"],
      with: ProgramFolder.Compiler.all[0],
      ["-D_POSIX_C_SOURCE=200809L", "-O1", "-o", folder.path("driver")])
    #expect(messages == "")
    let ended = try ProgramFolder.execute([folder.path("driver"), folder.path(program.weightsName)])
    #expect(ended.status == 0)
    return ended.output.split(separator: " ").map(String.init)
  }

  /// The output's bits of the sample that `run` takes, as the Engine computes them.
  static func expected(_ module: Module) throws -> [String] {
    var random = SeededRandom(11)
    let output = try Engine(Lowering.lower(module)).run(random.sample(of: module))
    #expect(Set(output).count > 1)
    return output.map { "\($0.bitPattern)" }
  }

  @Test func instancesTakeFramesInTurn() throws {
    let module = try SampleModule.frames()
    let found = try Self.run(
      module,
      """
      /* b begins a sample, leaves it, and is one frame behind a then. */
      NAME_step(&b, FRAME(1));
      NAME_reset(&b);
      for (int t = 0; t <= MACRO_TIME_STEPS; t++) {
        if (t < MACRO_TIME_STEPS) NAME_step(&a, FRAME(t));
        if (t > 0) NAME_step(&b, FRAME(t - 1));
      }
      NAME_output(&a, output);
      show(output);
      NAME_output(&b, output);
      show(output);
      """)
    let expected = try Self.expected(module)
    #expect(found == expected + expected)
  }

  @Test func whatDoesNotVaryIsReadOnce() throws {
    let module = try SampleModule.make()
    let found = try Self.run(
      module,
      """
      for (int t = 0; t < MACRO_TIME_STEPS; t++) NAME_step(&a, t ? NULL : sample);
      NAME_output(&a, output);
      show(output);
      """)
    #expect(try found == Self.expected(module))
  }

  @Test func callsOutOfTurnAreRefusedAndDoNothing() throws {
    let module = try SampleModule.frames()
    let found = try Self.run(
      module,
      """
      for (int t = 0; t < MACRO_TIME_STEPS; t++) {
        printf("%d ", NAME_output(&a, output));
        printf("%d ", NAME_step(&a, FRAME(t)));
      }
      printf("%d ", NAME_step(&a, FRAME(0)));
      printf("%d ", NAME_output(&a, output));
      show(output);
      output[0] = 0.0f;
      printf("%d ", NAME_output(&a, output));
      printf("%d ", NAME_step(&a, FRAME(0)));
      printf("%d ", output[0] != 0.0f);
      NAME_reset(&a);
      printf("%d", NAME_step(&a, FRAME(0)));
      """)
    let turns = ["7", "0", "7", "0", "7", "0", "7", "0"]
    #expect(try found == turns + Self.expected(module) + ["7", "7", "0", "0"])
  }

  @Test func layersAreSeenAsTheyFire() throws {
    let module = try SampleModule.make()
    // The first layer sees a static image and fires at all steps at once; the other step by step.
    let found = try Self.run(
      module,
      functions: """
        static void see(void *context, int32_t layer, int32_t first, int32_t steps,
            const uint64_t *spikes) {
          (void)spikes;
          printf("%d:%d+%d%s ", (int)layer, (int)first, (int)steps, (const char *)context);
        }
        """,
      """
      a.observe = see;
      a.context = "!";
      NAME_run(&a, sample, output);
      show(output);
      """)
    #expect(
      try found == ["0:0+3!", "1:0+1!", "1:1+1!", "1:2+1!"] + Self.expected(module))
  }
}

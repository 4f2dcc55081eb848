import Engine
import SnncCommands
import Testing

/// The text of `snnc run --profile`.
@Suite struct ProfileTableTests {
  /// A profile of round numbers: three calls, of which the second loses the most.
  static let profile = Profile(
    calls: [
      Profile.Call(
        step: 0, origins: ["embed.conv", "embed.bn", "embed.lif"], kernel: "convolution 3 x 3",
        work: Work(additions: 50_000_000, multiplications: 50_000_000), seconds: 0.002),
      Profile.Call(
        step: 1, origins: ["block.0.attn.q_conv", "block.0.mlp.lif"], kernel: "convolution 1 x 1",
        work: Work(additions: 1_234_000_000, bits: 10_000, spikes: 123), seconds: 0.05),
      Profile.Call(
        step: 2, origins: ["block.0.attn"], kernel: "attention",
        work: Work(integerAdditions: 200_000_000, bits: 400, spikes: 100), seconds: 0.008),
      Profile.Call(
        step: 3, origins: ["head\n"], kernel: "output", work: Work(), seconds: 0.0001),
    ],
    samples: 2, repeats: 5, seconds: 0.07,
    peak: AdditionPeak(instructionSet: "avx2", threads: 2, alone: 51e9, together: 1e11))

  @Test func mostLostFirst() {
    #expect(
      Self.profile.lines(.lost).joined(separator: "\n") == """
        layer                           kernel             density, %  added, M  multiplied, M  time, ms  share, %  at peak, ms  ratio
        block.0.attn.q_conv .. mlp.lif  convolution 1 x 1        1.23  1,234.00              -     50.00     83.19        12.34   4.05
        block.0.attn                    attention               25.00    200.00              -      8.00     13.31         2.00   4.00
        embed.conv .. lif               convolution 3 x 3           -     50.00          50.00      2.00      3.33         1.00   2.00
        head\\x0A                        output                      -         -              -      0.10      0.17            -      -
        all                                                            1,484.00          50.00     60.10    100.00        15.34   3.92

        peak: 100.00 G additions a second on 2 threads, 51.00 on one (avx2)
        convolutions of spikes: 1.23 G additions in 50.00 ms, 24.68 G a second
        2 samples, each call the best of 5; whole runs: 70.00 ms
        """)
  }

  @Test func asThePlanHasThem() {
    let lines = Self.profile.lines(.plan)
    #expect(lines[1].hasPrefix("embed.conv .. lif "))
    #expect(lines[2].hasPrefix("block.0.attn.q_conv .. mlp.lif "))
    #expect(Set(lines) == Set(Self.profile.lines(.lost)))
  }

  @Test func withoutSpikesThereIsNoLineForThem() {
    let peak = AdditionPeak(instructionSet: "portable", threads: 1, alone: 2e9, together: 2e9)
    let profile = Profile(calls: [], samples: 1, repeats: 1, seconds: 0.001, peak: peak)
    #expect(
      profile.lines(.lost).suffix(3) == [
        "", "peak: 2.00 G additions a second on 1 thread (portable)",
        "1 sample, each call the best of 1; whole runs: 1.00 ms",
      ])
  }
}

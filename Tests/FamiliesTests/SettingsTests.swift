import Diagnostics
import Families
import ModelTestSupport
import SpikeIR
import Testing

/// Where each hyper-parameter comes from: flag beats args beats preset beats default.
@Suite struct SettingsTests {
  /// The value and source of `key` in the import of a network.
  static func decision(
    _ key: Settings.Key, _ network: Network, args: [(String, Int)] = [], preset: String? = nil,
    flags: [Settings.Key: Double] = [:]
  ) throws -> String {
    let model = try load(
      network.tensors([.heads: 8, .timeSteps: 2]), args: args,
      ModelImport.Options(family: "spikingformer", preset: preset, flags: flags))
    let found = try #require(model.decisions.first { $0.key == key })
    #expect(model.module.metadata(key.rawValue) == "\(found.value) (\(found.source))")
    return "\(found.value) from \(found.source)"
  }

  static let cifar100 = Network(variant: "cifar100", width: 256, depth: 4, classes: 100)
  static let cifar10 = Network(variant: "cifar10", width: 384, depth: 2)

  @Test func headsComeFromTheFirstThatKnows() throws {
    let args = [("num_heads", 16)]
    #expect(
      try Self.decision(.heads, Self.cifar100, args: args, flags: [.heads: 32])
        == "32 from flag --heads")
    #expect(
      try Self.decision(.heads, Self.cifar100, args: args)
        == "16 from checkpoint args 'num_heads'")
    #expect(
      try Self.decision(.heads, Self.cifar100) == "8 from preset spikingformer-cifar100-4-256")
    let other = Network(variant: "cifar100", classes: 100)
    #expect(try Self.decision(.heads, other) == "8 from default of the authors' code")
  }

  @Test(arguments: ["time_steps", "time_step", "T"])
  func timeStepsHaveSeveralNamesInScripts(_ name: String) throws {
    #expect(
      try Self.decision(.timeSteps, Self.cifar100, args: [(name, 6)])
        == "6 from checkpoint args '\(name)'")
  }

  @Test func tauAndTheScaleHaveDefaultsAndFlags() throws {
    #expect(try Self.decision(.tau, Self.cifar100) == "2 from default of the authors' code")
    #expect(
      try Self.decision(.tau, Self.cifar100, flags: [.tau: 1.75]) == "1.75 from flag --tau")
    #expect(
      try Self.decision(.attentionScale, Self.cifar100, flags: [.attentionScale: 0.25])
        == "0.25 from flag --attention-scale")
  }

  @Test func whatWasPublishedInSeveralWaysMustBeGiven() throws {
    let heads = try expect("unsettled") { try Self.decision(.heads, Self.cifar10) }
    #expect(heads.notes.contains { $0.contains("--heads N") })
    let preset = "spikingformer-cifar10-2-384"
    #expect(
      try Self.decision(.heads, Self.cifar10, preset: preset) == "12 from preset \(preset)")
    let events = Network(
      variant: "dvs128-gesture", width: 256, depth: 2, classes: 11, channels: 2)
    let steps = try expect("unsettled") { try Self.decision(.timeSteps, events) }
    #expect(steps.notes.contains { $0.contains("--time-steps N") })
  }

  @Test func settingsChangeTheModule() throws {
    let model = try load(
      Self.cifar100.tensors([.heads: 8]),
      ModelImport.Options(
        flags: [.heads: 32, .timeSteps: 7, .imageSize: 64, .tau: 3, .attentionScale: 0.5]))
    #expect(model.module.timeSteps == 7 && model.module.input.shape == [3, 64, 64])
    let text = model.module.text
    #expect(text.contains("{shape = [32, 8, 256]}"))
    #expect(text.contains("{tau = 3.0, threshold = 1.0}") && !text.contains("tau = 2.0"))
    #expect(text.contains("{factor = 0.5}"))
  }

  @Test(arguments: [
    (Settings.Key.heads, 5, "heads-do-not-divide"), (.heads, 0, "bad-setting"),
    (.heads, 2.5, "bad-setting"), (.heads, -8, "bad-setting"), (.heads, .nan, "bad-setting"),
    (.timeSteps, 0, "bad-setting"), (.timeSteps, 5000, "time-steps"),
    (.imageSize, 30, "image-size"),
    (.imageSize, 1e30, "bad-setting"), (.tau, 0.5, "lif-c1"), (.tau, .infinity, "lif-c1"),
    (.attentionScale, .infinity, "scale-c1"),
  ])
  func settingsThatCannotBeAreRefused(_ key: Settings.Key, _ value: Double, _ id: String) throws {
    try expect(id) { try Self.decision(key, Self.cifar100, flags: [key: value]) }
  }

  @Test(arguments: ModelFixture.all)
  func fixturesAreOfTheirVariants(_ fixture: ModelFixture) throws {
    let model = try fixture.load()
    #expect(fixture.name.hasPrefix("spikingformer-\(model.recognition.variant.prefix(6))"))
    #expect(model.unusedNames.contains("block.0.norm1.weight"))
  }
}

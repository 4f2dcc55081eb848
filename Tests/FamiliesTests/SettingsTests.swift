import Checkpoint
import Diagnostics
import Families
import ModelTestSupport
import SpikeIR
import Testing

/// Where each hyper-parameter comes from: flag beats args beats preset beats default.
@Suite struct SettingsTests {
  /// The value and source of `key` in the import of a network.
  static func decision(
    _ key: Settings.Key, _ network: Network, args: [(String, Hint)] = [],
    named name: String = "best", preset: String? = nil, flags: [Settings.Key: Hint] = [:]
  ) throws -> String {
    let model = try load(
      network.tensors(), args: args, named: name,
      ModelImport.Options(family: network.family, preset: preset, flags: flags))
    let found = try #require(model.decisions.first { $0.key == key })
    #expect(model.module.metadata(key.rawValue) == "\(found.value) (\(found.source))")
    return "\(found.value) from \(found.source)"
  }

  static let cifar100 = Network(family: "spikingformer", dataset: .cifar100, width: 256, depth: 4)
  static let cifar10 = Network(family: "spikingformer", dataset: .cifar10, width: 384, depth: 2)

  @Test func headsComeFromTheFirstThatKnows() throws {
    let args: [(String, Hint)] = [("num_heads", 16)]
    #expect(
      try Self.decision(.heads, Self.cifar100, args: args, flags: [.heads: 32])
        == "32 from flag --heads")
    #expect(
      try Self.decision(.heads, Self.cifar100, args: args)
        == "16 from checkpoint args 'num_heads'")
    #expect(
      try Self.decision(.heads, Self.cifar100) == "8 from preset spikingformer-cifar100-4-256")
    let other = Network(family: "spikingformer", dataset: .cifar100)
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
    #expect(heads.notes.contains { $0.contains("pass --heads:") })
    let preset = "spikingformer-cifar10-2-384"
    #expect(
      try Self.decision(.heads, Self.cifar10, preset: preset) == "12 from preset \(preset)")
    let events = Network(family: "spikingformer", dataset: .dvs128Gesture, width: 256, depth: 2)
    let steps = try expect("unsettled") { try Self.decision(.timeSteps, events) }
    #expect(steps.notes.contains { $0.contains("pass --time-steps:") })
  }

  @Test func settingsChangeTheModule() throws {
    let model = try load(
      Self.cifar100.tensors(),
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
    (.imageSize, 1e30, "bad-setting"), (.tau, 0.5, "bad-setting"), (.tau, .infinity, "bad-setting"),
    (.attentionScale, .infinity, "bad-setting"),
  ])
  func settingsThatCannotBeAreRefused(_ key: Settings.Key, _ value: Double, _ id: String) throws {
    try expect(id) { try Self.decision(key, Self.cifar100, flags: [key: .real(value)]) }
  }

  @Test func theConnectFunctionComesFromFlagArgsOrTheFilesName() throws {
    let sew = RecognitionTests.sew
    try expect("unsettled") { try Self.decision(.connect, sew) }
    #expect(
      try Self.decision(.connect, sew, flags: [.connect: "iand"]) == "IAND from flag --connect")
    #expect(
      try Self.decision(.connect, sew, args: [("connect_f", "AND")])
        == "AND from checkpoint args 'connect_f'")
    #expect(
      try Self.decision(.connect, sew, named: "sew18_ADD_best") == "ADD from the file's name")
    for name in ["sew18_black_and_white", "ADD-or-AND", "sew-add"] {
      try expect("unsettled") { try Self.decision(.connect, sew, named: name) }
    }
    let bad = try expect("bad-setting") {
      try Self.decision(.connect, sew, flags: [.connect: "OR"])
    }
    #expect(bad.status == .usage)
    #expect(bad.message == "the connect function must be ADD, AND, IAND, not 'OR'")
  }

  @Test func theStagesThatPoolComeFromFlagArgsOrTheVariant() throws {
    let v1 = Network(family: "spike-driven-transformer", dataset: .imagenet)
    #expect(
      try Self.decision(.pooling, v1) == "1111 from default of the authors' code")
    #expect(
      try Self.decision(.pooling, v1, args: [("pooling_stat", "0011")])
        == "0011 from checkpoint args 'pooling_stat'")
    #expect(
      try Self.decision(.pooling, v1, flags: [.pooling: "0111"]) == "0111 from flag --pooling-stat")
    try expect("bad-setting") { try Self.decision(.pooling, v1, flags: [.pooling: "1121"]) }
    try expect("image-size") {
      try Self.decision(.pooling, v1, flags: [.pooling: "1111", .imageSize: 24])
    }
  }

  @Test func numbersMayBeSpelledAndOthersAreRefused() throws {
    #expect(
      try Self.decision(.heads, Self.cifar100, args: [("num_heads", "4")])
        == "4 from checkpoint args 'num_heads'")
    let error = try expect("bad-setting") {
      try Self.decision(.heads, Self.cifar100, args: [("num_heads", "eight")])
    }
    #expect(error.message == "the heads must be a number, not 'eight'")
    #expect(error.status == .badData)
  }

  @Test func headsOfASizeThatNobodyPublishedAreAGuess() throws {
    for (depth, ids) in [(2, []), (1, ["guess"])] {
      let network = Network(
        family: "spikformer", dataset: .cifar10DVS, width: 256, depth: depth, heads: 16)
      let model = try load(network.tensors(), ModelImport.Options(flags: [.timeSteps: 4]))
      #expect(model.warnings.map(\.id) == ids)
    }
  }

  @Test func argumentsThatTheCodeDoesNotReadAreNotRead() throws {
    let network = Network(family: "qkformer", dataset: .cifar10, width: 64, depth: 3, heads: 8)
    #expect(
      try Self.decision(.heads, network, args: [("num_heads", 4)])
        == "8 from constant of the authors' code")
    #expect(try Self.decision(.heads, network, flags: [.heads: 4]) == "4 from flag --heads")
  }

  @Test(arguments: ModelFixture.all)
  func fixturesAreOfTheirFamilies(_ fixture: ModelFixture) throws {
    let model = try fixture.load()
    #expect(fixture.name.hasPrefix(fixture.family.prefix(10)))
    #expect(fixture.name.contains("cifar10") == (model.dataset == .cifar10))
    let unused = model.unusedNames.filter { !$0.hasSuffix(".num_batches_tracked") }
    #expect(unused.allSatisfy { $0.contains(".norm") || $0.contains("talking_heads") })
  }

  @Test func qkformersBatchCouplingIsNoted() throws {
    for network in Network.all {
      let model = try load(
        network.tensors(),
        RecognitionTests.options(family: network.family, variant: network.dataset.rawValue))
      #expect(model.notes.contains { $0.contains("batch of 1") } == (network.family == "qkformer"))
    }
  }
}

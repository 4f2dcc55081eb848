import Accounts
import CheckpointTestSupport
import Diagnostics
import Families
import JSON
import Passes
import SpikeIR
import Testing

/// The energies that authors have published come out of the modules' own shapes.
@Suite struct ReplayTests {
  static func json(_ name: String) throws -> JSONValue {
    try JSONValue(parsing: Fixture.bytes("published/\(name).json").span)
  }

  static func rates(_ name: String) throws -> PublishedRates { try PublishedRates(json(name)) }

  /// A published size, before the passes of an import or after.
  static func module(_ preset: String, imported: Bool = true) throws -> Module {
    let (family, size) = try Families.preset(named: preset)
    let module = try family.outline(of: size).module
    return imported ? try Pipeline.standard.run(on: module) : module
  }

  @Test(arguments: [
    ("spikingformer-8-768", 13.6589, 13.658864951845398, 12),
    ("spikingformer-8-512", 7.4635, 7.463502601886196, 8),
    ("spikingformer-cml-8-768", 16.3062, 16.306188155064994, 12),
  ])
  func publishedEnergies(
    _ name: String, _ fiveDigits: Double, _ published: Double, _ heads: Int
  ) throws {
    let rates = try Self.rates(name)
    #expect(rates.millijoules == published)
    for imported in [false, true] {
      let replay = try Replay(rates, on: try Self.module(name, imported: imported))
      let energy = 1e-9 * replay.counts.picojoules
      #expect((energy * 1e4).rounded() / 1e4 == fiveDigits)
      // The log gives nine digits.
      #expect(abs(energy - published) < 1e-8 * published)
      #expect(replay.moduleHeads == 8 && rates.attention.heads == heads)
    }
  }

  @Test func anImportKeepsWhichLayersHadABias() throws {
    let module = try Self.module("spikingformer-8-512")
    #expect(module.foldedBiases.count == 3 * 8)
    #expect(module.foldedBiases.contains("block.7.mlp.mlp1_conv"))
    let names = try Self.rates("spikingformer-8-512").layers.map(\.name)
    #expect(names.contains("patch_embed.rpe_conv") && names.contains("block.0.mlp.fc1_conv"))
  }

  /// The log of 8-768 with one part replaced.
  static func changed(
    _ path: [String], _ change: (JSONValue) -> JSONValue
  ) throws -> JSONValue {
    func apply(_ value: JSONValue, _ path: ArraySlice<String>) -> JSONValue {
      guard let first = path.first else { return change(value) }
      if let index = Int(first), case .array(var items) = value {
        items[index] = apply(items[index], path.dropFirst())
        return .array(items)
      }
      return .object(
        (value.object ?? []).map {
          $0.name == first ? JSONMember($0.name, apply($0.value, path.dropFirst())) : $0
        })
    }
    return apply(try json("spikingformer-8-768"), path[...])
  }

  static func message(_ id: String, _ body: () throws -> Void) -> String {
    let error = #expect(throws: Diagnostic.self) { try body() }
    #expect(error?.id == id, "\(error?.message ?? "")")
    return error?.message ?? ""
  }

  @Test(arguments: [
    (
      ["layers", "3", "layer"], JSONValue.string("patch_embed.proj9_conv"),
      "the layer 'patch_embed.proj9_conv' of the log is no convolution"
    ),
    (
      ["layers", "3", "layer"], .string("patch_embed.proj2_conv"),
      "the layers 'patch_embed.proj2_conv' and 'patch_embed.proj2_conv' of the log are one layer"
    ),
    (["layers", "3", "ops"], .real(8.3236e9), "8323600000.0 dense operations in the log"),
    (["attention", "tokens"], .integer(64), "64 tokens in the log, and 196"),
    (["attention", "time_steps"], .integer(1), "1 time steps in the log, and 4"),
    (["attention", "embedding"], .integer(384), "384 channels in the log, and 768"),
  ])
  func anotherNetworkIsRefused(_ path: [String], _ value: JSONValue, _ expected: String) throws {
    let rates = try PublishedRates(Self.changed(path) { _ in value })
    let module = try Self.module("spikingformer-8-768")
    let message = Self.message("rates-differ") { _ = try Replay(rates, on: module) }
    #expect(message.contains(expected), "\(message)")
  }

  @Test func aLayerThatTheLogLacksIsRefused() throws {
    let json = try Self.changed(["layers"]) { .array(($0.array ?? []).dropLast()) }
    let module = try Self.module("spikingformer-8-768")
    let message = Self.message("rates-differ") {
      _ = try Replay(PublishedRates(json), on: module)
    }
    #expect(message == "the log must name every layer of the module, and head is not in it")
  }

  @Test func anotherSizeIsRefused() throws {
    let module = try Self.module("spikingformer-8-512")
    let rates = try Self.rates("spikingformer-8-768")
    let message = Self.message("rates-differ") { _ = try Replay(rates, on: module) }
    #expect(message.contains("'patch_embed.proj_conv' has 520224768.0 dense operations in the log"))
  }

  @Test(arguments: [
    (["layers"], JSONValue.null, "'layers', an array"),
    (["layers", "0", "rate"], .real(1.5), "'rate' of 'patch_embed.proj_conv' must be a number"),
    (["layers", "0", "ops"], .integer(-1), "'ops' of 'patch_embed.proj_conv'"),
    (
      ["layers", "1", "acs"], .real(1.6e9), "'acs' of 'patch_embed.proj1_conv' must be 'rate' times"
    ),
    (
      ["layers", "1", "ops"], .integer(0), "'acs' of 'patch_embed.proj1_conv' must be 'rate' times"
    ),
    (["layers", "0", "layer"], .integer(1), "needs a 'layer'"),
    (["attention", "heads"], .integer(0), "'attention.heads' must be an integer"),
    (["attention", "heads"], .integer(7), "'attention.heads' must divide"),
    (["attention", "blocks"], .integer(7), "'attention.blocks' is 7, and 'qkv_rates' has 8"),
    (["qkv_rates", "2"], .array([.real(0.5)]), "three rates a block"),
    (["qkv_rates", "2", "1"], .string("x"), "'qkv_rates' of block 2"),
  ])
  func badRatesAreRefused(_ path: [String], _ value: JSONValue, _ expected: String) throws {
    let json = try Self.changed(path) { _ in value }
    let message = Self.message("bad-rates") { _ = try PublishedRates(json) }
    #expect(message.contains(expected), "\(message)")
  }
}

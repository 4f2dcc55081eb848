import Accounts
import JSON
import Pages
import SpikeIR
import Testing

/// Published figures beside the account's.
@Suite struct PublishedRatesTests {
  /// A log of `module` in which every layer has the rate `rate`, but for the first, which reads no
  /// spikes, and attention has `heads` heads.
  static func log(of module: Module, rate: Double, heads: Int) throws -> Replay {
    let nodes = Accountant(module).account.nodes
    let layers = nodes.filter { ["conv2d", "linear"].contains($0.mnemonic) }.enumerated().map {
      let layer = $0.element
      return #"{"layer": "\#(layer.origins[0])", "ops": \#(layer.dense), "#
        + #""rate": \#($0.offset == 0 ? 1 : rate)}"#
    }
    let products = module.nodes.filter { if case .matmul = $0.op { true } else { false } }
    let shape = module.type(of: products[0].operands[0]).shape
    let blocks = products.count / 2
    let json = """
      {"model": "a <log>", "total": {"energy_mj": 0.5}, "layers": [\(layers.joined(separator: ", "))],
       "attention": {"heads": \(heads), "embedding": \(shape[0] * shape[1]), "tokens": \(shape[2]),
         "time_steps": \(module.timeSteps), "blocks": \(blocks)},
       "qkv_rates": [\([String](repeating: "[0.5, 0.25, 0.125]", count: blocks).joined(separator: ", "))]}
      """
    return try Replay(PublishedRates(JSONValue(parsing: Array(json.utf8).span)), on: module)
  }

  @Test func theyStandInTheirColumnAndTheTotals() throws {
    var replay: Replay?
    let page = try SamplePage(of: "spikingformer-imagenet-tiny") { module in
      replay = try Self.log(of: module, rate: 0.25, heads: 4)
      return replay
    }
    let counts = try #require(replay)
    #expect(WellFormedness(page.html).errors == [])
    let unit = EnergyUnit(for: page.account.convention.picojoules)
    let rows = PageTests.rows(
      of: page.html, caption: "operations and energy of one sample, by layer")
    for layer in counts.layers {
      let name = try #require(page.module.definition(of: layer.value)?.origins.last)
      let row = try #require(
        rows.first { $0[0] == name && ["conv2d", "linear"].contains($0[1]) }, "\(name)")
      #expect(row.last == unit.number(layer.counts.picojoules), "\(name)")
    }
    let attention = rows.filter { $0[1] == "matmul" }.map { $0.last }
    #expect(
      attention
        == counts.attention.flatMap {
          ["", unit.number(Convention(acs: $0).picojoules)]
        })
    #expect(rows.last?.last == unit.number(counts.counts.picojoules))
    #expect(page.html.contains("&#39;a &lt;log&gt;&#39;"))
    #expect(page.html.contains("(published: 0.5000 mJ)"))
    #expect(page.html.contains("with 4 heads, though the module has 8"))
  }
}

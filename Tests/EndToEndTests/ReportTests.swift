import Foundation
import Testing

/// `snnc report`, and `snnc run --account`.
@Suite struct ReportTests {
  static let fixture = Fixture.named("spikingformer-imagenet-tiny")

  static func report(_ options: [String], in folder: Folder) throws -> Ended {
    try Snnc.launch(
      Snnc.program.path, ["report", "m.snn", "--input", fixture.input] + options, in: folder)
  }

  static func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The counts of an object of events.
  static func counts(_ value: Any?) -> [String: Int] { value as? [String: Int] ?? [:] }

  @Test("the energy is the counts times the costs, of every node and of all")
  func energyIsCountsTimesCosts() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let costs: [(cost: String, event: String, picojoules: Double)] = [
      ("acSpike", "acSpike", 1.5), ("acInteger", "acInteger", 2), ("addition", "addition", 0.25),
      ("mac", "mac", 8), ("neuronUpdate", "neuronUpdate", 3), ("spikeRouted", "spikeIn", 0.5),
      ("weightReadSRAM", "weightRead", 4), ("weightReadDRAM", "weightLoad", 64),
    ]
    let members = costs.map { "\"\($0.cost)\": \($0.picojoules)" }.joined(separator: ", ")
    let model =
      "{\"format\": \"snnc-energy-model\", \"version\": 1, \"name\": \"chip\", \"picojoules\": {\(members)}}"
    try Data(model.utf8).write(to: folder.url.appending(path: "chip.json"))
    for (name, options) in [("chip", ["--energy-model", "chip.json"]), ("horowitz-45nm", [])] {
      let ended = try Self.report(options + ["--json"], in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
      let json = try Self.object(ended.output)
      let energyModel = try #require(json["energyModel"] as? [String: Any])
      #expect(energyModel["name"] as? String == name)
      let prices = try #require(energyModel["picojoules"] as? [String: Double])
      #expect(prices.count == costs.count)
      let samples = try #require(json["samples"] as? Int)
      let energy = { (events: [String: Int]) in
        costs.reduce(0) { $0 + Double(events[$1.event] ?? 0) * (prices[$1.cost] ?? .nan) }
          / Double(samples) * 1e-9
      }
      let close = { (a: Double, b: Double) in abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }
      let total = Self.counts(json["total"])
      #expect(close(energy(total), try #require(json["millijoules"] as? Double)))
      let steps = try #require(json["steps"] as? [[String: Int]])
      let nodes = try #require(json["nodes"] as? [[String: Any]])
      var sum: [String: Int] = [:]
      for node in nodes {
        var all: [String: Int] = [:]
        for events in try #require(node["steps"] as? [[String: Int]]) {
          all.merge(events, uniquingKeysWith: +)
        }
        #expect(close(energy(all), try #require(node["millijoules"] as? Double)))
        sum.merge(all, uniquingKeysWith: +)
      }
      #expect(sum == total && total.count == 9)
      #expect(steps.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) } == total)
      #expect(total["acSpike", default: 0] > 1_000_000)
    }
  }

  @Test("the CSV has the counts of the JSON, and both are the same on any number of threads")
  func csv() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let first = try Self.report(["--json", "--csv", "a.csv"], in: folder)
    let again = try Self.report(["--json", "--csv", "b.csv", "--threads", "3"], in: folder)
    #expect(first.status == 0 && first.output == again.output)
    #expect(try folder.bytes("a.csv") == folder.bytes("b.csv"))
    let lines = String(decoding: try folder.bytes("a.csv"), as: UTF8.self).split(separator: "\n")
    let head = lines[0].split(separator: ",").map(String.init)
    let column = try #require(head.firstIndex(of: "acSpike"))
    // No cell before the counts holds a comma, since no layer here is of the domain `fixed`.
    let rows = lines.dropFirst().filter { !$0.contains("\"") }
    let counted = rows.compactMap { Int($0.split(separator: ",")[column]) }
    #expect(counted.count == rows.count)
    let total = Self.counts(try Self.object(first.output)["total"])
    #expect(counted.reduce(0, +) == total["acSpike"])
  }

  @Test("the tables tell layers, steps and the sum, and run --account has the same summary")
  func tables() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let ended = try Self.report([], in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    let parts = ended.output.components(separatedBy: "\n\n")
    try #require(parts.count == 3)
    #expect(parts[0].hasPrefix("op ") && parts[0].contains("\nall "))
    #expect(parts[1].split(separator: "\n").count == 1 + 4)
    #expect(parts[2].contains("by horowitz-45nm") && parts[2].contains("papers' count"))
    for engine in ["native", "interpreter"] {
      let run = try Snnc.launch(
        Snnc.program.path,
        ["run", "m.snn", "--input", Self.fixture.input, "--account", "--engine", engine],
        in: folder)
      #expect(run.output == parts[2], "\(run.errors)")
    }
    let one = try Self.report(["--samples", "1"], in: folder)
    #expect(one.output.contains("samples        1 sample, 4 time steps"))
  }

  @Test(
    "published energies come out of the shapes of published sizes",
    arguments: [
      ("spikingformer-8-768", "13.6589"), ("spikingformer-8-512", "7.46350"),
      ("spikingformer-cml-8-768", "16.3062"),
    ])
  func replay(_ name: String, _ energy: String) throws {
    let rates = Snnc.fixture("published/\(name).json")
    let ended = try Snnc.run("report", "--preset", name, "--rates", rates, in: Folder())
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("\n\(energy) mJ by the rates of \(name)"), "\(ended.output)")
    #expect(ended.output.contains("published: \(energy) mJ"))
    let isOther = name.contains("768")
    #expect(ended.output.contains("12 heads of the log, though the module has 8") == isOther)
  }

  @Test("a log of another model is refused, with both numbers")
  func anotherModel() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let rates = Snnc.fixture("published/spikingformer-8-512.json")
    let ended = try Snnc.run("report", "m.snn", "--rates", rates, in: folder)
    #expect(ended.status == 65 && ended.errors.contains("[rates-differ]"))
    #expect(ended.errors.contains("'patch_embed.proj_conv' has 346816512.0 dense operations"))
  }

  @Test(
    "wrong usage and bad models of energy",
    arguments: [
      (["m.snn"], Int32(64), "say what to count: --input FILE, --rates FILE, or both"),
      (["m.snn", "--preset", "x", "--rates", "r.json"], 64, "--preset has shapes alone"),
      (["m.snn", "--rates", "r.json", "--csv", "x.csv"], 64, "go with --input"),
      (["m.snn", "--input", "x.npy", "--samples", "0"], 64, "--samples takes 1 or more, not 0"),
      (["m.snn", "--input", "x.npy", "--energy-model", "loihi"], 64, "[unknown-energy-model]"),
      (["m.snn", "--input", "x.npy", "--energy-model", "none.json"], 66, "[no-such-file]"),
      (["--preset", "spikingformer-9", "--rates", "bad.json"], 65, "bad.json: error: rates need"),
      (["m.snn", "--input", "x.npy", "--energy-model", "bad.json"], 65, "[bad-energy-model]"),
    ])
  func refusals(_ options: [String], _ status: Int32, _ message: String) throws {
    let folder = Folder()
    try Data("{}".utf8).write(to: folder.url.appending(path: "bad.json"))
    let ended = try Snnc.launch(Snnc.program.path, ["report"] + options, in: folder)
    #expect(ended.status == status && ended.errors.contains(message), "\(ended.errors)")
  }
}

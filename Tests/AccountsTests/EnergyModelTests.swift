import Accounts
import Diagnostics
import JSON
import Testing

/// Energy models: what they price, and which files are none.
@Suite struct EnergyModelTests {
  static let costs = EnergyModel.Cost.allCases.enumerated().map {
    "\"\($1.rawValue)\": \($0 + 1)"
  }

  static func text(_ costs: [String], name: String = "\"chip\"", more: String = "") -> String {
    """
    {"format": "snnc-energy-model", "version": 1, "name": \(name)\(more),
     "picojoules": {\(costs.joined(separator: ", "))}}
    """
  }

  static func read(_ text: String) throws -> EnergyModel {
    try EnergyModel(JSONValue(parsing: Array(text.utf8).span))
  }

  @Test func horowitzIsThePapersModel() throws {
    let model = try EnergyModel(named: "horowitz-45nm")
    #expect(model[.acSpike] == 0.9 && model[.mac] == 4.6)
    #expect(model[.acInteger] == 4.6 && model[.addition] == 0.9)
    for cost in [
      EnergyModel.Cost.neuronUpdate, .spikeRouted, .weightReadSRAM, .weightReadDRAM,
    ] { #expect(model[cost] == 0) }
    #expect(Convention(acs: 10, macs: 100).picojoules == 9 + 460)
  }

  @Test func everyCostPricesItsEvent() throws {
    let model = try Self.read(Self.text(Self.costs))
    #expect(model.name == "chip")
    for (index, cost) in EnergyModel.Cost.allCases.enumerated() {
      #expect(model[cost] == Double(index + 1))
      var events = Events()
      events[cost.event] = 1000
      #expect(model.picojoules(events) == Double(1000 * (index + 1)), "\(cost)")
    }
    var written = Events()
    written[.spikeOut] = 7
    #expect(model.picojoules(written) == 0)
  }

  @Test(arguments: [
    ("[]", "an energy model must be an object, not an array"),
    ("{}", "an energy model needs the member 'format'"),
    (text(costs, more: ", \"unit\": \"nJ\""), "an energy model has no member 'unit'"),
    (text(costs, name: "3"), "'name' must be a string of 1 to 200 bytes"),
    (text(costs, name: "\"\""), "'name' must be a string of 1 to 200 bytes"),
    (
      text(costs).replacing("\"version\": 1", with: "\"version\": 2"), "'version' must be 1"
    ),
    (
      text(costs).replacing("snnc-energy-model", with: "snnc"),
      "'format' must be \"snnc-energy-model\""
    ),
    (text(costs + ["\"tax\": 1"]), "'picojoules' has no member 'tax'"),
    (text(Array(costs.dropLast())), "'picojoules' needs the member 'weightReadDRAM'"),
    (text(costs.dropFirst() + ["\"acSpike\": -0.5"]), "'acSpike' must be 0 to"),
    (text(costs.dropFirst() + ["\"acSpike\": 1e300"]), "'acSpike' must be 0 to"),
    (
      text(costs.dropFirst() + ["\"acSpike\": \"1\""]),
      "'acSpike' must be a number of pJ, not a string"
    ),
  ])
  func otherFilesAreRefused(_ text: String, _ expected: String) {
    let error = #expect(throws: Diagnostic.self) { _ = try Self.read(text) }
    #expect(error?.id == "bad-energy-model")
    #expect(error?.message.hasPrefix(expected) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("json-syntax", text(costs.dropFirst() + ["\"acSpike\": 1e999"])),
    ("json-syntax", text(costs.dropFirst() + ["\"acSpike\": NaN"])),
    ("json-duplicate", text(costs + ["\"acSpike\": 1"])),
  ])
  func whatIsNoNumberOrComesTwiceIsNoJSON(_ id: String, _ text: String) {
    let error = #expect(throws: Diagnostic.self) { _ = try Self.read(text) }
    #expect(error?.id == id)
  }

  @Test func anUnknownNameIsRefused() {
    let error = #expect(throws: Diagnostic.self) { _ = try EnergyModel(named: "horowitz") }
    #expect(error?.id == "unknown-energy-model" && error?.status == .usage)
    #expect(error?.notes.first?.contains("horowitz-45nm") == true)
  }
}

import Accounts
import JSON
import SpikeIR

extension Account {
  /// The members that tell this account: counts are sums over the samples, energies those of one.
  func members(_ model: EnergyModel) -> [JSONMember] {
    [
      JSONMember("samples", .integer(samples)),
      JSONMember("timeSteps", .integer(timeSteps)),
      JSONMember("energyModel", model.json),
      JSONMember("neuronSpikes", .integer(neuronSpikes)),
      JSONMember("firingRate", .real(firingRate)),
      JSONMember("millijoules", .real(millijoules(total, model))),
      JSONMember("total", total.json),
      JSONMember("steps", .array(steps.map(\.json))),
      JSONMember("convention", convention.json),
      JSONMember("nodes", .array(nodes.map { json($0, model) })),
    ]
  }

  private func json(_ node: Node, _ model: EnergyModel) -> JSONValue {
    .object([
      JSONMember("value", .string(node.value.description)),
      JSONMember("op", .string(node.mnemonic)),
      JSONMember("origins", .array(node.origins.map(JSONValue.string))),
      JSONMember("type", .string(node.result.description)),
      JSONMember("operands", .array(node.operands.map(json))),
      JSONMember(
        "firingRates",
        node.firingRates(samples: samples).map { .array($0.map(JSONValue.real)) } ?? .null),
      JSONMember("millijoules", .real(millijoules(node.total, model))),
      JSONMember("dense", .real(node.dense)),
      JSONMember("convention", convention(of: node).json),
      JSONMember("steps", .array(node.steps.map(\.json))),
    ])
  }

  private func json(_ operand: Operand) -> JSONValue {
    .object([
      JSONMember("domain", .string(operand.domain.description)),
      JSONMember("elements", .integer(operand.elements)),
      JSONMember("nonzeros", operand.nonzeros.map(JSONValue.integer) ?? .null),
    ])
  }
}

extension Events {
  /// The counts by their names.
  fileprivate var json: JSONValue {
    .object(Event.allCases.map { JSONMember($0.rawValue, .integer(self[$0])) })
  }
}

extension Convention {
  /// The operations and the energy of one sample.
  var json: JSONValue {
    .object([
      JSONMember("acs", .real(acs)), JSONMember("macs", .real(macs)),
      JSONMember("millijoules", .real(1e-9 * picojoules)),
    ])
  }
}

extension EnergyModel {
  /// The name and the costs.
  fileprivate var json: JSONValue {
    .object([
      JSONMember("name", .string(name)),
      JSONMember(
        "picojoules",
        .object(Cost.allCases.map { JSONMember($0.rawValue, .real(self[$0])) })),
    ])
  }
}

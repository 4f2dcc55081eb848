public import Diagnostics
public import JSON

extension EnergyModel {
  /// The most that an event may cost, in pJ: a millijoule.
  static let maximumCost = 1e9

  /// The model of a name.
  ///
  /// - Throws: `unknown-energy-model` (exit status 64).
  public init(named name: String) throws(Diagnostic) {
    guard let model = Self.all.first(where: { $0.name == name }) else {
      throw .unknownModel(name)
    }
    self = model
  }

  /// Reads a model from JSON; `ir-spec/accounts.md` has the format.
  ///
  /// Every cost must be there, so that none is forgotten, and nothing else may be.
  ///
  /// - Throws: `bad-energy-model`.
  public init(_ json: JSONValue) throws(Diagnostic) {
    let root = try Self.members(
      of: json, called: "an energy model", ["format", "version", "name", "picojoules"])
    guard root["format"] == .string("snnc-energy-model") else {
      throw .badModel("'format' must be \"snnc-energy-model\"")
    }
    guard root["version"] == .integer(1) else { throw .badModel("'version' must be 1") }
    guard let name = root["name"]?.string, !name.isEmpty, name.utf8.count <= 200 else {
      throw .badModel("'name' must be a string of 1 to 200 bytes")
    }
    let members = try Self.members(
      of: root["picojoules"] ?? .null, called: "'picojoules'", Cost.allCases.map(\.rawValue))
    var costs: [Cost: Double] = [:]
    for cost in Cost.allCases {
      guard let value = members[cost.rawValue] else { continue }
      guard let number = value.number else {
        throw .badModel("'\(cost.rawValue)' must be a number of pJ, not \(value.kind)")
      }
      guard (0...Self.maximumCost).contains(number) else {
        throw .badModel("'\(cost.rawValue)' must be 0 to \(Self.maximumCost) pJ, not \(number)")
      }
      costs[cost] = number
    }
    self.init(name, costs)
  }

  /// The members of an object, which must be those of `names`, no more and no less.
  private static func members(
    of json: JSONValue, called what: String, _ names: [String]
  ) throws(Diagnostic) -> [String: JSONValue] {
    guard let object = json.object else {
      throw .badModel("\(what) must be an object, not \(json.kind)")
    }
    let all = names.joined(separator: ", ")
    var members: [String: JSONValue] = [:]
    for member in object {
      guard names.contains(where: { $0.utf8.elementsEqual(member.name.utf8) }) else {
        throw .badModel("\(what) has no member '\(escaped(member.name))'", "it has: \(all)")
      }
      members[member.name] = member.value
    }
    if let missing = names.first(where: { members[$0] == nil }) {
      throw .badModel("\(what) needs the member '\(missing)'", "it has: \(all)")
    }
    return members
  }
}

extension JSONValue {
  /// The number that this is, with a fraction or without; `nil` where it is none.
  var number: Double? { real ?? integer.map(Double.init) }
}

extension Diagnostic {
  fileprivate static func unknownModel(_ name: String) -> Diagnostic {
    let known = EnergyModel.all.map(\.name).joined(separator: ", ")
    return .error(
      "unknown-energy-model", "there is no energy model '\(escaped(name))'",
      notes: ["the models are: \(known); or name a file that ends in .json"], status: .usage)
  }

  fileprivate static func badModel(_ message: String, _ note: String? = nil) -> Diagnostic {
    .error("bad-energy-model", message, notes: note.map { [$0] } ?? [])
  }
}

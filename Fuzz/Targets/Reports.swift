import Accounts
import Diagnostics
import IRTestSupport
import JSON
import Reports
import SpikeIR
import Verification

extension FuzzTarget {
  /// Certificates: only one that reads as the computed one is let pass.
  static let certificate = FuzzTarget(
    name: "certificate",
    run: { bytes in
      guard let claimed = try? JSONValue(parsing: bytes.span),
        (try? Certificate.check(claimed, against: certifiedModule)) != nil,
        case .string(let tool)? = claimed["tool"]?["version"],
        case .string(let name)? = claimed["profile"],
        case .boolean(let isStrict)? = claimed["strict"], let profile = try? Profile(parsing: name)
      else { return }
      let verdict = certifiedModule.verify(profile, strict: isStrict)
      let computed = Certificate(of: verdict, on: certifiedModule, tool: tool)
      if claimed["holds"] != computed.json["holds"] { finding("a claim that does not hold") }
    },
    seeds: {
      [Profile.spikeDriven, .eventDriven, .integer(3), .deterministic].map { profile in
        let verdict = certifiedModule.verify(profile, strict: false)
        let text = Certificate(of: verdict, on: certifiedModule, tool: "1").json.text
        return (profile.name.replacing(":", with: "-"), Array(text.utf8))
      }
    })

  /// Energy models, and published rates: no cost or rate leaves its range.
  static let energy = FuzzTarget(
    name: "energy",
    run: { bytes in
      guard let json = try? JSONValue(parsing: bytes.span) else { return }
      if let model = try? EnergyModel(json) {
        for cost in EnergyModel.Cost.allCases where !(0...1e9).contains(model[cost]) {
          finding("a cost of \(model[cost]) pJ")
        }
      }
      if let rates = try? PublishedRates(json) {
        for layer in rates.layers where !(0...1).contains(layer.rate) {
          finding("a rate of \(layer.rate)")
        }
      }
    },
    seeds: {
      let costs = EnergyModel.Cost.allCases.map { "\"\($0.rawValue)\": 0.9" }
      let model =
        #"{"format": "snnc-energy-model", "version": 1, "name": "a", "picojoules": {"#
        + costs.joined(separator: ", ") + "}}"
      let rates = """
        {"model": "a", "layers": [{"layer": "fc", "rate": 0.25, "ops": 100, "acs": 25}],
        "attention": {"heads": 2, "embedding": 4, "tokens": 3, "time_steps": 4, "blocks": 1},
        "qkv_rates": [[0.1, 0.2, 0.3]], "total": {"energy_mj": 1.5}}
        """
      return [("model", Array(model.utf8)), ("rates", Array(rates.utf8))]
    })

  /// What is certified: a random module.
  private static let certifiedModule: Module = {
    do {
      return try ModuleGenerator.module(seed: 3)
    } catch {
      fatalError("the module of certificates: \(error)")
    }
  }()
}

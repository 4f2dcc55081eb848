import CheckpointTestSupport
import Foundation

/// Classes 67 to 70: texts of JSON.
extension HostileFile {
  static let texts: [HostileFile] =
    json(67, .certificate) + certificates + json(68, .energyModel) + energyModels
    + json(69, .rates) + rates + json(70, .results) + results

  /// What is wrong with any text of JSON.
  private static func json(_ number: Int, _ reader: HostileReader) -> [HostileFile] {
    let texts: [(String, String, HostileFile.Outcome)] = [
      ("empty", "", .anyRefusal),
      ("no JSON", "hello\n", .refused("json-syntax")),
      ("100,000 brackets", String(repeating: "[", count: 100_000) + "\n", .refused("json-limit")),
      ("a member twice", "{\"format\": 1, \"format\": 1}\n", .refused("json-duplicate")),
      ("a number beyond all", "{\"format\": 1e999}\n", .refused("json-syntax")),
      ("another object", "{\"format\": \"other\"}\n", .anyRefusal),
      ("a list", "[]\n", .anyRefusal),
    ]
    let wide = HostileFile(number, "2,000,000 numbers", .refused("json-limit"), by: reader) {
      Array(("[" + String(repeating: "1,", count: 2_000_000) + "1]\n").utf8)
    }
    return texts.map { name, text, outcome in
      HostileFile(number, name, outcome, by: reader) { Array(text.utf8) }
    } + [wide]
  }

  /// 67: `ReportsTests` changes every value of a certificate.
  private static let certificates: [HostileFile] = [
    certificate("another module's", "certificate-differs", "\"one\"", "\"two\""),
    certificate(
      "a claim that is not so", "certificate-differs", "\"holds\": true", "\"holds\": false"),
    certificate("a claim too many", "certificate-differs", "\"holds\"", "\"more\": 1, \"holds\""),
  ]

  private static func certificate(
    _ name: String, _ id: String, _ old: String, _ new: String
  ) -> HostileFile {
    HostileFile(67, name, .denied(id), by: .certificate) {
      Array(certified.replacing(old, with: new).utf8)
    }
  }

  /// The certificate of the good module.
  private static let certified: String = {
    let folder = Folder()
    do {
      try Good.module.write(to: folder.url.appending(path: "one.snn"))
      return try Snnc.run(
        "verify", "one.snn", "--profile", "spike-driven", "--json", in: folder
      ).output
    } catch {
      fatalError("\(error)")
    }
  }()

  /// 68: `AccountsTests` has the other cases.
  private static let energyModels: [HostileFile] = [
    HostileFile(68, "a cost below 0", .refused("bad-energy-model"), by: .energyModel) {
      Array(energyModel(cost: "-1").utf8)
    },
    HostileFile(68, "a cost that is a text", .refused("bad-energy-model"), by: .energyModel) {
      Array(energyModel(cost: "\"1\"").utf8)
    },
    HostileFile(68, "good", .read, by: .energyModel) { Array(energyModel(cost: "1").utf8) },
  ]

  private static func energyModel(cost: String) -> String {
    let costs = [
      "acSpike", "acInteger", "addition", "mac", "neuronUpdate", "spikeRouted", "weightReadSRAM",
      "weightReadDRAM",
    ].map { "\"\($0)\": \(cost)" }.joined(separator: ", ")
    return #"{"format": "snnc-energy-model", "version": 1, "name": "a", "picojoules": {\#(costs)}}"#
  }

  /// 69: rates that cannot be.
  private static let rates: [HostileFile] = [
    HostileFile(69, "a rate above 1", .refused("bad-rates"), by: .rates) {
      Array(#"{"layers": [{"layer": "a", "rate": 2, "ops": 1}]}"#.utf8)
    },
    HostileFile(69, "no layers", .refused("bad-rates"), by: .rates) {
      Array(#"{"layers": []}"#.utf8)
    },
  ]

  /// 70: `EvaluationTests` cuts results at every byte.
  private static let results: [HostileFile] = [
    HostileFile(70, "a header alone that asks for 2^60 samples", .anyRefusal, by: .results) {
      let header =
        #"{"format":"snnc-results","version":1,"module":"xxh64:0","samples":1152921504606846976}"#
      return Array((header + "\n").utf8)
    }
  ]
}

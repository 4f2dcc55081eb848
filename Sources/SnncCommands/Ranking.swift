import Diagnostics
import Evaluation
import Families
import JSON

/// The highest outputs of a sample, the highest first; of equals the first first, as argmax has it.
struct Ranking {
  /// An output among the highest.
  struct Place {
    let output: Int
    let value: Float
    /// What the output stands for, where that is known.
    let name: String?
  }

  /// The highest outputs, five at most.
  let places: [Place]

  /// Ranks the outputs of a sample.
  init(of outputs: [Float], _ names: ClassNames?) {
    places = SampleResult.best(of: outputs).map {
      Place(output: $0.output, value: $0.logit, name: names?[$0.output])
    }
  }

  /// The outputs, their names and values, in a line.
  var text: String {
    places.map { place in
      let name = place.name.map { " " + escaped($0) } ?? ""
      return "\(place.output)\(name) (\(place.value))"
    }.joined(separator: "  ")
  }

  /// The same, for other tools.
  var json: JSONValue {
    .array(
      places.map { place in
        .object([
          JSONMember("output", .integer(place.output)),
          JSONMember("class", place.name.map(JSONValue.string) ?? .null),
          JSONMember("value", .real(Double(place.value))),
        ])
      })
  }
}

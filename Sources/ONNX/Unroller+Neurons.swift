import SpikeIR

extension Unroller {
  /// A layer of neurons: what it is charged with, its comparison and its hard reset at each step.
  ///
  /// Every operation is the one that the specification rounds. At the first step the membrane is +0
  /// and left out of them, which changes nothing but the sign of a zero.
  mutating func fire(_ input: [String], _ neuron: NeuronDynamics, at place: String) -> [String] {
    let threshold = graph.constant(neuron.threshold)
    var membrane: String?
    return (0..<module.timeSteps).map { step in
      let place = "\(place)/t\(step)"
      let charged = charge(membrane, input[input.count > 1 ? step : 0], neuron.charge, at: place)
      let fires = graph.add("GreaterOrEqual", [charged, threshold], at: place)
      if step + 1 < module.timeSteps {
        membrane = graph.add("Where", [fires, graph.constant(0), charged], at: place)
      }
      // 1 is ONNX's number of binary32.
      return graph.add("Cast", [fires], [Graph.Attribute("to", .integer(1))], at: place)
    }
  }

  /// The membrane after it has taken the input; `nil` is one of +0.
  private mutating func charge(
    _ membrane: String?, _ input: String, _ charge: NeuronDynamics.Charge, at place: String
  ) -> String {
    let part: String
    switch charge {
    case .integrating: part = input
    case .leaky(let tau):
      let rest = difference(input, membrane, at: place)
      part = graph.add("Div", [rest, graph.constant(tau)], at: place)
    case .learned(let inverseTau):
      let rest = difference(input, membrane, at: place)
      part = graph.add("Mul", [rest, graph.constant(inverseTau)], at: place)
    }
    guard let membrane else { return part }
    return graph.add("Add", [membrane, part], at: place)
  }

  /// What the input exceeds the membrane by; `nil` is one of +0.
  private mutating func difference(
    _ input: String, _ membrane: String?, at place: String
  ) -> String {
    membrane.map { graph.add("Sub", [input, $0], at: place) } ?? input
  }
}

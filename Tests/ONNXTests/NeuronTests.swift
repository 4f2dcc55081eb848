import SpikeIR
import Testing

/// Layers of neurons, unrolled over the time steps.
@Suite struct NeuronTests {
  @Test("the first membrane is left out, and the last is not reset")
  func leaky() throws {
    let model = try Sample.decoded(
      Sample.module(
        input: "timed real [3]",
        #"%1 = lif %input {tau = 2.0, threshold = 0.5} : timed spike [3] from "a.lif""#))
    #expect(
      model.operatorsBetween == [
        "Div", "GreaterOrEqual", "Where", "Cast", "Sub", "Div", "Add", "GreaterOrEqual", "Cast",
      ])
    let second = model.nodes.filter { $0.name.hasPrefix("a.lif/t1/") }
    #expect(
      second.map(\.inputs) == [
        ["input/t1", "a.lif/t0/Where"], ["a.lif/t1/Sub", "constant/2.0"],
        ["a.lif/t0/Where", "a.lif/t1/Div"], ["a.lif/t1/Add", "constant/0.5"],
        ["a.lif/t1/GreaterOrEqual"],
      ])
    #expect(
      try model.node("Where").inputs == ["a.lif/t0/GreaterOrEqual", "constant/0.0", "a.lif/t0/Div"])
    #expect(try model.node("Cast").attributes == ["to": [1]])
  }

  @Test func parametricNeuronsMultiply() throws {
    let model = try Sample.decoded(
      Sample.module(
        steps: 1, input: "timed real [3]",
        "%1 = plif %input {inverse_tau = 0.625, threshold = 1.0} : timed spike [3]"))
    #expect(model.nodes.map(\.op) == ["Mul", "GreaterOrEqual", "Cast", "Concat"])
    #expect(model.nodes[0].inputs == ["input", "constant/0.625"])
  }

  @Test("integrating neurons add, and a static input is seen at every step")
  func integrating() throws {
    let model = try Sample.decoded(
      Sample.module(input: "real [3]", "%1 = if %input {threshold = 1.0} : timed spike [3]"))
    #expect(
      model.operatorsBetween == [
        "GreaterOrEqual", "Where", "Cast", "Add", "GreaterOrEqual", "Cast",
      ])
    #expect(try model.node("Add").inputs == ["%1/t0/Where", "input/Unsqueeze"])
  }

  @Test("each layer's spikes are an output where that is asked for")
  func spikes() throws {
    let module = try Sample.module(
      input: "real [3]", #"%1 = if %input {threshold = 1.0} : timed spike [3] from "x", "a.if""#,
      "%2 = if %1 {threshold = 1.0} : timed spike [3]", "%3 = mean_steps %1 : real [3]",
      output: "%3")
    #expect(try Sample.decoded(module).outputs.map(\.name) == ["output"])
    let model = try Sample.decoded(module, withSpikes: true)
    #expect(model.outputs.map(\.name) == ["output", "spikes/a.if", "spikes/%2"])
    #expect(model.outputs.map(\.extents) == [[3], [2, 3], [2, 3]])
    #expect(model.nodes.suffix(2).map(\.op) == ["Concat", "Concat"])
    #expect(model.nodes.last?.inputs == ["%2/t0/Cast", "%2/t1/Cast"])
  }
}

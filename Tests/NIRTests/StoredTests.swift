import Diagnostics
import NIR
import SpikeIR
import Testing

/// Files that the package `nir` and snnTorch wrote give the spikes of spikingjelly and snnTorch.
@Suite struct StoredTests {
  @Test(arguments: [
    ("perceptron", NIRFiring.at), ("residual", .at), ("snntorch-export", .above),
  ])
  func givesEverySpikeOfTheOther(_ name: String, _ firing: NIRFiring) throws {
    let module = try Stored.module("\(name).nir") { options in
      options.timeSteps = 6
      options.firing = firing
    }
    var spikes = 0
    for (input, expected) in try Stored.results("\(name).npz") {
      #expect(try module.outputs(of: input) == expected)
      spikes += expected.count { $0 == 1 }
    }
    #expect(spikes > 0)
  }

  @Test func givesTheOutputsOfTheOther() throws {
    let module = try Stored.module("convolutions.nir") { options in
      options.timeSteps = 6
      options.firing = .at
    }
    for (input, expected) in try Stored.results("convolutions.npz") {
      for (found, wanted) in zip(try module.outputs(of: input), expected) {
        #expect(abs(found - wanted) < 1e-5)
      }
    }
  }

  @Test("graphs in a graph are part of it, by names with points")
  func nestedGraph() throws {
    let flat = try Stored.module("perceptron.nir")
    let nested = try Stored.module("nested.nir")
    #expect(nested.neurons.map(\.name) == ["body.lif1", "body.lif2"])
    #expect(nested.nodes.map(\.op) == flat.nodes.map(\.op))
  }

  @Test func resetsThatTheFileDoesNotStateMustBeStated() throws {
    let file = try Stored.bytes("first-version.nir")
    #expect(try Stored.id(file) == "nir-reset")
    #expect(try Stored.id(file) { $0.reset = .subtract } == "nir-reset")
    let module = try Stored.imported(file) { $0.reset = .zero }.module
    #expect(module.nodes.map(\.op) == (try Stored.module("perceptron.nir")).nodes.map(\.op))
  }

  @Test func aResetThatIsNotOursIsRefusedWhateverTheFileStates() throws {
    #expect(try Stored.id(Stored.bytes("perceptron.nir")) { $0.reset = .subtract } == "nir-reset")
  }

  @Test func timeStepsMustBeStated() throws {
    #expect(
      try Stored.id(Stored.bytes("perceptron.nir")) { $0.timeSteps = nil } == "nir-time-steps")
  }

  @Test("neurons that fire above a threshold fire at the next number")
  func firing() throws {
    let above = try Stored.module("perceptron.nir")
    let at = try Stored.module("perceptron.nir") { $0.firing = .at }
    #expect(above.neurons.map(\.node.op.neuron?.threshold) == [Float(1).nextUp, Float(1).nextUp])
    #expect(at.neurons.map(\.node.op.neuron?.threshold) == [1, 1])
  }

  @Test("what snnTorch writes has membranes in units of the resistance")
  func resistance() throws {
    let result = try Stored.imported(Stored.bytes("snntorch-export.nir"))
    #expect(result.losses.contains { $0.contains("resistance") })
    #expect(
      result.module.neurons.map(\.node.op.neuron?.charge) == [.leaky(tau: 4), .leaky(tau: 2)])
    #expect(
      result.module.neurons.map(\.node.op.neuron?.threshold)
        == [Float(0.25).nextUp, Float(0.25).nextUp])
  }

  @Test func theStepScalesTimeConstants() throws {
    let module = try Stored.module("perceptron.nir") { options in
      options.step = try? NIRTimeStep(2e-4)
    }
    #expect(module.neurons.map(\.node.op.neuron?.charge) == [.leaky(tau: 1), .leaky(tau: 1)])
    let tooLong = try Stored.id(Stored.bytes("perceptron.nir")) { options in
      options.step = try? NIRTimeStep(1e-3)
    }
    #expect(tooLong == "nir-neuron")
  }

  @Test func readoutIsTheMeanOverTheSteps() throws {
    let module = try Stored.module("perceptron.nir") { $0.readout = .mean }
    #expect(module.nodes.last?.op == .meanSteps(MeanSteps()))
    #expect(
      try Stored.id(Stored.bytes("odd-metadata.nir")) { options in
        options.readout = .mean
        options.input = .real
      } == "nir-readout")
  }

  @Test func everythingThatIsDecidedIsSaid() throws {
    let result = try Stored.imported(Stored.bytes("perceptron.nir"))
    #expect(result.version == "1.0.8")
    #expect(
      result.decisions.map { "\($0.name): \($0.value) by \($0.source)" } == [
        "time steps: 2 by --time-steps", "step: 0.0001 s by the default",
        "fires: above the threshold by the default", "input: timed-real by the default",
        "readout: steps by the default",
      ])
  }
}

import ArgumentParser
import Arrays
import Diagnostics
import Interpreter
import Reports
import SpikeIR

/// `snnc compare`: where a module's run parts from a reference's.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Find where a module's spikes part from a reference's.",
    discussion: """
      The module runs twice: free, where a difference travels on; and forced,
      where each neuron layer's spikes are replaced by the reference's, so that a
      difference shows only where it arises, with the distance of its membrane
      from the threshold.

      The reference is an .npz with the members `input`, `spikes/PATH` for each
      layer (bits of [T, B, ...]), and optionally `logits64` or `logits`. The exit
      status is 1 where a spike differs in the free run, or an output by more than
      1e-4 + 1e-4 times the reference's.

        snnc compare spikformer.snn --reference spikformer.npz
        snnc compare spikformer.snn --reference spikformer.npz --all
      """)

  @Argument(help: "The module.", completion: .file(extensions: ["snn"]))
  var model: String

  @Option(
    help: ArgumentHelp("The reference's input, spikes and logits.", valueName: "file.npz"),
    completion: .file(extensions: ["npz"]))
  var reference: String

  @Flag(help: "List every layer, not only those that differ.")
  var all = false

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let module = try ModelArgument.read(model)
      let file = try NPZArchive(path: reference)
      let samples = try ArraySamples("\(reference):input", for: module)
      var spikes: [String: [UInt8]] = [:]
      for name in file.names where name.hasPrefix("spikes/") {
        spikes[String(name.dropFirst(7))] = try file.member(name).bytes
      }
      let steps = module.input.isTimed ? module.timeSteps : 1
      let tensors = try (0..<samples.count).map { (index) throws(Diagnostic) in
        Tensor(module.input.shape, steps: steps, try samples.sample(index))
      }
      let logits = try referenceLogits(of: module, samples.count, file)
      for name in unknownLayers(spikes, module) {
        Console.report(Diagnostic.unknownLayer(name).inFile(reference))
      }
      let comparison: Comparison
      do throws(Diagnostic) {
        comparison = try Comparison(
          of: module, with: .init(spikes: spikes, samples: samples.count), on: tensors
        ) { Console.progress($0, of: samples.count, "samples") }
      } catch {
        throw error.inFile(reference)
      }
      show(comparison)
      let agrees = showLogits(comparison, logits)
      guard comparison.free == 0 else { throw .differs(comparison).inFile(model) }
      guard agrees else { throw .outputsDiffer().inFile(model) }
    }
  }

  /// Prints the layers and the totals.
  private func show(_ comparison: Comparison) {
    var table = Table()
    table.add("layer", "spikes", "free", "forced", "margin")
    for layer in comparison.layers where all || layer.free + layer.forced > 0 {
      table.add(
        escaped(layer.name), grouped(layer.count), grouped(layer.free), grouped(layer.forced),
        layer.forced > 0 ? "\(layer.largestMargin)" : "-")
    }
    table.add(
      "total", grouped(comparison.count), grouped(comparison.free), grouped(comparison.forced),
      comparison.forced > 0 ? "\(comparison.largestMargin)" : "-")
    Console.out(table.lines)
    Console.out()
    showFlips(comparison)
    if comparison.forced > 0 {
      Console.out(
        "forced: \(grouped(comparison.forced)) spikes differ, each membrane within "
          + "\(comparison.largestMargin) of its threshold")
    } else {
      Console.out("forced: no spike differs")
    }
    if let first = comparison.firstFree {
      Console.out(
        "free: \(grouped(comparison.free)) spikes differ, first in \(escaped(first.name))")
    } else {
      Console.out("free: no spike differs")
    }
  }

  /// Prints the first differing spikes of the forced run, each with its membrane.
  private func showFlips(_ comparison: Comparison) {
    let limit = 5
    var table = Table()
    for layer in comparison.layers {
      for flip in layer.flips.prefix(limit) {
        let distance = flip.membrane - flip.threshold
        table.add(
          escaped(layer.name), "sample \(flip.sample)", "step \(flip.step)", "\(flip.neuron)",
          "membrane \(flip.membrane)",
          "\(distance.magnitude) \(distance < 0 ? "below" : "above") the threshold")
      }
      if layer.forced > limit { table.add(escaped(layer.name), "and \(layer.forced - limit) more") }
    }
    guard !table.lines.isEmpty else { return }
    Console.out("forced, spike by spike:")
    for line in table.lines { Console.out("  \(line)") }
    Console.out()
  }

  /// The reference's layers that the module does not have, in order.
  private func unknownLayers(_ spikes: [String: [UInt8]], _ module: Module) -> [String] {
    Set(spikes.keys).subtracting(module.neurons.map(\.name)).sorted()
  }

  /// The reference's logits, if it has some, and their name.
  ///
  /// - Throws: `logits-shape`.
  private func referenceLogits(
    of module: Module, _ samples: Int, _ file: NPZArchive
  ) throws(Diagnostic) -> (name: String, values: [Double])? {
    guard let name = ["logits64", "logits"].first(where: file.names.contains) else { return nil }
    let array = try file.member(name)
    let expected = [samples] + module.extents(of: module.output)
    guard array.shape == expected else {
      throw .logitsShape(name, array.shape, expected).inFile(reference)
    }
    return (name, try array.doubles())
  }

  /// Prints the largest difference from the reference's logits, if it has some.
  ///
  /// - Returns: whether each is within 1e-4 + 1e-4 times the reference's magnitude.
  private func showLogits(
    _ comparison: Comparison, _ logits: (name: String, values: [Double])?
  ) -> Bool {
    guard let logits else { return true }
    let pairs = zip(comparison.outputs.flatMap { $0 }.map(Double.init), logits.values)
    let largest = pairs.map { ($0 - $1).magnitude }.max() ?? 0
    Console.out(
      "free: the largest difference of an output from '\(logits.name)' is \(Float(largest))")
    return pairs.allSatisfy { ($0 - $1).magnitude <= 1e-4 + 1e-4 * $1.magnitude }
  }
}

extension Diagnostic {
  fileprivate static func differs(_ comparison: Comparison) -> Diagnostic {
    .error(
      "spikes-differ", "\(comparison.free) of \(comparison.count) spikes differ in the free run",
      status: .checkFailed)
  }

  fileprivate static func outputsDiffer() -> Diagnostic {
    .error(
      "outputs-differ",
      "no spike differs, and an output is not within 1e-4 + 1e-4 times the reference's",
      status: .checkFailed)
  }

  fileprivate static func logitsShape(
    _ name: String, _ shape: [Int], _ expected: [Int]
  ) -> Diagnostic {
    .error("logits-shape", "the reference's '\(name)' is \(shape), and the outputs are \(expected)")
  }

  fileprivate static func unknownLayer(_ name: String) -> Diagnostic {
    .warning(
      "unknown-layer", "the reference's 'spikes/\(escaped(name))' is no layer of the module",
      notes: ["it is not compared"])
  }
}

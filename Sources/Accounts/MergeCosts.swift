import Passes
public import SpikeIR

/// What merging the chains of convolutions of a module costs and saves.
///
/// Energies are those of `EnergyModel.horowitz45nm`, as in the papers. An operation is one weight at one
/// position; rates are spikes for each neuron and step.
public struct MergeCosts: Sendable {
  /// The energy of an addition that a spike causes, in picojoules.
  fileprivate static var accumulation: Double { EnergyModel.horowitz45nm[.acSpike] }

  /// The energy of a multiplication and addition, in picojoules.
  fileprivate static var multiplication: Double { EnergyModel.horowitz45nm[.mac] }

  /// One chain, as it is and merged.
  public struct Row: Sendable {
    /// The module path that its convolutions share.
    public let name: String
    /// The rows and columns of the merged kernel.
    public let kernel: [Int]
    /// The numbers of parameters, of the chain and merged.
    public let parameters: (chain: Int, merged: Int)
    /// The operations on the chain's input, spikes or real numbers, a step.
    public let operations: (chain: Int, merged: Int)
    /// The operations on real numbers within the chain, a step.
    public let multiplications: Int
    /// The rate of the spikes that it reads; `nil` where it reads none, or it was not measured.
    public let rate: Double?
    /// Whether it reads spikes.
    public let readsSpikes: Bool

    /// The rate below which the merged form takes less energy; `nil` where it never does.
    public var payingRate: Double? {
      let extra = Double(operations.merged - operations.chain) * MergeCosts.accumulation
      guard readsSpikes else { return nil }
      return extra > 0 ? Double(multiplications) * MergeCosts.multiplication / extra : 1
    }

    /// The energies of a step in picojoules, of the chain and merged; `nil` without a rate.
    public var energies: (chain: Double, merged: Double)? {
      guard let rate else { return nil }
      let spike = rate * MergeCosts.accumulation
      return (
        Double(operations.chain) * spike + Double(multiplications) * MergeCosts.multiplication,
        Double(operations.merged) * spike
      )
    }
  }

  /// The chains, in order.
  public let rows: [Row]

  /// Counts the chains of `module`; `rates` holds those of neuron layers, by name.
  public init(of module: Module, rates: [String: Double] = [:]) {
    let names = Dictionary(uniqueKeysWithValues: module.neurons.map { ($0.value, $0.name) })
    rows = module.convChains.map { chain in
      module.row(of: chain, rate: names[chain.input].flatMap { rates[$0] })
    }
  }
}

extension Module {
  /// Counts one chain.
  fileprivate func row(of chain: ConvChain, rate: Double?) -> MergeCosts.Row {
    let nodes = chain.values.compactMap { definition(of: $0) }
    let convolutions = nodes.filter { if case .conv2d = $0.op { true } else { false } }
    let operations = convolutions.map { node in
      let kernel = weight(node.weights[0]).shape
      let (input, result) = (type(of: node.operands[0]).shape, node.type.shape)
      // Where padding makes the result larger than the input, its border meets no input.
      let positions = min(input[1], result[1]) * min(input[2], result[2])
      return kernel.count * positions
    }
    let (inputs, result) = (type(of: chain.input).shape[0], type(of: chain.output).shape)
    let taps = chain.kernel[0] * chain.kernel[1]
    return MergeCosts.Row(
      name: nodes.compactMap(\.origins.first).commonPath, kernel: chain.kernel,
      parameters: (
        nodes.flatMap(\.weights).reduce(0) { $0 + weight($1).shape.count },
        taps * inputs * result[0] + (chain.hasConstant ? result[0] : 0)
      ),
      operations: (operations[0], result.count * taps * inputs),
      multiplications: operations.dropFirst().reduce(0, +), rate: rate,
      readsSpikes: type(of: chain.input).domain == .spike)
  }
}

extension [String] {
  /// The parts that all these module paths start with.
  fileprivate var commonPath: String {
    let parts = map { $0.split(separator: ".") }
    guard var common = parts.first else { return "" }
    for part in parts {
      var shared = 0
      while shared < Swift.min(common.count, part.count), common[shared] == part[shared] {
        shared += 1
      }
      common.removeLast(common.count - shared)
    }
    return common.joined(separator: ".")
  }
}

public import Diagnostics
public import SpikeIR

/// The energy that published firing rates give on a module's own shapes, by the papers' convention.
public struct Replay: Sendable {
  /// A convolution or linear layer.
  public struct Layer: Sendable {
    /// The name in the authors' log.
    public let name: String
    /// The module's node.
    public let value: ValueID
    /// The dense operations, from the module's shapes.
    public let dense: Double
    /// The published rate.
    public let rate: Double
    /// What it comes to.
    public var counts: Convention {
      rate < 1 ? Convention(acs: dense * rate) : Convention(macs: dense)
    }
  }

  /// The published rates.
  public let rates: PublishedRates

  /// The layers, in the order of the log.
  public let layers: [Layer]

  /// The accumulations of each block's attention, with the log's heads.
  public let attention: [Double]

  /// The heads that the module has.
  public let moduleHeads: Int

  /// All operations of a sample.
  public var counts: Convention {
    layers.reduce(Convention(acs: attention.reduce(0, +))) { $0 + $1.counts }
  }

  /// Replays `rates` on `module`.
  ///
  /// - Throws: `rates-differ` where the log and the module are not of one network: a layer has no
  ///   counterpart, or a shape is another.
  public init(_ rates: PublishedRates, on module: Module) throws(Diagnostic) {
    self.rates = rates
    let account = Accountant(module).account
    let sums = account.nodes.filter { ["conv2d", "linear"].contains($0.mnemonic) }
    var names: [ValueID: String] = [:]
    var layers: [Layer] = []
    for layer in rates.layers {
      let known = Self.modulePaths(of: layer.name)
      guard let node = sums.first(where: { !known.isDisjoint(with: $0.origins) }) else {
        throw .noCounterpart(layer.name)
      }
      if let other = names.updateValue(layer.name, forKey: node.value) {
        throw .sameCounterpart(layer.name, other, node.name)
      }
      // The log has nine digits.
      guard abs(node.dense - layer.operations) <= 1e-8 * node.dense else {
        throw .otherOperations(layer, node.dense)
      }
      layers.append(
        Layer(name: layer.name, value: node.value, dense: node.dense, rate: layer.rate))
    }
    if let node = sums.first(where: { names[$0.value] == nil }) { throw .notInLog(node.name) }
    self.layers = layers
    let shapes = module.attentionShapes
    let attention = rates.attention
    try Self.check(attention, shapes, module)
    moduleHeads = shapes.first?[0] ?? 0
    let width = attention.embedding / attention.heads
    let dense =
      Double(module.timeSteps) * Double(attention.heads * width) * Double(attention.tokens)
      * Double(width)
    self.attention = attention.rates.map { dense * (min($0.key, $0.value) + $0.query) }
  }

  /// The module paths that a name of a log may stand for.
  ///
  /// An old log of Spikingformer has the names of Spikformer's layers: `proj_conv1` to `proj_conv3`
  /// and `rpe_conv` in the tokenizer, which are `proj1_conv` to `proj4_conv`, and `fc1_conv` and
  /// `fc2_conv` in the MLP, which are `mlp1_conv` and `mlp2_conv`.
  static func modulePaths(of name: String) -> Set<String> {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let last = parts.last else { return [name] }
    let renamed = [
      "proj_conv1": "proj1_conv", "proj_conv2": "proj2_conv", "proj_conv3": "proj3_conv",
      "rpe_conv": "proj4_conv", "fc1_conv": "mlp1_conv", "fc2_conv": "mlp2_conv",
    ]
    parts[parts.count - 1] = renamed[last] ?? last
    return [name, parts.joined(separator: ".")]
  }

  /// Checks that the log's attention is the module's, heads aside.
  private static func check(
    _ attention: PublishedRates.Attention, _ shapes: [Shape], _ module: Module
  ) throws(Diagnostic) {
    guard shapes.count == attention.rates.count else {
      throw .otherAttention("blocks", attention.rates.count, shapes.count)
    }
    guard attention.timeSteps == module.timeSteps else {
      throw .otherAttention("time steps", attention.timeSteps, module.timeSteps)
    }
    for shape in shapes {
      guard shape[0] * shape[1] == attention.embedding else {
        throw .otherAttention("channels", attention.embedding, shape[0] * shape[1])
      }
      guard shape[2] == attention.tokens else {
        throw .otherAttention("tokens", attention.tokens, shape[2])
      }
    }
  }
}

extension Module {
  /// Of each attention, two products of matrices one behind the other, the shape of what the first
  /// multiplies: heads, channels of one, tokens.
  fileprivate var attentionShapes: [Shape] {
    nodes.compactMap { node in
      guard case .matmul = node.op else { return nil }
      return node.operands.lazy.compactMap { operand -> Shape? in
        guard let inner = definition(of: operand), case .matmul = inner.op else { return nil }
        return type(of: inner.operands[0]).shape
      }.first
    }
  }
}

extension Diagnostic {
  fileprivate static func noCounterpart(_ name: String) -> Diagnostic {
    differ(
      "the layer '\(escaped(name))' of the log is no convolution or linear layer of the module")
  }

  fileprivate static func sameCounterpart(
    _ name: String, _ other: String, _ path: String
  ) -> Diagnostic {
    differ(
      "the layers '\(escaped(other))' and '\(escaped(name))' of the log are one layer of the "
        + "module, \(escaped(path))")
  }

  fileprivate static func notInLog(_ path: String) -> Diagnostic {
    differ("the log must name every layer of the module, and \(escaped(path)) is not in it")
  }

  fileprivate static func otherOperations(
    _ layer: PublishedRates.Layer, _ dense: Double
  ) -> Diagnostic {
    differ(
      "the layer '\(escaped(layer.name))' has \(layer.operations) dense operations in the log, and "
        + "\(dense) by the module's shapes")
  }

  fileprivate static func otherAttention(_ what: String, _ log: Int, _ module: Int) -> Diagnostic {
    differ("attention has \(log) \(what) in the log, and \(module) in the module")
  }

  private static func differ(_ message: String) -> Diagnostic {
    .error(
      "rates-differ", message,
      notes: ["the module must be of the same family, size and image size as the log's model"])
  }
}

public import SpikeIR

/// Where a shortcut joins the branch that it passed by.
public struct Residual: Sendable {
  /// What kind of shortcut it is.
  public enum Kind: String, Sendable {
    /// Spikes or integers are added to others, which gives larger integers (SEW-ResNet's ADD).
    case sew = "SEW"
    /// Membranes are added to membranes ahead of neurons, so that integers never arise (MS-ResNet).
    case membrane = "MS"
    /// Real values are added to real ones, and multiplied before they meet neurons.
    case real
    /// Spikes or integers are added to membranes.
    case mixed
    /// Spikes gate spikes (SEW-ResNet's AND).
    case and = "AND"
    /// Spikes are let through where others are not (SEW-ResNet's IAND).
    case iand = "IAND"
  }

  /// The result.
  public let value: ValueID
  /// The checkpoint's module paths.
  public let origins: [String]
  /// The kind.
  public let kind: Kind
  /// The domains of the two operands.
  public let domains: [Domain]
  /// The domain of the result.
  public let result: Domain
}

extension Module {
  /// Every residual, in order: each `add`, and each `mul` of spikes that is one.
  ///
  /// A `mul` joins a shortcut where it takes two values of one shape, of spikes both, of which one
  /// has passed more layers of neurons; the products within an attention are of equal depth or
  /// spread one operand over an axis.
  var residuals: [Residual] {
    let (depths, multiplied) = (neuronDepths, multipliedValues)
    return definitions.compactMap { value, node in
      guard var kind = residualKind(node, depths) else { return nil }
      if kind == .membrane, multiplied[value.index] { kind = .real }
      return Residual(
        value: value, origins: node.origins, kind: kind,
        domains: node.operands.map { type(of: $0).domain }, result: node.type.domain)
    }
  }

  /// The kind of residual that `node` is; `nil` if it is none.
  private func residualKind(_ node: Node, _ depths: [Int]) -> Residual.Kind? {
    let types = node.operands.map { type(of: $0) }
    switch node.op {
    case .add:
      let reals = types.count { $0.domain == .real }
      return reals == 2 ? .membrane : reals == 1 ? .mixed : .sew
    case .mul:
      guard types.allSatisfy({ $0.domain == .spike }), types[0].shape == types[1].shape,
        depths[node.operands[0].index] != depths[node.operands[1].index]
      else { return nil }
      return node.operands.contains(where: isComplement) ? .iand : .and
    default: return nil
    }
  }

  /// For each value, by its index, whether it is multiplied.
  ///
  /// That is where a weighted sum reads it, as it is or pooled or seen in another shape. A mean ends
  /// the stream: what reads it is the readout.
  private var multipliedValues: [Bool] {
    var multiplied = [Bool](repeating: false, count: nodes.count + 1)
    for (value, node) in Array(definitions).reversed() {
      let multiplies: Bool =
        switch node.op {
        case .maxPool2d, .repeat, .reshape, .transpose, .complement: multiplied[value.index]
        default: node.op.definition.role == .product || node.op.definition.role == .scaling
        }
      for operand in node.operands where multiplies { multiplied[operand.index] = true }
    }
    return multiplied
  }

  /// Whether `value` is a complement.
  private func isComplement(_ value: ValueID) -> Bool {
    if case .complement = definition(of: value)?.op { true } else { false }
  }

  /// For each value, by its index, the most layers of neurons on a way from the input.
  private var neuronDepths: [Int] {
    var depths = [0]
    for node in nodes {
      let deepest = node.operands.map { depths[$0.index] }.max() ?? 0
      depths.append(deepest + (node.op.definition.role == .neuron ? 1 : 0))
    }
    return depths
  }
}

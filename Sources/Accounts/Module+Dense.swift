import SpikeIR

extension Module {
  /// The operations of a node as the papers count them before they multiply by a rate, over `steps`
  /// steps.
  ///
  /// A convolution or linear layer: for each result its terms, those over padding too, and one for
  /// a bias, its own or one of `foldedBiases`. A product of matrices: all of its terms. Nothing else
  /// counts.
  func denseOperations(of node: Node, steps: Int, foldedBiases: Set<String>) -> Double {
    // Shapes alone may make more than 64 bits hold; up to 2^53 the number is exact.
    let results = Double(node.type.shape.count) * Double(steps)
    switch node.op {
    case .conv2d, .linear:
      let kernel = weight(node.weights[0]).shape
      let terms = Double(kernel.extents.dropLast().reduce(1, *))
      let hasBias =
        node.weights.count > 1 || node.origins.contains(where: foldedBiases.contains)
      return results * (terms + (hasBias ? 1 : 0))
    case .matmul(let op):
      return results * Double(type(of: node.operands[0]).shape[op.transposeLHS ? 1 : 2])
    case .add, .affine, .batchNorm, .complement, .if, .lif, .maxPool2d, .mean, .meanSteps, .mul,
      .plif, .repeat, .reshape, .scale, .sum, .transpose:
      return 0
    }
  }
}

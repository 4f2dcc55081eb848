import Diagnostics
package import SpikeIR
import Verification

/// Nodes of a module that stand together in its source: a block, an embedding, the head.
package struct NetworkPart: Sendable {
  /// The module path that all have in common, or the first and the last of several.
  package let name: String

  /// The positions of its nodes in the module.
  package let nodes: Range<Int>

  /// The parts of a module, in its order; together they hold every node.
  ///
  /// A path's part is what stands up to its first number (`block.3` of `block.3.attn.q_conv`), else
  /// its first word. Neighbours that are too small to be worth a drawing of their own share one.
  package static func parts(of module: Module) -> [NetworkPart] {
    var runs: [(name: String, nodes: Range<Int>)] = []
    for (index, node) in module.nodes.enumerated() {
      let name = node.origins.last.map(prefix(of:)) ?? runs.last?.name ?? ""
      if let last = runs.last, last.name == name {
        runs[runs.count - 1].nodes = last.nodes.lowerBound..<index + 1
      } else {
        runs.append((name, index..<index + 1))
      }
    }
    return merged(runs).map { NetworkPart(name: $0.name, nodes: $0.nodes) }
  }

  /// The most nodes of a part that is drawn together with its neighbour.
  private static let smallCount = 2

  /// The runs, neighbours of few nodes put together.
  private static func merged(
    _ runs: [(name: String, nodes: Range<Int>)]
  ) -> [(name: String, nodes: Range<Int>)] {
    var parts: [(first: String, last: String, nodes: Range<Int>, isSmall: Bool)] = []
    for (name, nodes) in runs {
      let isSmall = nodes.count <= smallCount
      if let before = parts.last, before.isSmall, isSmall {
        parts[parts.count - 1].last = name
        parts[parts.count - 1].nodes = before.nodes.lowerBound..<nodes.upperBound
      } else {
        parts.append((name, name, nodes, isSmall))
      }
    }
    return parts.map { ($0.first == $0.last ? $0.first : "\($0.first) … \($0.last)", $0.nodes) }
  }

  /// The words of a path up to its first number, or its first word.
  static func prefix(of path: String) -> String {
    let words = path.split(separator: ".", omittingEmptySubsequences: false)
    let number = words.dropFirst().firstIndex { word in
      !word.isEmpty && word.allSatisfy { $0.isASCII && $0.isNumber }
    }
    return words.prefix((number ?? 0) + 1).joined(separator: ".")
  }
}

extension NetworkPart {
  /// The name as it is shown.
  var label: String {
    name.split(separator: " … ").map { escaped($0) }.joined(separator: " … ")
  }

  /// The values that its nodes read and others define, in the order in which they are read first.
  func externals(in module: Module) -> [ValueID] {
    var seen: Set<ValueID> = []
    return nodes.flatMap { module.nodes[$0].operands }.filter {
      !contains($0) && seen.insert($0).inserted
    }
  }

  /// Whether one of its nodes defines `value`.
  package func contains(_ value: ValueID) -> Bool { nodes.contains(value.index - 1) }

  /// What it looks like, whatever its names are and wherever it stands: two parts of one form are
  /// drawn once.
  package func form(in module: Module, _ marks: Marks) -> [String] {
    let externals = externals(in: module)
    return nodes.map { index in
      let node = module.nodes[index]
      let operands = node.operands.map { operand in
        externals.firstIndex(of: operand).map { "outer \($0)" }
          ?? "\(operand.index - 1 - nodes.lowerBound)"
      }
      let value = ValueID(index + 1)
      return
        ([node.op.definition.mnemonic] + operands
        + node.op.writtenAttributes.map { "\($0.name)=\($0.value)" }
        + [
          node.type.domain.kind, "\(node.type.shape)", "\(node.type.isTimed)",
          marks.judgements[value]?.symbol ?? "", marks.residuals[value]?.rawValue ?? "",
        ]).joined(separator: " ")
    }
  }
}

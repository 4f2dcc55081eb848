public import Diagnostics
public import SpikeIR

/// Passes to run one after another.
public struct Pipeline: Sendable {
  /// The passes, in order.
  public let passes: [Pass]

  /// What `snnc import` runs.
  ///
  /// `hoist-static` comes after the batch norms are folded, so that it moves fewer nodes;
  /// `remove-dead` comes last, since the others leave unused nodes and weights behind.
  public static let standard = Pipeline(
    passes: [.mergeHeads, .foldBatchNorm, .hoistStatic, .removeDead])

  /// Creates a pipeline of given passes.
  public init(passes: [Pass]) {
    self.passes = passes
  }

  /// Reads a pipeline from names separated by commas; the empty text is the empty pipeline.
  ///
  /// - Throws: `unknown-pass` (exit status 64).
  public init(parsing text: String) throws(Diagnostic) {
    var passes: [Pass] = []
    for name in text.split(separator: ",").map(String.init) {
      guard let pass = Pass.all.first(where: { $0.name == name }) else {
        throw .unknownPass(name)
      }
      passes.append(pass)
    }
    self.passes = passes
  }

  /// Runs the passes, and calls `observe` with each one's name and result.
  public func run(
    on module: Module, observe: (String, Module) -> Void = { _, _ in }
  ) throws(Diagnostic) -> Module {
    var module = module
    for pass in passes {
      module = try pass.run(on: module)
      observe(pass.name, module)
    }
    return module
  }
}

extension Diagnostic {
  fileprivate static func unknownPass(_ name: String) -> Diagnostic {
    .error(
      "unknown-pass", "there is no pass '\(escaped(name))'",
      notes: ["the passes are: \(Pass.all.map(\.name).joined(separator: ", "))"], status: .usage)
  }
}

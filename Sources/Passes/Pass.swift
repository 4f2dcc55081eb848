public import Diagnostics
public import SpikeIR

/// A named rewriting of a module.
///
/// To add a pass: write a file named by its verb with one `static let`, and add it to `all`. Every
/// pass's result is verified; a pass that breaks a module is a bug of ours.
public struct Pass: Sendable {
  /// The name on the command line, in kebab case.
  public let name: String

  /// One sentence on what it does.
  public let summary: String

  /// The rewriting.
  private let rewrite: @Sendable (Module) throws(Diagnostic) -> Module

  /// Creates a pass.
  init(
    _ name: String, _ summary: String,
    _ rewrite: @escaping @Sendable (Module) throws(Diagnostic) -> Module
  ) {
    self.name = name
    self.summary = summary
    self.rewrite = rewrite
  }

  /// Every pass, in the order in which `snnc opt --help` lists them.
  public static let all: [Pass] = [
    foldBatchNorm, foldBatchNormIntoWeights, hoistStatic, mergeConvChains, mergeHeads, removeDead,
  ]

  /// Applies this pass and verifies the result.
  ///
  /// - Throws: what makes the module unfit for the pass, or `broken-by-pass` (exit status 70).
  public func run(on module: Module) throws(Diagnostic) -> Module {
    let result = try rewrite(module)
    do throws(Diagnostic) {
      try result.verifyStructure()
    } catch {
      throw .brokenByPass(name, error)
    }
    return result
  }
}

extension Diagnostic {
  fileprivate static func brokenByPass(_ pass: String, _ cause: Diagnostic) -> Diagnostic {
    .error(
      "broken-by-pass", "the pass '\(pass)' made an invalid module: \(cause.message)",
      at: cause.location, notes: ["this is a bug in snnc"], status: .internalError)
  }
}

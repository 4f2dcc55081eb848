public import Diagnostics
public import SpikeIR

/// A NIR file as a module, and what was decided and lost; `ir-spec/nir.md` has the rules.
public struct NIRImport {
  /// What a layer's membrane is reset to where the file does not say it.
  public enum Reset: String, CaseIterable, Sendable {
    /// To 0, which is SpikeIR's.
    case zero
    /// By the threshold, which SpikeIR has not.
    case subtract
  }

  /// What the input of the module is, which NIR does not say.
  public enum Input: String, CaseIterable, Sendable {
    case timedReal = "timed-real"
    case timedSpike = "timed-spike"
    case real
    case spike
  }

  /// What the module gives: the graph's output at each step, or its mean over the steps.
  public enum Readout: String, CaseIterable, Sendable {
    case steps, mean
  }

  /// What the user says of the file; what is `nil` comes from a file of ours, or is the default.
  public struct Options: Sendable {
    /// The number of time steps; NIR has none.
    public var timeSteps: Int?
    /// The length of a time step.
    public var step: NIRTimeStep?
    /// Which membranes fire.
    public var firing: NIRFiring?
    /// The reset of neurons whose file says none.
    public var reset: Reset?
    /// What the input is.
    public var input: Input?
    /// What the module gives.
    public var readout: Readout?

    /// Creates options that say nothing.
    public init() {}
  }

  /// Something that the file leaves open, and what settled it.
  public struct Decision: Sendable {
    /// What is settled.
    public let name: String
    /// What it is.
    public let value: String
    /// Where that comes from.
    public let source: String
  }

  /// The module, before the passes.
  public let module: Module

  /// The version of NIR that the file names.
  public let version: String

  /// The number of nodes.
  public let nodeCount: Int

  /// What was decided.
  public let decisions: [Decision]

  /// What the file says and the module does not, a line each.
  public let losses: [String]

  /// Whether `file` is an HDF5 file, by its first bytes.
  public static func isHDF5(_ file: Span<UInt8>) -> Bool {
    let signature = HDF5Tree.signature
    return file.count >= signature.count
      && signature.indices.allSatisfy { file[$0] == signature[$0] }
  }

  /// Reads `file`; the module is called `name`.
  ///
  /// - Throws: `nir-file`, `nir-limit`, `nir-storage`, `nir-process`, `nir-graph`, `nir-node`,
  ///   `nir-neuron`, `nir-shape`, `nir-cycle`, `nir-ends`, `nir-reset`, `nir-time-steps`,
  ///   `not-finite`, or a constraint of an op that a node breaks.
  public init(
    _ file: Span<UInt8>, named name: String, _ options: Options, limits: NIRLimits = .standard
  ) throws(Diagnostic) {
    try self.init(
      HDF5Tree(reading: file, limits), of: file.count, named: name, options, limits: limits)
  }

  /// Reads the tree of a file of `count` bytes.
  package init(
    _ tree: HDF5Tree, of count: Int, named name: String, _ options: Options,
    limits: NIRLimits = .standard
  ) throws(Diagnostic) {
    let graph = try NIRGraph(tree, limits)
    let settings = try ImportSettings(options, graph)
    var builder = try ImportBuilder(graph, settings, named: name, room: limits.room(for: count))
    module = try builder.module()
    version = graph.writtenBy
    nodeCount = graph.nodes.count
    decisions = settings.decisions
    losses = builder.losses
  }
}

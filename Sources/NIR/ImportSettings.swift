import Diagnostics

/// What a NIR file leaves open: settled by the user, by the metadata of a file that snnc wrote, or
/// by a default that the summary names.
struct ImportSettings {
  let timeSteps: Int
  let step: NIRTimeStep
  let firing: NIRFiring
  let reset: NIRImport.Reset?
  let input: NIRImport.Input
  let readout: NIRImport.Readout
  private(set) var decisions: [NIRImport.Decision] = []

  /// Settles what `options` and `graph` leave open.
  ///
  /// - Throws: `nir-time-steps` or `nir-step`.
  init(_ options: NIRImport.Options, _ graph: NIRGraph) throws(Diagnostic) {
    let own = OwnMetadata(graph)
    var decisions: [NIRImport.Decision] = []
    /// What the user said, else what our own file says, else `standard`.
    func settle<Value>(
      _ name: String, _ flag: String, _ given: Value?, _ own: Value?, _ standard: Value?,
      _ text: (Value) -> String
    ) -> Value? {
      guard let value = given ?? own ?? standard else { return nil }
      let source = given != nil ? flag : own != nil ? "the file's metadata" : "the default"
      decisions.append(NIRImport.Decision(name: name, value: text(value), source: source))
      return value
    }
    guard
      let timeSteps = settle(
        "time steps", "--time-steps", options.timeSteps, own.integer("time_steps"), nil, { "\($0)" }
      )
    else { throw .noTimeSteps }
    self.timeSteps = timeSteps
    let length = try own.real("dt").map(NIRTimeStep.init)
    step =
      settle("step", "--dt", options.step, length, .standard) { "\($0.seconds) s" } ?? .standard
    firing =
      settle("fires", "--fires", options.firing, own.choice("fires"), .above) {
        "\($0.rawValue) the threshold"
      } ?? .above
    input =
      settle(
        "input", "--input-type", options.input,
        own.text("input").flatMap { NIRImport.Input(rawValue: $0.replacing(" ", with: "-")) },
        .timedReal, \.rawValue) ?? .timedReal
    readout =
      settle("readout", "--readout", options.readout, own.choice("readout"), .steps, \.rawValue)
      ?? .steps
    reset = options.reset
    self.decisions = decisions
  }
}

/// The metadata of a file that snnc wrote; of another one, none, since its words may mean other
/// things.
private struct OwnMetadata {
  private let values: [String: HDF5Dataset]

  init(_ graph: NIRGraph) {
    let values = graph.isOwn ? graph.metadata : []
    self.values = Dictionary(
      values.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  func text(_ key: String) -> String? { values[key]?.text }

  func integer(_ key: String) -> Int? {
    guard let value = values[key], value.count == 1 else { return nil }
    return value.integers?.first
  }

  func real(_ key: String) -> Double? {
    guard let value = values[key], value.count == 1 else { return nil }
    return value.uniformNumber
  }

  func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice? {
    text(key).flatMap { Choice(rawValue: $0) }
  }
}

extension Diagnostic {
  fileprivate static let noTimeSteps = Diagnostic.error(
    "nir-time-steps", "a NIR file does not say for how many time steps it runs",
    notes: ["say it: --time-steps N"], status: .usage)
}

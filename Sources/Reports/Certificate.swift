public import JSON
public import SpikeIR
public import Verification

/// What `verify --json` writes: a verdict with all that led to it, which anyone can compute again.
///
/// `ir-spec/certificate.schema.json` says what it looks like.
public struct Certificate: Sendable {
  /// What marks a text as a certificate.
  static let format = "snnc-certificate"

  /// The version of the format.
  static let version = 1

  /// The whole certificate.
  public let json: JSONValue

  /// Certifies what `verdict` says of `module`.
  ///
  /// - Parameters:
  ///   - verdict: What was found.
  ///   - module: What it was found of.
  ///   - tool: The version of the program.
  public init(of verdict: Verdict, on module: Module, tool: String) {
    let derivations = Derivations(of: module)
    json = .object(
      .head(Self.format, version: Self.version, tool: tool) + [
        JSONMember("module", module.certified),
        JSONMember("profile", .string(verdict.profile.name)),
        JSONMember("strict", .boolean(verdict.isStrict)),
        JSONMember("rules", .array(verdict.profile.rules.map { .string($0.rawValue) })),
        JSONMember("holds", .boolean(verdict.holds)),
        JSONMember(
          "products", .array(verdict.findings.map { $0.certified(in: module, derivations) })),
        JSONMember("ops", .array(module.definitions.map { $0.node.certified($0.value, module) })),
        JSONMember("residuals", .array(verdict.residuals.map(\.certified))),
        JSONMember("exactNeurons", .array(verdict.exactNeurons.map(\.certified))),
        JSONMember("bounds", verdict.bounds?.certified ?? .null),
      ])
  }
}

extension Module {
  /// What a certificate says of the module itself.
  fileprivate var certified: JSONValue {
    .object([
      JSONMember("hashAlgorithm", .string(Module.hashAlgorithm)),
      JSONMember("hash", .string(hash)),
      JSONMember("name", .string(name)),
      JSONMember("timeSteps", .integer(timeSteps)),
      JSONMember("nodes", .integer(nodes.count)),
    ])
  }
}

extension Node {
  /// What a certificate says of any op: the domains of its operands, and that of its result, `value`.
  fileprivate func certified(_ value: ValueID, _ module: Module) -> JSONValue {
    .object([
      JSONMember("value", .string(value.description)),
      JSONMember("op", .string(op.definition.mnemonic)),
      JSONMember("origins", .strings(origins)),
      JSONMember("domains", .strings(operands.map { module.type(of: $0).domain.description })),
      JSONMember("result", .string(type.domain.description)),
    ])
  }
}

extension Verdict.Finding {
  /// What a certificate says of an op that multiplies.
  fileprivate func certified(in module: Module, _ derivations: Derivations) -> JSONValue {
    .object([
      JSONMember("value", .string(value.description)),
      JSONMember("op", .string(mnemonic)),
      JSONMember("origins", .strings(origins)),
      JSONMember("domains", .strings(domains.map(\.description))),
      JSONMember("class", .string(arithmetic.description)),
      JSONMember("rule", rule.map { .string($0.rawValue) } ?? .null),
      JSONMember("exemption", exemption.map { .string($0.rawValue) } ?? .null),
      JSONMember("path", .strings(rule == nil ? [] : path(in: module, derivations))),
    ])
  }
}

extension Residual {
  /// What a certificate says of a residual.
  fileprivate var certified: JSONValue {
    .object([
      JSONMember("value", .string(value.description)),
      JSONMember("origins", .strings(origins)),
      JSONMember("kind", .string(kind.rawValue)),
      JSONMember("domains", .strings(domains.map(\.description))),
      JSONMember("result", .string(result.description)),
    ])
  }
}

extension MembraneBound {
  /// What a certificate says of neurons whose arithmetic is exact.
  fileprivate var certified: JSONValue {
    .object([
      JSONMember("value", .string(value.description)),
      JSONMember("name", .string(name)),
      JSONMember("input", .string(input.description)),
      JSONMember("membrane", .string(membrane.description)),
      JSONMember("bits", .integer(bits)),
    ])
  }
}

extension MagnitudeBounds {
  /// What a certificate says of how large values become: the magnitudes of the input and of each
  /// node's result, and `null` where none is proved.
  fileprivate var certified: JSONValue {
    .object([
      JSONMember("inputLimit", .real(Self.inputLimit)),
      JSONMember(
        "magnitudes", .array(magnitudes.map { $0.isFinite ? .real($0) : .null })),
    ])
  }
}

extension JSONValue {
  /// An array of strings.
  fileprivate static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(Self.string)) }
}

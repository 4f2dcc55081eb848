public import Diagnostics
import SpikeIR

/// A named set of rules that a module can be verified against.
///
/// `ir-spec/profiles.md` documents them.
public enum Profile: Hashable, Sendable {
  /// Each weighted sum and each matrix product reads spikes.
  case eventDriven
  /// Nothing but spikes multiplies, and nothing but spikes is multiplied.
  case spikeDriven
  /// Each weighted sum and each matrix product reads integers from 0 to the given one.
  case integer(Int)
  /// Every result is fixed to the bit: no value can leave the finite numbers.
  case deterministic

  /// The name, as `--profile` takes it.
  public var name: String {
    switch self {
    case .eventDriven: "event-driven"
    case .spikeDriven: "spike-driven"
    case .integer(let maximum): "integer:\(maximum)"
    case .deterministic: "deterministic"
    }
  }

  /// The rules, in the order in which an op is held against them.
  public var rules: [Rule] {
    switch self {
    case .eventDriven: [.eventDrivenSums]
    case .spikeDriven: [.spikesMeetActivations, .countsAreAdded, .realsAreNotMultiplied]
    case .integer: [.integerSums]
    case .deterministic: [.finiteWeights, .noOverflow]
    }
  }

  /// Reads a name; the bound of `integer` stands behind a colon or in angle brackets.
  ///
  /// - Throws: `unknown-profile`.
  public init(parsing name: String) throws(Diagnostic) {
    let named = [Profile.eventDriven, .spikeDriven, .deterministic].first { $0.name == name }
    guard let profile = named ?? Profile.integer(parsing: name) else {
      throw .unknownProfile(name)
    }
    self = profile
  }

  /// Reads `integer:17` or `integer<17>`; `nil` where it is neither.
  private static func integer(parsing name: String) -> Profile? {
    let word = "integer"
    guard name.hasPrefix(word) else { return nil }
    var rest = name.dropFirst(word.count)
    if rest.hasPrefix(":") {
      rest = rest.dropFirst()
    } else if rest.hasPrefix("<"), rest.hasSuffix(">") {
      rest = rest.dropFirst().dropLast()
    } else {
      return nil
    }
    guard rest.allSatisfy({ ("0"..."9").contains($0) }), let maximum = Int(rest),
      (1...Domain.exactLimit).contains(maximum)
    else { return nil }
    return .integer(maximum)
  }
}

extension Diagnostic {
  fileprivate static func unknownProfile(_ name: String) -> Diagnostic {
    .error(
      "unknown-profile", "there is no profile '\(escaped(name))'",
      notes: [
        "the profiles are: event-driven, spike-driven, integer:K (K from 1 to 2^24), deterministic"
      ],
      status: .usage)
  }
}

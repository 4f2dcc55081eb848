public import Diagnostics

/// The families that can be imported.
public enum Families {
  /// Every family, in the order in which they are listed.
  public static let all: [any Family] = [
    Spikingformer(), SpikingformerCML(), Spikformer(), CMLSpikformer(), QKFormer(),
    MetaSpikeformer(), SpikeDrivenTransformer(), SEWResNet(),
  ]

  /// The published size of a name, and its family.
  ///
  /// - Throws: `unknown-preset` (exit status 64).
  public static func preset(
    named name: String
  ) throws(Diagnostic) -> (family: any Family, preset: Preset) {
    for family in all {
      if let preset = family.presets.first(where: { $0.name == name }) { return (family, preset) }
    }
    throw .unknownPreset(name)
  }

  /// The names of the families that these tensors are of, or look like, for messages; empty if they
  /// look like none.
  static func likeness(of tensors: TensorShapes) -> [String] {
    let looking = all.filter { tensors.hold($0.landmarks) }
    let recognized = looking.filter { $0.recognize(tensors) != nil }
    return (recognized.isEmpty ? looking : recognized).map(\.name)
  }

  /// The family that has most of its landmarks among these tensors, and those that are missing;
  /// `nil` where none has more than half.
  static func nearest(_ tensors: TensorShapes) -> (name: String, missing: [String])? {
    let families = all.map { family in
      (family, missing: family.landmarks.filter { !tensors.hold([$0]) })
    }
    guard
      let (family, missing) = families.min(by: { a, b in
        a.missing.count * b.0.landmarks.count < b.missing.count * a.0.landmarks.count
      }), 2 * missing.count < family.landmarks.count
    else { return nil }
    return (family.name, missing.map { $0.joined(separator: " or ") })
  }
}

extension Diagnostic {
  fileprivate static func unknownPreset(_ name: String) -> Diagnostic {
    .error(
      "unknown-preset", "there is no preset '\(escaped(name))'",
      notes: ["snnc families lists them"], status: .usage)
  }
}

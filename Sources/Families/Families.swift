/// The families that can be imported.
public enum Families {
  /// Every family, in the order in which they are listed.
  public static let all: [any Family] = [
    Spikingformer(), SpikingformerCML(), Spikformer(), CMLSpikformer(), QKFormer(),
    MetaSpikeformer(), SpikeDrivenTransformer(), SEWResNet(),
  ]

  /// The names of the families whose landmarks are among these tensors, for messages.
  static func likeness(of tensors: TensorShapes) -> String? {
    let names = all.filter { tensors.hold($0.landmarks) }.map(\.name)
    return names.isEmpty ? nil : names.joined(separator: " or ")
  }
}

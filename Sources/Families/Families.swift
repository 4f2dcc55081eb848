/// The families that can be imported.
public enum Families {
  /// Every family, in the order in which they are listed.
  public static let all: [any Family] = [Spikingformer()]

  /// Families that are known by the tensors that only they have, for messages.
  ///
  /// Source: the `model.py` files of the authors' repositories.
  static let fingerprints: [(family: String, keys: [String])] = [
    ("qkformer", ["stage1.0.tssa.q_conv.weight"]),
    ("meta-spikeformer", ["ConvBlock1_1.0.Conv.pwconv1.weight"]),
    ("sew-resnet", ["layer1.0.conv1.module.0.weight"]),
    (
      "spike-driven-transformer",
      ["patch_embed.rpe_conv.weight", "block.0.attn.talking_heads.weight"]
    ),
    ("spikformer", ["patch_embed.rpe_conv.weight", "block.0.mlp.fc1_conv.weight"]),
    ("cml-spikformer", ["block.0.attn.q_linear.weight"]),
    ("spikingformer", ["patch_embed.block0_conv.weight", "block.0.mlp.mlp1_conv.weight"]),
    (
      "spikingformer or spikingformer-cml",
      ["patch_embed.proj1_conv.weight", "block.0.mlp.mlp1_conv.weight"]
    ),
  ]

  /// The name of the family that these tensors look like; `nil` where they look like none.
  static func likeness(of tensors: TensorShapes) -> String? {
    fingerprints.first { $0.keys.allSatisfy { tensors[$0] != nil } }?.family
  }
}

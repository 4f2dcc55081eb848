extension Case {
  /// Small networks: what the published families are made of.
  static func networks() throws -> [Case] {
    try [
      Case("networks/perceptron", steps: 6, perceptron, tells: [.noReset, .softReset]),
      Case("networks/stem", steps: 4, stem, tells: [.noReset, .softReset]),
      Case("networks/spikingformer-block", steps: 4, spikingformer, tells: [.noReset, .softReset]),
      Case("networks/spikformer-block", steps: 3, spikformer, tells: [.noReset, .aboveThreshold]),
      Case(
        "networks/qk-token-attention", steps: 4, tokenAttention, tells: [.noReset, .aboveThreshold]),
      Case(
        "networks/membrane-shortcut", steps: 4, membraneShortcut, tells: [.noReset, .softReset]),
      Case("networks/spike-driven-attention", steps: 4, spikeDriven, tells: [.noReset]),
      Case("networks/sew-iand", steps: 4, sewIAND, tells: [.noReset, .softReset]),
      Case("networks/event-frames", steps: 5, eventFrames, tells: [.noReset, .backwards]),
      Case(
        "networks/the-input-is-the-output", steps: 2, "input %x : timed real [2]\noutput %x",
        on: [0.1, -0.0, 0x1p-149, 3], gives: [0.1, -0.0, 0x1p-149, 3]),
      Case(
        "networks/an-inner-value", steps: 2,
        """
        weight @"nobody reads this" : f32 [2] = [1.0, 2.0]
        input %x : spike [2]
        %1 = repeat %x
        %2 = complement %1
        %3 = add %1, %2
        output %2
        """, on: [0, 1], gives: [1, 0, 1, 0]),
      Case(
        "networks/same-weight-twice", steps: 1,
        """
        weight @"w" : f32 [2, 2] = [1.0, 2.0, 3.0, 4.0]
        input %x : real [2]
        %1 = linear %x, @"w"
        %2 = linear %1, @"w"
        output %2
        """, on: [1, -1], gives: [-8, -12]),
    ]
  }

  /// A norm of `channels` channels behind `value`, with weights of their own.
  private static func norm(_ value: String, _ name: String, as result: String) -> String {
    "\(result) = affine \(value), @\"\(name).scale\", @\"\(name).shift\" from \"\(name)\"\n"
  }

  /// The weights of a pointwise convolution and its norm.
  private static func weights(_ name: String, _ inputs: Int, _ outputs: Int) -> String {
    """
    weight @"\(name).weight" : f32 [1, 1, \(inputs), \(outputs)]
    weight @"\(name).scale" : f32 [\(outputs)]
    weight @"\(name).shift" : f32 [\(outputs)]

    """
  }

  /// A pointwise convolution of `value`, its norm, and neurons where a threshold is given.
  private static func layer(
    _ value: String, _ name: String, as result: String, threshold: String? = "0.5"
  ) -> String {
    let (conv, normed) = ("\(result)_conv", threshold == nil ? result : "\(result)_norm")
    return
      "\(conv) = conv2d \(value), @\"\(name).weight\" {stride = [1, 1], padding = [0, 0]} from \"\(name)\"\n"
      + norm(conv, name, as: normed)
      + (threshold.map {
        "\(result) = lif \(normed) {tau = 2.0, threshold = \($0)} from \"\(name)_lif\"\n"
      } ?? "")
  }

  private static var perceptron: String {
    """
    meta "family" = "by hand"
    weight @"fc1.weight" : f32 [5, 8]
    weight @"fc1.bias" : f32 [8]
    weight @"fc2.weight" : f32 [8, 3]
    weight @"fc2.bias" : f32 [3]
    input %x : real [5]
    %1 = linear %x, @"fc1.weight", @"fc1.bias" from "fc1"
    %2 = lif %1 {tau = 2.0, threshold = 0.5} from "lif1"
    %3 = linear %2, @"fc2.weight", @"fc2.bias" from "fc2"
    %4 = mean_steps %3 from "head"
    output %4
    """
  }

  /// How an image meets the first neurons.
  private static var stem: String {
    """
    weight @"kernel" : f32 [3, 3, 2, 4]
    weight @"weight" : f32 [4]
    weight @"bias" : f32 [4]
    weight @"mean" : f32 [4]
    weight @"variance" : f32 [4]
    weight @"head" : f32 [4, 3]
    input %x : real [2, 6, 6]
    %1 = repeat %x from "patch_embed"
    %2 = conv2d %1, @"kernel" {stride = [1, 1], padding = [1, 1]} from "patch_embed.conv"
    %3 = batch_norm %2, @"weight", @"bias", @"mean", @"variance" {epsilon = 1e-05} from "patch_embed.bn"
    %4 = max_pool2d %3 {kernel = [3, 3], stride = [2, 2], padding = [1, 1]} from "patch_embed.pool"
    %5 = lif %4 {tau = 2.0, threshold = 1.0} from "patch_embed.lif"
    %6 = mean %5 from "mean"
    %7 = linear %6, @"head" from "head"
    %8 = mean_steps %7 from "output"
    output %8
    """
  }

  /// Attention of spikes behind neurons, and membranes as shortcuts.
  private static var spikingformer: String {
    weights("q", 4, 4) + weights("k", 4, 4) + weights("v", 4, 4) + weights("proj", 4, 4)
      + weights("fc1", 4, 8) + weights("fc2", 8, 4)
        + """
        weight @"head" : f32 [4, 3]
        input %x : timed real [4, 2, 2]
        %s = lif %x {tau = 2.0, threshold = 0.5} from "x_lif"

        """ + layer("%s", "q", as: "%q") + layer("%s", "k", as: "%k") + layer("%s", "v", as: "%v")
        + """
        %qr = reshape %q {shape = [2, 2, 4]}
        %kr = reshape %k {shape = [2, 2, 4]}
        %vr = reshape %v {shape = [2, 2, 4]}
        %kv = matmul %kr, %vr {transpose_lhs = false, transpose_rhs = true}
        %a = matmul %kv, %qr {transpose_lhs = true, transpose_rhs = false}
        %scaled = scale %a {factor = 0.125}
        %whole = reshape %scaled {shape = [4, 2, 2]}
        %attn = lif %whole {tau = 2.0, threshold = 0.125} from "attn_lif"

        """ + layer("%attn", "proj", as: "%p", threshold: nil)
        + """
        %r1 = add %x, %p from "block.0"
        %s2 = lif %r1 {tau = 2.0, threshold = 0.5} from "mlp_lif"

        """ + layer("%s2", "fc1", as: "%h") + layer("%h", "fc2", as: "%m", threshold: nil)
        + """
        %r2 = add %r1, %m from "block.1"
        %mean = mean %r2
        %logits = linear %mean, @"head" from "head"
        %out = mean_steps %logits
        output %out
        """
  }

  /// The same with spikes as shortcuts, whose sums are counts.
  private static var spikformer: String {
    weights("q", 4, 4) + weights("k", 4, 4) + weights("v", 4, 4) + weights("proj", 4, 4)
      + "input %x : timed spike [4, 2, 3]\n"
      + layer("%x", "q", as: "%q") + layer("%x", "k", as: "%k") + layer("%x", "v", as: "%v")
        + """
        %qr = reshape %q {shape = [1, 4, 6]}
        %kr = reshape %k {shape = [1, 4, 6]}
        %vr = reshape %v {shape = [1, 4, 6]}
        %scores = matmul %qr, %kr {transpose_lhs = true, transpose_rhs = false}
        %a = matmul %vr, %scores {transpose_lhs = false, transpose_rhs = true}
        %scaled = scale %a {factor = 0.125}
        %whole = reshape %scaled {shape = [4, 2, 3]}
        %attn = lif %whole {tau = 2.0, threshold = 0.5} from "attn_lif"

        """ + layer("%attn", "proj", as: "%p")
      + "%r = add %x, %p from \"block.0\"\n%m = mean %r\noutput %m"
  }

  /// The mask of tokens of QKFormer.
  private static var tokenAttention: String {
    weights("q", 6, 6) + weights("k", 6, 6) + weights("proj", 6, 4)
      + "input %x : timed count<2> [6, 2, 2]\n" + layer("%x", "q", as: "%q")
      + layer("%x", "k", as: "%k")
        + """
        %qr = reshape %q {shape = [2, 3, 4]}
        %kr = reshape %k {shape = [2, 3, 4]}
        %sum = sum %qr {axis = 1}
        %mask = lif %sum {tau = 2.0, threshold = 0.5} from "attn_lif"
        %masked = mul %kr, %mask
        %whole = reshape %masked {shape = [6, 2, 2]}

        """ + layer("%whole", "proj", as: "%p") + "output %p"
  }

  /// Two convolutions behind neurons each, added to the membranes before them.
  private static var membraneShortcut: String {
    """
    weight @"conv1" : f32 [3, 3, 3, 3]
    weight @"depthwise" : f32 [3, 3, 1, 3]
    weight @"pointwise" : f32 [1, 1, 3, 3]
    weight @"bias" : f32 [3]
    input %x : timed real [3, 3, 3]
    %1 = lif %x {tau = 2.0, threshold = 1.0} from "lif1"
    %2 = conv2d %1, @"conv1" {stride = [1, 1], padding = [1, 1]} from "conv1"
    %3 = lif %2 {tau = 2.0, threshold = 1.0} from "lif2"
    %4 = conv2d %3, @"depthwise" {stride = [1, 1], padding = [1, 1], groups = 3} from "depthwise"
    %5 = conv2d %4, @"pointwise", @"bias" {stride = [1, 1], padding = [0, 0]} from "pointwise"
    %6 = add %x, %5 from "shortcut"
    output %6
    """
  }

  /// The attention of the spike-driven transformer: keys and values in one mask of channels.
  private static var spikeDriven: String {
    weights("q", 4, 4) + weights("k", 4, 4) + weights("v", 4, 4)
      + "input %x : timed spike [4, 2, 2]\n"
      + layer("%x", "q", as: "%q") + layer("%x", "k", as: "%k") + layer("%x", "v", as: "%v")
        + """
        %kv = mul %k, %v
        %rows = reshape %kv {shape = [4, 4]}
        %sum = sum %rows {axis = 1}
        %gate = lif %sum {tau = 2.0, threshold = 0.5} from "talking_heads_lif"
        %queries = reshape %q {shape = [4, 4]}
        %y = mul %queries, %gate
        %t = transpose %y
        output %t
        """
  }

  /// A residual of spikes that stays one: what was there and not what came.
  private static var sewIAND: String {
    """
    weight @"kernel" : f32 [3, 3, 2, 2]
    weight @"head" : f32 [2, 2]
    input %x : timed spike [2, 4, 4]
    %1 = conv2d %x, @"kernel" {stride = [1, 1], padding = [1, 1]} from "conv"
    %2 = plif %1 {inverse_tau = 0.625, threshold = 0.5} from "sn"
    %3 = complement %2
    %4 = mul %3, %x
    %5 = mean %4
    %6 = linear %5, @"head"
    output %6
    """
  }

  /// Frames of an event camera: the input itself varies over time.
  private static var eventFrames: String {
    """
    weight @"kernel" : f32 [3, 3, 2, 3]
    weight @"bias" : f32 [3]
    weight @"head" : f32 [12, 3]
    input %x : timed count<9> [2, 4, 4]
    %1 = conv2d %x, @"kernel", @"bias" {stride = [1, 1], padding = [1, 1]} from "conv"
    %2 = if %1 {threshold = 8.0} from "sn"
    %3 = max_pool2d %2 {kernel = [2, 2], stride = [2, 2], padding = [0, 0]} from "pool"
    %4 = reshape %3 {shape = [12]}
    %5 = linear %4, @"head" from "head"
    %6 = mean_steps %5
    output %6
    """
  }
}

import Diagnostics
import SpikeIR

// What transformers are made of: attention, masks, layers of tokens, and heads.
extension ModuleGenerator {
  /// The attention of three layers of neurons, in one of the two orders, whole or cut short.
  mutating func attention() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.count <= 600 }) else { return nil }
    let type = builder.type(of: input)
    let split = shape(of: type.shape.count, rank: 3)
    var operands: [ValueID] = []
    for _ in 0..<3 {
      let spikes = try neurons(input)
      values.append(spikes)
      operands.append(try builder.reshape(spikes, split, from: name()))
    }
    let (q, k, v) = (operands[0], operands[1], operands[2])
    var x: ValueID
    if coin() {
      let kv = try builder.matmul(k, v, transposeRHS: true, from: name())
      x = try builder.matmul(kv, q, transposeLHS: true, from: name())
    } else {
      let scores = try builder.matmul(q, k, transposeLHS: true, from: name())
      x = try builder.matmul(v, scores, transposeRHS: true, from: name())
    }
    if random.integer(0...3) > 0 { x = try builder.scale(x, by: 0.125, from: name()) }
    if random.integer(0...3) > 0 { x = try builder.reshape(x, type.shape, from: name()) }
    if random.integer(0...3) > 0 { x = try neurons(x) }
    return x
  }

  /// Spikes that mask others: the attention of tokens or channels of QKFormer.
  mutating func mask() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank >= 1 }) else { return nil }
    let (queries, keys) = (try neurons(input), try neurons(input))
    var mask = try sum(queries)
    if random.integer(0...3) > 0 { mask = try neurons(mask) }
    let masked = try builder.mul(keys, mask, from: name())
    values.append(masked)
    return random.integer(0...2) == 0 ? try builder.complement(masked, from: name()) : masked
  }

  /// A projection whose neurons see `[tokens, channels]`, and perhaps the way back, as behind
  /// `nn.Linear` in Spikformer.
  mutating func tokens() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 3 }), let sum = try projection(input) else {
      return nil
    }
    let shape = builder.type(of: input).shape
    var x = coin() ? try normalize(sum, asAffine: coin()) : sum
    x = try builder.reshape(x, [shape[0], shape.count / shape[0]], from: name())
    if random.integer(0...3) == 0 { values.append(x) }
    x = try builder.transpose(x, from: name())
    if random.integer(0...3) == 0 { values.append(x) }
    x = try neurons(x)
    if coin() { values.append(x) }
    guard random.integer(0...3) > 0 else { return x }
    x = try builder.transpose(x, from: name())
    return coin() ? x : try builder.reshape(x, shape, from: name())
  }

  /// The mean of two linear heads, or something like it.
  mutating func heads() throws(Diagnostic) -> ValueID? {
    guard let input = pick(where: { $0.shape.rank == 1 }) else { return nil }
    let (outputs, hasBias) = (random.integer(1...10), coin())
    let isTimed = builder.type(of: input).isTimed && coin()
    var branches: [ValueID] = []
    for _ in 0..<2 {
      var x = try linear(
        input, outputs: outputs, hasBias: random.integer(0...5) == 0 ? coin() : hasBias)
      if isTimed { x = try builder.meanSteps(x, from: name()) }
      if random.integer(0...7) == 0 { values.append(x) }
      branches.append(x)
    }
    let sum = try builder.add(branches[0], branches[1], from: name())
    return try builder.scale(sum, by: 0.5, from: name())
  }
}

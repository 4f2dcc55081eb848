import SpikeIR

extension Lowering {
  /// Where a value lies.
  func place(of value: ValueID) -> Place {
    guard let place = places[value.index] else {
      preconditionFailure("\(value) is not computed yet")
    }
    return place
  }

  /// How many axes, from the first, can be the channels of a value without moving it much: as it
  /// lies, or all of them where the channels are last, since then it lies in row-major order.
  func prefix(of value: ValueID) -> Int {
    switch place(of: value).axes {
    case .first(let split): split
    case .last: module.type(of: value).shape.rank
    }
  }

  /// The layout of a value with the given axes as its channels.
  func layout(of value: ValueID, _ axes: ChannelAxes, bits: Bool = false) -> Plan.Layout {
    let type = module.type(of: value)
    let channels = axes.count(in: type.shape)
    return Plan.Layout(
      steps: steps(of: value), positions: type.shape.count / channels,
      channels: channels, isBits: bits)
  }

  /// Adds a buffer, of the size of its layout unless another is given.
  mutating func newBuffer(
    _ layout: Plan.Layout, byteCount: Int? = nil, role: Plan.Buffer.Role = .value
  ) -> BufferID {
    buffers.append(
      Plan.Buffer(role: role, layout: layout, byteCount: byteCount ?? layout.byteCount))
    return BufferID(index: buffers.count - 1)
  }

  /// Adds a buffer for a value that the next step computes.
  mutating func define(
    _ value: ValueID, _ axes: ChannelAxes, bits: Bool = false
  ) -> BufferID {
    let buffer = newBuffer(layout(of: value, axes, bits: bits))
    places[value.index] = Place(buffer: buffer, axes: axes)
    return buffer
  }

  /// A buffer with a value as binary32 numbers, its channels the axes that they are already.
  mutating func asItLies(_ value: ValueID) -> (buffer: BufferID, axes: ChannelAxes) {
    let place = place(of: value)
    var layout = buffers[place.buffer.index].layout
    guard layout.isBits else { return (place.buffer, place.axes) }
    layout.isBits = false
    layout.steps = steps(of: value)
    let unpacked = newBuffer(layout)
    emit(
      .unpack(input: place.buffer, output: unpacked), origins(of: value),
      in: phaseOfCopies(of: value))
    return (unpacked, place.axes)
  }

  /// A buffer with a value as binary32 numbers, with the given axes as its channels.
  mutating func reals(_ value: ValueID, _ axes: ChannelAxes) -> BufferID {
    let (buffer, found) = asItLies(value)
    return found == axes ? buffer : moved(buffer, found, to: axes, for: value)
  }

  /// A buffer with a value as bits, with the given axes as its channels.
  mutating func bits(_ value: ValueID, _ axes: ChannelAxes) -> BufferID {
    let wanted = layout(of: value, axes, bits: true)
    let place = place(of: value)
    let isWanted = place.axes.areLast == axes.areLast
    guard !isWanted || !buffers[place.buffer.index].layout.isShaped(like: wanted) else {
      return place.buffer
    }
    let input = reals(value, axes)
    let packed = newBuffer(wanted)
    emit(.pack(input: input, output: packed), origins(of: value), in: phaseOfCopies(of: value))
    return packed
  }

  /// A buffer with a value in the form of its type, spikes as bits and all else as binary32 numbers,
  /// its first axis being the channels.
  mutating func typed(_ value: ValueID) -> BufferID {
    isSpikes(value) ? bits(value, .first(1)) : reals(value, .first(1))
  }

  /// Whether a value holds spikes alone, by its type.
  func isSpikes(_ value: ValueID) -> Bool { module.type(of: value).domain == .spike }

  /// A buffer with a value as binary32 numbers in row-major order, whatever its layout calls
  /// positions and channels.
  mutating func planar(_ value: ValueID) -> BufferID {
    guard !place(of: value).axes.areLast else { return asItLies(value).buffer }
    return reals(value, .first(module.type(of: value).shape.rank))
  }

  /// A buffer with a value as binary32 numbers, of which the first `split` axes lie inside of the
  /// others.
  mutating func reals(_ value: ValueID, split: Int) -> BufferID {
    split == module.type(of: value).shape.rank ? planar(value) : reals(value, .first(split))
  }

  /// Brings binary32 numbers, whose channels are `found`, into another layout: through row-major
  /// order, unless one of the two layouts is that.
  private mutating func moved(
    _ buffer: BufferID, _ found: ChannelAxes, to axes: ChannelAxes, for value: ValueID
  ) -> BufferID {
    let (layout, wanted) = (buffers[buffer.index].layout, self.layout(of: value, axes))
    // Where the channels are last, or all there is, the memory is in row-major order.
    let isRowMajor = found.areLast || layout.positions == 1
    let becomesRowMajor = axes.areLast || wanted.positions == 1
    guard !layout.isShaped(like: wanted) || isRowMajor != becomesRowMajor else { return buffer }
    if isRowMajor {
      let (rows, columns) =
        becomesRowMajor
        ? (wanted.channels * wanted.positions, 1) : (wanted.channels, wanted.positions)
      return transposed(buffer, rows, columns, to: wanted, for: value)
    }
    // [positions][channels] becomes [channels][positions], which is row-major order.
    let all = ChannelAxes.first(module.type(of: value).shape.rank)
    let rowMajor = transposed(
      buffer, layout.positions, layout.channels,
      to: becomesRowMajor ? wanted : self.layout(of: value, all), for: value)
    guard !becomesRowMajor else { return rowMajor }
    return transposed(rowMajor, wanted.channels, wanted.positions, to: wanted, for: value)
  }

  /// Exchanges `rows` and `columns`, into a new buffer of the layout `wanted`.
  private mutating func transposed(
    _ buffer: BufferID, _ rows: Int, _ columns: Int, to wanted: Plan.Layout, for value: ValueID
  ) -> BufferID {
    let output = newBuffer(wanted)
    emit(
      .transpose(input: buffer, rows: rows, columns: columns, output: output), origins(of: value),
      in: phaseOfCopies(of: value))
    return output
  }

  /// `reshape` and `transpose`: nothing to do where the channels stay together, which is what
  /// attention needs.
  mutating func lowerView(_ value: ValueID, _ node: Node) {
    let operand = node.operands[0]
    let place = place(of: operand)
    if let axes = node.axes(viewing: place.axes, of: module.type(of: operand).shape) {
      places[value.index] = Place(buffer: place.buffer, axes: axes)
    } else if case .transpose = node.op {
      // The rows as channels: then they are the last axis of the result.
      places[value.index] = Place(buffer: reals(operand, .first(1)), axes: .last(1))
    } else {
      // Through row-major order, in which a reshape changes nothing.
      let all = ChannelAxes.first(module.type(of: operand).shape.rank)
      places[value.index] = Place(
        buffer: reals(operand, all), axes: .first(node.type.shape.rank))
    }
  }

  /// The module paths of a value's node.
  func origins(of value: ValueID) -> [String] {
    module.definition(of: value)?.origins ?? ["input"]
  }

  /// A layer of neurons that can be computed with the sum it reads.
  struct FusedNeurons {
    /// The neurons' spikes.
    let value: ValueID
    /// Their node.
    let node: Node
    /// What they do.
    let kernel: NeuronDynamics
    /// The `reshape` and `transpose` nodes between the sum and them.
    let views: [ValueID]
    /// The spikes' axes that are channels, where those of the sum are.
    let axes: ChannelAxes
  }

  /// The first layer of neurons that reads `value`, whose channels are `axes`, or a view of it;
  /// `nil` where none does.
  func neurons(behind value: ValueID, _ axes: ChannelAxes) -> FusedNeurons? {
    for user in users[value.index] {
      var (reader, views, axes, shape) = (user, [ValueID](), axes, module.type(of: value).shape)
      while let node = module.definition(of: reader) {
        if let neuron = node.op.neuron {
          return FusedNeurons(
            value: reader, node: node, kernel: neuron, views: views, axes: axes)
        }
        guard let viewed = node.axes(viewing: axes, of: shape),
          let next = soleUser(of: reader)
        else { break }
        views.append(reader)
        (reader, axes, shape) = (next, viewed, node.type.shape)
      }
    }
    return nil
  }

  /// Records that the last step computed `neurons`.
  mutating func cover(_ neurons: FusedNeurons) {
    for value in neurons.views + [neurons.value] { covered[value.index] = true }
    observe(neurons.value, neurons.node)
  }

  /// Whether a sum must be kept, though `neurons` read it: something else does, too.
  func isStored(_ value: ValueID, besides neurons: FusedNeurons?) -> Bool {
    neurons == nil || users[value.index].count > 1 || value == module.output
  }

  /// The only value whose node reads `value`; `nil` where there are several or it is the output.
  func soleUser(of value: ValueID) -> ValueID? {
    let users = users[value.index]
    guard users.count == 1, value != module.output else { return nil }
    return users[0]
  }
}

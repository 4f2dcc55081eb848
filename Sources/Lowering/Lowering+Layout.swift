import SpikeIR

extension Lowering {
  /// Where a value lies.
  func place(of value: ValueID) -> Place {
    guard let place = places[value.index] else {
      preconditionFailure("\(value) is not computed yet")
    }
    return place
  }

  /// The layout of a value whose first `split` axes are the channels.
  func layout(of value: ValueID, split: Int, bits: Bool = false) -> Plan.Layout {
    let type = module.type(of: value)
    let channels = type.shape.extents.prefix(split).reduce(1, *)
    return Plan.Layout(
      steps: type.isTimed ? module.timeSteps : 1, positions: type.shape.count / channels,
      channels: channels, isBits: bits)
  }

  /// Adds a buffer; the next step is the first of its life.
  mutating func newBuffer(_ layout: Plan.Layout) -> BufferID {
    newBuffer(layout, byteCount: layout.byteCount)
  }

  /// Adds a buffer of a given size.
  mutating func newBuffer(_ layout: Plan.Layout, byteCount: Int) -> BufferID {
    buffers.append(
      Plan.Buffer(
        layout: layout, byteCount: byteCount, lifetime: steps.count...steps.count))
    return BufferID(index: buffers.count - 1)
  }

  /// Adds a buffer for a value that the next step computes.
  mutating func define(_ value: ValueID, split: Int, bits: Bool = false) -> BufferID {
    let buffer = newBuffer(layout(of: value, split: split, bits: bits))
    places[value.index] = Place(buffer: buffer, split: split)
    return buffer
  }

  /// A buffer with a value as binary32 numbers whose first `split` axes are the channels.
  mutating func reals(_ value: ValueID, split: Int) -> BufferID {
    let wanted = layout(of: value, split: split)
    var buffer = place(of: value).buffer
    var layout = buffers[buffer.index].layout
    if layout.isBits {
      layout.isBits = false
      let unpacked = newBuffer(layout)
      emit(.unpack(input: buffer, output: unpacked), origins(of: value))
      buffer = unpacked
    }
    return transposed(buffer, layout, to: wanted, for: value)
  }

  /// A buffer with a value as bits whose first `split` axes are the channels.
  mutating func bits(_ value: ValueID, split: Int) -> BufferID {
    let wanted = layout(of: value, split: split, bits: true)
    let buffer = place(of: value).buffer
    guard buffers[buffer.index].layout != wanted else { return buffer }
    let input = reals(value, split: split)
    let packed = newBuffer(wanted)
    emit(.pack(input: input, output: packed), origins(of: value))
    return packed
  }

  /// A buffer with a value as binary32 numbers in row-major order.
  mutating func planar(_ value: ValueID) -> BufferID {
    reals(value, split: module.type(of: value).shape.rank)
  }

  /// Brings binary32 numbers into another layout: through row-major order, unless one of the two
  /// layouts is that.
  private mutating func transposed(
    _ buffer: BufferID, _ layout: Plan.Layout, to wanted: Plan.Layout, for value: ValueID
  ) -> BufferID {
    var (buffer, layout) = (buffer, layout)
    guard layout.positions != wanted.positions else { return buffer }
    if layout.positions > 1 {
      // [positions][channels] becomes [channels][positions], which is row-major order.
      var rowMajor = layout
      (rowMajor.channels, rowMajor.positions) = (layout.channels * layout.positions, 1)
      let output = newBuffer(rowMajor)
      emit(
        .transpose(
          input: buffer, rows: layout.positions, columns: layout.channels, output: output),
        origins(of: value))
      (buffer, layout) = (output, rowMajor)
    }
    guard wanted.positions > 1 else { return buffer }
    let output = newBuffer(wanted)
    emit(
      .transpose(input: buffer, rows: wanted.channels, columns: wanted.positions, output: output),
      origins(of: value))
    return output
  }

  /// `reshape`: nothing to do where the channels stay together, which is what attention needs.
  mutating func lowerReshape(_ value: ValueID, _ node: Node) {
    let operand = node.operands[0]
    let source = place(of: operand)
    let channels = buffers[source.buffer.index].layout.channels
    let shape = node.type.shape
    if let split = shape.axes(holding: channels) {
      places[value.index] = Place(buffer: source.buffer, split: split)
    } else {
      // Through row-major order, in which a reshape changes nothing.
      places[value.index] = Place(buffer: planar(operand), split: shape.rank)
    }
  }

  /// The module paths of a value's node.
  func origins(of value: ValueID) -> [String] {
    module.definition(of: value)?.origins ?? ["input"]
  }

  /// The first layer of neurons that reads `value`; `nil` where none does.
  func neuron(behind value: ValueID) -> (value: ValueID, node: Node, kernel: Kernel.Neuron)? {
    for user in users[value.index] {
      guard let node = module.definition(of: user), case .lif(let op) = node.op else { continue }
      return (user, node, Kernel.Neuron(op))
    }
    return nil
  }

  /// Whether a sum must be kept, though `neuron` reads it: something else does, too.
  func isStored(_ value: ValueID, besides neuron: ValueID?) -> Bool {
    neuron == nil || users[value.index].count > 1 || value == module.output
  }

  /// The only value whose node reads `value`; `nil` where there are several or it is the output.
  func soleUser(of value: ValueID) -> ValueID? {
    let users = users[value.index]
    guard users.count == 1, value != module.output else { return nil }
    return users[0]
  }
}

extension Shape {
  /// How many axes, from the first, hold `count` elements together; `nil` where none do.
  func axes(holding count: Int) -> Int? {
    (0...rank).first { extents.prefix($0).reduce(1, *) == count }
  }
}

import SpikeIR

extension Interpreter {
  /// `conv2d`: from the bias, terms in ascending order of (kernel row, kernel column, channel).
  ///
  /// - Parameters:
  ///   - weights: the kernel `[rows, columns, in / groups, out]` and, optionally, the bias.
  ///   - gated: whether the input holds only spikes, so that its products are gated additions.
  func convolve(
    _ input: Tensor, _ weights: [Weight], _ op: Conv2D, into shape: Shape, gated: Bool
  ) -> Tensor {
    let (kernel, window) = (weights[0].shape, op.window)
    let channels = shape[0]
    let (height, width) = (input.shape[1], input.shape[2])
    let positions = shape[1] * shape[2]
    let bias =
      weights.count > 1 ? weights[1].data.floats : [Float](repeating: 0, count: channels)
    var result = Tensor(zeros: shape, steps: input.steps)
    var sum = bias
    for step in 0..<input.steps {
      for row in 0..<shape[1] {
        for column in 0..<shape[2] {
          sum = bias
          for kernelRow in 0..<kernel[0] {
            let y = row * window.stride[0] + kernelRow - window.padding[0]
            guard (0..<height).contains(y) else { continue }
            for kernelColumn in 0..<kernel[1] {
              let x = column * window.stride[1] + kernelColumn - window.padding[1]
              guard (0..<width).contains(x) else { continue }
              accumulate(
                &sum, input.values, from: input.start(of: step) + y * width + x,
                every: height * width, weights[0], at: kernelRow * kernel[1] + kernelColumn,
                groups: op.groups, gated: gated)
            }
          }
          let position = step * shape.count + row * shape[2] + column
          for channel in 0..<channels {
            result.values[position + channel * positions] = sum[channel]
          }
        }
      }
    }
    return result
  }

  /// `linear`: from the bias, terms in ascending order of the channel.
  func apply(linear weights: [Weight], to input: Tensor, gated: Bool) -> Tensor {
    let channels = weights[0].shape[1]
    var values: [Float] = []
    for step in 0..<input.steps {
      var sum =
        weights.count > 1 ? weights[1].data.floats : [Float](repeating: 0, count: channels)
      accumulate(
        &sum, input.values, from: input.start(of: step), every: 1, weights[0], at: 0,
        groups: 1, gated: gated)
      values += sum
    }
    return Tensor([channels], steps: input.steps, values)
  }

  /// Adds the terms of one tap, in ascending order of the input channel.
  ///
  /// - Parameters:
  ///   - start: where in `values` the first channel stands; the next is `stride` further.
  ///   - tap: which `[in / groups, out]` matrix of `weight` is meant.
  private func accumulate(
    _ sum: inout [Float], _ values: [Float], from start: Int, every stride: Int,
    _ weight: Weight, at tap: Int, groups: Int, gated: Bool
  ) {
    let shape = weight.shape.extents.suffix(2)
    let (inputs, outputs) = (shape[shape.startIndex], shape[shape.startIndex + 1])
    weight.data.withFloats { weights in
      sum.withUnsafeMutableBufferPointer { sum in
        for channel in 0..<inputs * groups {
          let value = values[start + channel * stride]
          // The outputs of the channel's group, and its weights for them.
          let (group, input) = (channel / inputs, channel % inputs)
          let range = group * outputs / groups..<(group + 1) * outputs / groups
          let start = (tap * inputs + input) * outputs
          let row = UnsafeBufferPointer(rebasing: weights[start..<start + outputs])
          if !gated {
            for output in range { sum[output] += value * row[output] }
          } else if value != 0 {
            for output in range { sum[output] += row[output] }
          }
        }
      }
    }
  }
}

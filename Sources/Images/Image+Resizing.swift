extension Image {
  /// A part of a picture: columns and rows.
  public struct Window: Hashable, Sendable {
    /// The columns.
    public let columns: Range<Int>
    /// The rows.
    public let rows: Range<Int>

    /// Creates a window.
    public init(columns: Range<Int>, rows: Range<Int>) {
      self.columns = columns
      self.rows = rows
    }
  }

  /// Returns what `window` shows of this picture resized to `width` by `height`.
  ///
  /// It is what Pillow's `resize` and `crop` give, to the bit, and only what is seen is computed: rows
  /// are resized first, rounded to 8 bits, and then columns.
  ///
  /// - Precondition: The window lies within the resized picture, and is not empty.
  public func resized(
    width newWidth: Int, height newHeight: Int, cropping window: Window, by kernel: Interpolation
  ) -> Image {
    precondition(
      window.columns.clamped(to: 0..<newWidth) == window.columns
        && window.rows.clamped(to: 0..<newHeight) == window.rows,
      "a window lies within its picture")
    let across = ResizedAxis(width, to: newWidth, keeping: window.columns, by: kernel)
    let down = ResizedAxis(height, to: newHeight, keeping: window.rows, by: kernel)
    let rows = down.reach
    return resizedAcross(across, rows: rows).resizedDown(down, from: rows.lowerBound)
  }

  /// Resizes the rows `rows`.
  private func resizedAcross(_ axis: ResizedAxis, rows: Range<Int>) -> Image {
    var result: [UInt8] = []
    result.reserveCapacity(rows.count * axis.starts.count * channels)
    for row in rows {
      for (start, weights) in zip(axis.starts, axis.weights) {
        let first = (row * width + start) * channels
        for channel in 0..<channels {
          var sum = 0
          for tap in weights.indices {
            sum += Int(samples[first + tap * channels + channel]) * weights[tap]
          }
          result.append(ResizedAxis.rounded(sum))
        }
      }
    }
    return Image(
      width: axis.starts.count, height: rows.count, channels: channels, samples: result)
  }

  /// Resizes all columns; the first row of this picture counts as the row `first`.
  private func resizedDown(_ axis: ResizedAxis, from first: Int) -> Image {
    let stride = width * channels
    var result: [UInt8] = []
    result.reserveCapacity(axis.starts.count * stride)
    for (start, weights) in zip(axis.starts, axis.weights) {
      for column in 0..<stride {
        var sum = 0
        for tap in weights.indices {
          sum += Int(samples[(start - first + tap) * stride + column]) * weights[tap]
        }
        result.append(ResizedAxis.rounded(sum))
      }
    }
    return Image(width: width, height: axis.starts.count, channels: channels, samples: result)
  }
}

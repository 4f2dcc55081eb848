import Diagnostics
import Reports

/// The neurons of one layer that are looked at, a row each, and a mark at each step at which one
/// fired.
struct RasterPanel {
  /// The layer.
  let layer: SpikeSample.Layer
  /// The number of time steps.
  let timeSteps: Int

  private static let rowHeight = 4
  private static let rasterWidth = 120
  private static let left = 2
  private static let top = 30
  private static let letters = 23

  /// The width of a panel, in pixels.
  private static let width = 141

  /// The picture.
  var drawing: Drawing {
    let stepWidth = max(Self.rasterWidth / timeSteps, 3)
    let frame = Frame(
      x: Self.left, y: Self.top, width: stepWidth * timeSteps,
      height: SpikeSample.neuronsPerLayer * Self.rowHeight)
    let rate = Double(layer.spikeCount) / Double(layer.neuronCount * timeSteps)
    let numbers = "\(grouped(layer.neurons.count)) of \(grouped(layer.neuronCount))"
    var drawing = Drawing(
      width: max(Self.width, frame.x + frame.width + 2), height: frame.y + frame.height + 18,
      title: "\(escaped(layer.name)): \(numbers) neurons over \(counted(timeSteps, "step")), "
        + "\(percent(rate)) % fire")
    drawing.addText(
      shortened(escaped(layer.name), to: Self.letters), x: Self.left, y: 11, class: "path strong")
    drawing.addText(
      "\(percent(rate)) % of \(grouped(layer.neuronCount))", x: Self.left, y: 24, class: "axis")
    drawing.addRectangle(
      Frame(
        x: frame.x, y: frame.y, width: frame.width,
        height: layer.neurons.count * Self.rowHeight), class: "field")
    drawing.add(Element("path", ["class": "firing", "d": marks(in: frame, stepWidth)]))
    for step in labelledSteps {
      drawing.addText(
        "\(step)", x: frame.x + step * stepWidth + stepWidth / 2,
        y: frame.y + frame.height + 12, class: "axis", anchor: .middle)
    }
    return drawing
  }

  /// The steps whose numbers stand below: all, or as many as there is room for.
  private var labelledSteps: [Int] {
    guard timeSteps > 8 else { return Array(0..<timeSteps) }
    return [0, timeSteps / 2, timeSteps - 1]
  }

  /// A rectangle for each spike, as one path.
  private func marks(in frame: Frame, _ stepWidth: Int) -> String {
    var path = ""
    for (row, steps) in layer.firings.enumerated() {
      for step in steps {
        let (x, y) = (frame.x + step * stepWidth, frame.y + row * Self.rowHeight)
        path += "M\(x + 1) \(y)h\(stepWidth - 2)v\(Self.rowHeight - 1)h-\(stepWidth - 2)z"
      }
    }
    return path.isEmpty ? "M0 0" : path
  }
}

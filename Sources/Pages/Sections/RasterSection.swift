import SpikeIR

/// Which neurons fire when: some of each layer, on the first sample.
struct RasterSection {
  /// What was looked at.
  let sample: SpikeSample

  /// The section.
  var section: PageSection {
    PageSection("raster", "Spikes of single neurons") {
      paragraph(
        "The first sample. A panel is a layer of neurons: time steps from left to right, a row a "
          + "neuron, a mark where it fires. Of a layer of more than \(SpikeSample.neuronsPerLayer) "
          + "neurons, \(SpikeSample.neuronsPerLayer) are shown, spread evenly over it by the golden "
          + "ratio, the same in every report. Above a panel stands how often the layer's neurons fire, and how "
          + "many there are.")
      Element("div", ["class": "panels"]) {
        for layer in sample.layers {
          RasterPanel(layer: layer, timeSteps: sample.timeSteps).drawing.element
        }
      }
    }
  }
}

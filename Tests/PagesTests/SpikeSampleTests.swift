import Pages
import Testing

/// Which neurons a raster shows.
@Suite struct SpikeSampleTests {
  @Test func theyAreDifferentNeuronsSpreadOverTheLayer() {
    let most = SpikeSample.neuronsPerLayer
    for count in Array(1...2_000) + [12_544, 301_056, 1 << 34] {
      let chosen = SpikeSample.chosen(of: count)
      #expect(chosen.count == min(count, most))
      #expect(zip(chosen, chosen.dropFirst()).allSatisfy { $0 < $1 }, "\(count)")
      #expect(chosen.allSatisfy { (0..<count).contains($0) }, "\(count)")
      // No gap is more than three times the even one.
      let gaps = zip(chosen, chosen.dropFirst()).map { $1 - $0 }
      #expect((gaps.max() ?? 0) <= 3 * (count / min(count, most) + 1), "\(count)")
    }
  }

  @Test func allOfASmallLayerAreShown() {
    #expect(SpikeSample.chosen(of: 3) == [0, 1, 2])
  }

  @Test func theirSpikesAreThoseOfTheLayer() throws {
    let (count, steps) = (5_000, 3)
    var spikes = [UInt8](repeating: 0, count: count * steps)
    let chosen = SpikeSample.chosen(of: count)
    spikes[0 * count + chosen[0]] = 1
    spikes[2 * count + chosen[0]] = 1
    spikes[1 * count + chosen[7]] = 1
    spikes[1 * count + chosen[7] + 1] = 1
    var sample = SpikeSample(timeSteps: steps)
    sample.add("lif", spikes)
    let layer = try #require(sample.layers.first)
    #expect(layer.name == "lif" && layer.neuronCount == count && layer.spikeCount == 4)
    #expect(layer.firings[0] == [0, 2])
    #expect(layer.firings[7] == [1])
    #expect(layer.firings.map(\.count).reduce(0, +) == 3)
  }
}

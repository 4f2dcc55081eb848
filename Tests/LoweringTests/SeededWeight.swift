import IRTestSupport
import SpikeIR

/// The weight that a name such as `w 3 4` describes, of numbers that the name determines.
func seededWeight(_ name: String, _ shape: Shape) -> Weight? {
  guard let described = CaseFile.weight(name, shape) else { return nil }
  var random = SeededRandom(UInt64(described.shape.count))
  return Weight(name, described.shape, random.values(described.shape.count, of: .real))
}

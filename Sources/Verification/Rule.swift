/// A rule of a profile; its raw value is its stable id, under which `ir-spec/profiles.md` has it.
public enum Rule: String, CaseIterable, Sendable {
  /// Each `conv2d`, `linear` and `matmul` has an operand of spikes.
  case eventDrivenSums = "event-driven-r1"
  /// Each multiplication of two activations has an operand of spikes.
  case spikesMeetActivations = "spike-driven-r1"
  /// Integers and fixed values that are no spikes meet additions alone.
  case countsAreAdded = "spike-driven-r2"
  /// Real values are not multiplied.
  case realsAreNotMultiplied = "spike-driven-r3"
  /// Each `conv2d`, `linear` and `matmul` has an operand of bounded integers.
  case integerSums = "integer-r1"
  /// Every weight is finite.
  case finiteWeights = "deterministic-r1"
  /// No value leaves the finite numbers.
  case noOverflow = "deterministic-r2"
}

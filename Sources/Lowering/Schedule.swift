/// In which order a plan computes a sample's time steps.
public enum Schedule: String, Sendable, CaseIterable {
  /// Layer after layer, each at all time steps at once: the weights are read once for all of them,
  /// and no membrane is stored.
  case layer
  /// Time step after time step, each through all layers: a frame can be computed as it comes. The
  /// membranes are kept from one to the next.
  case step
}

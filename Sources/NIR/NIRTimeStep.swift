public import Diagnostics

/// The length of a time step in NIR's unit of time, the second: NIR's neurons are differential
/// equations, and SpikeIR's are their steps by Euler's forward method.
public struct NIRTimeStep: Hashable, Sendable {
  /// The length where nobody says another: what snnTorch and spikingjelly take.
  public static let standard = NIRTimeStep(unchecked: 1e-4)

  /// The length.
  public let seconds: Double

  /// Creates a length.
  ///
  /// - Throws: `nir-step` (exit status 64).
  public init(_ seconds: Double) throws(Diagnostic) {
    guard (1e-12...1e12).contains(seconds) else { throw .stepLength(seconds) }
    self.seconds = seconds
  }

  private init(unchecked seconds: Double) {
    self.seconds = seconds
  }
}

extension Diagnostic {
  fileprivate static func stepLength(_ seconds: Double) -> Diagnostic {
    .error(
      "nir-step", "a time step is 1e-12 to 1e12 seconds long, not \(seconds)",
      notes: ["the unit is that of the file's tau"], status: .usage)
  }
}

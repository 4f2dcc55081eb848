import CPeak
import CSpikeKernels

/// The most additions of binary32 numbers that a machine makes in a second: on registers, on the
/// vectors that the kernels use, with nothing to wait for.
public struct AdditionPeak: Sendable {
  /// The instruction set that the kernels chose.
  public let instructionSet: String
  /// The number of threads.
  public let threads: Int
  /// Additions a second of one thread alone.
  public let alone: Double
  /// Additions a second of all threads at once.
  public let together: Double

  /// Creates a peak from its numbers.
  public init(instructionSet: String, threads: Int, alone: Double, together: Double) {
    self.instructionSet = instructionSet
    self.threads = threads
    self.alone = alone
    self.together = together
  }
}

extension AdditionPeak {
  /// Measures it on the threads of `engine`; takes some hundredths of a second.
  init(on engine: Engine) {
    let threads = engine.executor.map { Int($0.pointee.workers) } ?? 1
    let alone = Self.best { Self.add(nil, tiles: 1) }
    let together = threads == 1 ? alone : Self.best { Self.add(engine.executor, tiles: threads) }
    self.init(
      instructionSet: String(cString: snn_instruction_set()), threads: threads, alone: alone,
      together: together)
  }

  /// The higher rates of two measurements on the same threads.
  func best(of other: AdditionPeak) -> AdditionPeak {
    AdditionPeak(
      instructionSet: instructionSet, threads: threads, alone: max(alone, other.alone),
      together: max(together, other.together))
  }

  /// The highest rate of several tries, since others may use the machine, too.
  private static func best(_ add: () -> Int) -> Double {
    let clock = ContinuousClock()
    return (0..<4).reduce(0) { best, _ in
      var additions = 0
      let time = clock.measure { additions = add() }
      return max(best, Double(additions) / time.seconds)
    }
  }

  /// Runs the loop once for each tile and returns the number of additions.
  private static func add(
    _ executor: UnsafeMutablePointer<snn_executor>?, tiles: Int
  ) -> Int {
    var additions = [Int64](repeating: 0, count: tiles)
    let task: @convention(c) (UnsafeMutableRawPointer?, Int32, Int32) -> Void = {
      context, tile, _ in
      // Some two milliseconds: long next to waking a thread, short next to the time that others
      // get from the system in between.
      let rounds: Int64 = 1 << 19
      var sums = [Float](repeating: 0, count: Int(PEAK_CHAINS * PEAK_LANES))
      context?.assumingMemoryBound(to: Int64.self)[Int(tile)] =
        peak_add(snn_instruction_set(), rounds, &sums)
    }
    additions.withUnsafeMutableBytes { context in
      if let executor {
        executor.pointee.run(executor, task, context.baseAddress, Int32(tiles))
      } else {
        for tile in 0..<tiles { task(context.baseAddress, Int32(tile), 0) }
      }
    }
    return Int(additions.reduce(0, +))
  }
}

extension Duration {
  /// The length in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}

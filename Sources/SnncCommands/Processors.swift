import ArgumentParser
import CLinux

/// The processors that this program may run on: those that a scheduler of jobs gives it, which may
/// be fewer than the machine has.
enum Processors {
  /// The number of threads that `--threads` stands for: 0 for one a processor.
  static func threads(_ option: Int) -> Int {
    option == 0 ? max(Int(snnc_processors()), 1) : option
  }

  /// Checks `--threads`.
  static func validate(_ option: Int) throws {
    guard (0...1024).contains(option) else {
      throw ValidationError("--threads takes 0 to 1024, not \(option)")
    }
  }
}

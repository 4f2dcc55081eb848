import Diagnostics
import IRTestSupport
import Interpreter
import SpikeIR

/// The labels that modules are refused with, found by giving these modules to the reader and the
/// Interpreter.
enum Refusals {
  /// The labels that the modules of `SpikeIRTests/Cases` are refused with when they are read, and
  /// modules of ours when they are evaluated.
  static func labels() throws -> Set<String> {
    var found: Set<String> = []
    for section in try CaseFile.all.flatMap({ try $0.sections }) {
      do throws(Diagnostic) {
        _ = try Module(parsing: section.text, weights: CaseFile.weight)
      } catch {
        found.insert(error.id)
      }
    }
    for variance in ["-1.0", "1e-30"] {
      let module = try Module(parsing: norm(variance: variance))
      do throws(Diagnostic) {
        _ = try Interpreter(module).run(Tensor([1], steps: 1, [0]))
      } catch {
        found.insert(error.id)
      }
    }
    return found
  }

  /// The numbers of the constraints of an op that are among them, in order.
  static func constraints(of mnemonic: String) throws -> [Int] {
    try labels().filter { $0.hasPrefix("\(mnemonic)-c") }
      .compactMap { Int($0.dropFirst(mnemonic.count + 2)) }
      .sorted()
  }

  /// A batch norm whose numbers make no scale that is finite in binary32.
  private static func norm(variance: String) -> String {
    """
    snnir 1

    module @"norm" {
      time_steps = 1
      weight @"weight" : f32 [1] = [1e+30]
      weight @"variance" : f32 [1] = [\(variance)]
      input %input : real [1]
      %1 = batch_norm %input, @"weight", @"weight", @"weight", @"variance" {epsilon = 0.0}
      output %1
    }
    """
  }
}

import ArgumentParser
import Diagnostics

/// What the executable does: it is `snnc`, or a simulator that `snnc emit --target sim` wrote.
public enum Program {
  /// Runs the command that the executable is, and ends.
  public static func main() {
    do throws(Diagnostic) {
      if try Simulator.payload() != nil {
        SimulatorCommand.main()
      } else {
        SnncCommand.main()
      }
    } catch {
      Console.report(error)
      SnncCommand.exit(withError: ExitCode(error.status.rawValue))
    }
  }
}

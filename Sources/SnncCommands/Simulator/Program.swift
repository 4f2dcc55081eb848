import ArgumentParser
import Diagnostics
import Glibc

/// What the executable does: it is `snnc`, or a simulator that `snnc emit --target sim` wrote.
public enum Program {
  /// Runs the command that the executable is, and ends.
  public static func main() {
    openStreams()
    do throws(Diagnostic) {
      if try Simulator.payload() != nil {
        run(SimulatorCommand.self)
      } else {
        run(SnncCommand.self)
      }
    } catch {
      Console.report(error)
      SnncCommand.exit(withError: ExitCode(error.status.rawValue))
    }
  }

  /// Opens what of the three streams was closed, so that no output gets the number of one and then
  /// the messages in between its bytes.
  private static func openStreams() {
    for descriptor in 0...2 where fcntl(Int32(descriptor), F_GETFD) < 0 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Runs a command; what is wrong with its arguments is printed without the bytes in them that a
  /// terminal would obey.
  private static func run<Root: ParsableCommand>(_ root: Root.Type) {
    do {
      var command = try root.parseAsRoot()
      try command.run()
    } catch {
      let code = root.exitCode(for: error)
      guard code != .success else { root.exit(withError: error) }
      for line in root.fullMessage(for: error).split(separator: "\n") {
        Console.note(Console.printable(String(line)))
      }
      root.exit(withError: code)
    }
  }
}

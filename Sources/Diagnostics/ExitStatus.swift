/// The exit statuses of `snnc`, after BSD's `sysexits.h`.
public enum ExitStatus: Int32, Sendable {
  /// Done.
  case success = 0
  /// The check that was asked for says no.
  case checkFailed = 1
  /// The command line is wrong.
  case usage = 64
  /// An input's data is wrong.
  case badData = 65
  /// There is no such input.
  case noInput = 66
  /// A bug of ours.
  case internalError = 70
  /// An output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case ioError = 74
  /// The user interrupted the work, which told what it had: what a shell gives for Ctrl-C.
  case interrupted = 130
}

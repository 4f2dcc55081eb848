import Diagnostics
import Dispatch
import Files
import Glibc
import Synchronization

/// The temporary files and folders that are being written, so that an interruption removes them.
enum Temporaries {
  /// What an interruption finds.
  private struct State {
    /// What it removes.
    var paths: Set<String> = []
    /// What SIGINT or SIGTERM calls in place of ending the command; the next one ends it.
    var request: (@Sendable () -> Void)?
  }

  private static let state = Mutex(State())

  /// Turns SIGHUP, SIGINT, SIGQUIT and SIGTERM into an orderly end; ignored ones stay ignored.
  ///
  /// A queue of its own handles them, and not a signal handler, in which little is allowed. It has a
  /// thread even while all processors are busy.
  nonisolated(unsafe) private static let watch: [any DispatchSourceSignal] = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM,
  ].compactMap { number in
    guard !isIgnored(number) else { return nil }
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
    source.setEventHandler {
      state.withLock {
        if number == SIGINT || number == SIGTERM, let request = $0.request {
          $0.request = nil
          return request()
        }
        // The lock is never given back, so that nothing is made while things are removed.
        for path in $0.paths { removeTree(path) }
        die(of: number)
      }
    }
    source.resume()
    return source
  }

  private static let queue = DispatchQueue(label: "snnc.signals")

  /// Calls `request` at the first SIGINT or SIGTERM from now on; the next one ends the command.
  static func onInterruption(_ request: @escaping @Sendable () -> Void) {
    _ = watch
    state.withLock { $0.request = request }
  }

  /// Runs `body`, which an interruption does not come between.
  static func uninterrupted<Result>(_ body: () -> Result) -> Result {
    state.withLock { _ in body() }
  }

  /// Ends the command where a mapped file can no longer be read, which comes as SIGBUS on the thread
  /// that reads it.
  ///
  /// That thread is in the middle of neither an allocation nor a lock, so more is allowed here than
  /// in other handlers. The lock is never given back: another thread that reads the file waits here
  /// for the end.
  static func watchInputs() {
    signal(SIGBUS) { _ in Temporaries.endWithoutInput() }
  }

  private static func endWithoutInput() -> Never {
    state.withLock {
      let diagnostic = OpenFiles.unreadable()
      Console.report(diagnostic)
      for path in $0.paths { removeTree(path) }
      _exit(diagnostic.status.rawValue)
    }
  }

  /// Ends as if nothing had handled the signal, so that a shell sees what ended the command.
  static func die(of number: Int32) -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    signal(number, SIG_DFL)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
    _exit(128 + number)
  }

  /// Whether a signal is ignored, as `nohup` sets it.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Remembers a file or folder and makes it; returns what `make` returns.
  static func make(_ path: String, _ make: () -> Int32) -> Int32 {
    _ = watch
    return state.withLock {
      $0.paths.insert(path)
      return make()
    }
  }

  /// Puts a file or folder in its place with `move`, which an interruption does not come between.
  ///
  /// - Parameter keep: whether something to be removed is at `path` afterwards.
  static func publish(_ path: String, keep: Bool = false, _ move: () -> Int32) -> Int32 {
    state.withLock {
      let result = move()
      if result == 0 && !keep { $0.paths.remove(path) }
      return result
    }
  }

  /// Removes a file or folder that has not come to its place, and forgets it.
  static func discard(_ path: String) {
    removeTree(path)
    state.withLock { _ = $0.paths.remove(path) }
  }

  /// Removes a file, or a folder of files; the folders that snnc writes hold no folders.
  private static func removeTree(_ path: String) {
    guard unlink(path) != 0 else { return }
    for name in Folder.entries(of: path) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}

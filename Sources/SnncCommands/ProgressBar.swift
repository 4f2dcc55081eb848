import Glibc
import Reports

/// How far a long work has come, how fast it goes and how long it will take.
struct ProgressBar {
  private let total: Int
  private let what: String
  /// What was done before this work began.
  private let start: Int
  private let clock = ContinuousClock()
  private let begin: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant?

  /// Begins a work on `total` things, of which `start` are done.
  init(_ what: String, start: Int, of total: Int) {
    self.what = what
    self.start = start
    self.total = total
    begin = clock.now
  }

  /// Shows that `done` things are done, at most ten times a second.
  mutating func show(_ done: Int) {
    let now = clock.now
    if let lastShown, now - lastShown < .milliseconds(100), done < total { return }
    lastShown = now
    let seconds = (now - begin) / .seconds(1)
    Console.progress(
      done, of: total, what + Self.pace(done - start, of: total - start, in: seconds))
  }

  /// Takes the bar away.
  func end() { Console.endProgress() }

  /// The speed and the time left, such as `, 12.34 a second, 1:05 left`; nothing where they are not
  /// known yet.
  static func pace(_ done: Int, of total: Int, in seconds: Double) -> String {
    guard done > 0, seconds > 0, done < total else { return "" }
    let rate = Double(done) / seconds
    let left = Int((Double(total - done) / rate).rounded(.up))
    let (hours, minutes) = (left / 3600, left / 60 % 60)
    let short = "\(padded(left % 60))"
    let time = hours > 0 ? "\(hours):\(padded(minutes)):\(short)" : "\(minutes):\(short)"
    return ", \(decimals(rate)) a second, \(time) left"
  }

  /// A number from 0 to 59 with two digits.
  private static func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
}

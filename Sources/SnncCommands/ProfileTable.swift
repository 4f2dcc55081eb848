import Diagnostics
package import Engine
import Reports

extension Profile {
  /// The table of `snnc run --profile`: a line for each call and one for all, and what it rests on.
  package func lines(_ order: Order) -> [String] {
    var table = Table(numbersFrom: 2)
    table.add(
      "layer", "kernel", "density, %", "added, M", "multiplied, M", "time, ms", "share, %",
      "at peak, ms", "ratio")
    let work = calls.reduce(Work()) { $0 + $1.work }
    let seconds = calls.reduce(0) { $0 + $1.seconds }
    for call in calls(in: order) {
      table.add(
        [call.layer, call.kernel, call.work.density.map { decimals(100 * $0) } ?? "-"]
          + cells(call.work, call.seconds, of: seconds))
    }
    table.add(["all", "", ""] + cells(work, seconds, of: seconds))
    return table.lines + [""] + notes
  }

  /// The cells of numbers that calls and their sum have, where all calls took `all` seconds.
  private func cells(_ work: Work, _ seconds: Double, of all: Double) -> [String] {
    let atPeak = secondsAtPeak(work)
    return [
      millions(work.additions + work.integerAdditions), millions(work.multiplications),
      decimals(1e3 * seconds), all > 0 ? decimals(100 * seconds / all) : "-",
      work.operations > 0 ? decimals(1e3 * atPeak) : "-",
      work.operations > 0 ? decimals(seconds / atPeak) : "-",
    ]
  }

  /// What the table does not say.
  private var notes: [String] {
    let driven = calls.filter { $0.work.bits > 0 && $0.work.additions > 0 }
    let additions = driven.reduce(0) { $0 + $1.work.additions }
    let seconds = driven.reduce(0) { $0 + $1.seconds }
    var lines = [
      "peak: \(decimals(1e-9 * peak.together)) G additions a second on "
        + counted(peak.threads, "thread")
        + (peak.threads > 1 ? ", \(decimals(1e-9 * peak.alone)) on one" : "")
        + " (\(peak.instructionSet))"
    ]
    if !driven.isEmpty {
      lines.append(
        "convolutions of spikes: \(decimals(1e-9 * Double(additions))) G additions in "
          + "\(decimals(1e3 * seconds)) ms, "
          + "\(decimals(1e-9 * Double(additions) / seconds)) G a second")
    }
    lines.append(
      "\(counted(samples, "sample")), each call the best of \(repeats); whole runs: \(decimals(1e3 * self.seconds)) ms"
    )
    return lines
  }

  private func millions(_ count: Int) -> String {
    count == 0 ? "-" : decimals(1e-6 * Double(count))
  }
}

extension Profile.Call {
  /// The first and the last of the module paths, of the last no more than tells it from the first.
  fileprivate var layer: String {
    guard let first = origins.first, let last = origins.last, origins.count > 1 else {
      return origins.first.map(escaped) ?? ""
    }
    let (start, end) = (first.split(separator: "."), last.split(separator: "."))
    let shared = zip(start, end.dropLast()).prefix { $0 == $1 }.count
    return "\(escaped(first)) .. \(escaped(end.dropFirst(shared).joined(separator: ".")))"
  }
}

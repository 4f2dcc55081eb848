/// A number with a fixed number of digits behind the point: `fixedPoint(0.5, digits: 2)` is `0.50`.
///
/// It is rounded to the nearest, halves away from zero.
package func fixedPoint(_ number: Double, digits: Int, grouping: Bool = false) -> String {
  let factor = (0..<digits).reduce(1.0) { power, _ in power * 10 }
  let scaled = (number * factor).rounded()
  guard scaled.magnitude < 1e18 else { return "\(number)" }
  let units = Int(scaled)
  let whole = units.magnitude / UInt(factor)
  let rest = "\(units.magnitude % UInt(factor))"
  let sign = units < 0 ? "-" : ""
  let text = sign + (grouping ? grouped(Int(whole)) : "\(whole)")
  return digits == 0
    ? text : text + "." + String(repeating: "0", count: digits - rest.count) + rest
}

/// A number with its digits in groups of three: `66,338,632`.
func grouped(_ number: Int) -> String {
  let digits = Array("\(number.magnitude)")
  var result = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
    result.append(digit)
  }
  return result
}

/// A share of one in percent: `12.34`.
func percent(_ share: Double, digits: Int = 2) -> String {
  fixedPoint(share * 100, digits: digits)
}

/// A number of bytes in a unit that a person reads: `4.95 MiB`.
func bytesInWords(_ count: Int) -> String {
  let units = ["KiB", "MiB", "GiB", "TiB"]
  guard count >= 1024 else { return "\(count) bytes" }
  var (size, unit) = (Double(count) / 1024, 0)
  while size >= 1024, unit + 1 < units.count { (size, unit) = (size / 1024, unit + 1) }
  return "\(fixedPoint(size, digits: 2)) \(units[unit])"
}

/// A count in at most four digits and a unit: `13.15 G`.
package func magnitude(_ count: Double) -> String {
  let units = ["", " k", " M", " G", " T", " P"]
  var (size, unit) = (count, 0)
  while size.magnitude >= 999.995, unit + 1 < units.count { (size, unit) = (size / 1000, unit + 1) }
  return fixedPoint(size, digits: unit == 0 && size == size.rounded() ? 0 : 2) + units[unit]
}

/// `text`, cut in the middle where it has more than `limit` characters.
package func shortened(_ text: String, to limit: Int) -> String {
  guard text.count > limit else { return text }
  let tail = (limit - 1) / 2
  return text.prefix(limit - 1 - tail) + "…" + text.suffix(tail)
}

/// A number and what there are as many of: `1 sample`, `2 samples`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

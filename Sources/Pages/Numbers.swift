import Reports

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

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
package func grouped(_ number: Int) -> String {
  let digits = Array("\(number.magnitude)")
  var result = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
    result.append(digit)
  }
  return result
}

/// A number with two digits behind the point: `1,234.50`.
package func decimals(_ number: Double) -> String {
  fixedPoint(number, digits: 2, grouping: true)
}

/// A share of one in percent: `12.34`.
package func percent(_ share: Double) -> String { fixedPoint(share * 100, digits: 2) }

/// A number and what there are as many of: `1 sample`, `2 samples`.
package func counted(_ number: Int, _ noun: String) -> String {
  "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
}

/// A number with as many digits behind the point as make `digits` in all, at least one: `13.6589`.
package func significant(_ number: Double, digits: Int = 6) -> String {
  guard number.isFinite, number != 0 else { return "0" }
  let size = number.magnitude
  var (whole, power) = (1, 10.0)
  while power <= size, whole < 18 { (whole, power) = (whole + 1, power * 10) }
  // Zeros behind the point are no digits.
  var (zeros, unit) = (0, 1.0)
  while size < unit, zeros < 18 { (zeros, unit) = (zeros + 1, unit / 10) }
  let places = max(1, size < 1 ? digits + zeros - 1 : digits - whole)
  let (integer, fraction) = split(size, places: places)
  return "\(number < 0 ? "-" : "")\(grouped(integer)).\(fraction)"
}

/// The whole part of a number, and as many digits behind the point as asked for; rounded.
private func split(_ number: Double, places: Int) -> (Int, String) {
  let whole = number.rounded(.down)
  guard whole < 1e15 else { return (Int(min(whole, 9e18)), "0") }
  let places = min(places, 15)
  let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
  let rest = Int(((number - whole) * Double(scale)).rounded())
  guard rest < scale else { return (Int(whole) + 1, String(repeating: "0", count: places)) }
  let digits = "\(rest)"
  return (Int(whole), String(repeating: "0", count: places - digits.count) + digits)
}

/// A number with as many digits behind the point as make `digits` in all, at least one: `13.6589`.
func significant(_ number: Double, digits: Int = 6) -> String {
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

/// A share in percent, or a dash where there is none.
func percent(_ share: Double?) -> String { share.map { decimals(100 * $0) } ?? "-" }

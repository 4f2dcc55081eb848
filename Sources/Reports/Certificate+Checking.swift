public import Diagnostics
public import JSON
public import SpikeIR
import Verification

extension Certificate {
  /// Computes everything that the certificate `claimed` says of `module` again, and compares.
  ///
  /// All must be as it is computed but the version of the program that wrote it, so that a newer
  /// one accepts what still holds. It says nothing of whether the module keeps its profile:
  /// the certificate does.
  ///
  /// - Returns: the verdict.
  /// - Throws: `bad-certificate` (exit status 65), or `certificate-differs` (exit status 1), which
  ///   names the first difference and both values.
  public static func check(
    _ claimed: JSONValue, against module: Module
  ) throws(Diagnostic) -> Bool {
    let header = try Header(claimed)
    let verdict = module.verify(header.profile, strict: header.isStrict)
    let computed = Certificate(of: verdict, on: module, tool: header.tool)
    if let difference = computed.json.firstDifference(from: claimed, at: "") {
      throw .differs(difference)
    }
    return verdict.holds
  }
}

/// What has to be known of a certificate before it can be computed again.
private struct Header {
  let tool: String
  let profile: Profile
  let isStrict: Bool

  /// Reads it.
  ///
  /// - Throws: `bad-certificate`.
  init(_ json: JSONValue) throws(Diagnostic) {
    guard json.object != nil else { throw .malformed("it is \(json.kind) and no object") }
    guard json["format"] == .string(Certificate.format) else {
      throw .malformed("'format' must be \"\(Certificate.format)\"")
    }
    guard json["version"] == .integer(Certificate.version) else {
      throw .malformed("'version' must be \(Certificate.version)")
    }
    guard let tool = json["tool"]?["version"]?.string else {
      throw .malformed("'tool.version' must be a string")
    }
    guard case .boolean(let isStrict)? = json["strict"] else {
      throw .malformed("'strict' must be true or false")
    }
    guard let profile = json["profile"]?.string else {
      throw .malformed("'profile' must be a string")
    }
    self.tool = tool
    self.isStrict = isStrict
    do throws(Diagnostic) {
      self.profile = try Profile(parsing: profile)
    } catch {
      throw .malformed("'profile' must be one, and '\(escaped(profile))' is none")
    }
  }
}

/// Where two JSON values differ, and what stands there.
private struct Difference {
  let path: String
  let claimed: String
  let computed: String
}

extension JSONValue {
  /// The first difference of `claimed` from this value, in the order of this one; `nil` if none.
  fileprivate func firstDifference(from claimed: JSONValue?, at path: String) -> Difference? {
    switch (self, claimed) {
    case (.object(let members), .object(let others)?):
      let names = members.map { Array($0.name.utf8) }
      let differences = members.lazy.compactMap { member in
        member.value.firstDifference(
          from: claimed?[member.name], at: path.isEmpty ? member.name : "\(path).\(member.name)")
      }
      if let first = differences.first { return first }
      return others.first { !names.contains(Array($0.name.utf8)) }.map {
        Difference(
          path: path.isEmpty ? $0.name : "\(path).\($0.name)", claimed: $0.value.excerpt,
          computed: "nothing")
      }
    case (.array(let values), .array(let others)?):
      for index in 0..<max(values.count, others.count) {
        let place = "\(path)[\(index)]"
        guard index < values.count else {
          return Difference(path: place, claimed: others[index].excerpt, computed: "nothing")
        }
        let other = index < others.count ? others[index] : nil
        if let found = values[index].firstDifference(from: other, at: place) { return found }
      }
      return nil
    default:
      return isSame(as: claimed)
        ? nil
        : Difference(path: path, claimed: claimed?.excerpt ?? "nothing", computed: excerpt)
    }
  }

  /// Whether `other` is this value to the bit: texts by their bytes, where Swift would compare what
  /// they look like.
  private func isSame(as other: JSONValue?) -> Bool {
    switch (self, other) {
    case (.string(let text), .string(let other)?): text.utf8.elementsEqual(other.utf8)
    case (.real(let number), .real(let other)?): number.bitPattern == other.bitPattern
    default: self == other
    }
  }

  /// The value's text, cut short.
  private var excerpt: String {
    let limit = 120
    let line = text.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    return line.count > limit ? line.prefix(limit) + "..." : line
  }
}

extension Diagnostic {
  fileprivate static func malformed(_ reason: String) -> Diagnostic {
    .error("bad-certificate", "a certificate of snnc verify --json is needed: \(reason)")
  }

  fileprivate static func differs(_ difference: Difference) -> Diagnostic {
    .error(
      "certificate-differs",
      "the certificate does not fit the module: '\(escaped(difference.path))' is "
        + "\(difference.claimed) in it, and \(difference.computed) computed anew",
      status: .checkFailed)
  }
}

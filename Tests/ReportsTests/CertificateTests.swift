import Diagnostics
import Families
import JSON
import Reports
import SpikeIR
import Testing
import Verification

/// Certificates: what they look like, that they are found right again, and nothing else is.
@Suite struct CertificateTests {
  static let profiles: [Profile] = [.eventDriven, .spikeDriven, .integer(2), .deterministic]

  static func certificate(_ module: Module, _ profile: Profile, strict: Bool = false) -> JSONValue {
    Certificate(of: module.verify(profile, strict: strict), on: module, tool: "1").json
  }

  /// The module of the text tests, with other numbers.
  static func module(weight: String = "1.0", origin: String = "stem") throws -> Module {
    let text = try VerdictTextTests.module().text
    return try Module(
      parsing: text.replacing("= [1.0]", with: "= [\(weight)]")
        .replacing("\"stem\"", with: "\"\(origin)\""))
  }

  @Test(arguments: profiles, [false, true])
  func certificatesFitTheirSchema(_ profile: Profile, _ strict: Bool) throws {
    let schema = try Schema.certificate()
    let json = Self.certificate(try Self.module(), profile, strict: strict)
    #expect(schema.errors(in: json) == [])
    let spikformer = try #require(Families.all.first { $0.name == "spikformer" })
    let module = try spikformer.outline(of: spikformer.presets[0]).module
    #expect(schema.errors(in: Self.certificate(module, profile, strict: strict)) == [])
  }

  @Test func theSchemaRefusesOthers() throws {
    let schema = try Schema.certificate()
    let json = Self.certificate(try Self.module(), .spikeDriven)
    for index in 0..<(json.object?.count ?? 0) {
      var members = json.object ?? []
      let name = members.remove(at: index).name
      #expect(schema.errors(in: .object(members)) == ["$.\(name) is missing"])
      members.insert(JSONMember(name, .real(0.5)), at: index)
      #expect(!schema.errors(in: .object(members)).isEmpty, "\(name)")
    }
    #expect(schema.errors(in: .object([JSONMember("other", .null)])).contains("$.other is unknown"))
  }

  @Test(arguments: profiles, [false, true])
  func certificatesAreReadAndFoundRightAgain(_ profile: Profile, _ strict: Bool) throws {
    let module = try Self.module()
    let json = Self.certificate(module, profile, strict: strict)
    let read = try JSONValue(parsing: Array(json.text.utf8).span)
    #expect(read == json)
    #expect(
      try Certificate.check(read, against: module) == module.verify(profile, strict: strict).holds)
  }

  @Test(arguments: profiles)
  func everyMutationIsRefused(_ profile: Profile) throws {
    let module = try Self.module()
    let json = Self.certificate(module, profile)
    var mutations = 0
    for (path, mutated) in json.mutations() where path != ".tool.version" {
      // Nothing is exempt from this profile, so that it says the same either way.
      if path == ".strict", profile == .deterministic { continue }
      let error = #expect(throws: Diagnostic.self, "\(path)") {
        try Certificate.check(mutated, against: module)
      }
      let id = try #require(error?.id)
      #expect(["certificate-differs", "bad-certificate"].contains(id))
      mutations += 1
    }
    #expect(mutations > 50)
  }

  @Test func theFirstDifferenceIsNamed() throws {
    let module = try Self.module()
    let json = Self.certificate(module, .spikeDriven)
    let other = json.text.replacing("[\"count<2>\"], \"class\"", with: "[\"spike\"], \"class\"")
    let error = #expect(throws: Diagnostic.self) {
      try Certificate.check(JSONValue(parsing: Array(other.utf8).span), against: module)
    }
    #expect(error?.id == "certificate-differs" && error?.status == .checkFailed)
    #expect(
      error?.message
        == "the certificate does not fit the module: 'products[1].domains[0]' is \"spike\" in it, "
        + "and \"count<2>\" computed anew")
  }

  @Test func otherModulesAreRefusedByTheirHash() throws {
    let json = Self.certificate(try Self.module(), .spikeDriven)
    for other in [
      try Self.module(weight: "1.0000001"), try Self.module(weight: "-1.0"),
      try Self.module(origin: "root"),
    ] {
      let error = #expect(throws: Diagnostic.self) {
        try Certificate.check(json, against: other)
      }
      #expect(error?.message.contains("'module.hash'") == true)
    }
  }

  @Test func theHashLeavesNamesAndMetadataOut() throws {
    let module = try Self.module()
    let renamed = try Module(parsing: module.text.replacing("@\"w\"", with: "@\"other\""))
    #expect(module.withMetadata([("a", "b")]).hash == module.hash)
    #expect(renamed.hash == module.hash)
    #expect(module.hash.count == 16)
  }

  @Test(arguments: [
    "1", "[]", "{}", #"{"format": "snnc-certificate"}"#,
    #"{"format": "snnc-certificate", "version": 2}"#,
    #"{"format": "snnc-certificate", "version": 1, "tool": {"version": 1}}"#,
    #"{"format": "snnc-certificate", "version": 1, "tool": {"version": ""}, "strict": 0}"#,
    #"{"format": "snnc-certificate", "version": 1, "tool": {"version": ""}, "strict": true}"#,
    #"""
    {"format": "snnc-certificate", "version": 1, "tool": {"version": ""}, "strict": true,
     "profile": "none"}
    """#,
  ])
  func whatIsNoCertificateIsBadData(_ text: String) throws {
    let error = #expect(throws: Diagnostic.self) {
      try Certificate.check(JSONValue(parsing: Array(text.utf8).span), against: Self.module())
    }
    #expect(error?.id == "bad-certificate" && error?.status == .badData)
  }
}

extension JSONValue {
  /// This value with one change each: a value replaced, or a member or element added or removed.
  fileprivate func mutations(at path: String = "") -> [(path: String, value: JSONValue)] {
    switch self {
    case .object(let members):
      var result = members.indices.flatMap { index in
        members[index].value.mutations(at: "\(path).\(members[index].name)").map { mutation in
          var copy = members
          copy[index] = JSONMember(members[index].name, mutation.value)
          return (path: mutation.path, value: JSONValue.object(copy))
        }
      }
      result.append(("\(path).more", .object(members + [JSONMember("more", .null)])))
      result.append(("\(path) without its last", .object(members.dropLast())))
      return result
    case .array(let values):
      var result = values.indices.flatMap { index in
        values[index].mutations(at: "\(path)[\(index)]").map { mutation in
          var copy = values
          copy[index] = mutation.value
          return (path: mutation.path, value: JSONValue.array(copy))
        }
      }
      result.append(("\(path) and one", .array(values + [.null])))
      if !values.isEmpty { result.append(("\(path) but one", .array(values.dropLast()))) }
      return result
    case .boolean(let value): return [(path, .boolean(!value))]
    case .integer(let value): return [(path, .integer(value + 1))]
    case .real(let value): return [(path, .real(value.nextUp))]
    case .string(let value): return [(path, .string(value + "x"))]
    case .null: return [(path, .boolean(false))]
    }
  }
}

import Files
import Foundation
import IRTestSupport
import SpikeIR
import Testing

/// The stored suite is what is generated, and tells what it should.
@Suite struct SuiteTests {
  /// `SNNC_BLESS=1` writes new cases and those that are not published yet, and fails.
  @Test func filesAreAsGenerated() throws {
    let files = try Suite.files
    guard ProcessInfo.processInfo.environment["SNNC_BLESS"] == nil else { return try bless(files) }
    let manifest = try Manifest()
    #expect(Set(manifest.checksums.keys) == Set(files.keys), "MANIFEST lists every file")
    for (path, bytes) in files {
      #expect(try Suite.stored(path) == bytes, "\(path)")
    }
  }

  private func bless(_ files: [String: [UInt8]]) throws {
    let old = try? Manifest()
    let published = Set(
      (old?.lines.prefix(Manifest.published.lines) ?? []).map { $0.dropFirst(66) })
    var written: [String] = []
    for (path, bytes) in files {
      guard (try? Suite.stored(path)) != bytes else { continue }
      guard !published.contains(path[...]) else {
        Issue.record("\(path) is published: it stays, and a new case has a name of its own")
        continue
      }
      let url = Suite.folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
      written.append(path)
    }
    let text = try Manifest.text(of: Array(files.keys), behind: old)
    try Data(text.utf8).write(to: Manifest.url)
    Issue.record("\(written.count) files were written anew: \(written.sorted())")
  }

  @Test func whatIsPublishedStays() throws {
    let published = try Manifest().publishedText
    #expect(published.utf8.count { $0 == 10 } == Manifest.published.lines)
    let checksum = Array(published.utf8).withUnsafeBytes { XXHash64.hash($0) }
    #expect(checksum == Manifest.published.checksum, "of \(Manifest.published.lines) lines")
  }

  @Test(arguments: try Suite.cases)
  func outputsAreThoseComputedByHand(_ case: Case) throws {
    guard let gives = `case`.gives else { return }
    #expect(try `case`.output().bits == gives.bits)
  }

  @Test(arguments: try Suite.cases)
  func outputsAreThoseOfTheFormulas(_ case: Case) throws {
    let reckoned = Reckoner(module: `case`.module).output(`case`.module.taken(`case`.input))
    #expect(reckoned.bits == (try `case`.output().bits))
  }

  @Test(arguments: try Suite.cases)
  func mistakesGiveOtherOutputs(_ case: Case) throws {
    #expect(try `case`.missed == [])
  }

  @Test func outputsAreFinite() throws {
    for `case` in try Suite.cases {
      #expect(try `case`.output().allSatisfy(\.isFinite), "\(`case`)")
    }
  }

  @Test(arguments: Mistake.allCases)
  func everyMistakeIsToldForEveryOp(_ mistake: Mistake) throws {
    for op in mistake.ops {
      let tells = try Suite.cases.contains {
        $0.path.hasPrefix("\(op)/") && $0.tells.contains(mistake)
      }
      #expect(tells, "\(op): \(mistake.rawValue)")
    }
  }

  @Test func everyOpAndAttributeHasCases() throws {
    for op in Op.definitions {
      let cases = try Suite.cases.filter { $0.path.hasPrefix("\(op.mnemonic)/") }
      #expect(cases.count >= 3, "\(op.mnemonic)")
      let ops = cases.flatMap(\.module.nodes).map(\.op).filter {
        $0.definition.mnemonic == op.mnemonic
      }
      for (index, attribute) in op.attributes.enumerated() {
        let values = Set(ops.map { $0.operation.attributes[index].value })
        #expect(values.count > 1, "\(op.mnemonic) \(attribute.name)")
      }
      #expect(ops.count >= cases.count, "\(op.mnemonic) is in each")
    }
  }

  @Test func pathsAreUnique() throws {
    let paths = try Suite.cases.map(\.path) + (Suite.refusals + Refusal.inputs).map(\.path)
    #expect(Set(paths).count == paths.count)
  }

  /// Rules that no case breaks: limits, which a reader may have, and what is about a checkpoint
  /// beside the module.
  static let others: Set = [
    "certificate-differs", "message-limit", "text-limit", "too-large", "weight-shape",
  ]

  @Test func everyRuleHasRefusals() throws {
    let page = try String(
      contentsOf: Suite.root.appending(path: "ir-spec/validation.md"), encoding: .utf8)
    let ids = Set(page.matches(of: #/(?m)^\| `([a-z0-9_-]+)` \|/#).map { String($0.1) })
    #expect(ids.count > 35)
    let refused = (Suite.refusals + Refusal.inputs).flatMap(\.ids)
    #expect(ids.subtracting(refused).subtracting(Self.others) == [])
  }

  @Test func modulesWhoseInputIsRefusedAreValid() throws {
    for refusal in Refusal.inputs {
      _ = try refusal.module()
    }
  }

  @Test func everyConstraintHasRefusals() throws {
    let page = try String(contentsOf: Suite.root.appending(path: "ir-spec/ops.md"), encoding: .utf8)
    var ids: Set<String> = []
    for section in page.split(separator: "\n## ") {
      let mnemonic = section.prefix { $0 != "\n" }
      ids.formUnion(section.matches(of: #/(?m)^- C(\d+): /#).map { "\(mnemonic)-c\($0.1)" })
    }
    #expect(ids.count > 30)
    #expect(ids.subtracting(Suite.refusals.flatMap(\.ids)) == [])
  }
}

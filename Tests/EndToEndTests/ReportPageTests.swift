import Foundation
import Testing

/// `snnc report --html`.
@Suite struct ReportPageTests {
  static let fixture = Fixture.named("spikformer-imagenet-tiny")

  /// Runs `snnc report` on the fixture.
  static func report(_ more: String..., in folder: Folder) throws -> Ended {
    try Snnc.launch(
      Snnc.program.path, ["report", "m.snn", "--input", fixture.input] + more, in: folder)
  }

  @Test("the same command writes the same page, which has the numbers of --json")
  func page() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let ended = try Self.report("--html", "r.html", "--json", in: folder)
    #expect(ended.status == 0, "\(ended.errors)")
    let bytes = try folder.bytes("r.html")
    _ = try Self.report("--html", "r.html", "--json", in: folder)
    #expect(try folder.bytes("r.html") == bytes)

    let page = try #require(String(data: bytes, encoding: .utf8))
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(page.contains("✗ not spike-driven: 4 products break a rule"))
    let object = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
    let report = try #require(object as? [String: Any])
    let rate = try #require(report["firingRate"] as? Double)
    #expect(page.contains("All neurons together fire at \(String(format: "%.2f", 100 * rate)) %."))
    let energy = try #require(report["millijoules"] as? Double)
    #expect(page.contains("<strong>\(String(format: "%.4f", 1000 * energy)) µJ</strong>"))
    #expect(page.contains("<dd>snnc report m.snn --input "))
  }

  @Test("a page goes with samples, and is no input")
  func usage() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let alone = try Snnc.run(
      "report", "m.snn", "--rates", "r.json", "--html", "r.html", in: folder)
    #expect(alone.status == 64)
    #expect(alone.errors.contains("--html shows what a module does on samples"), "\(alone.errors)")
    let overwriting = try Self.report("--html", "m.snn", in: folder)
    #expect(overwriting.status == 64)
    #expect(overwriting.errors.contains("[output-is-input]"))
    let twice = try Self.report("--html", "a", "--csv", "a", in: folder)
    #expect(twice.status == 64)
    #expect(twice.errors.contains("[outputs-equal]"))
    #expect(folder.names == ["m.snn"])
  }

  @Test("a module of too many nodes for a page is refused before it runs")
  func tooManyNodes() throws {
    let folder = Folder()
    let nodes = (1...4097).map { "%\($0) = scale %\($0 - 1) {factor = 0.5}\n" }.joined()
    let text =
      "snnir 1\nmodule @\"m\" {\ntime_steps = 1\ninput %0 : real [1]\n\(nodes)output %4097\n}\n"
    try Data(text.utf8).write(to: folder.url.appending(path: "m.snnir"))
    let ended = try Snnc.run(
      "report", "m.snnir", "--input", "none.npy", "--html", "r.html", in: folder)
    #expect(ended.status == 65)
    #expect(ended.errors.contains("m.snnir: error: a page shows a module of at most 4096 nodes"))
    #expect(ended.errors.contains("[page-limit]"))
    #expect(folder.names == ["m.snnir"])
  }

  @Test("where one of two outputs cannot be written, neither appears")
  func bothOrNone() throws {
    let folder = Folder()
    try Self.fixture.makeModule(in: folder)
    let ended = try Self.report("--csv", "r.csv", "--html", "nowhere/r.html", in: folder)
    #expect(ended.status == 73)
    #expect(ended.errors.contains("[cannot-create]"))
    #expect(folder.names == ["m.snn"])
  }
}

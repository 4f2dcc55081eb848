import Foundation
import Testing

/// What `snnc report` writes of the papers' count, and of a recording's gestures.
@Suite struct ReportColumnsTests {
  @Test("the papers' columns of the CSV add up to the JSON's convention, for each sample once")
  func conventionOfTheCSV() throws {
    let folder = Folder()
    try ReportTests.fixture.makeModule(in: folder)
    let ended = try ReportTests.report(["--json", "--csv", "a.csv"], in: folder)
    try #require(ended.status == 0, "\(ended.errors)")
    let account = try ReportTests.object(ended.output)
    let samples = Double(try #require(account["samples"] as? Int))
    let convention = try #require(account["convention"] as? [String: Double])
    let lines = String(decoding: try folder.bytes("a.csv"), as: UTF8.self).split(separator: "\n")
    let head = lines[0].split(separator: ",").map(String.init)
    for (column, member, unit) in [
      ("conventionACs", "acs", 1.0), ("conventionMACs", "macs", 1),
      ("conventionPicojoules", "millijoules", 1e9),
    ] {
      // The last columns, so that commas in cells of text before them do not matter.
      let place = head.count - (try #require(head.firstIndex(of: column)))
      let numbers = lines.dropFirst().compactMap {
        $0.split(separator: ",", omittingEmptySubsequences: false).suffix(place).first
          .flatMap { Double($0) }
      }
      #expect(numbers.count == lines.count - 1)
      let expected = try #require(convention[member]) * unit * samples
      #expect(expected > 0)
      #expect(abs(numbers.reduce(0, +) - expected) <= 1e-9 * expected, "\(column)")
    }
  }

  @Test("--event-labels cuts the recording that is counted into its gestures")
  func gestures() throws {
    let folder = Folder()
    try EventInputTests.makeModule(in: folder)
    let table = "class,startTime_usec,endTime_usec\n4,0,600000\n4,600000,1200000\n"
    try Data(table.utf8).write(to: folder.url.appending(path: "t.csv"))
    let recording = EventInputTests.stored("cifar10-dvs.aedat")
    for (options, samples) in [([], 1), (["--event-labels", "t.csv"], 2)] {
      let ended = try Snnc.launch(
        Snnc.program.path, ["report", "m.snn", "--input", recording, "--json"] + options,
        in: folder)
      try #require(ended.status == 0, "\(ended.errors)")
      #expect(try ReportTests.object(ended.output)["samples"] as? Int == samples)
    }
    let lost = try Snnc.run(
      "report", "m.snn", "--rates", "r.json", "--event-labels", "t.csv", in: folder)
    #expect(lost.status == 64 && lost.errors.contains("--event-labels"), "\(lost.errors)")
  }
}

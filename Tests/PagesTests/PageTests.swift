import JSON
import Accounts
import Lowering
import Pages
import Reports
import SpikeIR
import Testing
import Verification

/// A page is well-formed, needs nothing else, and has the account's numbers.
@Suite struct PageTests {
  static let sections = [
    "verdict", "network", "rates", "raster", "energy", "memory", "provenance",
  ]

  @Test(arguments: [
    "spikingformer-imagenet-tiny", "spikingformer-dvs128-tiny", "spikformer-imagenet-tiny",
    "qkformer-imagenet-tiny", "meta-spikeformer-tiny", "sew-resnet18-tiny",
  ])
  func pagesAreWellFormedAndNeedNothingElse(_ fixture: String) throws {
    let page = try SamplePage(of: fixture).html
    let read = WellFormedness(page)
    #expect(read.errors == [])
    let ids = read.attributes.filter { $0.name == "id" }.map(\.value)
    #expect(Set(ids).count == ids.count)
    #expect(Set(ids).isSuperset(of: Self.sections))
    #expect(
      Set(read.elements).isDisjoint(with: ["script", "link", "img", "iframe", "object", "use"]))
    // Nothing is loaded: what is linked to is on the page.
    for attribute in read.attributes
    where ["href", "src", "action", "data"].contains(attribute.name) {
      #expect(attribute.value.hasPrefix("#") && ids.contains(String(attribute.value.dropFirst())))
    }
    #expect(!page.contains("url(") && !page.contains("@import") && !page.contains("://"))
    // Every drawing has a name for those who do not see it.
    let drawings = read.attributes.filter { $0.element == "svg" && $0.name == "role" }
    let names = read.attributes.filter { $0.element == "svg" && $0.name == "aria-label" }
    #expect(drawings.count == names.count && drawings.count > 10)
    #expect(names.allSatisfy { !$0.value.isEmpty })
  }

  @Test func theSameContentGivesTheSameBytes() throws {
    let pages = try (0..<2).map { _ in try SamplePage(of: "spikingformer-imagenet-tiny").html }
    #expect(pages[0] == pages[1])
  }

  @Test(arguments: [
    "</title><script>alert(1)</script>", "\" onload=\"alert(1)", "<svg/onload=alert(1)>", "a&b;",
    "-->", "]]>", "\u{0}\u{1}\u{1B}[2J\n\r\t", "\u{202E}\u{2066}\u{200B}", "\u{FFFE}",
    "javascript:x",
    String(repeating: "<", count: 1000), String(repeating: "W", count: 1000), "...", ".1.", "",
  ])
  func namesNeverBecomeMarkup(_ name: String) throws {
    let plain = try SamplePage(of: SamplePage.module(), [[1, 1]])
    let hostile = try SamplePage(
      of: SamplePage.module(named: name, path: name), [[1, 1]], command: [name])
    let read = WellFormedness(hostile.html)
    #expect(read.errors == [])
    let expected = WellFormedness(plain.html)
    // A mark of a part may come or go with its name, and nothing else.
    #expect(
      Set(read.elements).subtracting(["line"]) == Set(expected.elements).subtracting(["line"]))
    #expect(
      Set(read.attributes.map { "\($0.element) \($0.name)" }).subtracting(["line class"]).isSubset(
        of: expected.attributes.map { "\($0.element) \($0.name)" } + [
          "line x1", "line y1", "line x2", "line y2", "path d", "path class",
        ]))
    #expect(
      hostile.html.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
      })
  }

  @Test func theRatesAreThoseOfTheAccount() throws {
    let page = try SamplePage(of: "spikingformer-cifar10-tiny")
    var texts = WellFormedness(page.html).texts
    let heading = try #require(texts.lastIndex(of: "Firing rates"))
    texts.removeFirst(heading)
    let account = page.account
    for node in account.nodes where node.role == .neuron {
      let rates = try #require(node.firingRates(samples: account.samples))
      let mean = try #require(node.firingRate(samples: account.samples))
      let start = try #require(texts.firstIndex(of: Self.label(node.name, 32)), "\(node.name)")
      // A row: its name, then the number of each step, then the mean.
      let numbers = texts[start...].dropFirst().filter { !$0.isEmpty }.prefix(rates.count + 1)
      #expect(Array(numbers) == (rates + [mean]).map { fixedPoint($0 * 100, digits: 2) })
    }
    #expect(texts.contains { $0.contains("\(fixedPoint(account.firingRate * 100, digits: 2)) %") })
  }

  @Test func operationsAndEnergyAreThoseOfTheAccount() throws {
    let page = try SamplePage(of: "spikformer-imagenet-tiny")
    let account = page.account
    let rows = Self.rows(of: page.html, caption: "operations and energy of one sample, by layer")
    let nodes = account.nodes.filter { $0.total.operations > 0 || $0.dense > 0 }
    #expect(rows.count == nodes.count + 1)
    let samples = Double(account.samples)
    let unit = EnergyUnit(for: account.convention.picojoules)
    #expect(unit.name == "µJ")
    func cells(_ events: Events) -> [String] {
      let counts = [Event.acSpike, .acInteger, .addition, .mac].map { event in
        fixedPoint(
          Double(events[event]) / samples, digits: account.samples == 1 ? 0 : 1, grouping: true)
      }
      let energy = EnergyModel.horowitz45nm.picojoules(events) / samples
      return counts + [unit.number(energy)]
    }
    for (row, node) in zip(rows, nodes) {
      #expect(Array(row[2..<7]) == cells(node.total), "\(node.name)")
      if node.dense > 0 {
        let papers = account.convention(of: node).picojoules
        #expect(row[9] == unit.number(papers), "\(node.name)")
      }
    }
    #expect(Array(try #require(rows.last)[2..<7]) == cells(account.total))
  }

  /// A model of one's own may price neurons and memory: what has no operation has a row then, too.
  @Test func energiesOfAllRowsAreTheTotal() throws {
    let text = """
      {"format": "snnc-energy-model", "version": 1, "name": "with memory", "picojoules": {
      "acSpike": 0.9, "acInteger": 4.6, "addition": 0.9, "mac": 4.6, "neuronUpdate": 5.5,
      "spikeRouted": 0.5, "weightReadSRAM": 5.0, "weightReadDRAM": 640.0}}
      """
    let model = try EnergyModel(JSONValue(parsing: Array(text.utf8).span))
    let page = try SamplePage(of: "spikformer-imagenet-tiny", model: model)
    let rows = Self.rows(of: page.html, caption: "operations and energy of one sample, by layer")
    let priced = page.account.nodes.filter { model.picojoules($0.total) > 0 }
    #expect(priced.contains { $0.total.operations == 0 })
    #expect(rows.count == priced.count + 1)
    let energies = try rows.map { row in
      try #require(Double(row[6].filter { $0 != "," }))
    }
    // Each row is rounded to four digits behind the point.
    let sum = energies.dropLast().reduce(0, +)
    #expect(abs(sum - energies[energies.count - 1]) <= 1e-4 * Double(rows.count))
  }

  @Test func bothSchedulesHaveTheirMemory() throws {
    let module = try SamplePage.module()
    for schedule in [Schedule.layer, .step] {
      let page = try SamplePage(of: module, [[1, 1]], schedule: schedule)
      let plan = try Lowering.lower(module, schedule: schedule)
      let rows = Self.rows(of: page.html, caption: "each buffer of the arena")
      #expect(rows.count == plan.buffers.count)
      let bytes = rows.map { Int($0[2].filter(\.isNumber)) ?? -1 }
      #expect(bytes.reduce(0, +) == plan.buffers.reduce(0) { $0 + $1.byteCount })
      #expect(page.html.contains("'\(schedule.rawValue)'") == false, "quotes are escaped")
      #expect(page.html.contains("&#39;\(schedule.rawValue)&#39;"))
    }
  }

  @Test func violationsStandOnThePageWithTheirPaths() throws {
    let page = try SamplePage(of: "spikformer-imagenet-tiny")
    let texts = WellFormedness(page.html).texts
    let verdict = page.module.verify(.spikeDriven)
    #expect(!verdict.holds)
    #expect(texts.contains { $0.hasPrefix("✗ not spike-driven") })
    let derivations = Derivations(of: page.module)
    for violation in verdict.violations {
      #expect(texts.contains(violation.explanation(in: page.module)))
      for line in violation.path(in: page.module, derivations) { #expect(texts.contains(line)) }
    }
    #expect(texts.filter { $0 == "✗" }.count >= verdict.violations.count)
  }

  // MARK: - Reading a page

  /// A name as a drawing shortens it.
  static func label(_ name: String, _ letters: Int) -> String { shortened(name, to: letters) }

  /// The cells of the rows of the table whose caption starts so.
  static func rows(of page: String, caption: String) -> [[String]] {
    guard let start = page.firstRange(of: "<caption>\(caption)"),
      let end = page[start.upperBound...].firstRange(of: "</table>")
    else { return [] }
    return page[start.upperBound..<end.lowerBound].split(separator: "<tr>").map { row in
      row.matches(of: #/<td[^>]*>([^<]*)<\/td>/#).map { String($0.1) }
    }.filter { !$0.isEmpty }
  }
}

import Accounts
import ArgumentParser
import Diagnostics
import Families
import JSON
import Lowering
import Reports
import SpikeIR

/// `snnc report`: what a module costs on samples, and by published rates.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Count spikes, operations and energy of a module on samples.",
    discussion: """
      The counts are exact: the accumulations that happen, for each op and time
      step, padding left out. Beside them stands what papers count: dense
      operations times firing rates, 0.9 pJ an addition and 4.6 pJ a MAC.
      ir-spec/accounts.md defines both, and the format of energy models.

      With --rates, the rates of a published log are replayed on the module's own
      shapes. That needs no input and no weights, so --preset may stand for MODEL.

        snnc report model.snn --input images.npy
        snnc report model.snn --input images.npy --samples 10 --threads 0
        snnc report model.snn --input images.npy --energy-model chip.json
        snnc report model.snn --input images.npy --csv counts.csv
        snnc report model.snn --input images.npy --html report.html
        snnc report gestures.snn --input user01_fluorescent.aedat \\
          --event-labels user01_fluorescent_labels.csv
        snnc report --preset spikingformer-8-512 --rates spikingformer-8-512.json
      """)

  @OptionGroup var model: ModelArgument

  @Option(
    help: "In place of MODEL, with --rates: a published size, from its shapes alone.",
    completion: .list(Families.all.flatMap(\.presets).map(\.name)))
  var preset: String?

  @Option(
    help: ArgumentHelp("The samples: \(SampleInput.kinds).", valueName: "file"),
    completion: .file(extensions: SampleInput.endings))
  var input: String?

  @OptionGroup var gestures: EventLabelOptions

  @Option(help: ArgumentHelp("Count the first samples only.", valueName: "n"))
  var samples: Int?

  @OptionGroup var energy: EnergyOptions

  @Option(
    help: ArgumentHelp("Replay the firing rates of a published log.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var rates: String?

  @Flag(help: "Print everything as JSON, each node and step.")
  var json = false

  @Option(help: ArgumentHelp("Write a line for each node and step.", valueName: "file.csv"))
  var csv: String?

  @Option(
    help: ArgumentHelp(
      "Write a page of pictures: the network, firing rates, spikes, energy, memory.",
      valueName: "file.html"))
  var html: String?

  @Option(help: "The number of threads; 0 for one a processor.")
  var threads: Int = 1

  func validate() throws {
    guard input != nil || rates != nil else {
      throw ValidationError("say what to count: --input FILE, --rates FILE, or both")
    }
    guard preset == nil || (model.model == nil && input == nil) else {
      throw ValidationError("--preset has shapes alone: it goes with --rates, not with a module")
    }
    guard input != nil || (samples == nil && csv == nil && energy.name == nil) else {
      throw ValidationError("--samples, --csv and --energy-model go with --input")
    }
    guard input != nil || gestures.eventLabels == nil else {
      throw ValidationError(
        "--event-labels says what a recording of --input holds, so it needs one")
    }
    guard input != nil || html == nil else {
      throw ValidationError("--html shows what a module does on samples: it goes with --input")
    }
    guard samples.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--samples takes 1 or more, not \(samples ?? 0)")
    }
    try Processors.validate(threads)
  }

  func run() throws {
    try Console.reporting { () throws(Diagnostic) in
      let energy = try energy.model()
      let rates = try rates.map { (path) throws(Diagnostic) in try Self.rates(path) }
      let (module, path) = try module()
      let page = try html.map { (html) throws(Diagnostic) in
        do throws(Diagnostic) {
          return try ReportPage(html, of: module)
        } catch {
          throw path.map { error.inFile($0) } ?? error
        }
      }
      try checkOutputs(
        [csv, html].compactMap { $0 },
        inputs: [path, input, gestures.eventLabels, self.rates, self.energy.name].compactMap { $0 })
      let replay = try rates.map { (rates) throws(Diagnostic) in
        do throws(Diagnostic) {
          return try Replay(rates, on: module)
        } catch {
          throw error.inFile(self.rates ?? "")
        }
      }
      let account = try input.map { (input) throws(Diagnostic) in
        do throws(Diagnostic) {
          return try count(module, input, page)
        } catch {
          throw path.map { error.inFile($0) } ?? error
        }
      }
      if let account {
        // Nothing gets its name before all is written.
        var files: [AtomicFile] = []
        if let csv {
          files.append(try AtomicFile(csv, holding: Array(account.csv(energy).utf8)))
        }
        if let page { files.append(try page.file(account, energy, replay)) }
        for file in files { try file.commit() }
      }
      if json {
        Console.out(Self.json(module, account, energy, replay).text)
      } else {
        show(account, energy, replay)
      }
    }
  }

  /// The module, and the file that it is of; `nil` for a published size.
  private func module() throws(Diagnostic) -> (Module, String?) {
    guard let preset else {
      let (module, path) = try model.read(checkingWeights: input != nil)
      return (module, path)
    }
    let (family, size) = try Families.preset(named: preset)
    return (try family.outline(of: size).module, nil)
  }

  /// The rates of the file at `path`.
  private static func rates(_ path: String) throws(Diagnostic) -> PublishedRates {
    let json = try JSONFile.read(path)
    do throws(Diagnostic) {
      return try PublishedRates(json)
    } catch {
      throw error.inFile(path)
    }
  }

  /// Runs the samples and counts.
  private func count(
    _ module: Module, _ input: String, _ page: ReportPage?
  ) throws(Diagnostic) -> Account {
    let source = try SampleInput.open(input, gestures: gestures.eventLabels, for: module)
    let count = min(samples ?? source.count, source.count)
    var runner = try Runner(module, .native, schedule: .layer, threads: threads, timing: nil)
    var accountant = try SampleAccountant(module)
    for index in 0..<count {
      let sample = try source.sample(index)
      _ = try runner.run(sample, index) { name, index, spikes in
        accountant.observe(name, spikes)
        page?.observe(name, index, spikes)
      }
      accountant.finish(sample)
      Console.progress(index + 1, of: count, "samples")
    }
    return accountant.account
  }

  /// Prints the tables.
  private func show(_ account: Account?, _ energy: EnergyModel, _ replay: Replay?) {
    var parts: [[String]] = []
    if let account {
      parts = [account.layerTable(energy), account.stepTable(energy), account.summary(energy)]
    }
    if let replay { parts.append(replay.lines) }
    for (index, lines) in parts.enumerated() {
      if index > 0 { Console.out() }
      Console.out(lines)
    }
  }

  /// Everything, for other tools.
  private static func json(
    _ module: Module, _ account: Account?, _ energy: EnergyModel, _ replay: Replay?
  ) -> JSONValue {
    .object(
      .head("snnc-report", tool: SnncCommand.version)
        + [JSONMember("module", .string(module.name))] + (account?.members(energy) ?? [])
        + (replay.map { [JSONMember("replay", $0.json)] } ?? []))
  }
}

import Accounts
import Engine
import Lowering
import ModelTestSupport
import Pages
import Passes
import SpikeIR
import Verification

/// A page of a module, made as the command makes it.
struct SamplePage {
  /// The module.
  let module: Module
  /// What it did.
  let account: Account
  /// The page.
  let html: String

  /// Reports on `module`, run on `samples`.
  init(
    of module: Module, _ samples: [[Float]], schedule: Schedule = .layer,
    command: [String] = ["report", "m.snn"], model: EnergyModel = .horowitz45nm,
    replay: (Module) throws -> Replay? = { _ in nil }
  ) throws {
    self.module = module
    let plan = try Lowering.lower(module, schedule: schedule)
    let engine = try Engine(plan)
    var accountant = Accountant(module)
    var sample = SpikeSample(timeSteps: module.timeSteps)
    for (index, input) in samples.enumerated() {
      var spikes: [String: [UInt8]] = [:]
      _ = engine.run(input) { layer, fired in
        spikes[layer.name] = fired
        if index == 0 { sample.add(layer.name, fired) }
      }
      accountant.add(input, spikes)
    }
    account = accountant.account
    let page = Page(
      verdict: module.verify(.spikeDriven), plan: plan, account: account, model: model,
      replay: try replay(module), sample: sample,
      provenance: Provenance(version: "0.1.0", command: command))
    html = String(decoding: page.html, as: UTF8.self)
  }

  /// Reports on a fixture.
  init(
    of name: String, model: EnergyModel = .horowitz45nm,
    replay: (Module) throws -> Replay? = { _ in nil }
  ) throws {
    guard let fixture = ModelFixture.all.first(where: { $0.name == name }) else {
      fatalError("no \(name)")
    }
    let module = try Pipeline.standard.run(on: fixture.module())
    try self.init(of: module, fixture.samples(of: module), model: model, replay: replay)
  }

  /// A network of every domain, with one residual: all names are `name`.
  static func module(named name: String = "model", path: String = "block.0.lif") throws -> Module {
    try Module(
      parsing: """
        snnir 1
        module @"\(quoted(name))" {
        time_steps = 3
        meta "family\(quoted(name))" = "\(quoted(name))"
        weight @"w" : f32 [2, 2] = [1.0, 0.5, 0.5, 1.0]
        input %x : real [2]
        %1 = linear %x, @"w" from "\(quoted(path))"
        %2 = lif %1 {tau = 2.0, threshold = 0.5} from "\(quoted(path))"
        %3 = linear %2, @"w" from "\(quoted(path))"
        %4 = lif %3 {tau = 2.0, threshold = 0.5} from "\(quoted(path))2"
        %5 = add %2, %4 from "\(quoted(path))"
        %6 = linear %5, @"w" from "\(quoted(path))"
        %7 = lif %6 {tau = 2.0, threshold = 0.5} from "\(quoted(path))3"
        %8 = scale %5 {factor = 0.25} from "\(quoted(path))"
        %9 = lif %8 {tau = 2.0, threshold = 0.5} from "\(quoted(path))4"
        %10 = add %7, %9 from "\(quoted(path))"
        %11 = mean_steps %10 from "\(quoted(path))"
        output %11
        }
        """)
  }

  /// A name as the text form writes it.
  private static func quoted(_ name: String) -> String {
    name.utf8.map { byte in
      let isPlain = (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
      guard !isPlain else { return String(Unicode.Scalar(byte)) }
      let digits = String(byte, radix: 16)
      return "\\x" + (digits.count < 2 ? "0" : "") + digits
    }.joined()
  }
}

public import Accounts
import Diagnostics
public import Lowering
import Reports
import SpikeIR
public import Verification

/// A report as one page of HTML that needs nothing else: no network, no scripts, no fonts.
///
/// The same content gives the same bytes.
public struct Page {
  private let verdict: Verdict
  private let plan: Plan
  private let account: Account
  private let model: EnergyModel
  private let replay: Replay?
  private let sample: SpikeSample
  private let provenance: Provenance

  /// Creates a page.
  ///
  /// - Parameters:
  ///   - verdict: what the types of the plan's module prove.
  ///   - plan: how the module is run, for its memory.
  ///   - account: what it did on samples.
  ///   - model: what that costs.
  ///   - replay: what published firing rates come to on this module, to stand beside it.
  ///   - sample: what single neurons did on the first of them.
  ///   - provenance: what the module does not say of how the page was made.
  public init(
    verdict: Verdict, plan: Plan, account: Account, model: EnergyModel, replay: Replay? = nil,
    sample: SpikeSample, provenance: Provenance
  ) {
    self.verdict = verdict
    self.plan = plan
    self.account = account
    self.model = model
    self.replay = replay
    self.sample = sample
    self.provenance = provenance
  }

  /// The page, in UTF-8.
  public var html: [UInt8] {
    Array(("<!DOCTYPE html>\n" + Markup.element(document).text + "\n").utf8)
  }

  /// The sections, in order.
  private var sections: [PageSection] {
    let module = plan.module
    return [
      VerdictSection(module: module, verdict: verdict).section,
      NetworkSection(module, verdict).section,
      RatesSection(account: account).section,
      RasterSection(sample: sample).section,
      EnergySection(module: module, account: account, model: model, replay: replay).section,
      MemorySection(plan: plan).section,
      ProvenanceSection(module: module, provenance: provenance, samples: account.samples).section,
    ]
  }

  private var document: Element {
    let (sections, name) = (sections, escaped(plan.module.name))
    return Element("html", ["lang": "en"]) {
      Element("head") {
        Element("meta", ["charset": "utf-8"])
        Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        Element("meta", ["name": "color-scheme", "content": "light dark"])
        Element("title") { "\(name) · snnc report" }
        Element("style") { Markup.styleSheet }
      }
      Element("body") {
        Element("header") {
          Element("h1") { name }
          paragraph(subtitle)
          tiles
          Element("nav", ["aria-label": "contents"]) {
            Element("ul") {
              for section in sections {
                Element("li") { Element("a", ["href": "#\(section.id)"]) { section.title } }
              }
            }
          }
        }
        Element("main") { for section in sections { section.element } }
      }
    }
  }

  /// What the model is, in a line.
  private var subtitle: String {
    let module = plan.module
    let family = [module.metadata("family"), module.metadata("variant")].compactMap { $0 }
      .map { escaped($0) }.joined(separator: ", ")
    return (family.isEmpty ? "" : "\(family); ") + "\(counted(module.timeSteps, "time step")), "
      + "\(grouped(module.weights.reduce(0) { $0 + $1.shape.count })) numbers in weights"
  }

  /// The few numbers that a reader looks for first.
  private var tiles: Element {
    let energy = perSample(model.picojoules(account.total))
    let tiles = [
      (verdict.holds ? "✓ yes" : "✗ no", verdict.profile.name),
      ("\(percent(account.firingRate)) %", "of neurons fire at a step"),
      (magnitude(perSample(Double(account.total.operations))), "operations a sample"),
      (
        EnergyUnit(for: energy).text(energy), "of energy a sample (\(escaped(model.name)))"
      ),
      (bytesInWords(plan.arenaByteCount), "of memory for one run"),
    ]
    return Element("ul", ["class": "tiles", "aria-label": "in short"]) {
      for (number, words) in tiles {
        Element("li") {
          Element("strong") { number }
          Element("span") { words }
        }
      }
    }
  }

  /// A sum over all samples, for one.
  private func perSample(_ sum: Double) -> Double { sum / Double(max(account.samples, 1)) }
}

import Diagnostics
import Reports
import SpikeIR
import Verification

/// The network as a drawing: a column a part, parts that are alike drawn once.
struct NetworkSection {
  private let module: Module
  private let marks: Marks
  /// The parts, those that follow one another and look alike together.
  private let runs: [[NetworkPart]]

  /// Divides the network into what is drawn.
  init(_ module: Module, _ verdict: Verdict) {
    self.module = module
    let marks = Marks(verdict)
    self.marks = marks
    var runs: [(form: [String], parts: [NetworkPart])] = []
    for part in NetworkPart.parts(of: module) {
      let form = part.form(in: module, marks)
      if runs.last?.form == form {
        runs[runs.count - 1].parts.append(part)
      } else {
        runs.append((form, [part]))
      }
    }
    self.runs = runs.map(\.parts)
  }

  /// The section.
  var section: PageSection {
    PageSection("network", "Network") {
      paragraph(
        "\(counted(module.nodes.count, "op")), from top to bottom and from left to right. A box is "
          + "an op; its colour and the word in it say what its result can be. Parts of the same "
          + "form that follow one another are drawn once.")
      legend(
        [
          (.box("op spike"), "spike: 0 or 1"), (.box("op count"), "count<k>: integers from 0 to k"),
          (.box("op fixed"), "fixed: integers times a power of two"),
          (.box("op real"), "real: 32 bits"), (.box("op real bad"), "✗ breaks a rule"),
          (.box("op real exempt"), "○ exempt"),
          (.line("shortcut real"), "a shortcut, to the residual that it joins"),
        ], "what the colours and signs stand for")
      Element("div", ["class": "figures"]) { for run in runs { figure(run) } }
      for run in runs where run.count > 1 {
        folded("\(names(Array(run.dropFirst()))), each drawn on its own") {
          Element("div", ["class": "figures"]) { for part in run.dropFirst() { figure([part]) } }
        }
      }
      folded("All ops as a table") { table.element }
    }
  }

  /// A drawing of the first of several parts that look alike.
  private func figure(_ parts: [NetworkPart]) -> Element {
    let drawing = PartDrawing(parts[0], of: module, marks).drawing
    let ops = counted(parts[0].nodes.count, "op")
    return Pages.figure(
      names(parts), parts.count > 1 ? "\(parts.count) alike, \(ops) each" : ops
    ) { drawing.scrolling }
  }

  private func names(_ parts: [NetworkPart]) -> String {
    guard let first = parts.first, let last = parts.last, parts.count > 1 else {
      return shortened(parts.first?.label ?? "", to: 60)
    }
    return "\(shortened(first.label, to: 40)) to \(shortened(last.label, to: 40))"
  }

  private var table: DataTable {
    DataTable(
      caption: "each op, what it reads and what it gives",
      columns: [.text("value"), .text("op"), .text("reads"), .text("result"), .text("from")],
      rows: module.definitions.map { value, node in
        [
          value.description, node.op.definition.mnemonic,
          node.operands.map(\.description).joined(separator: ", "), node.type.description,
          node.origins.map { escaped($0) }.joined(separator: ", "),
        ]
      })
  }
}

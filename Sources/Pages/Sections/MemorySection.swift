import Diagnostics
import Lowering
import Reports
import SpikeIR

/// What memory a run takes: the arena of a plan, and what lies in it when.
struct MemorySection {
  /// The plan.
  let plan: Plan

  /// The section.
  var section: PageSection {
    PageSection("memory", "Memory") {
      paragraph(
        "The compiled program needs one arena of \(grouped(plan.arenaByteCount)) bytes"
          + " (\(bytesInWords(plan.arenaByteCount))), of which \(grouped(plan.stateByteCount)) keep "
          + "membranes and sums from one time step to the next, beside its weights of "
          + "\(grouped(weightBytes)) bytes (\(bytesInWords(weightBytes))) and the scratch memory of "
          + "each thread. The schedule is '\(plan.schedule.rawValue)': "
          + "\(counted(plan.steps.count, "kernel call")), from left to right. A rectangle is a "
          + "buffer: as wide as it lives, as high as it is large.")
      legend(categories.map { (.box("buffer \($0.name)"), $0.words) }, "what buffers hold")
      ArenaMap(plan: plan).drawing.scrolling
      folded("All buffers as a table") { table.element }
    }
  }

  private var weightBytes: Int { plan.module.weights.reduce(0) { $0 + $1.shape.count * 4 } }

  private var categories: [Plan.Buffer.Category] {
    Plan.Buffer.Category.allCases.filter { category in
      plan.buffers.contains { $0.category == category }
    }
  }

  private var table: DataTable {
    DataTable(
      caption: "each buffer of the arena, in the order in which they are written",
      columns: [
        .text("holds"), .number("steps × positions × channels"), .number("bytes"),
        .number("offset, bytes"), .number("plan's steps"), .text("written by"),
      ],
      rows: plan.buffers.sorted { ($0.writer, $0.offset) < ($1.writer, $1.offset) }.map { buffer in
        let layout = buffer.layout
        return [
          buffer.category.words,
          buffer.role == .workspace
            ? "" : "\(layout.steps) × \(grouped(layout.positions)) × \(grouped(layout.channels))",
          grouped(buffer.byteCount), grouped(buffer.offset),
          "\(buffer.lifetime.lowerBound) to \(buffer.lifetime.upperBound)",
          plan.steps[buffer.writer].names.map { escaped($0) }.joined(separator: ", "),
        ]
      })
  }
}

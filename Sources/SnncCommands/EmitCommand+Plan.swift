public import ArgumentParser
import Diagnostics
public import Lowering
import Reports

extension Schedule: ExpressibleByArgument {}

extension EmitCommand {
  /// Adds what the arena of a plan needs: its size, and what fills it where it is fullest.
  func add(arenaOf plan: Plan, to table: inout Table) {
    let fullest = plan.fullest
    let name = plan.steps[fullest.step].names.first.map(escaped) ?? ""
    table.add("arena", "\(grouped(plan.arenaByteCount)) bytes, fullest at \(name) with")
    table.add(
      "",
      "\(grouped(fullest.state)) of membranes and sums over time, "
        + "\(grouped(fullest.values)) of values, "
        + "\(grouped(fullest.workspaces)) of workspaces")
  }

  /// Lists the buffers of a plan in the order in which they are written.
  func list(_ plan: Plan) {
    var table = Table()
    table.add("buffer", "layout", "bytes", "offset", "steps", "written by")
    for buffer in plan.buffers.sorted(by: { ($0.writer, $0.offset) < ($1.writer, $1.offset) }) {
      let (layout, lifetime) = (buffer.layout, buffer.lifetime)
      table.add(
        Self.name(of: buffer.role),
        buffer.role == .workspace ? "-" : Self.text(layout),
        grouped(buffer.byteCount), grouped(buffer.offset),
        "\(lifetime.lowerBound)-\(lifetime.upperBound)",
        plan.steps[buffer.writer].names.map(escaped).joined(separator: ", "))
    }
    Console.out()
    Console.out(table.lines)
  }

  /// How a buffer's elements lie: `bits 4 x 196 x 768`, in time steps, positions and channels.
  private static func text(_ layout: Plan.Layout) -> String {
    "\(layout.isBits ? "bits" : "reals") "
      + "\(layout.steps) x \(layout.positions) x \(layout.channels)"
  }

  /// What a buffer is called in the list.
  private static func name(of role: Plan.Buffer.Role) -> String {
    switch role {
    case .value: "value"
    case .workspace: "workspace"
    case .membrane: "membrane"
    case .sum: "sum"
    }
  }
}

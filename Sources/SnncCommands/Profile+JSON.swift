import Engine
import JSON
import Lowering
import Reports

extension Profile {
  /// The numbers of the table, in seconds and single operations, sums over the samples.
  ///
  /// - Parameter tool: the version of the program.
  func json(_ order: Order, tool: String) -> JSONValue {
    .object(
      .head("snnc-profile", tool: tool) + [
        JSONMember("schedule", .string(schedule.rawValue)),
        JSONMember("samples", .integer(samples)),
        JSONMember("repeats", .integer(repeats)),
        JSONMember("seconds", .real(seconds)),
        JSONMember("peak", peak.json),
        JSONMember("calls", .array(calls(in: order).map(json))),
      ])
  }

  /// One call.
  private func json(_ call: Call) -> JSONValue {
    .object([
      JSONMember("step", .integer(call.step)),
      JSONMember("origins", .array(call.origins.map(JSONValue.string))),
      JSONMember("kernel", .string(call.kernel)),
      JSONMember("density", call.work.density.map(JSONValue.real) ?? .null),
      JSONMember("additions", .integer(call.work.additions)),
      JSONMember("integerAdditions", .integer(call.work.integerAdditions)),
      JSONMember("multiplications", .integer(call.work.multiplications)),
      JSONMember("seconds", .real(call.seconds)),
      JSONMember("secondsAtPeak", .real(secondsAtPeak(call.work))),
    ])
  }
}

extension AdditionPeak {
  /// The peak, in additions a second.
  fileprivate var json: JSONValue {
    .object([
      JSONMember("instructionSet", .string(instructionSet)),
      JSONMember("threads", .integer(threads)),
      JSONMember("oneThread", .real(alone)),
      JSONMember("allThreads", .real(together)),
    ])
  }
}

public import ArgumentParser
public import Engine
import Reports

/// What `snnc run` is to measure, and how to tell it.
struct ProfileOptions: ParsableArguments {
  @Flag(help: "Print the time of each kernel's call, next to what it needs at the peak.")
  var profile = false

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "How often the profile times each sample; the best counts. (default: 5)", valueName: "n"))
  var repeats: Int?

  @Option(
    name: .customLong("profile-order"),
    help:
      "The calls as the plan has them, or those that lose the most time first (lost, the default).")
  var order: Profile.Order?

  @Flag(help: "Print the profile as JSON.")
  var json = false

  func validate() throws {
    guard profile || (repeats == nil && order == nil && !json) else {
      throw ValidationError("--repeat, --profile-order and --json go with --profile")
    }
    guard repeats.map((1...1000).contains) ?? true else {
      throw ValidationError("--repeat takes 1 to 1000, not \(repeats ?? 0)")
    }
  }

  /// How often each sample is timed; `nil` without a profile.
  var repeatCount: Int? { profile ? repeats ?? 5 : nil }

  /// Prints a profile.
  func show(_ profile: Profile) {
    let order = order ?? .lost
    if json {
      Console.out(profile.json(order, tool: SnncCommand.version).text)
    } else {
      Console.out(profile.lines(order))
    }
  }
}

extension Profile.Order: ExpressibleByArgument {}

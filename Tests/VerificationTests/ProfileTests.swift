import Diagnostics
import IRTestSupport
import SpikeIR
import Testing
import Verification

/// The profiles' names, and what each rule refuses and lets pass.
@Suite struct ProfileTests {
  @Test(arguments: [
    ("event-driven", Profile.eventDriven), ("spike-driven", .spikeDriven),
    ("integer:17", .integer(17)), ("integer<17>", .integer(17)), ("deterministic", .deterministic),
  ])
  func namesAreRead(_ name: String, _ profile: Profile) throws {
    #expect(try Profile(parsing: name) == profile)
    #expect(try Profile(parsing: profile.name) == profile)
  }

  @Test(arguments: [
    "", "spikes", "integer", "integer:", "integer:0", "integer:-1", "integer:+1", "integer<3",
    "integer:16777217", "integer:99999999999999999999",
  ])
  func otherNamesAreRefused(_ name: String) {
    let error = #expect(throws: Diagnostic.self) { try Profile(parsing: name) }
    #expect(error?.id == "unknown-profile")
  }

  /// The rules that lines of text break, in order; the input `%x` is real, `%s` spikes, `%c` counts.
  static func rules(_ profile: Profile, _ lines: String) throws -> [Rule] {
    let module = try Module(
      parsing: """
        snnir 1
        module @"case" {
        time_steps = 2
        weight @"w" : f32 [1, 1, 2, 2] = [1.0, 1.0, 1.0, 1.0]
        weight @"v" : f32 [2] = [1.0, 1.0]
        input %x : timed real [2, 1, 1]
        %s = lif %x {tau = 2.0, threshold = 1.0} from "s"
        %c = add %s, %s from "c"
        \(lines)
        %end = lif %z {tau = 2.0, threshold = 1.0} from "end"
        output %end
        }
        """)
    return module.verify(profile, strict: true).findings.compactMap(\.rule)
  }

  static let conv = "conv2d %y, @\"w\" {stride = [1, 1], padding = [0, 0]}"

  @Test(arguments: [
    ("%z = mul %c, %c", Rule.spikesMeetActivations),
    (
      "%z = matmul %c, %c {transpose_lhs = false, transpose_rhs = true}", .spikesMeetActivations
    ),
    ("%z = mul %x, %x", .spikesMeetActivations),
    ("%z = mul %c, %x", .spikesMeetActivations),
    ("%y = reshape %c {shape = [2, 1, 1]} %z = \(conv)", .countsAreAdded),
    ("%z = affine %c, @\"v\", @\"v\"", .countsAreAdded),
    ("%z = scale %c {factor = 3.0}", .countsAreAdded),
    ("%y = add %x, %x %z = \(conv)", .realsAreNotMultiplied),
    ("%z = affine %x, @\"v\", @\"v\"", .realsAreNotMultiplied),
    ("%z = scale %x {factor = 0.5}", .realsAreNotMultiplied),
    (
      "%y = add %s, %s %1 = \(conv) %2 = affine %1, @\"v\", @\"v\" %z = add %2, %1",
      .countsAreAdded
    ),
  ])
  func multiplicationsBreakSpikeDriven(_ lines: String, _ rule: Rule) throws {
    #expect(try Self.rules(.spikeDriven, lines).first == rule)
  }

  @Test(arguments: [
    "%z = mul %s, %x", "%z = mul %c, %s", "%z = affine %s, @\"v\", @\"v\"",
    "%z = scale %c {factor = 0.125}", "%z = mean_steps %c",
    "%y = scale %s {factor = 1.0} %z = \(conv)",
    "%y = scale %s {factor = 1.0} %1 = \(conv) %2 = affine %1, @\"v\", @\"v\" "
      + "%z = affine %2, @\"v\", @\"v\"",
  ])
  func additionsKeepSpikeDriven(_ lines: String) throws {
    #expect(try Self.rules(.spikeDriven, lines) == [])
  }

  @Test func aNormIsPartOfTheSumThatItAloneReads() throws {
    let alone = "%y = scale %s {factor = 1.0} %1 = \(Self.conv) %z = affine %1, @\"v\", @\"v\""
    #expect(try Self.rules(.spikeDriven, alone) == [])
    let shared = alone + " %2 = add %z, %1"
    #expect(try Self.rules(.spikeDriven, shared) == [.realsAreNotMultiplied])
  }

  @Test func eventDrivenAndIntegerLookAtSumsAlone() throws {
    let lines = "%1 = mul %x, %x %2 = affine %1, @\"v\", @\"v\" %y = add %c, %s %z = \(Self.conv)"
    #expect(try Self.rules(.eventDriven, lines) == [.eventDrivenSums])
    #expect(try Self.rules(.integer(2), lines) == [.integerSums])
    #expect(try Self.rules(.integer(3), lines) == [])
    let halves = "%y = scale %c {factor = 0.5} %z = \(Self.conv)"
    #expect(try Self.rules(.integer(3), halves) == [.integerSums])
  }

  @Test func spikeDrivenIsStricterThanEventDrivenAndThatThanIntegers() throws {
    for seed in 0..<300 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      func broken(_ profile: Profile) -> Set<ValueID> {
        Set(module.verify(profile).violations.map(\.value))
      }
      #expect(broken(.eventDriven).isSubset(of: broken(.spikeDriven)), "seed \(seed)")
      #expect(broken(.integer(9)).isSubset(of: broken(.integer(2))), "seed \(seed)")
      #expect(broken(.integer(1)) == broken(.eventDriven), "seed \(seed)")
    }
  }
}

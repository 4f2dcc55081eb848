import Diagnostics
import Families
import SpikeIR
import Testing

/// What the outputs of a network are called.
@Suite struct ClassNamesTests {
  /// A module of so many inputs' channels and outputs.
  static func module(_ variant: String, channels: Int, outputs: Int) throws -> Module {
    try Module(
      parsing: """
        snnir 1
        module @"m" {
          time_steps = 1
          meta "variant" = "\(variant)"
          weight @"w" : f32 [\(channels), \(outputs)]
          input %x : real [\(channels), 1, 1]
          %y = reshape %x {shape = [\(channels)]}
          %z = linear %y, @"w"
          output %z
        }
        """
    ) { name, shape in Weight(name, shape, WeightData(absent: shape.count)) }
  }

  static let known: [(String, Int, Int)] = [
    ("imagenet", 3, 1000), ("cifar10", 3, 10), ("cifar100", 3, 100), ("dvs128-gesture", 2, 11),
    ("cifar10-dvs", 2, 10),
  ]

  @Test(arguments: known)
  func dataSetsHaveNames(_ variant: String, _ channels: Int, _ outputs: Int) throws {
    let module = try Self.module(variant, channels: channels, outputs: outputs)
    let names = try #require(ClassNames(of: module))
    #expect(names.classes.count == outputs)
    #expect(Set(names.classes.map(\.folder)).count == outputs)
    for (index, item) in names.classes.enumerated() {
      #expect(names.output(ofFolder: item.folder) == index)
      #expect(item.name.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
  }

  @Test func someNamesAreWhatTheyShouldBe() throws {
    let imagenet = try #require(
      ClassNames(of: Self.module("imagenet", channels: 3, outputs: 1000)))
    #expect(imagenet.classes[0].folder == "n01440764" && imagenet[0] == "tench")
    #expect(imagenet.output(ofFolder: "n15075141") == 999)
    #expect(imagenet[999] == "toilet tissue")
    #expect(imagenet.output(ofFolder: "tench") == nil)
    // torchvision's class folders, in the order of their names.
    #expect(imagenet.classes.map(\.folder) == imagenet.classes.map(\.folder).sorted())
    let gestures = try #require(
      ClassNames(of: Self.module("dvs128-gesture", channels: 2, outputs: 11)))
    #expect(gestures[0] == "hand_clapping" && gestures[10] == "other_gestures")
    let cifar = try #require(ClassNames(of: Self.module("cifar100", channels: 3, outputs: 100)))
    #expect(cifar.classes.map(\.name) == cifar.classes.map(\.name).sorted())
  }

  @Test(
    "modules of other data than the variant's have no names",
    arguments: [
      ("cifar10", 1, 10), ("cifar10", 3, 11), ("mnist", 3, 10), ("imagenet", 3, 100),
    ])
  func otherModules(_ variant: String, _ channels: Int, _ outputs: Int) throws {
    #expect(
      try ClassNames(of: Self.module(variant, channels: channels, outputs: outputs)) == nil)
  }

  @Test func listsAreRead() throws {
    let module = try Self.module("", channels: 3, outputs: 3)
    let names = try ClassNames(parsing: "# one\r\ncat\r\nn2\tdog\r\n \u{E9}\r\n\r\n", for: module)
    #expect(names.classes.map(\.name) == ["cat", "dog", " \u{E9}"])
    #expect(names.output(ofFolder: "n2") == 1 && names.output(ofFolder: "cat") == 0)
  }

  @Test(
    "lists that are none", arguments: ["a\nb", "a\nb\nc\nd", "", "a\n\nc", "a\tb\tc\nb\nc", "\t"])
  func badLists(_ text: String) throws {
    let module = try Self.module("", channels: 3, outputs: 3)
    let error = #expect(throws: Diagnostic.self) { try ClassNames(parsing: text, for: module) }
    #expect(error?.id == "class-names")
  }
}

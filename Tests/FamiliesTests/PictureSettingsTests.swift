import Diagnostics
import Families
import SpikeIR
import Testing

/// How pictures are prepared for a module, and where that is known from.
@Suite struct PictureSettingsTests {
  /// A module of that metadata and input which gives its input.
  static func module(
    _ metadata: [String: String], input: String = "real [3, 8, 8]"
  ) throws -> Module {
    let lines = metadata.sorted { $0.key < $1.key }.map { "meta \"\($0.key)\" = \"\($0.value)\"" }
    return try Module(
      parsing: """
        snnir 1
        module @"m" {
          time_steps = 1
          \(lines.joined(separator: "\n  "))
          input %x : \(input)
          %y = scale %x {factor = 1.0}
          output %y
        }
        """)
  }

  static let statistics = ["mean": "[0.1, 0.2, 0.3]", "std": "[0.4, 0.5, 0.6]"]

  @Test func metadataBeatsTheAuthors() throws {
    let settings = try PictureSettings(
      for: Self.module(
        ["family": "spikingformer", "variant": "imagenet", "crop_pct": "0.9", "std": "[0.5]"]))
    #expect(settings.values.mean == [0.485, 0.456, 0.406])
    #expect(settings.values.std == [0.5, 0.5, 0.5])
    #expect(settings.values.cropFraction == 0.9)
    #expect(settings.values.interpolation == .bicubic)
    #expect((settings.channels, settings.size) == (3, 8))
    #expect(
      settings.decisions.map(\.source) == [
        "the authors' code of spikingformer, imagenet", "the module's metadata",
        "the module's metadata", "the authors' code of spikingformer, imagenet",
      ])
  }

  @Test(
    "what the authors' code does",
    arguments: [
      ("spikformer", "imagenet", 1.0, "bicubic"), ("spikingformer-cml", "imagenet", 1, "bicubic"),
      ("qkformer", "imagenet", 0.875, "bicubic"),
      ("meta-spikeformer", "imagenet", 0.875, "bicubic"),
      ("sew-resnet", "imagenet", 0.875, "bilinear"),
      ("spike-driven-transformer", "imagenet", 0.95, "bicubic"),
      ("cml-spikformer", "cifar10", 1, "bicubic"), ("qkformer", "cifar100", 1, "bicubic"),
    ])
  func authors(_ family: String, _ variant: String, _ crop: Double, _ kernel: String) throws {
    let settings = try PictureSettings(
      for: Self.module(
        ["family": family, "variant": variant, "crop_pct": "none"], input: "real [3, 224, 224]"))
    #expect(settings.values.cropFraction == crop)
    #expect(settings.values.interpolation.rawValue == kernel)
    #expect(settings.values.mean == (variant == "imagenet" ? Self.imagenet : Self.cifar))
  }

  static let imagenet = [0.485, 0.456, 0.406]
  static let cifar = [0.4914, 0.4822, 0.4465]

  @Test func largePicturesOfMAEsCodeAreNotCut() throws {
    for family in ["qkformer", "meta-spikeformer"] {
      let settings = try PictureSettings(
        for: Self.module(
          ["family": family, "variant": "imagenet"], input: "real [3, 288, 288]"))
      #expect(settings.values.cropFraction == 1)
    }
  }

  @Test func statisticsOfThreeColorsAreNoneOfGrey() throws {
    let digits = ["family": "spikingformer", "variant": "cifar10"]
    let refused = #expect(throws: Diagnostic.self) {
      try PictureSettings(for: Self.module(digits, input: "real [1, 8, 8]"))
    }
    #expect(refused?.id == "picture-settings")
    let given = digits.merging(["mean": "[0.3]", "std": "0.35"]) { $1 }
    let settings = try PictureSettings(for: Self.module(given, input: "real [1, 8, 8]"))
    #expect(settings.values.mean == [0.3] && settings.values.std == [0.35])
  }

  @Test(
    "values that are none",
    arguments: [
      ("mean", "[0.1, 0.2]"), ("mean", "grey"), ("mean", "[nan]"), ("std", "[0.1, 0, 0.2]"),
      ("std", "[1e-300]"), ("crop_pct", "1.1"), ("crop_pct", "0"), ("crop_pct", "1e-300"),
      ("interpolation", "lanczos"),
    ])
  func badValues(_ key: String, _ value: String) throws {
    let metadata = ["family": "spikformer", "variant": "imagenet", key: value]
    let error = #expect(throws: Diagnostic.self) {
      try PictureSettings(for: Self.module(metadata))
    }
    #expect(error?.id == "picture-settings")
    #expect(error?.message.contains("'\(key)'") == true)
  }

  @Test("what is not known is asked for", arguments: ["mean", "std", "crop_pct", "interpolation"])
  func unknownValues(_ key: String) throws {
    var metadata = Self.statistics.merging(["crop_pct": "1", "interpolation": "bilinear"]) { $1 }
    #expect(try PictureSettings(for: Self.module(metadata)).values.interpolation == .bilinear)
    metadata[key] = nil
    let error = #expect(throws: Diagnostic.self) {
      try PictureSettings(for: Self.module(metadata))
    }
    #expect(error?.id == "picture-settings")
    #expect(error?.message.hasSuffix("no '\(key)'") == true)
  }

  @Test(
    "inputs that are no picture",
    arguments: [
      "timed spike [2, 8, 8]", "timed real [3, 8, 8]", "real [2, 8, 8]", "real [3, 8, 9]",
      "real [8]",
    ])
  func otherInputs(_ input: String) throws {
    let metadata = Self.statistics.merging(["crop_pct": "1", "interpolation": "bilinear"]) { $1 }
    let error = #expect(throws: Diagnostic.self) {
      try PictureSettings(for: Self.module(metadata, input: input))
    }
    #expect(error?.id == "no-picture-input")
  }
}

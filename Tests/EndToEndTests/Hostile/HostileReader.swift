import CheckpointTestSupport
import Foundation
import Testing

/// What reads a hostile file: a command, and what it needs beside the file.
enum HostileReader: Sendable {
  /// `snnc inspect` of a checkpoint: everything but the tensors' elements.
  case inspect
  /// `snnc import` of the tensor `w` of shape [2, 3] by a text: its elements, too.
  case importing
  /// `snnc import` by a text that is the hostile file.
  case architecture
  /// `snnc run` of a module, with its weights.
  case module
  /// `snnc run` of a good module on an array.
  case array
  /// The same, on the member `input` of an archive.
  case member
  /// `snnc run` of a module that takes pictures of 16 by 16.
  case picture
  /// `snnc run` of a module that takes four frames of 128 by 128.
  case recording
  /// `snnc import` of a NIR graph.
  case graph
  /// `snnc check-certificate` against a good module.
  case certificate
  /// `snnc report` with an energy model.
  case energyModel
  /// `snnc report` with published rates.
  case rates
  /// `snnc merge-results`.
  case results

  /// What the file is called.
  var fileName: String {
    switch self {
    case .inspect, .importing: "x.pth"
    case .architecture: "x.snnir"
    case .module: "x.snn"
    case .array: "x.npy"
    case .member: "x.npz"
    case .recording: "x.aedat"
    case .picture: "x.png"
    case .graph: "x.nir"
    case .certificate, .energyModel, .rates: "x.json"
    case .results: "x.jsonl"
    }
  }

  /// The command.
  var arguments: [String] {
    switch self {
    case .inspect: ["inspect", "x.pth"]
    case .importing: ["import", "x.pth", "--arch", "one.snnir", "-o", "m.snn"]
    case .architecture: ["import", "good.pth", "--arch", "x.snnir", "-o", "m.snn"]
    case .module: ["run", "x.snn", "--input", "good.npy"]
    case .array: ["run", "one.snn", "--input", "x.npy"]
    case .member: ["run", "one.snn", "--input", "x.npz:input"]
    case .picture: ["run", "picture.snn", "--input", "x.png"]
    case .recording: ["run", "frames.snn", "--input", "x.aedat"]
    case .graph: ["import", "x.nir", "--time-steps", "2", "-o", "m.snn"]
    case .certificate: ["check-certificate", "x.json", "one.snn"]
    case .energyModel: ["report", "one.snn", "--input", "good.npy", "--energy-model", "x.json"]
    case .rates: ["report", "--preset", "spikingformer-8-512", "--rates", "x.json"]
    case .results: ["merge-results", "x.jsonl"]
    }
  }

  /// What stands beside the file.
  var beside: [(name: String, bytes: Data)] {
    switch self {
    case .inspect, .rates, .results, .graph: []
    case .importing: [("one.snnir", Data(Good.architecture.utf8))]
    case .architecture: [("good.pth", Good.checkpoint)]
    case .module: [("good.npy", Good.array)]
    case .array, .member, .certificate: [("one.snn", Good.module)]
    case .energyModel: [("good.npy", Good.array), ("one.snn", Good.module)]
    case .picture: [("picture.snn", Good.pictureModule)]
    case .recording: [("frames.snn", Good.frameModule)]
    }
  }

  /// The address space that it gets beyond three times the file, in KiB: 256 MiB, and 64 MiB for what
  /// the program's own libraries and stacks reserve.
  ///
  /// A picture takes 4 bytes for each of its pixels, and once more while its colours are converted;
  /// their number has a limit of its own.
  var kibibytes: Int {
    (320 << 10) + (self == .picture ? 178_956_970 * 8 / 1024 : 0)
  }

  /// What it leaves where the file is good.
  var outputs: [String] {
    switch self {
    case .importing, .architecture, .graph: ["m.snn"]
    default: []
    }
  }
}

/// Files that are good, which hostile ones are read with.
enum Good {
  /// The text by which the tensor `w` is imported.
  static let architecture = """
    snnir 1
    module @"one" {
      time_steps = 1
      weight @"w" : f32 [3, 2]
      input %x : spike [3]
      %y = linear %x, @"w"
      output %y
    }
    """

  /// A checkpoint of the tensor `w`.
  static let checkpoint = Data(TinyCheckpoint.plain.zip.bytes)

  /// A sample of `module`.
  static let array = npy("<f4", "3", TinyCheckpoint.bytes(of: [1, 0, 1]))

  /// A module of one product.
  static let module = imported(["x.pth", "--arch", "one.snnir"])

  /// A module that takes pictures of 16 by 16.
  static let pictureModule = imported([
    Snnc.root.appending(path: "examples/digits/digits-spikingformer.pth").path
  ])

  /// A module that takes four frames of 128 by 128.
  static let frameModule = imported([
    Snnc.fixture("spikingformer-dvs128-tiny.pth"), "--time-steps", "4",
  ])

  /// An `.npy` file of version 1 with a row of `count` elements, or of any other shape's text.
  static func npy(_ type: String, _ shape: String, _ bytes: [UInt8]) -> Data {
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (1, \(shape)), }"
    let padding = String(repeating: " ", count: 117 - text.utf8.count)
    let header = Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) }) + [1, 0, 118, 0]
    return Data(header + Array((text + padding + "\n").utf8) + bytes)
  }

  /// What `snnc import` makes.
  private static func imported(_ arguments: [String]) -> Data {
    let folder = Folder()
    do {
      try Data(architecture.utf8).write(to: folder.url.appending(path: "one.snnir"))
      try checkpoint.write(to: folder.url.appending(path: "x.pth"))
      let ended = try Snnc.launch(
        Snnc.program.path, ["import"] + arguments + ["-o", "m.snn"], in: folder)
      guard ended.status == 0 else { fatalError(ended.errors) }
      return try folder.bytes("m.snn")
    } catch {
      fatalError("\(error)")
    }
  }
}

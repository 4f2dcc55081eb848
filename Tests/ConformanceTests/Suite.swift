import Arrays
import Foundation
import SpikeIR

/// The suite as this project makes it, and where it is stored.
enum Suite {
  /// The top of the repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Where the suite is stored.
  static let folder = root.appending(path: "ir-spec/conformance")

  /// The cases that must be computed.
  static var cases: [Case] { get throws { try made.get() } }

  /// The cases whose module must be refused.
  static let refusals =
    Refusal.invalid + Refusal.constraints + Refusal.texts + Refusal.binaries

  private static let made = Result {
    try Case.elementwise() + Case.sums() + Case.reductions() + Case.neurons() + Case.moves()
      + Case.networks() + Case.textForm() + Case.binaryForm()
  }

  /// The bytes of every file, by its path in `folder`.
  static var files: [String: [UInt8]] {
    get throws {
      // What a runner is given for a module that it refuses before it looks at the input.
      var files = ["input.npy": try array([1], [0])]
      for `case` in try cases {
        for (name, bytes) in `case`.files { files["\(`case`.path)/\(name)"] = bytes }
        files["\(`case`.path)/input.npy"] = try array(`case`.shapes.input, `case`.input)
        files["\(`case`.path)/expected.npy"] = try array(`case`.shapes.output, `case`.output())
      }
      for refusal in refusals + Refusal.inputs {
        files["\(refusal.path)/\(refusal.file.name)"] = refusal.file.bytes
        files["\(refusal.path)/expected.txt"] = Array(refusal.ids.map { "\($0)\n" }.joined().utf8)
        if let input = refusal.input {
          files["\(refusal.path)/input.npy"] = try array(input.shape, input.elements)
        }
      }
      for refusal in Refusal.inputs {
        files["\(refusal.path)/module.snn"] = try Case.bytes(of: refusal.module())
      }
      return files
    }
  }

  /// The stored bytes of a file.
  static func stored(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: path)))
  }

  /// The stored elements of an array.
  static func elements(_ path: String) throws -> [Float] {
    try NumPyArray.read(path: folder.appending(path: path).path).floats()
  }

  private static func array(_ shape: [Int], _ elements: [Float]) throws -> [UInt8] {
    try NumPyArray(shape: shape, floats: elements).npy()
  }
}

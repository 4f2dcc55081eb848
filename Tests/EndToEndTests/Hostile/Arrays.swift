import Archive
import CheckpointTestSupport
import Foundation

/// Classes 62 to 64: arrays of NumPy.
extension HostileFile {
  static let arrays: [HostileFile] = malformedArrays + invalidArrays + archives

  /// The array of a good sample, its header changed.
  private static func header(_ name: String, _ id: String, _ old: String, _ new: String)
    -> HostileFile
  {
    HostileFile(62, name, .refused(id), by: .array) {
      let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }"
        .replacing(old, with: new)
      let header = Array((text + "\n").utf8)
      let magic = [0x93] + Array("NUMPY".utf8) + [1, 0]
      return magic + le(UInt16(header.count)) + header + TinyCheckpoint.bytes(of: [1, 0, 1])
    }
  }

  /// 62: what is no array.
  private static let malformedArrays: [HostileFile] = [
    HostileFile(62, "empty", .refused("not-an-array"), by: .array) { [] },
    header("an object", "array-type", "<f4", "|O"),
    header("a structure", "array-header", "'<f4'", "[('a', '<f4')]"),
    header("2^62 rows", "array-size", "(1, 3)", "(4611686018427387904, 3)"),
    header("a negative extent", "array-header", "(1, 3)", "(-1, 3)"),
    header("code for a shape", "array-header", "(1, 3)", "__import__('os')"),
    header("more rows than there are", "array-size", "(1, 3)", "(2, 3)"),
    HostileFile(62, "cut", .refused("array-size"), by: .array) {
      Array(Good.npy("<f4", "3", [0, 0, 0]))
    },
  ]

  /// 63: an array that is no sample.
  private static let invalidArrays: [HostileFile] = [
    HostileFile(63, "another shape", .refused("input-shape"), by: .array) {
      Array(Good.npy("<f4", "2", TinyCheckpoint.bytes(of: [1, 0])))
    },
    HostileFile(63, "no number", .refused("input-not-finite"), by: .array) {
      Array(Good.npy("<f4", "3", TinyCheckpoint.bytes(of: [1, .nan, 0])))
    },
    HostileFile(63, "a half for a spike", .refused("input-domain"), by: .array) {
      Array(Good.npy("<f4", "3", TinyCheckpoint.bytes(of: [1, 0.5, 0])))
    },
  ]

  /// 64: archives of arrays.
  private static let archives: [HostileFile] = [
    HostileFile(64, "200 MB of zeros in 200 kB", .refused("zip-limit"), by: .member) {
      zip(["input.npy": [UInt8](repeating: 0, count: 200_000_000)])
    },
    HostileFile(64, "60 MB of zeros in 60 kB", .refused("input-shape"), by: .member) {
      let zeros = [UInt8](repeating: 0, count: 60_000_000)
      return zip(["input.npy": Array(Good.npy("<f4", "15000000", zeros))])
    },
    HostileFile(64, "a member that is no array", .refused("not-an-array"), by: .member) {
      zip(["input.npy": Array("hello".utf8)])
    },
    HostileFile(64, "cut", .refused("zip-truncated"), by: .member) {
      zip(["input.npy": Array(Good.array)]).dropLast(10)
    },
  ]

  /// A deflated archive.
  private static func zip(_ members: [String: [UInt8]]) -> [UInt8] {
    let members = members.map { (name: $0.key, bytes: $0.value) }
    return (try? ZipWriter.bytes(of: members, method: .deflated)) ?? []
  }
}

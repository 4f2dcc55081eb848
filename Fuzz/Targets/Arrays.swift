import Archive
import Arrays
import CheckpointTestSupport
import Diagnostics
import JSON

extension FuzzTarget {
  /// Arrays of NumPy, alone and in archives: what is read has as many numbers as its shape says.
  static let numpy = FuzzTarget(
    name: "numpy",
    run: { bytes in
      guard let array = try? NumPyArray.read(path: MemoryFile.path(of: bytes)) else { return }
      let count = array.shape.reduce(1, *)
      if let floats = try? array.floats(), floats.count != count { finding("\(array.shape)") }
      if let integers = try? array.integers(), integers.count != count { finding("\(array.shape)") }
    },
    seeds: {
      let array = NumPyArray(shape: [2, 3], floats: [0, 1, 2, 3, 4, 5])
      let labels = NumPyArray(shape: [4], bytes: [1, 0, 1, 1])
      return [
        ("floats", try array.npy()), ("bytes", try labels.npy()),
        ("archive", try NPZArchive.bytes(of: [(name: "input", array: array)])),
      ]
    })

  /// JSON texts, as certificates and energy models are.
  static let json = FuzzTarget(
    name: "json", run: { bytes in _ = try? JSONValue(parsing: bytes.span) },
    seeds: {
      [("object", Array(#"{"a": [1, -2.5e3, "\u00e9", true, null], "b": {"c": []}}"#.utf8))]
    })
}

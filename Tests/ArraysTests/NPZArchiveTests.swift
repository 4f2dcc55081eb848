import Archive
import Arrays
import Diagnostics
import CheckpointTestSupport
import Testing

/// Archives of arrays, written by NumPy itself: `np.savez` and `np.savez_compressed`.
@Suite struct NPZArchiveTests {
  /// The name of a member that holds 0 to 5 as a matrix of 2 x 3.
  static let matrices = [
    "little-f2", "big-f2", "little-f4", "big-f4", "little-f8", "big-f8", "i1", "little-i2",
    "big-i2", "little-i4", "big-i4", "little-i8", "big-i8", "u1", "little-u2", "big-u2",
    "little-u4", "big-u4", "little-u8", "big-u8", "fortran_big",
  ]

  @Test(arguments: matrices)
  func readsEachType(_ name: String) throws {
    let array = try NPZArchive(path: Fixture.path("arrays.npz")).member(name)
    #expect(array.shape == [2, 3])
    #expect(try array.floats() == [0, 1, 2, 3, 4, 5])
    #expect(try array.doubles() == [0, 1, 2, 3, 4, 5])
  }

  @Test func readsTheOtherKindsOfArrays() throws {
    let archive = try NPZArchive(path: Fixture.path("arrays.npz"))
    #expect(try archive.member("b1").integers() == [0, 1, 0, 1, 0, 1])
    #expect(try archive.member("fortran").floats() == (0..<24).map { Float($0) })
    #expect(try archive.member("single").doubles() == [0.1])
    #expect(try archive.member("single").shape.isEmpty)
    #expect(try archive.member("empty").shape == [0, 5])
    #expect(try archive.member("names").strings() == ["a", "", "\u{E9}\u{1F600} b"])
    #expect(try archive.member("big_names").strings() == ["xy", "z"])
    #expect(try archive.member("meta").strings() == ["{\"T\": 4}"])
    #expect(try archive.member("little-i8").integers() == [0, 1, 2, 3, 4, 5])
    #expect(archive.names.count == 31)
    #expect(archive.contains("meta") && !archive.contains("mete"))
  }

  @Test(arguments: ["complex", "structured", "raw"])
  func refusesWhatItDoesNotKnow(_ name: String) throws {
    let archive = try NPZArchive(path: Fixture.path("arrays.npz"))
    let error = #expect(throws: Diagnostic.self) { try archive.member(name) }
    #expect(error?.location.place == .entry(name))
    #expect(error?.location.file == Fixture.path("arrays.npz"))
  }

  @Test func readsCompressedArchives() throws {
    let archive = try NPZArchive(path: Fixture.path("arrays-deflated.npz"))
    #expect(archive.names == ["zeros", "counts"])
    #expect(try archive.member("zeros").floats() == [Float](repeating: 0, count: 5000))
    #expect(try archive.member("counts").integers() == Array(0..<10))
  }

  @Test func readsWhatItWrites() throws {
    let floats = NumPyArray(shape: [2, 2], floats: [1, 2, 3, 4.5])
    let spikes = NumPyArray(shape: [3], bytes: [0, 0x80, 0xFF])
    let bytes = try NPZArchive.bytes(of: [("logits", floats), ("spikes/block.0.lif", spikes)])
    #expect(
      try NPZArchive.bytes(of: [("logits", floats), ("spikes/block.0.lif", spikes)]) == bytes)
    let file = TemporaryFile(bytes, suffix: ".npz")
    let archive = try NPZArchive(path: file.path)
    #expect(archive.names == ["logits", "spikes/block.0.lif"])
    #expect(try archive.member("logits") == floats)
    #expect(try NumPyArray.read(path: file.path + ":spikes/block.0.lif") == spikes)
  }

  @Test func readsPathsWithAndWithoutMembers() throws {
    let array = NumPyArray(shape: [1], floats: [5])
    let plain = TemporaryFile(try array.npy(), suffix: ".npy")
    #expect(try NumPyArray.read(path: plain.path) == array)
    let single = TemporaryFile(try NPZArchive.bytes(of: [("x", array)]), suffix: ".npz")
    #expect(try NumPyArray.read(path: single.path) == array)
    #expect(try NumPyArray.read(path: single.path + ":x") == array)
    let path = Fixture.path("arrays.npz")
    let which = #expect(throws: Diagnostic.self) { try NumPyArray.read(path: path) }
    #expect(which?.id == "which-member")
    let none = #expect(throws: Diagnostic.self) { try NumPyArray.read(path: path + ":y") }
    #expect(none?.id == "no-such-member" && none?.status == .noInput)
    let text = TemporaryFile(Array("hello".utf8))
    let other = #expect(throws: Diagnostic.self) { try NumPyArray.read(path: text.path) }
    #expect(other?.id == "not-an-array" && other?.location.file == text.path)
  }
}

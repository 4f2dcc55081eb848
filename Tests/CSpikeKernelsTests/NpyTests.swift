import CSpikeKernels
import Foundation
import Testing

/// A file of the temporary directory, removed with the closure's end.
private func withFile<R>(_ contents: Data? = nil, _ body: (String) throws -> R) throws -> R {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent(
    "snn-\(UUID().uuidString)")
  try contents?.write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path)
}

/// A .npy file with this header text.
private func npy(_ header: String, version: UInt8 = 1, data: Int = 0) -> Data {
  var file = Data([0x93] + Array("NUMPY".utf8) + [version, 0])
  let length = UInt32(header.utf8.count)
  for index in 0..<(version == 1 ? 2 : 4) { file.append(UInt8(length >> (8 * index) & 255)) }
  file.append(Data(header.utf8))
  file.append(Data(count: data))
  return file
}

@Suite("NumPy's files")
struct NpyTests {
  @Test("what is written is read again, to the bit")
  func roundTrip() throws {
    let values: [Float] = (0..<2 * 3 * 1025).map { $0 == 7 ? -0.0 : Float($0) / 3 }
    try withFile { path in
      #expect(snn_npy_write(path, values, [1, 2, 3, 1025], 4) == nil)
      var array = snn_npy()
      #expect(snn_npy_read(path, &array) == nil)
      defer { snn_npy_free(&array) }
      #expect(array.rank == 4)
      let shape: [Int] = [array.shape.0, array.shape.1, array.shape.2, array.shape.3]
      #expect(shape == [1, 2, 3, 1025])
      let read = [Float](UnsafeBufferPointer(start: array.data, count: array.count))
      #expect(bits(read) == bits(values))
    }
  }

  @Test("arrays of no dimension and of many are written and read", arguments: [0, 1, 32])
  func ranks(_ rank: Int) throws {
    let shape = [Int](repeating: 1, count: rank)
    try withFile { path in
      #expect(snn_npy_write(path, [0.1], shape, Int32(rank)) == nil)
      var array = snn_npy()
      #expect(snn_npy_read(path, &array) == nil)
      defer { snn_npy_free(&array) }
      #expect(array.rank == rank && array.count == 1 && array.data[0] == 0.1)
    }
  }

  @Test(
    "bad files are refused with the reason",
    arguments: [
      (
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 2)}", data: 7),
        "ends before"
      ),
      (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 2)}", data: 9), "goes on"),
      (npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 2)}"), "not float32"),
      (npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1, 1, 2)}"), "C order"),
      (npy("{'descr': '<f4', 'fortran_order': False, 'shape': ()}"), "ends before"),
      (
        npy(
          "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + String(repeating: "1,", count: 33) + ")}"), "more than 32"
      ),
      (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,-1)}"), "not a tuple"),
      (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,0,1,1)}"), "zero"),
      (
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296,4294967296,1,1)}"),
        "too large"
      ),
      (
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,1,1,1)}"),
        "too large"
      ),
      (npy("{'descr': '<f4', 'fortran_order': False, 'shape': (99999,9999,999,9)}"), "ends before"),
      (npy("{}"), "lacks"),
      (npy("", version: 3), "version"),
      (Data("PK".utf8), "within its header"),
      (Data("not NumPy's at all".utf8), "not a .npy"),
    ])
  func refusals(file: Data, reason: String) throws {
    try withFile(file) { path in
      var array = snn_npy()
      let message = try #require(snn_npy_read(path, &array))
      #expect(String(cString: message).contains(reason))
      #expect(array.data == nil)
    }
  }

  @Test("version 2 headers are read")
  func versionTwo() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1, 1, 2), }\n"
    try withFile(npy(header, version: 2, data: 16)) { path in
      var array = snn_npy()
      #expect(snn_npy_read(path, &array) == nil)
      #expect(array.rank == 5 && array.count == 4)
      snn_npy_free(&array)
    }
  }

  @Test("an archive has its members stored, with their checksum and a directory")
  func archive() throws {
    try withFile { path in
      var npz: OpaquePointer?
      #expect(snn_npz_open(path, &npz) == nil)
      #expect(snn_npz_add(npz, "spikes/a.b", [1, 2, 3], [3], 1) == nil)
      #expect(snn_npz_add(npz, "second", [9], [1, 1], 2) == nil)
      #expect(snn_npz_close(npz) == nil)
      let file = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(file.starts(with: [0x50, 0x4B, 3, 4]))
      let end = Array(file.suffix(22))
      #expect(end.starts(with: [0x50, 0x4B, 5, 6]) && end[8] == 2 && end[10] == 2)
      let directory = Int(end[16]) | Int(end[17]) << 8
      #expect(Array(file[directory..<directory + 4]) == [0x50, 0x4B, 1, 2])
      #expect(file.range(of: Data("spikes/a.b.npy".utf8)) != nil)
    }
  }
}

@Suite("Threads")
struct ThreadTests {
  @Test("every tile runs once, and pools come and go", arguments: [1, 2, 5])
  func everyTile(workers: Int32) throws {
    for tiles in [0, 1, 2, 100] {
      let threads = try #require(snn_threads_create(workers))
      defer { snn_threads_destroy(threads) }
      let executor = try #require(snn_threads_executor(threads))
      var counts = [UInt8](repeating: 0, count: 100)
      for _ in 0..<20 {
        counts.withUnsafeMutableBytes { bytes in
          executor.pointee.run(
            executor,
            { context, tile, _ in
              context?.assumingMemoryBound(to: UInt8.self)[Int(tile)] += 1
            }, bytes.baseAddress, Int32(tiles))
        }
      }
      #expect(counts.enumerated().allSatisfy { $0.element == ($0.offset < tiles ? 20 : 0) })
    }
  }

  @Test("a pool of no workers is refused")
  func noWorkers() {
    #expect(snn_threads_create(0) == nil)
    #expect(snn_threads_executor(nil) == nil)
  }
}

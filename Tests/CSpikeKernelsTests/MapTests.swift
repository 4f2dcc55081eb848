import CSpikeKernels
import Foundation
import Testing

@Suite("Mapped files") struct MapTests {
  @Test("a file of just that size is in memory as it is, and any other is not")
  func sizes() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "snn-map-\(UInt64.random(in: .min ... .max))").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    try Data(bytes).write(to: URL(filePath: path))
    let memory = try #require(snn_map(path, bytes.count))
    #expect(UInt(bitPattern: memory) % 64 == 0)
    #expect(Array(UnsafeRawBufferPointer(start: memory, count: bytes.count)) == bytes)
    snn_unmap(memory, bytes.count)
    for size in [0, 1, bytes.count - 1, bytes.count + 1, 1 << 40] {
      #expect(snn_map(path, size) == nil)
    }
    try Data().write(to: URL(filePath: path))
    #expect(snn_map(path, 0) == nil, "a system maps no empty file")
    #expect(snn_map(path + ".none", 0) == nil && snn_map("/", 4096) == nil)
    snn_unmap(nil, 0)
  }
}

import CSpikeKernels
import Testing

@Suite("Checksums") struct ChecksumTests {
  /// Of the bytes 0, 1, 2, ...; the expected ones are those of the Python package xxhash 4.1.0.
  @Test(
    "are XXH64 with seed 0",
    arguments: [
      (32, 0xCBF5_9C51_16FF_32B4), (64, 0xF7C6_7301_DB67_13F0), (4096, 0x0F6E_64BE_186A_F6A4),
    ] as [(Int, UInt64)])
  func known(_ count: Int, _ expected: UInt64) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
    #expect(snn_checksum(bytes, count) == expected)
  }
}

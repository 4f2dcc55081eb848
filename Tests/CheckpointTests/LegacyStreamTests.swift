import Checkpoint
import Diagnostics
import CheckpointTestSupport
import Testing

/// The streams that PyTorch wrote before 1.6.
@Suite struct LegacyStreamTests {
  @Test func readsAStream() throws {
    let checkpoint = try open(TinyCheckpoint.plain.stream())
    #expect(checkpoint.format == "legacy stream, pickle protocol 2")
    #expect(try checkpoint.stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func takesTheStoragesInTheOrderOfTheKeys() throws {
    let pickle = PickleAssembler().ops("}(").text("a")
      .tensor(key: "1", count: 1, shape: [1], strides: [1]).text("b")
      .tensor(key: "10", count: 1, shape: [1], strides: [1]).ops("u")
    let storages = [("10", TinyCheckpoint.bytes(of: [7])), ("1", TinyCheckpoint.bytes(of: [5]))]
    let checkpoint = try open(TinyCheckpoint(pickle, storages).stream())
    #expect(try checkpoint.stateDict["a"]?.floats() == [5])
    #expect(try checkpoint.stateDict["b"]?.floats() == [7])
  }

  @Test func ignoresAByteOrderThatPyTorchIgnores() throws {
    let checkpoint = try open(TinyCheckpoint.plain.stream(littleEndian: false))
    #expect(checkpoint.warnings.map(\.id) == ["byte-order"])
    #expect(try checkpoint.stateDict["w"]?.floats() == [0, 1, 2, 3, 4, 5])
  }

  @Test func everyTruncationIsAnError() {
    let stream = TinyCheckpoint.plain.stream()
    for count in 0..<stream.count {
      #expect(throws: Diagnostic.self, "at \(count)") { try open(Array(stream[..<count])) }
    }
  }

  @Test func refusesWhatDoesNotAddUp() {
    let stream = TinyCheckpoint.plain.stream()
    expect("legacy-trailing-bytes") { try open(stream + [0]) }
    var lie = stream
    lie[stream.count - 32] = 5
    expect("storage-size") { try open(lie) }
    var extra = TinyCheckpoint.plain
    extra.storages.append(("1", [0, 0, 0, 0]))
    expect("legacy-keys") { try open(extra.stream()) }
    var twice = TinyCheckpoint.plain
    twice.storages.append(twice.storages[0])
    expect("legacy-keys") { try open(twice.stream()) }
    var none = TinyCheckpoint.plain
    none.storages = []
    expect("storage-missing") { try open(none.stream()) }
    expect("not-a-checkpoint") { try open(PickleAssembler().int(5).stopped) }
    expect("not-a-checkpoint") {
      try open(PickleAssembler().raw([0x8A, 10] + [UInt8](repeating: 1, count: 10)).stopped)
    }
  }
}

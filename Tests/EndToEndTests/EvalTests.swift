import Arrays
import Foundation
import Testing

/// `snnc eval` on the digits model.
@Suite struct EvalTests {
  @Test("354 of 360 are right, in both forms of the data and on any number of threads")
  func digits() throws {
    let digits = try Digits()
    let ended = try digits.eval("--threads", "1", "--results", "1.jsonl")
    try #require(ended.status == 0, "\(ended.errors)")
    #expect(ended.errors.isEmpty)
    let lines = ended.output.split(separator: "\n")
    #expect(lines.contains("samples      360"))
    #expect(
      lines.contains("top-1        354 of 360 right (98.33 %), 95 % interval 96.41 to 99.23 %"))
    let more = try digits.eval("--threads", "3", "--results", "3.jsonl")
    #expect(more.output == ended.output)
    #expect(try digits.folder.bytes("1.jsonl") == digits.folder.bytes("3.jsonl"))

    let arrays = try Snnc.run(
      "eval", "m.snn", "--data", Digits.path("images.npy"), "--labels", Digits.path("labels.npy"),
      "--json", in: digits.folder)
    #expect(arrays.status == 0, "\(arrays.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(arrays.output.utf8)) as? [String: Any]
    let top1 = try #require(json?["top1"] as? [String: Any])
    #expect(top1["right"] as? Int == 354 && top1["of"] as? Int == 360)
    let data = try #require(json?["data"] as? String)
    #expect(ended.output.contains(data), "both forms are the same data")
  }

  @Test("the scores and the firing rate are those of the logits and spikes that snnc run writes")
  func counting() throws {
    let digits = try Digits()
    let json = try digits.eval("--json", "--results", "r.jsonl")
    let score = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let ran = try Snnc.run(
      "run", "m.snn", "--input", "test.npz:input", "--logits", "l.npy", "--spikes", "s.npz",
      in: digits.folder)
    #expect(ran.status == 0, "\(ran.errors)")
    let logits = try NumPyArray.read(path: digits.folder.path("l.npy")).floats()
    let labels = try NumPyArray.read(path: digits.folder.path("test.npz:labels")).integers()
    var (right, among) = (0, 0)
    let lines = String(decoding: try digits.folder.bytes("r.jsonl"), as: UTF8.self)
      .split(separator: "\n").dropFirst()
    #expect(lines.count == 360)
    for ((sample, label), line) in zip(labels.enumerated(), lines) {
      let outputs = Array(logits[sample * 10..<sample * 10 + 10])
      let above = outputs.indices.count { (outputs[$0], label) > (outputs[label], $0) }
      if above == 0 { right += 1 }
      if above < 5 { among += 1 }
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["index"] as? Int == sample && object?["label"] as? Int == label)
      let best = try #require(object?["best"] as? [[Double]])
      let sorted = outputs.indices.sorted { (-outputs[$0], $0) < (-outputs[$1], $1) }.prefix(5)
      #expect(best.map { Int($0[0]) } == Array(sorted))
      // Foundation reads the last digits of a number a little off; the nearest binary32 is the same.
      #expect(best.map { Float($0[1]) } == sorted.map { outputs[$0] })
    }
    #expect((score["top1"] as? [String: Any])?["right"] as? Int == right)
    #expect((score["top5"] as? [String: Any])?["right"] as? Int == among)
    var (spikes, bits) = (0, 0)
    let archive = try NPZArchive(path: digits.folder.path("s.npz"))
    for name in archive.names {
      let bytes = try archive.member(name).bytes
      spikes += bytes.reduce(0) { $0 + $1.nonzeroBitCount }
      bits += bytes.count * 8
    }
    // Every layer's bits fill its bytes: 360 samples are a multiple of eight.
    let rate = try #require(score["firingRate"] as? Double)
    #expect((rate * Double(bits) - Double(spikes)).magnitude < 0.001)
  }

  @Test("on a terminal, a bar says how fast it goes and how long it will take")
  func progress() throws {
    let digits = try Digits()
    // Gives the command a terminal, which the other tests do not.
    let ended = try Snnc.launch(
      "/usr/bin/script",
      ["-qec", "'\(Snnc.program.path)' eval m.snn --data test.npz --threads 1", "/dev/null"],
      in: digits.folder)
    #expect(ended.status == 0)
    #expect(
      ended.output.contains(
        #/\r\[[#.]{30}\] 1\/360 samples, [0-9,]+\.[0-9]{2} a second, [0-9:]+ left/#),
      "\(ended.output)")
    #expect(ended.output.contains("354 of 360 right"))
  }

  @Test("--samples takes some that are spread over the data")
  func samples() throws {
    let digits = try Digits()
    let ended = try digits.eval("--samples", "7", "--results", "r.jsonl")
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("samples      7\n"))
    let text = String(decoding: try digits.folder.bytes("r.jsonl"), as: UTF8.self)
    let names = text.matches(of: #/"name": "(\d+)"/#).map { String($0.1) }
    #expect(names == (0..<7).map { "\($0 * 360 / 7)" })
  }

  @Test("a sample that cannot be read is named and counted, and the rest goes on or stops")
  func broken() throws {
    let digits = try Digits()
    var images = try NumPyArray.read(path: Digits.path("images.npy")).floats()
    let labels = try NumPyArray.read(path: Digits.path("labels.npy")).integers()
    images[5 * 256 + 3] = .nan
    images[9 * 256] = .infinity
    try digits.write("test.npz", images, labels)
    let skipped = try digits.eval("--results", "r.jsonl")
    #expect(skipped.status == 65)
    #expect(skipped.errors.contains("[5, 0, 0, 3] is nan [input-not-finite]"))
    #expect(skipped.errors.contains("[9, 0, 0, 0] is inf [input-not-finite]"))
    #expect(skipped.errors.contains("2 of 360 samples could not be read"))
    #expect(skipped.output.contains(" of 358 right "))
    #expect(skipped.output.contains("\nbroken       2, left out of the scores\n"))

    // A broken sample is not tried again, and is told of again in the end.
    let again = try digits.eval("--results", "r.jsonl", "--resume")
    #expect(again.status == 65 && again.output == skipped.output)

    let stopped = try digits.eval("--on-error", "stop", "--results", "s.jsonl")
    #expect(stopped.status == 65)
    #expect(stopped.errors.contains("[5, 0, 0, 3] is nan [input-not-finite]"))
    #expect(!stopped.errors.contains("[9, "))
    #expect(stopped.output.contains("samples      5 of 360\n"))
    let known = try digits.folder.bytes("s.jsonl")
    #expect(try digits.folder.bytes("r.jsonl").starts(with: known))
  }

  @Test(
    "what an evaluation cannot begin with",
    arguments: [
      (["--data", "images.npy"], 64, "no-labels"),
      (["--data", "test.npz:labels"], 65, "input-shape"),
      (["--data", "test.npz", "--labels", "images.npy"], 65, "labels-shape"),
      (["--data", "test.npz", "--labels", "bad.npz:labels"], 65, "label-range"),
      (["--data", "none.npz"], 66, "no-such-file"),
      (["--data", "test.npz", "--shard", "3/2"], 64, "bad-shard"),
      (["--data", "test.npz", "--results", "test.npz"], 64, "output-is-input"),
      (["--data", "test.npz", "--results", "no/where.jsonl"], 73, "cannot-create"),
    ])
  func refusals(_ arguments: [String], _ status: Int32, _ id: String) throws {
    let digits = try Digits()
    let images = try NumPyArray.read(path: Digits.path("images.npy")).floats()
    try digits.write("bad.npz", images, (0..<360).map { $0 == 77 ? 10 : 1 })
    try FileManager.default.copyItem(
      atPath: Digits.path("images.npy"), toPath: digits.folder.path("images.npy"))
    let names = digits.folder.names
    let ended = try Snnc.launch(
      Snnc.program.path, ["eval", "m.snn"] + arguments, in: digits.folder)
    #expect(ended.status == status)
    #expect(ended.errors.contains("[\(id)]"), "\(ended.errors)")
    #expect(id != "label-range" || ended.errors.contains("sample 77 has 10"))
    #expect(digits.folder.names == names)
  }

  @Test(
    "options that do not go together, or say nothing",
    arguments: [
      (["--resume"], "--resume goes on with a file of --results"),
      (["--samples", "0"], "--samples takes 1 and more, not 0"),
      (["--threads=-1"], "--threads takes 0 to 1024, not -1"),
      (["--on-error", "no"], "on-error"),
    ])
  func usage(_ options: [String], _ message: String) throws {
    let ended = try Snnc.launch(
      Snnc.program.path, ["eval", "m.snn", "--data", "d.npz"] + options, in: Folder())
    #expect(ended.status == 64)
    #expect(ended.errors.contains(message), "\(ended.errors)")
  }
}

import Foundation
import Testing

/// What ends an evaluation in the middle loses nothing, and several machines do one evaluation.
@Suite struct ResumeTests {
  /// A few thousand samples: enough to be in the middle of them.
  static let times = 10

  @Test(
    "Ctrl-C tells what is known, and the results go on where they end",
    arguments: [SIGINT, SIGTERM])
  func interruption(_ signal: Int32) throws {
    let digits = try Digits(times: Self.times)
    let file = digits.folder.url.appending(path: "r.jsonl")
    let run = try digits.start("--threads", "2", "--results", "r.jsonl")
    try run.signal([signal], once: file, hasLines: 20)
    let ended = try run.wait()
    #expect(ended.status == 130, "\(ended.errors)")
    #expect(ended.errors.contains("[interrupted]"))
    let known = try digits.folder.bytes("r.jsonl")
    #expect(known.last == UInt8(ascii: "\n"))
    let done = known.count { $0 == UInt8(ascii: "\n") } - 1
    #expect(done < 360 * Self.times)
    #expect(ended.output.contains("samples      \(done) of \(360 * Self.times)\n"))
    #expect(ended.output.contains(" of \(done) right "))
    try Self.goOn(with: "r.jsonl", in: digits)
  }

  @Test(
    "however it is ended, the results that go on are those of one run",
    arguments: [[SIGKILL], [SIGINT, SIGINT], [SIGHUP]])
  func kill(_ signals: [Int32]) throws {
    let digits = try Digits(times: Self.times)
    let file = digits.folder.url.appending(path: "r.jsonl")
    // On a busy machine an evaluation may be done before the signal comes: then it is begun again.
    let wasEnded = try (0..<10).contains { _ in
      try? FileManager.default.removeItem(at: file)
      let run = try digits.start("--results", "r.jsonl", "--resume")
      try run.signal(signals, once: file, hasLines: 20)
      return try run.wait().status != 0
    }
    #expect(wasEnded)
    // What a kill in the middle of a line leaves.
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"index": 12"#.utf8))
    try Self.goOn(with: "r.jsonl", in: digits)
  }

  /// Ends an evaluation that was begun, and compares it with one run.
  static func goOn(with file: String, in digits: Digits) throws {
    let known = try digits.folder.bytes(file)
    let rest = try digits.eval("--results", file, "--resume")
    #expect(rest.status == 0, "\(rest.errors)")
    let whole = try digits.eval("--results", "whole.jsonl")
    #expect(whole.output.contains(" \(354 * times) of \(360 * times) right "))
    #expect(rest.output == whole.output)
    let bytes = try digits.folder.bytes("whole.jsonl")
    #expect(try digits.folder.bytes(file) == bytes)
    #expect(bytes.starts(with: known.prefix { $0 != UInt8(ascii: "\n") }))
    // Nothing is left to do, and nothing is done.
    let again = try digits.eval("--results", file, "--resume")
    #expect(again.output == whole.output)
    #expect(try digits.folder.bytes(file) == bytes)
  }

  @Test("results of something else are not gone on with, and stay as they are")
  func foreign() throws {
    let digits = try Digits()
    let first = try digits.eval("--shard", "1/2", "--results", "r.jsonl")
    #expect(first.status == 0)
    let known = try digits.folder.bytes("r.jsonl")
    let other = try Snnc.run(
      "import", Digits.path("digits-spikingformer.pth"), "--passes", "", "-o", "other.snn",
      in: digits.folder)
    #expect(other.status == 0, "\(other.errors)")
    try digits.write("few.npz", [Float](repeating: 0, count: 256), [0])
    for (arguments, status, words) in [
      (
        ["m.snn", "--data", "test.npz"], 65, [#"shard here is "1/2", and this evaluation's "1/1""#]
      ),
      (["other.snn", "--data", "test.npz", "--shard", "1/2"], 65, ["module here is"]),
      (
        ["m.snn", "--data", "few.npz", "--shard", "1/2"], 65, ["[results-differ]", "data here is"]
      ),
      (
        ["m.snn", "--data", "test.npz", "--samples", "9", "--shard", "1/2"], 65,
        ["samples here is 360, and this evaluation's 9"]
      ),
    ] as [([String], Int32, [String])] {
      let ended = try Snnc.launch(
        Snnc.program.path, ["eval"] + arguments + ["--results", "r.jsonl", "--resume"],
        in: digits.folder)
      #expect(ended.status == status)
      for word in words { #expect(ended.errors.contains(word), "\(ended.errors)") }
    }
    let existing = try digits.eval("--shard", "1/2", "--results", "r.jsonl")
    #expect(existing.status == 73 && existing.errors.contains("[results-exist]"))
    #expect(try digits.folder.bytes("r.jsonl") == known)

    for text in ["my notes", "my notes\n", #"{"format": "snnc-results"}"# + "\n"] {
      try Data(text.utf8).write(to: digits.folder.url.appending(path: "notes"))
      let ended = try digits.eval("--results", "notes", "--resume")
      #expect(ended.status == 65, "\(ended.errors)")
      #expect(try digits.folder.bytes("notes") == Data(text.utf8))
    }
  }

  @Test("a full disk ends an evaluation, and its results go on when there is room")
  func fullDisk() throws {
    let digits = try Digits(times: Self.times)
    // A limit on the size of files stands for the disk's end.
    let full = try Snnc.launch(
      "/bin/sh",
      [
        "-c",
        "trap '' XFSZ; ulimit -f 20; '\(Snnc.program.path)' eval m.snn --data test.npz "
          + "--results r.jsonl",
      ], in: digits.folder)
    #expect(full.status == 74)
    #expect(full.errors.contains("r.jsonl: error: the output cannot be written"))
    #expect(try digits.folder.bytes("r.jsonl").last != UInt8(ascii: "\n"), "a line is torn")
    try Self.goOn(with: "r.jsonl", in: digits)
  }

  @Test("two programs do not write one file")
  func lock() throws {
    let digits = try Digits(times: Self.times)
    let file = digits.folder.url.appending(path: "r.jsonl")
    let first = try digits.start("--threads", "1", "--results", "r.jsonl")
    // Stopped, it still has the file.
    try first.signal([SIGSTOP], once: file, hasLines: 2)
    let second = try digits.eval("--results", "r.jsonl", "--resume")
    #expect(second.status == 73)
    #expect(second.errors.contains("[results-in-use]"), "\(second.errors)")
    try first.signal([SIGKILL], once: file, hasLines: 0)
    #expect(try first.wait().status == -SIGKILL)
    try Self.goOn(with: "r.jsonl", in: digits)
  }

  @Test("three shards as processes, one of them killed and started again, give one run's bytes")
  func shards() throws {
    let digits = try Digits(times: Self.times)
    let runs = try (1...3).map {
      try digits.start("--threads", "1", "--shard", "\($0)/3", "--results", "\($0).jsonl")
    }
    try runs[1].signal(
      [SIGKILL], once: digits.folder.url.appending(path: "2.jsonl"), hasLines: 10)
    #expect(try runs.map { try $0.wait().status } == [0, -SIGKILL, 0])
    let merge = ["merge-results", "3.jsonl", "1.jsonl", "2.jsonl", "-o", "merged.jsonl"]
    let early = try Snnc.launch(Snnc.program.path, merge, in: digits.folder)
    #expect(early.status == 65 && early.errors.contains("[results-incomplete]"), "\(early.errors)")
    let again = try digits.eval(
      "--threads", "1", "--shard", "2/3", "--results", "2.jsonl", "--resume")
    #expect(again.status == 0, "\(again.errors)")
    let merged = try Snnc.launch(Snnc.program.path, merge, in: digits.folder)
    #expect(merged.status == 0, "\(merged.errors)")
    let whole = try digits.eval("--results", "whole.jsonl")
    #expect(merged.output == whole.output)
    #expect(try digits.folder.bytes("merged.jsonl") == digits.folder.bytes("whole.jsonl"))
  }

  @Test("broken samples of shards are told of when they are merged, with the status of one run")
  func brokenShards() throws {
    let digits = try Digits()
    var images = [Float](repeating: 0, count: 8 * 256)
    images[5 * 256] = .nan
    try digits.write("test.npz", images, [Int](repeating: 0, count: 8))
    for shard in ["1/2", "2/2"] {
      let ended = try digits.eval("--shard", shard, "--results", "\(shard.prefix(1)).jsonl")
      #expect(ended.status == (shard == "2/2" ? 65 : 0), "\(ended.errors)")
    }
    let merged = try Snnc.run("merge-results", "1.jsonl", "2.jsonl", in: digits.folder)
    let whole = try digits.eval()
    #expect((merged.status, merged.output) == (whole.status, whole.output))
    #expect(merged.status == 65)
    #expect(merged.errors.contains("[5, 0, 0, 0] is nan [input-not-finite]"), "\(merged.errors)")
  }

  @Test("the tasks of a Slurm array are shards that go on when they are submitted again")
  func slurm() throws {
    let digits = try Digits()
    let script = Snnc.root.appending(path: "examples/distributed/evaluate.sbatch").path
    let snnc = Snnc.program.deletingLastPathComponent().path
    for task in [1, 2, 3, 2] {
      let ended = try Snnc.launch(
        "/usr/bin/env",
        [
          "PATH=\(snnc):/usr/bin:/bin", "MODEL=m.snn", "DATA=test.npz", "RESULTS=results",
          "SHARDS=3", "SLURM_ARRAY_TASK_ID=\(task)", "SLURM_CPUS_PER_TASK=1", "/bin/sh", script,
        ], in: digits.folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
    let merged = try Snnc.launch(
      Snnc.program.path,
      ["merge-results"] + (1...3).map { "results/\($0).jsonl" }, in: digits.folder)
    #expect(merged.output == (try digits.eval().output), "\(merged.errors)")
    #expect(merged.output.contains(" 354 of 360 right "))
  }
}

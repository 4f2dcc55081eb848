import Diagnostics
import Evaluation
import Events
import Files
import Images

extension FuzzTarget {
  /// Pictures: whatever is read has as many samples as its size says.
  static let picture = FuzzTarget(
    name: "picture",
    run: { bytes in
      let limits = ImageLimits(bytes: 1 << 20, pixels: 1 << 16)
      for channels in [1, 3] {
        guard let image = try? Image(reading: bytes.span, channels: channels, limits: limits) else {
          continue
        }
        if image.samples.count != image.width * image.height * channels { finding("a size") }
      }
    },
    seeds: { stored("ImagesTests/Pictures", [".png", ".jpg"]) })

  /// Recordings of event cameras, and frames of them: no event is lost on the way.
  static let events = FuzzTarget(
    name: "events",
    run: { bytes in
      guard let file = try? MappedFile(path: MemoryFile.path(of: bytes)),
        let recording = try? Recording(file),
        let frames = try? recording.frames(4, of: Sensor(width: 128, height: 128))
      else { return }
      if Int(frames.reduce(0, +)) != recording.events.count { finding("events that are lost") }
    },
    seeds: { stored("EventsTests/Stored", [".aedat", "events.npz"]) })

  /// Tables of gestures.
  static let gestures = FuzzTarget(
    name: "gestures",
    run: { bytes in
      guard let file = try? MappedFile(path: MemoryFile.path(of: bytes)) else { return }
      _ = try? GestureTable(file)
    },
    seeds: { stored("EventsTests/Stored", [".csv"]) })

  /// Results of an evaluation.
  static let results = FuzzTarget(
    name: "results",
    run: { bytes in
      guard let read = try? Results.parse(bytes.span) else { return }
      if read.byteCount > bytes.count { finding("more bytes than there are") }
      _ = try? Results.merging([Results.Part(path: "a", results: read.results)])
    },
    seeds: {
      let header = ResultsHeader(
        module: "xxh64:0", outputs: 10, neurons: 100, data: "xxh64:1", samples: 2,
        classes: "as the labels say", input: "an array", shard: Shard(number: 1, count: 1))
      let best = SampleResult.best(of: (0..<10).map { Float($0) / 3 })
      let sample = SampleResult(
        index: 0, name: "0", label: 7, outcome: .scored(best: best, spikes: 9))
      let text = header.line + sample.line
      return [("plain", Array(text.utf8))]
    })

  /// Files of a folder of tests whose names end so.
  private static func stored(_ folder: String, _ endings: [String]) -> [(String, [UInt8])] {
    let tests = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Tests/"
    return Seeds.names(in: tests + folder).filter { name in endings.contains { name.hasSuffix($0) }
    }
    .map { ($0, Seeds.bytes(of: "\(tests)\(folder)/\($0)")) }
  }
}

import Foundation
import Testing

/// What `snnc help` shows is what happens.
@Suite struct HelpTests {
  @Test("every subcommand has examples that work in their order", arguments: HelpText.subcommands)
  func examples(_ help: HelpText) throws {
    try #require(!help.examples.isEmpty)
    #expect(help.examples.contains { $0.hasPrefix("snnc \(help.commandName)") })
    let folder = try Self.samples()
    for example in help.examples {
      let ended = try Self.shell(example, in: folder)
      #expect(ended.status == 0, "\(example)\n\(ended.output)\(ended.errors)")
    }
  }

  @Test("the examples of snnc help work in an empty folder with a checkpoint")
  func overview() throws {
    let folder = Folder()
    let help = try #require(HelpText.snnc)
    try copy(Snnc.fixture("spikingformer-imagenet-tiny.pth"), "spikingformer-8-768.pth", folder)
    #expect(help.examples.count == 3)
    for example in help.examples {
      let ended = try Self.shell(example, in: folder)
      #expect(ended.status == 0, "\(example)\n\(ended.errors)")
    }
  }

  @Test("help texts are not broken into lines by the terminal", arguments: HelpText.subcommands)
  func width(_ help: HelpText) {
    for line in (help.discussion ?? "").split(separator: "\n") {
      #expect(line.count <= 80, "\(help.commandName): \(line)")
    }
  }

  @Test("what the pages say of commands and their options is so", arguments: Page.all)
  func spans(_ page: Page) {
    for (line, text) in page.codeSpans + ShownCommand.all(of: page).map({ ($0.line, $0.text) }) {
      let words = text.split(separator: #/[\s=;]+/#).map(String.init)
      guard words.count > 1, words[0] == "snnc", words[1].contains(#/^[a-z-]+$/#),
        words[1] != "help", !words[1].hasPrefix("-")
      else { continue }
      let help = HelpText.subcommands.first { $0.commandName == words[1] }
      guard let help else {
        Issue.record("\(page.path):\(line): there is no snnc \(words[1])")
        continue
      }
      let end = words.firstIndex { ["|", ">", "&&"].contains($0) } ?? words.endIndex
      for word in words[..<end] where word.contains(#/^--?[a-z]/#) {
        #expect(help.flags.contains(word), "\(page.path):\(line): \(text)")
      }
    }
  }

  /// Runs a command as a reader types it.
  private static func shell(_ command: String, in folder: Folder) throws -> Ended {
    try Snnc.shell("-c", "CFLAGS=-O0; export CFLAGS; \(command)", in: folder)
  }

  private func copy(_ from: String, _ name: String, _ folder: Folder) throws {
    try FileManager.default.copyItem(atPath: from, toPath: folder.path(name))
  }

  /// A folder with the files that examples name: small ones of the kind that the names promise.
  private static func samples() throws -> Folder {
    let folder = Folder()
    let script = """
      set -e
      root=$0
      digits=$root/examples/digits fixtures=$root/Tests/Fixtures
      pictures=$root/Tests/ImagesTests/Pictures recordings=$root/Tests/EventsTests/Stored
      cp $fixtures/spikingformer-imagenet-tiny.pth best.pth
      cp $root/examples/convnet/convnet.pth mine.pth
      cp $root/examples/convnet/convnet.snnir mine.snnir
      cp $fixtures/spikformer-imagenet-tiny.npz spikformer.npz
      cp $fixtures/published/*.json .
      cp $digits/digits-spikingformer.pth model.pth
      cp model.pth spikingformer-8-768.pth
      cp $digits/images.npy $digits/labels.npy .
      cp $pictures/grey.jpg cat.jpg
      cp $recordings/gestures.aedat user01_fluorescent.aedat
      cp $recordings/gestures_labels.csv user01_fluorescent_labels.csv
      mkdir -p photos shards
      cp $pictures/rgb.jpg $pictures/colors-8.png photos
      for class in 0 1 2 3 4 5 6 7 8 9; do
        mkdir -p imagenet/val/$class
        cp $pictures/grey.jpg imagenet/val/$class/picture.jpg
        echo digit $class >> classes.txt
      done
      cat > chip.json << 'END'
      {"format": "snnc-energy-model", "version": 1, "name": "chip", "picojoules": {
        "acSpike": 1, "acInteger": 1, "addition": 1, "mac": 1, "neuronUpdate": 1,
        "spikeRouted": 1, "weightReadSRAM": 1, "weightReadDRAM": 1}}
      END
      snnc import model.pth
      snnc import spikingformer-8-768.pth
      snnc import mine.pth --arch mine.snnir -o convnet.snn
      snnc import best.pth --arch spikingformer --passes '' -o raw.snn
      snnc import $fixtures/spikformer-imagenet-tiny.pth --image-size 64 -o spikformer.snn
      snnc import $fixtures/meta-spikeformer-tiny.pth -o meta.snn
      snnc import $fixtures/spikingformer-dvs128-tiny.pth --time-steps 10 -o gestures.snn
      snnc import $fixtures/sew-resnet18-tiny.pth --image-size 64 --connect ADD -o sew-resnet18.snn
      cp $root/Tests/NIRTests/Stored/convolutions.nir lif.nir
      snnc verify model.snn --spike-driven --json > model.json
      for i in 1 2; do
        snnc eval model.snn --data imagenet/val --shard $i/2 --results shard-$i.jsonl
        cp shard-$i.jsonl shards
      done
      for i in 1 3 4; do
        snnc eval model.snn --data imagenet/val --shard $i/4 --results $i.jsonl
      done
      """
    let made = try Snnc.shell("-c", script, Snnc.root.path, in: folder)
    try #require(made.status == 0, "\(made.errors)")
    // The labelled samples in one archive, and the images in another.
    let digits = try Digits()
    try Data(digits.folder.bytes("test.npz")).write(to: folder.url.appending(path: "test.npz"))
    try Data(digits.folder.bytes("test.npz")).write(to: folder.url.appending(path: "data.npz"))
    return folder
  }
}

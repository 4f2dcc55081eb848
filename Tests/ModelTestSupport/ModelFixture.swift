package import Arrays
package import Checkpoint
package import Families
package import SpikeIR
import CheckpointTestSupport

/// A small model under `Tests/Fixtures`: its checkpoint, and what the authors' code makes of it.
///
/// The spikes are those of every layer of neurons, on every sample and at every step.
package struct ModelFixture: Sendable, CustomStringConvertible {
  /// The fixtures, with what their checkpoints do not say.
  package static let all = [
    ModelFixture("spikingformer-imagenet-tiny", "spikingformer", [:]),
    ModelFixture("spikingformer-cifar10-tiny", "spikingformer", [.heads: 4]),
    ModelFixture("spikingformer-cifar10-half-tiny", "spikingformer", [.heads: 4]),
    ModelFixture("spikingformer-dvs128-tiny", "spikingformer", [.heads: 16, .timeSteps: 4]),
    ModelFixture("spikingformer-cml-imagenet-tiny", "spikingformer-cml", [.imageSize: 64]),
    ModelFixture("spikingformer-cml-cifar10-tiny", "spikingformer-cml", [.heads: 8]),
    ModelFixture("spikformer-imagenet-tiny", "spikformer", [.imageSize: 64]),
    ModelFixture("cml-spikformer-cifar10-tiny", "cml-spikformer", [.heads: 8]),
    ModelFixture("qkformer-imagenet-tiny", "qkformer", [.heads: 8]),
    ModelFixture("qkformer-cifar10-tiny", "qkformer", [:]),
    ModelFixture("meta-spikeformer-tiny", "meta-spikeformer", [:]),
    ModelFixture("meta-spikeformer-kd-tiny", "meta-spikeformer", [.heads: 4]),
    ModelFixture(
      "spike-driven-transformer-tiny", "spike-driven-transformer", [.imageSize: 64]),
    ModelFixture("sew-resnet18-tiny", "sew-resnet", [.imageSize: 64, .connect: "ADD"]),
  ]

  /// The name of both files, without their extensions.
  package let name: String

  /// The family.
  package let family: String

  /// The flags of the import.
  package let flags: [Settings.Key: Hint]

  /// For the reports of tests.
  package var description: String { name }

  private init(_ name: String, _ family: String, _ flags: [Settings.Key: Hint]) {
    self.name = name
    self.family = family
    self.flags = flags
  }

  /// Imports the checkpoint.
  package func load() throws -> ModelImport {
    let path = Fixture.path("\(name).pth")
    return try ModelImport(
      Checkpoint(path: path), named: name,
      ModelImport.Options(family: family, flags: flags))
  }

  /// The module, as the authors' code computes it.
  package func module() throws -> Module { try load().module }

  /// The logits of the authors' code, one sample after another.
  package func logits() throws -> [Float] { try reference().member("logits").floats() }

  /// What the authors' code computes.
  package func reference() throws -> NPZArchive {
    try NPZArchive(path: Fixture.path("\(name).npz"))
  }

  /// The samples, one after another.
  package func samples(of module: Module) throws -> [[Float]] {
    let values = try reference().member("input").floats()
    let count = module.input.count(steps: module.timeSteps)
    return stride(from: 0, to: values.count, by: count).map { Array(values[$0..<$0 + count]) }
  }
}

/// The spikes of an authors' run.
package struct ReferenceSpikes {
  private let bits: [String: [UInt8]]
  private let samples: Int

  /// The names of the layers.
  package var names: Set<String> { Set(bits.keys) }

  /// Reads the spikes of `fixture`.
  package init(_ fixture: ModelFixture) throws {
    let archive = try fixture.reference()
    var bits: [String: [UInt8]] = [:]
    for name in archive.names where name.hasPrefix("spikes/") {
      let layer = String(name.dropFirst("spikes/".count))
      bits[layer] = try archive.member(name).integers().map { UInt8($0) }
    }
    self.bits = bits
    samples = try archive.member("input").shape[0]
  }

  /// One sample's spikes of a layer `[steps][count]`, of the `[steps][samples][count]` packed bits.
  package func spikes(
    of layer: String, sample: Int, steps: Int, count: Int
  ) -> [UInt8] {
    guard let packed = bits[layer], packed.count * 8 >= steps * samples * count else { return [] }
    return (0..<steps).flatMap { step in
      let start = (step * samples + sample) * count
      return (start..<start + count).map { packed[$0 / 8] >> UInt8(7 - $0 % 8) & 1 }
    }
  }
}

import Foundation

/// Class 71: NIR graphs, which are HDF5 files. `NIRTests` cuts and damages them at many bytes.
extension HostileFile {
  static let graphs: [HostileFile] = [
    graph("cut in the middle", "residual", "nir-file") { $0.removeLast($0.count / 2) },
    graph("only its first 8 bytes", "residual", "nir-file") { $0.removeLast($0.count - 8) },
    graph("zeros behind its head", "residual", "nir-file") {
      $0.replaceSubrange(512..., with: [UInt8](repeating: 0, count: $0.count - 512))
    },
    graph("of ones behind its head", "residual", "nir-file") {
      $0.replaceSubrange(96..., with: [UInt8](repeating: 0xFF, count: $0.count - 96))
    },
    graph("a soft link", "soft-link", "nir-storage"),
    graph("a link to another file", "external-link", "nir-storage"),
    graph("elements in another file", "external-storage", "nir-storage"),
    graph("a virtual dataset", "virtual", "nir-storage"),
    graph("a filter that is a plugin", "filter", "nir-storage"),
    graph("elements that were never written", "never-written", "nir-file"),
    graph("a group in itself", "loop", "nir-limit"),
    graph("2^20 groups by links of 20", "linked-groups", "nir-limit"),
    graph("one weight of 16 MiB in 8 layers", "linked-weight", "nir-limit"),
    graph("one shape of 2^21 extents in 8 nodes", "linked-shape", "nir-graph"),
    HostileFile(71, "odd metadata", .read, by: .graph) { stored("odd-metadata") },
  ]

  /// A stored graph, changed.
  private static func graph(
    _ name: String, _ file: String, _ id: String,
    _ change: @escaping @Sendable (inout [UInt8]) -> Void = { _ in }
  ) -> HostileFile {
    HostileFile(71, name, .refused(id), by: .graph) {
      var bytes = stored(file)
      change(&bytes)
      return bytes
    }
  }

  /// A file that `scripts/check-nir --record` writes.
  private static func stored(_ name: String) -> [UInt8] {
    let url = Snnc.root.appending(path: "Tests/NIRTests/Stored/\(name).nir")
    return (try? Data(contentsOf: url)).map { Array($0) } ?? []
  }
}

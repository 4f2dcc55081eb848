import Diagnostics
import IRTestSupport
import NIR
import SpikeIR
import Testing

/// Files that nobody wrote, and files that were made to deceive: each is refused with a diagnostic,
/// or gives a module that holds.
@Suite struct HostileFileTests {
  /// What a damaged file may be refused with: what its tree or its graph then says.
  private func expectRefusedOrRead(_ bytes: [UInt8], _ what: String) throws -> Bool {
    guard let id = try Stored.id(bytes) else { return false }
    #expect(
      id.hasPrefix("nir-") || id.hasPrefix("linear-") || id == "invalid-shape", "\(what): \(id)")
    return true
  }

  @Test func everyTruncationIsRefused() throws {
    let file = try Stored.bytes("odd-metadata.nir")
    for count in stride(from: 8, to: file.count, by: 211) {
      #expect(try Stored.id(Array(file[..<count])) != nil, "\(count) bytes")
    }
  }

  @Test("a changed byte ends in a diagnostic, even where libhdf5 ends", arguments: 0..<4)
  func changedBytes(_ part: Int) throws {
    let file = try Stored.bytes("odd-metadata.nir")
    var random = SeededRandom(UInt64(part))
    var refused = 0
    for offset in stride(from: part * 3, to: file.count, by: 41) where file[offset] != 0 {
      var changed = file
      changed[offset] ^= UInt8(1 << random.integer(0...7))
      if try expectRefusedOrRead(changed, "byte \(offset)") { refused += 1 }
    }
    #expect(refused > 0)
  }

  @Test(arguments: [
    ("soft-link", "nir-storage"), ("external-link", "nir-storage"), ("filter", "nir-storage"),
    ("external-storage", "nir-storage"), ("virtual", "nir-storage"), ("loop", "nir-limit"),
    ("never-written", "nir-file"), ("odd-metadata", nil),
  ])
  func whatATreeMayNotHave(_ name: String, _ id: String?) throws {
    #expect(try Stored.id(Stored.bytes("\(name).nir")) == id)
  }

  @Test func otherFilesAreNone() throws {
    #expect(Stored.isHDF5(try Stored.bytes("loop.nir")))
    #expect(!Stored.isHDF5(try Stored.bytes("perceptron.npz")))
    #expect(!Stored.isHDF5([]))
  }

  /// A small file, and the limits that it is read under.
  private func id(_ change: (inout NIRLimits) -> Void) throws -> String? {
    var limits = NIRLimits.standard
    change(&limits)
    do {
      _ = try Stored.imported(Stored.bytes("odd-metadata.nir"), limits)
      return nil
    } catch let error as Diagnostic {
      return error.id
    }
  }

  @Test("each limit holds at its edge")
  func limits() throws {
    let size = try Stored.bytes("odd-metadata.nir").count
    #expect(try id { $0.bytes = size } == nil)
    #expect(try id { $0.bytes = size - 1 } == "nir-limit")
    #expect(try id { $0.depth = 4 } == nil)
    #expect(try id { $0.depth = 3 } == "nir-limit")
    #expect(try id { $0.objects = 20 } == nil)
    #expect(try id { $0.objects = 19 } == "nir-limit")
    #expect(try id { $0.rank = 2 } == nil)
    #expect(try id { $0.rank = 1 } == "nir-limit")
    #expect(try id { $0.name = 9 } == nil)
    #expect(try id { $0.name = 8 } == "nir-limit")
    #expect(try id { $0.texts = 4 } == nil)
    #expect(try id { $0.texts = 3 } == "nir-limit")
    #expect(try id { $0.nodes = 3 } == nil)
    #expect(try id { $0.nodes = 2 } == "nir-limit")
    #expect(try id { $0.inflated = -2 * size + 1000 } == "nir-limit")
  }

  @Test("graphs in graphs end somewhere")
  func graphsInGraphs() throws {
    var tree = HDF5Tree()
    tree.add("version", "1.0.8")
    var path = "node"
    for _ in 0..<12 {
      tree.addGroup(path)
      tree.add("\(path)/type", "NIRGraph")
      tree.addGroup("\(path)/nodes")
      path += "/nodes/n"
    }
    #expect(try Stored.id(tree.file()) == "nir-limit")
  }

  @Test("trees come back as they were written")
  func trees() throws {
    var tree = HDF5Tree()
    tree.addGroup("a")
    tree.add(
      "a/floats",
      HDF5Dataset([2, 3], .float32([1, -0.0, .leastNonzeroMagnitude, .infinity, 5, 6])))
    tree.add("a/same", HDF5Dataset([300, 500], .float64([0.1])))
    tree.add("a/integers", HDF5Dataset([2], .integers([.min, .max])))
    tree.add("a/one", 7)
    tree.add("a/text", "caf\u{E9}")
    tree.add("a/texts", HDF5Dataset([2, 1], .texts(["", "x"])))
    let read = try Stored.tree(tree.file())
    #expect(read.groups["a"] == ["floats", "integers", "one", "same", "text", "texts"])
    for (path, dataset) in tree.datasets {
      #expect(read.datasets[path]?.extents == dataset.extents)
      #expect(read.datasets[path].map { "\($0.elements)" } == "\(dataset.elements)")
    }
  }
}

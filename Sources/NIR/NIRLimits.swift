import CHDF5Tree

/// The most that a NIR file may ask for, or a module that becomes one; each bounds memory or time on
/// hostile input.
public struct NIRLimits: Sendable {
  /// The limits for files from strangers.
  public static let standard = NIRLimits()

  /// Bytes of the file.
  public var bytes = 1 << 31

  /// Bytes of its tree once it is read, of each dataset, and of the weights of the module, beyond
  /// twice those of the file: arrays of one number are compressed a thousandfold.
  public var inflated = 1 << 26

  /// Groups and datasets.
  public var objects = 1 << 18

  /// Groups within groups.
  public var depth = 32

  /// Extents of a dataset.
  public var rank = 8

  /// Bytes of a name.
  public var name = 255

  /// Texts of a dataset: two an edge.
  public var texts = 1 << 17

  /// Nodes of the graph, with those of the graphs in it.
  public var nodes = 1 << 14

  /// The terms of all sums of a module that is exported; each reader of a sum has an edge from each
  /// of its terms.
  public var terms = 1 << 20

  /// Graphs within graphs.
  static let graphDepth = 8

  /// Seconds of processor time to read or write a file of no size; 16 MiB take one more.
  public var seconds = 10

  /// Creates the standard limits.
  public init() {}

  /// The bytes of the tree, of a dataset or of the weights of a file of `count` bytes.
  func room(for count: Int) -> Int { inflated + 2 * count }

  /// The limits in C of a file of `count` bytes.
  func bounds(for count: Int) -> snnc_hdf5_limits {
    snnc_hdf5_limits(
      room: room(for: count), objects: objects, depth: depth, rank: rank, name: name,
      texts: texts, dataset: room(for: count), seconds: UInt32(seconds + count >> 24))
  }
}

/// The groups and datasets of an HDF5 file, by their paths, such as `node/nodes/lif/tau`.
package struct HDF5Tree {
  /// The names in each group, in the order of the file; the root's path is empty.
  package private(set) var groups: [String: [String]] = ["": []]

  /// The datasets.
  package private(set) var datasets: [String: HDF5Dataset] = [:]

  /// The paths in the order in which they were added.
  package private(set) var paths: [String] = []

  /// Creates an empty tree.
  package init() {}

  /// Adds a group, whose own group must be there.
  package mutating func addGroup(_ path: String) {
    enter(path)
    groups[path] = []
  }

  /// Adds a dataset, whose group must be there.
  package mutating func add(_ path: String, _ dataset: HDF5Dataset) {
    enter(path)
    datasets[path] = dataset
  }

  /// Adds a text.
  package mutating func add(_ path: String, _ text: String) {
    add(path, HDF5Dataset([], .texts([text])))
  }

  /// Adds a list of integers, or one alone.
  package mutating func add(_ path: String, _ integers: [Int]) {
    add(path, HDF5Dataset([integers.count], .integers(integers.map(Int64.init))))
  }

  /// Adds an integer.
  package mutating func add(_ path: String, _ integer: Int) {
    add(path, HDF5Dataset([], .integers([Int64(integer)])))
  }

  /// Enters a path into its group.
  private mutating func enter(_ path: String) {
    let slash = path.lastIndex(of: "/")
    let parent = slash.map { String(path[..<$0]) } ?? ""
    groups[parent, default: []].append(
      String(path[(slash.map(path.index(after:)) ?? path.startIndex)...]))
    paths.append(path)
  }
}

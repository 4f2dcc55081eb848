import Archive
public import Diagnostics
public import Files

/// An `.npz` file: a zip archive of `.npy` files, as `np.savez` and `np.savez_compressed` write.
public struct NPZArchive: Sendable {
  /// The archive.
  private let archive: ZipArchive

  /// The members' names, without `.npy`, in the order of the file.
  public let names: [String]

  /// Whether `file` starts as zip archives do, and so is no `.npy`.
  package static func isArchive(_ file: MappedFile) -> Bool {
    file.withSpan { $0.bytes(in: 0..<2) == Array("PK".utf8) }
  }

  /// Opens the file at `path`.
  ///
  /// - Throws: what `MappedFile` and `ZipArchive` throw.
  public init(path: String) throws(Diagnostic) {
    try self.init(MappedFile(path: path))
  }

  /// Opens `file`.
  ///
  /// - Throws: what `ZipArchive` throws.
  public init(_ file: MappedFile) throws(Diagnostic) {
    archive = try ZipArchive(file)
    let suffix = Array(".npy".utf8)
    names = archive.entries.filter { $0.name.suffix(suffix.count) == suffix[...] }.map { entry in
      String(decoding: entry.name.dropLast(suffix.count), as: UTF8.self)
    }
  }

  /// Returns whether there is a member called `name`.
  public func contains(_ name: String) -> Bool {
    archive.entry(named: name + ".npy") != nil
  }

  /// Reads the member called `name`.
  ///
  /// - Throws: `no-such-member` (exit status 66), or what is wrong with the member.
  public func member(_ name: String) throws(Diagnostic) -> NumPyArray {
    guard let entry = archive.entry(named: name + ".npy") else {
      throw .noMember(name, names).inFile(archive.path)
    }
    do throws(Diagnostic) {
      return try archive.withBytes(of: entry) { (bytes) throws(Diagnostic) in
        try NumPyArray(npy: bytes)
      }
    } catch {
      throw error.inFile(archive.path).at(.entry(name))
    }
  }

  /// Returns the name of the only member.
  func onlyName() throws(Diagnostic) -> String {
    guard let first = names.first, names.count == 1 else {
      throw .whichMember(names).inFile(archive.path)
    }
    return first
  }

  /// Returns an archive of `members`, in their order; the same bytes for the same members.
  ///
  /// - Throws: what `NumPyArray.npy` and `ZipWriter` throw.
  public static func bytes(
    of members: [(name: String, array: NumPyArray)]
  ) throws(Diagnostic) -> [UInt8] {
    var files: [(name: String, bytes: [UInt8])] = []
    for member in members {
      files.append((member.name + ".npy", try member.array.npy()))
    }
    return try ZipWriter.bytes(of: files)
  }
}

extension Diagnostic {
  fileprivate static func noMember(_ name: String, _ names: [String]) -> Diagnostic {
    .error(
      "no-such-member", "the archive has no member '\(escaped(name))'",
      notes: ["it has: " + list(names)], status: .noInput)
  }

  fileprivate static func whichMember(_ names: [String]) -> Diagnostic {
    .error(
      "which-member", "one member of the archive must be named, as in FILE.npz:MEMBER",
      notes: ["it has: " + list(names)], status: .usage)
  }

  /// The first names, for a note.
  private static func list(_ names: [String]) -> String {
    names.prefix(20).map { escaped($0) }.joined(separator: ", ") + (names.count > 20 ? ", ..." : "")
  }
}

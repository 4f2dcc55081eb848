import Diagnostics
import Files
import Images

/// The files of pictures that a path names: one file, or those in a folder and its folders.
///
/// In a folder, a file is a picture if it begins like one or if its name ends like one, so that a
/// damaged picture is found to be so. What is neither is left out, and hidden files are.
struct PictureFiles {
  /// How deep folders may stand in each other, so that a link to a folder above ends.
  private static let depth = 16

  /// The pictures, sorted by path.
  private(set) var paths: [String] = []

  /// The files that are no pictures, sorted by path.
  private(set) var others: [String] = []

  /// Lists the pictures at `path`.
  ///
  /// - Throws: `no-pictures` where a folder has none, or `folder-depth`.
  init(at path: String) throws(Diagnostic) {
    guard Folder.exists(at: path) else {
      paths = [path]
      return
    }
    try add(folder: path, depth: 0)
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    others.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard !paths.isEmpty else { throw .noPictures(others.count).inFile(path) }
  }

  /// Adds what is in a folder: its files in the order of their names, and then its folders.
  private mutating func add(folder: String, depth: Int) throws(Diagnostic) {
    guard depth < Self.depth else { throw .tooDeep(Self.depth).inFile(folder) }
    let entries = try Folder.names(in: folder).map { Folder.base(folder) + $0 }
    for path in entries where !Folder.exists(at: path) {
      if Self.isPicture(path) { paths.append(path) } else { others.append(path) }
    }
    for path in entries where Folder.exists(at: path) { try add(folder: path, depth: depth + 1) }
  }

  /// Whether the file at `path` begins like a picture, or is named like one.
  static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".png", ".jpg", ".jpeg"].contains(where: name.hasSuffix) || format(of: path) != nil
  }

  /// The format of the picture at `path`, by its first bytes; `nil` where it is none, or cannot be
  /// read.
  private static func format(of path: String) -> ImageFormat? {
    // What cannot be read is no picture here; whoever reads it says why.
    guard let file = try? MappedFile(path: path) else { return nil }
    return file.withSpan { span in
      ImageFormat(startOf: (0..<min(ImageFormat.magicCount, span.count)).map { span[$0] })
    }
  }
}

extension Diagnostic {
  fileprivate static func noPictures(_ others: Int) -> Diagnostic {
    .error(
      "no-pictures",
      "the folder has no picture, PNG or JPEG, among its \(others) files", status: .noInput)
  }

  fileprivate static func tooDeep(_ limit: Int) -> Diagnostic {
    .error(
      "folder-depth", "folders of pictures stand in each other up to \(limit) deep",
      notes: ["is there a link to a folder above?"])
  }
}

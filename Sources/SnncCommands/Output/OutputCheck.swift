import Arrays
import Diagnostics
import Glibc

/// Refuses outputs that are one of the inputs, or one another.
///
/// - Parameters:
///   - outputs: the outputs' paths.
///   - inputs: the inputs as the user named them; `FILE.npz:MEMBER` stands for `FILE.npz`, a folder
///     for its pictures and recordings, and a recording for its table of gestures, too.
/// - Throws: `output-is-input` or `outputs-equal` (exit status 64), or `output-name` for an empty
///   name.
func checkOutputs(_ outputs: [String], inputs: [String]) throws(Diagnostic) {
  for (index, output) in outputs.enumerated() {
    guard !output.isEmpty else { throw .emptyName() }
    for input in inputs {
      let table = EventSamples.table(of: input)
      if isSameFile(output, NumPyArray.splitMember(input).file) {
        throw .outputIsInput(output, "'\(escaped(input))'")
      } else if let table, isSameFile(output, table) {
        throw .outputIsInput(output, "the table of '\(escaped(input))'")
      } else if isData(output, in: input) {
        throw .outputIsInput(output, "a file in '\(escaped(input))'")
      }
    }
    if outputs[..<index].contains(where: { isSameFile($0, output) }) {
      throw .outputsEqual(output)
    }
  }
}

/// Whether two paths lead to one file, whether or not it exists.
private func isSameFile(_ a: String, _ b: String) -> Bool {
  guard let first = identity(of: a), let second = identity(of: b) else { return a == b }
  return first == second
}

/// Whether there is a file at `path` that is read with `folder`, in it or in a folder there.
private func isData(_ path: String, in folder: String) -> Bool {
  guard Folder.exists(at: folder), let file = resolved(path), let folder = resolved(folder),
    PictureFiles.isPicture(path) || [".aedat", ".npz", ".csv"].contains(where: path.hasSuffix)
  else { return false }
  return file.hasPrefix(folder + "/")
}

/// The path of what is at `path` without links; `nil` where there is nothing.
private func resolved(_ path: String) -> String? {
  guard let result = realpath(path, nil) else { return nil }
  defer { free(result) }
  return String(cString: result)
}

/// The device and the number of a file; of its folder, with its name, where it does not exist.
private func identity(of path: String) -> [String]? {
  var status = stat()
  if stat(path, &status) == 0 { return ["\(status.st_dev)", "\(status.st_ino)"] }
  let slash = path.lastIndex(of: "/")
  let folder = slash.map { String(path[...$0]) } ?? "."
  guard stat(folder, &status) == 0 else { return nil }
  let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
  return ["\(status.st_dev)", "\(status.st_ino)", name]
}

extension Diagnostic {
  fileprivate static func emptyName() -> Diagnostic {
    .error("output-name", "an output must have a name", status: .usage)
  }

  fileprivate static func outputIsInput(_ output: String, _ input: String) -> Diagnostic {
    .error(
      "output-is-input", "an output must not be an input, and this one is \(input)",
      at: Location(file: output), notes: ["choose another name"], status: .usage)
  }

  fileprivate static func outputsEqual(_ output: String) -> Diagnostic {
    .error(
      "outputs-equal", "two outputs must not have one name", at: Location(file: output),
      notes: ["choose another name for one"], status: .usage)
  }
}

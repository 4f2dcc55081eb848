import Arrays
import Diagnostics
import Glibc

/// Refuses outputs that are one of the inputs, or one another.
///
/// - Parameters:
///   - outputs: the outputs' paths.
///   - inputs: the inputs as the user named them; `FILE.npz:MEMBER` stands for `FILE.npz`.
/// - Throws: `output-is-input` or `outputs-equal` (exit status 64), or `output-name` for an empty
///   name.
func checkOutputs(_ outputs: [String], inputs: [String]) throws(Diagnostic) {
  for (index, output) in outputs.enumerated() {
    guard !output.isEmpty else { throw .emptyName() }
    if let input = inputs.first(where: { isSameFile(output, NumPyArray.splitMember($0).file) }) {
      throw .outputIsInput(output, input)
    }
    if outputs[..<index].contains(where: { $0 == output || isSameFile($0, output) }) {
      throw .outputsEqual(output)
    }
  }
}

/// Whether two paths lead to one file that exists.
private func isSameFile(_ a: String, _ b: String) -> Bool {
  var (first, second) = (stat(), stat())
  guard stat(a, &first) == 0, stat(b, &second) == 0 else { return false }
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}

extension Diagnostic {
  fileprivate static func emptyName() -> Diagnostic {
    .error("output-name", "an output must have a name", status: .usage)
  }

  fileprivate static func outputIsInput(_ output: String, _ input: String) -> Diagnostic {
    .error(
      "output-is-input", "an output must not be an input, and this one is '\(input)'",
      at: Location(file: output), notes: ["choose another name"], status: .usage)
  }

  fileprivate static func outputsEqual(_ output: String) -> Diagnostic {
    .error(
      "outputs-equal", "two outputs must not have one name", at: Location(file: output),
      notes: ["choose another name for one"], status: .usage)
  }
}

import Arrays
import Diagnostics
import Files
import SpikeIR

/// Samples in an array, their labels in another.
extension EvaluationData {
  /// The members of an archive that hold the samples.
  private static let inputMember = "input"

  /// The members of an archive that hold the labels.
  private static let labelMembers = ["labels", "label"]

  /// Opens `FILE.npy`, `FILE.npz:MEMBER` or `FILE.npz`, with its own labels or those of a file.
  static func array(
    _ path: String, labels: String?, for module: Module, outputs: Int
  ) throws(Diagnostic) -> EvaluationData {
    let parts = NumPyArray.splitMember(path)
    let isArchive = parts.member != nil || path.hasSuffix(".npz")
    let members = isArchive ? try NPZArchive(path: parts.file).names : []
    let isWhole = parts.member == nil && members.contains(inputMember)
    let source = try ArraySamples(isWhole ? "\(path):\(inputMember)" : path, for: module)
    let own = labelMembers.first(where: members.contains).map { "\(parts.file):\($0)" }
    guard let labelsPath = labels ?? own else { throw .noLabels(members).inFile(path) }
    let labels = try Labels(labelsPath, samples: source.count, outputs: outputs).values
    return EvaluationData(
      source: source, labels: labels, names: (0..<source.count).map(String.init),
      hash: hash(source.array, labels), outputs: outputs, classes: "as the labels say",
      input: "an array, as it is")
  }

  /// A hash of the samples' numbers and of the labels.
  private static func hash(_ array: NumPyArray, _ labels: [Int]) -> String {
    let samples = array.bytes.withUnsafeBytes { XXHash64.digits(of: $0) }
    let text = Array("\(array.elementType) \(array.shape) \(samples) \(labels)".utf8)
    return "xxh64:" + text.withUnsafeBytes { XXHash64.digits(of: $0) }
  }
}

extension Diagnostic {
  fileprivate static func noLabels(_ members: [String]) -> Diagnostic {
    let names = members.prefix(10).map { escaped($0) }.joined(separator: ", ")
    return .error(
      "no-labels", "an evaluation needs the right answers, and these data have none",
      notes: ["name a file of them with --labels"]
        + (members.isEmpty ? [] : ["the archive has no member 'labels', but: \(names)"]),
      status: .usage)
  }
}

import Diagnostics
import Engine
import Evaluation
import SpikeIR

/// What `--data` and `--labels` name: samples, each with its right answer.
struct EvaluationData: Sendable {
  /// The forms of `--data`, for help texts.
  static let forms = "a folder of pictures or recordings, a recording, FILE.npz or FILE.npy"

  /// What they are, for help texts.
  static let kinds = """
    one of
    - a folder of class folders of pictures, as ImageNet's: either all are named
      like classes of the data set that the module was trained on, such as
      n01440764, and some may be missing; or they stand in the order of the
      outputs, one for each;
    - a folder of pictures with --labels, in the order of the pictures' names;
    - recordings of event cameras: with tables of gestures beside them, as DVS128
      Gesture's; in class folders, as CIFAR10-DVS's; or with --labels;
    - an .npz with the members input and labels (or label);
    - any array with --labels.
    """

  /// The samples.
  let source: any SampleSource

  /// The right answers: the number of an output each.
  let labels: [Int]

  /// What results call the samples; the same wherever the data lie.
  let names: [String]

  /// A hash that other data do not share, chance and forgers aside.
  let hash: String

  /// The number of classes, which is that of the module's outputs.
  let outputs: Int

  /// Which output stands for which class, in words.
  let classes: String

  /// What is made of a sample before the module sees it, in words.
  let input: String

  /// Opens the data at `path` for `module`.
  ///
  /// - Parameter labels: the file of `--labels`.
  /// - Throws: what is wrong with them; `no-labels`, `label-range`, `class-folders` or
  ///   `no-scores`.
  static func open(
    _ path: String, labels: String?, for module: Module
  ) throws(Diagnostic) -> EvaluationData {
    let output = module.type(of: module.output)
    guard !output.isTimed else { throw .noScores(output) }
    if let data = try recordings(path, labels: labels, for: module, outputs: output.shape.count) {
      return data
    }
    if Folder.exists(at: path) {
      return try pictures(path, labels: labels, for: module, outputs: output.shape.count)
    }
    return try array(path, labels: labels, for: module, outputs: output.shape.count)
  }

  /// `count` samples, or all where it is `nil` or more: spread evenly, since data often stand class
  /// by class.
  func spread(_ count: Int?) -> [Int] {
    let all = source.count
    guard let count, count < all else { return Array(0..<all) }
    return (0..<count).map { $0 * all / count }
  }

  /// What becomes of the sample `sample`, which is number `index` of those that are evaluated.
  func evaluate(
    _ sample: Int, as index: Int, with counter: SpikeCounter
  ) -> Evaluator.Found {
    let result = { (outcome: SampleResult.Outcome) in
      SampleResult(index: index, name: names[sample], label: labels[sample], outcome: outcome)
    }
    do throws(Diagnostic) {
      let (outputs, spikes) = counter.run(try source.sample(sample))
      guard outputs.allSatisfy(\.isFinite) else { throw .outputsNotFinite(source.name(of: sample)) }
      let best = SampleResult.best(of: outputs)
      return .init(result: result(.scored(best: best, spikes: spikes.reduce(0, +))), problem: nil)
    } catch {
      // Without the file, whose path another machine does not share.
      let place = error.location.place.map { "\($0): " } ?? ""
      return .init(
        result: result(.broken("\(place)\(error.message) [\(error.id)]")), problem: error)
    }
  }
}

extension Diagnostic {
  fileprivate static func noScores(_ output: ValueType) -> Diagnostic {
    .error("no-scores", "an evaluation needs one output a class, and this one is \(output)")
  }

  /// The error of a sample whose outputs cannot be compared.
  static func outputsNotFinite(_ name: String) -> Diagnostic {
    .error(
      "outputs-not-finite", "outputs that are compared must be finite, and some of these are not",
      at: Location(file: name))
  }
}

public import Diagnostics
import JSON
import Reports

/// What an evaluation is of: results with equal headers can be put together.
public struct ResultsHeader: Hashable, Sendable {
  /// The version of the format.
  static let version = 1

  /// The most samples that an evaluation may have.
  static let largestSampleCount = 1 << 32

  /// The hash of the module.
  public let module: String
  /// The number of the module's outputs, which are the classes.
  public let outputs: Int
  /// The module's neurons times its steps: the spikes of a sample, if all fired always.
  public let neurons: Int
  /// The hash of the data: of the samples' names and sizes, or of their numbers, and of the labels.
  public let data: String
  /// The number of samples that are evaluated, in all shards.
  public let samples: Int
  /// Which output stands for which class, in words.
  public let classes: String
  /// What is made of a sample before the module sees it, in words.
  public let input: String
  /// The part of the samples that this is.
  public let shard: Shard

  /// Creates a header.
  public init(
    module: String, outputs: Int, neurons: Int, data: String, samples: Int, classes: String,
    input: String, shard: Shard
  ) {
    self.module = module
    self.outputs = outputs
    self.neurons = neurons
    self.data = data
    self.samples = samples
    self.classes = classes
    self.input = input
    self.shard = shard
  }

  /// The header of another part of the same evaluation.
  public func of(_ shard: Shard) -> ResultsHeader {
    ResultsHeader(
      module: module, outputs: outputs, neurons: neurons, data: data, samples: samples,
      classes: classes, input: input, shard: shard)
  }

  /// Checks that this is the header `wanted`.
  ///
  /// - Parameters:
  ///   - wanted: The header that this one has to be.
  ///   - whose: Whose header that is, for the message.
  /// - Throws: `results-differ`, with the first member that is another.
  public func require(_ wanted: ResultsHeader, of whose: String) throws(Diagnostic) {
    for (mine, other) in zip(members, wanted.members) where mine.value != other.value {
      throw .differ(mine.name, mine.value.line, other.value.line, whose)
    }
  }
}

/// The first line of a results' file.
extension ResultsHeader {
  /// The members of the line.
  private var members: [JSONMember] {
    [
      JSONMember("format", .string("snnc-results")), JSONMember("version", .integer(Self.version)),
      JSONMember("module", .string(module)), JSONMember("outputs", .integer(outputs)),
      JSONMember("neurons", .integer(neurons)), JSONMember("data", .string(data)),
      JSONMember("samples", .integer(samples)), JSONMember("classes", .string(classes)),
      JSONMember("input", .string(input)), JSONMember("shard", .string(shard.description)),
    ]
  }

  /// The line, with its end.
  public var line: String { JSONValue.object(members).line + "\n" }

  /// Reads the line.
  ///
  /// - Throws: `bad-results` where it is none, or of another version.
  init(_ json: JSONValue) throws(Diagnostic) {
    guard json["format"]?.string == "snnc-results" else { throw .noHeader }
    guard json["version"]?.integer == Self.version else { throw .otherVersion(json["version"]) }
    guard let module = json["module"]?.string, let outputs = json["outputs"]?.integer, outputs > 0,
      let neurons = json["neurons"]?.integer, neurons >= 0, let data = json["data"]?.string,
      let samples = json["samples"]?.integer, (0...Self.largestSampleCount).contains(samples),
      let classes = json["classes"]?.string, let input = json["input"]?.string,
      let shard = json["shard"]?.string
    else { throw .noHeader }
    do throws(Diagnostic) {
      self.init(
        module: module, outputs: outputs, neurons: neurons, data: data, samples: samples,
        classes: classes, input: input, shard: try Shard(parsing: shard))
    } catch {
      throw .noHeader
    }
    guard JSONValue.object(members) == json else { throw .noHeader }
  }
}

extension Diagnostic {
  fileprivate static func differ(
    _ name: String, _ mine: String, _ other: String, _ whose: String
  ) -> Diagnostic {
    .error(
      "results-differ",
      "results must be of the same evaluation, and the \(name) here is \(mine), \(whose) \(other)")
  }

  fileprivate static var noHeader: Diagnostic {
    .error(
      "bad-results", "the first line of results must be the header that snnc eval writes",
      notes: ["results are written by: snnc eval MODEL --data DATA --results FILE"])
  }

  fileprivate static func otherVersion(_ version: JSONValue?) -> Diagnostic {
    .error(
      "bad-results",
      "results of version \(ResultsHeader.version) are read, and these are of version "
        + (version?.line ?? "none"))
  }
}

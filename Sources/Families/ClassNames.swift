public import Diagnostics
public import SpikeIR

/// What a network's outputs stand for, in their order.
///
/// A list has one class a line: its name, or the name of its folder in a data set, a tabulator, and
/// its name. Lines that are `#` or begin with `# ` are comments.
public struct ClassNames: Sendable {
  /// The most that a list may take, in bytes; that of ImageNet has 30,000.
  public static let maximumBytes = 1 << 20

  /// The class of an output.
  public struct Class: Hashable, Sendable {
    /// The folder of its samples in a data set, such as `n01440764`.
    public let folder: String
    /// Its name, such as `tench`.
    public let name: String
  }

  /// The classes, one for each output.
  public let classes: [Class]

  private let indices: [String: Int]

  /// The classes of the data that `module` was trained on; `nil` where that is not known, or where
  /// its inputs or outputs are others than that data's.
  public init?(of module: Module) {
    guard let dataset = module.metadata("variant").flatMap(Dataset.init(rawValue:)),
      module.outputCount == dataset.classes,
      module.input.shape.extents.first == dataset.channels
    else { return nil }
    self = dataset.classNames
  }

  /// Reads a list for the outputs of `module`.
  ///
  /// - Throws: `class-names`.
  public init(parsing text: String, for module: Module) throws(Diagnostic) {
    try self.init(parsing: text)
    guard classes.count == module.outputCount else {
      throw .classCount(classes.count, module.outputCount)
    }
  }

  /// Reads a list.
  init(parsing text: String) throws(Diagnostic) {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.isEmpty == true { lines.removeLast() }
    var classes: [Class] = []
    for (index, line) in lines.enumerated() where !line.hasPrefix("# ") && line != "#" {
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), let folder = parts.first,
        let name = parts.last
      else { throw .badLine(line, index + 1) }
      classes.append(Class(folder: String(folder), name: String(name)))
    }
    self.classes = classes
    indices = Dictionary(
      zip(classes.map(\.folder), classes.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The name of an output's class.
  public subscript(output: Int) -> String { classes[output].name }

  /// The output that stands for the class whose samples are in `folder`; `nil` where none does.
  public func output(ofFolder folder: String) -> Int? { indices[folder] }
}

extension Dataset {
  /// The classes, in the order of the authors' data loaders.
  var classNames: ClassNames {
    let bytes =
      switch self {
      case .imagenet: PackageResources.imagenet_txt
      case .cifar10, .cifar10DVS: PackageResources.cifar10_txt
      case .cifar100: PackageResources.cifar100_txt
      case .dvs128Gesture: PackageResources.dvs128_gesture_txt
      }
    do {
      return try ClassNames(parsing: String(decoding: bytes, as: UTF8.self))
    } catch {
      fatalError("the list of \(rawValue) cannot be read: \(error.message)")
    }
  }
}

extension Module {
  /// The number of outputs.
  public var outputCount: Int { type(of: output).shape.count }
}

extension Diagnostic {
  fileprivate static func classCount(_ found: Int, _ wanted: Int) -> Diagnostic {
    .error(
      "class-names", "a class is named for each output, and there are \(found) for \(wanted)",
      notes: ["one class a line, in the order of the outputs"])
  }

  fileprivate static func badLine(_ line: Substring, _ number: Int) -> Diagnostic {
    .error(
      "class-names",
      "a line is a name, or a folder, a tabulator and a name, and not "
        + "'\(escaped(line.prefix(80)))'",
      at: Location(place: .text(line: number, column: 1)))
  }
}

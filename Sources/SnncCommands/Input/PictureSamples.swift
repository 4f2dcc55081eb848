import Diagnostics
import Families
import Images
import SpikeIR

/// Pictures, prepared as the module's authors prepare them.
struct PictureSamples: SampleSource {
  /// The pictures' files.
  let paths: [String]

  /// How they are prepared, and where each value is known from.
  let settings: PictureSettings

  private let preprocessing: Preprocessing
  private let domain: Domain

  var count: Int { paths.count }

  /// Takes the pictures at `paths` for `module`; none is read yet.
  ///
  /// - Throws: `no-picture-input` or `picture-settings`.
  init(_ paths: [String], for module: Module) throws(Diagnostic) {
    self.paths = paths
    settings = try PictureSettings(for: module)
    let values = settings.values
    preprocessing = Preprocessing(
      size: settings.size, cropFraction: values.cropFraction,
      interpolation: Interpolation(values.interpolation), mean: values.mean, std: values.std)
    domain = module.input.domain
  }

  func name(of index: Int) -> String { paths[index] }

  func sample(_ index: Int) throws(Diagnostic) -> [Float] {
    let image = try Image(path: paths[index], channels: settings.channels)
    let input = preprocessing.input(of: image)
    if let value = input.first(where: { !domain.contains($0) }) {
      throw .outsideDomain(value, domain).inFile(paths[index])
    }
    return input
  }

  /// How the pictures are prepared, as lines for the user.
  var notes: [String] {
    var table = Table()
    for (name, value, source) in settings.decisions { table.add(name, "\(value)  (\(source))") }
    table.add(
      "pictures",
      "resized to \(preprocessing.resizedSize), cut to \(preprocessing.size) by \(preprocessing.size)"
    )
    return table.lines
  }
}

extension Interpolation {
  /// The kernel of a preset's word.
  fileprivate init(_ interpolation: PicturePreset.Interpolation) {
    switch interpolation {
    case .bilinear: self = .bilinear
    case .bicubic: self = .bicubic
    }
  }
}

extension Diagnostic {
  fileprivate static func outsideDomain(_ value: Float, _ domain: Domain) -> Diagnostic {
    .error(
      "picture-domain",
      "the module's input is \(domain), and a pixel of the picture becomes \(value)")
  }
}

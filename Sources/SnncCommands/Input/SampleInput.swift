import Diagnostics
import SpikeIR

/// What `--input` names.
///
/// A new kind of input is a type that conforms to `SampleSource`, and a case here.
enum SampleInput {
  /// The values of `--input`, for help texts.
  static let kinds =
    "an array, FILE.npy or FILE.npz:MEMBER; a PNG or JPEG file; a recording of an event camera, "
    + "FILE.aedat or FILE.npz; a folder of pictures or recordings"

  /// The endings of files that may be named, for completions of a shell.
  static let endings = ["npy", "npz", "png", "jpg", "jpeg", "JPEG", "aedat"]

  /// Opens the samples that `text` names, for `module`; what a file is, its first bytes tell.
  ///
  /// - Parameters:
  ///   - gestures: the table that says which gestures the recording of events has.
  ///   - isOneSample: whether an array must have no axis of samples.
  /// - Throws: what is wrong with them, or that the module does not take such samples.
  static func open(
    _ text: String, gestures: String? = nil, isOneSample: Bool = false, for module: Module
  ) throws(Diagnostic) -> any SampleSource {
    if let recordings = try EventSamples.recordings(text, for: module) {
      return try EventSamples(recordings, gestures: gestures, for: module)
    }
    guard gestures == nil else { throw .eventLabels(0).inFile(text) }
    guard Folder.exists(at: text) || PictureFiles.isPicture(text) else {
      do throws(Diagnostic) {
        return try ArraySamples(text, for: module, isOneSample: isOneSample)
      } catch {
        guard error.id == "not-an-array" else { throw error }
        var unknown = error
        unknown.notes.append("a sample is \(kinds)")
        throw unknown
      }
    }
    return try pictures(at: text, for: module)
  }

  /// Opens the picture or the folder of pictures at `path`, and says how they are prepared and which
  /// files are none.
  ///
  /// - Throws: what is wrong with them, or that the module does not take pictures.
  static func pictures(at path: String, for module: Module) throws(Diagnostic) -> PictureSamples {
    let files = try PictureFiles(at: path)
    let samples = try PictureSamples(files.paths, for: module)
    for line in samples.notes { Console.note(line) }
    for other in files.others.prefix(3) { Console.note("left out, no picture: \(escaped(other))") }
    if files.others.count > 3 { Console.note("left out, too: \(files.others.count - 3) more") }
    return samples
  }
}

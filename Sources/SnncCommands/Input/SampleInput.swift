import Diagnostics
import SpikeIR

/// What `--input` names.
///
/// A new kind of input is a type that conforms to `SampleSource`, and a case here.
enum SampleInput {
  /// The values of `--input`, for help texts.
  static let kinds = "an array, FILE.npy or FILE.npz:MEMBER"

  /// The endings of files that may be named, for completions of a shell.
  static let endings = ["npy", "npz"]

  /// Opens the samples that `text` names, for `module`.
  ///
  /// - Throws: what is wrong with them, or that the module does not take such samples.
  static func open(_ text: String, for module: Module) throws(Diagnostic) -> any SampleSource {
    try ArraySamples(text, for: module)
  }
}

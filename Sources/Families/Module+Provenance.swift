import Checkpoint
import SpikeIR

extension Module {
  /// Returns this module with metadata that says what it is and where that is known from.
  func describing(
    _ family: String, _ dataset: Dataset, _ settings: Settings, _ checkpoint: Checkpoint
  ) -> Module {
    var entries = [("family", family), ("variant", dataset.rawValue)]
    for decision in settings.decisions {
      entries.append((decision.key.rawValue, "\(decision.value) (\(decision.source))"))
    }
    // How pictures are prepared, for tools that read them.
    for name in ["mean", "std", "crop_pct", "interpolation"] {
      if let hint = checkpoint.hints[name] { entries.append((name, hint.text)) }
    }
    return withMetadata(entries)
  }
}

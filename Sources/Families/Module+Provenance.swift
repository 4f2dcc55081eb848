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

extension Hint {
  /// The value as plain text.
  fileprivate var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .text(let value): value
    case .boolean(let value): "\(value)"
    case .list(let values): "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .none: "none"
    }
  }
}

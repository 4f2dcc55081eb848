extension Module {
  /// The module paths of the convolutions and linear layers whose bias a pass has folded into the
  /// shift of a batch norm.
  ///
  /// The numbers are the same with it and without; who counts operations as the papers do counts
  /// them.
  public var foldedBiases: Set<String> {
    Set((metadata(foldedBiasesKey) ?? "").split(separator: " ").map(String.init))
  }
}

extension ModuleBuilder {
  /// Records which biases were folded, in the order of their names; nothing where none was, or where
  /// they are more than a text may hold.
  public mutating func setFoldedBiases(_ origins: Set<String>) {
    let text = origins.sorted().joined(separator: " ")
    guard !text.isEmpty, text.utf8.count <= TextLimits.string else { return }
    setMetadata(foldedBiasesKey, text)
  }
}

/// The key of the metadata that lists them, with a space between.
private let foldedBiasesKey = "folded biases"

/// What an op is, as data: the printer, the parsers, the binary form and the documentation read it.
public struct OpDefinition: Sendable {
  /// An attribute that the op takes.
  public struct AttributeDefinition: Sendable {
    /// The name, as in the text form.
    public let name: String
    /// The kind of its value.
    public let kind: AttributeValue.Kind

    /// Creates an attribute's definition.
    public init(_ name: String, _ kind: AttributeValue.Kind) {
      self.name = name
      self.kind = kind
    }
  }

  /// The name in the text and binary forms.
  public let mnemonic: String

  /// One sentence on what it computes.
  public let summary: String

  /// The names of its value operands.
  public let operands: [String]

  /// The names of its weights.
  public let weights: [String]

  /// How many of `weights`, from the end, may be left out.
  public let optionalWeights: Int

  /// Its attributes, in the order in which they are printed.
  public let attributes: [AttributeDefinition]

  /// Creates a definition.
  public init(
    mnemonic: String, summary: String, operands: [String], weights: [String] = [],
    optionalWeights: Int = 0, attributes: [AttributeDefinition] = []
  ) {
    self.mnemonic = mnemonic
    self.summary = summary
    self.operands = operands
    self.weights = weights
    self.optionalWeights = optionalWeights
    self.attributes = attributes
  }
}

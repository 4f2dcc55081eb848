/// What an op is, as data: the printer, the parsers, the binary form and the documentation read it.
public struct OpDefinition: Sendable {
  /// An attribute that the op takes.
  public struct AttributeDefinition: Sendable {
    /// The name, as in the text form.
    public let name: String
    /// The kind of its value.
    public let kind: AttributeValue.Kind
    /// What it says, in a few words.
    public let meaning: String
    /// What it is where it is not written, and then it is not written; `nil` if it must be.
    public let `default`: AttributeValue?

    /// Creates an attribute's definition.
    public init(
      _ name: String, _ kind: AttributeValue.Kind, _ meaning: String,
      default: AttributeValue? = nil
    ) {
      self.name = name
      self.kind = kind
      self.meaning = meaning
      self.default = `default`
    }
  }

  /// What a pass or a check needs to know of an op beyond its types.
  public enum Role: Sendable {
    /// It multiplies activations, by weights or by one another.
    case product
    /// It is a layer of neurons: it has a membrane and gives spikes.
    case neuron
    /// It multiplies each element by a constant, its own or its channel's.
    case scaling
    /// It mixes the time steps.
    case overTime
    /// None of these.
    case plain
  }

  /// The name in the text and binary forms.
  public let mnemonic: String

  /// What kind of op it is.
  public let role: Role

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
    mnemonic: String, role: Role = .plain, summary: String, operands: [String],
    weights: [String] = [], optionalWeights: Int = 0, attributes: [AttributeDefinition] = []
  ) {
    self.mnemonic = mnemonic
    self.role = role
    self.summary = summary
    self.operands = operands
    self.weights = weights
    self.optionalWeights = optionalWeights
    self.attributes = attributes
  }
}

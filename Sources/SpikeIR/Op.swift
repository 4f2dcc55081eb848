public import Diagnostics

/// An operation of the IR: the closed list, one case a file of `Ops/`.
public enum Op: Hashable, Sendable {
  case add(Add)
  case affine(Affine)
  case batchNorm(BatchNorm)
  case complement(Complement)
  case conv2d(Conv2D)
  case `if`(IF)
  case lif(LIF)
  case linear(Linear)
  case matmul(Matmul)
  case maxPool2d(MaxPool2D)
  case mean(Mean)
  case meanSteps(MeanSteps)
  case mul(Mul)
  case plif(PLIF)
  case `repeat`(Repeat)
  case reshape(Reshape)
  case scale(Scale)
  case sum(Sum)
  case transpose(Transpose)

  /// The payload, for what is the same for every op.
  public var operation: any Operation {
    switch self {
    case .add(let op): op
    case .affine(let op): op
    case .batchNorm(let op): op
    case .complement(let op): op
    case .conv2d(let op): op
    case .if(let op): op
    case .lif(let op): op
    case .linear(let op): op
    case .matmul(let op): op
    case .maxPool2d(let op): op
    case .mean(let op): op
    case .meanSteps(let op): op
    case .mul(let op): op
    case .plif(let op): op
    case .repeat(let op): op
    case .reshape(let op): op
    case .scale(let op): op
    case .sum(let op): op
    case .transpose(let op): op
    }
  }

  /// How each op is read, in alphabetical order.
  private static let readers: [(OpDefinition, @Sendable (AttributeList) -> Op)] = [
    (Add.definition, { .add(Add($0)) }),
    (Affine.definition, { .affine(Affine($0)) }),
    (BatchNorm.definition, { .batchNorm(BatchNorm($0)) }),
    (Complement.definition, { .complement(Complement($0)) }),
    (Conv2D.definition, { .conv2d(Conv2D($0)) }),
    (IF.definition, { .if(IF($0)) }),
    (LIF.definition, { .lif(LIF($0)) }),
    (Linear.definition, { .linear(Linear($0)) }),
    (Matmul.definition, { .matmul(Matmul($0)) }),
    (MaxPool2D.definition, { .maxPool2d(MaxPool2D($0)) }),
    (Mean.definition, { .mean(Mean($0)) }),
    (MeanSteps.definition, { .meanSteps(MeanSteps($0)) }),
    (Mul.definition, { .mul(Mul($0)) }),
    (PLIF.definition, { .plif(PLIF($0)) }),
    (Repeat.definition, { .repeat(Repeat($0)) }),
    (Reshape.definition, { .reshape(Reshape($0)) }),
    (Scale.definition, { .scale(Scale($0)) }),
    (Sum.definition, { .sum(Sum($0)) }),
    (Transpose.definition, { .transpose(Transpose($0)) }),
  ]

  /// The definitions of all ops, in alphabetical order.
  public static var definitions: [OpDefinition] { readers.map(\.0) }

  /// The attributes as they are written: those that are not at their default, in the order of the
  /// definition.
  public var writtenAttributes: [Attribute] {
    let operation = operation
    let definitions = type(of: operation).definition.attributes
    return zip(operation.attributes, definitions).filter { $0.value != $1.default }.map(\.0)
  }

  /// Whether it only says where elements stand: no arithmetic is done.
  public var onlyMoves: Bool {
    switch self {
    case .repeat, .reshape, .transpose: true
    default: false
    }
  }

  /// The definition of this op.
  public var definition: OpDefinition { type(of: operation).definition }

  /// Reads an op from its mnemonic and attributes.
  ///
  /// - Throws: `unknown-op`, or what is wrong with an attribute.
  public init(mnemonic: String, attributes: [Attribute]) throws(Diagnostic) {
    guard let (definition, read) = Op.readers.first(where: { $0.0.mnemonic == mnemonic }) else {
      throw .unknownOp(mnemonic)
    }
    self = read(try AttributeList(attributes, for: definition))
  }
}

extension Diagnostic {
  fileprivate static func unknownOp(_ mnemonic: String) -> Diagnostic {
    let known = Op.definitions.map(\.mnemonic).joined(separator: ", ")
    return .error(
      "unknown-op", "there is no op '\(escaped(mnemonic))'", notes: ["the ops are: \(known)"])
  }
}

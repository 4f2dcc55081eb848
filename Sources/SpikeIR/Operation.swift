public import Diagnostics

/// What every op's struct answers: its definition, its attributes and the type of its result.
///
/// To add an op: copy a file of `Ops/`, add a case to `Op`, and serve it where the compiler then
/// asks (Interpreter, Lowering, ONNX, NIR and others); its page is a section of `ir-spec/ops.md`.
public protocol Operation: Hashable, Sendable {
  /// The op as data.
  static var definition: OpDefinition { get }

  /// Creates the op from attributes that have been checked against `definition`.
  init(_ attributes: AttributeList)

  /// The attributes, in the order of `definition`.
  var attributes: [Attribute] { get }

  /// Infers the result's shape, time axis and domain, and checks the op's constraints.
  ///
  /// The numbers of operands and weights have been checked against `definition`.
  ///
  /// - Throws: the constraint that is broken, with the id `<mnemonic>-c<number>`.
  func result(of operands: [ValueType], weights: [Shape]) throws(Diagnostic) -> ValueType
}

extension Operation {
  /// The error of constraint `number` of this op.
  static func violation(_ number: Int, _ message: String) -> Diagnostic {
    .error("\(definition.mnemonic)-c\(number)", "'\(definition.mnemonic)': \(message)")
  }

  /// Whether a result computed from `operands` without regard to time varies over the steps.
  static func isTimed(_ operands: [ValueType]) -> Bool {
    operands.contains { $0.isTimed }
  }
}

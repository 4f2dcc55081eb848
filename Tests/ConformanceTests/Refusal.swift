import Diagnostics
import IRTestSupport
import Interpreter
import SpikeIR
import Testing

/// A case of the suite that must be refused: a module in one form or its input, and why.
struct Refusal: CustomTestStringConvertible, Sendable {
  /// The folder: `invalid/<id>/<case>` where the module can be decoded and breaks a rule,
  /// `malformed/<id>/<case>` where it cannot, `inputs/<id>/<case>` where it does not take the input.
  let path: String

  /// The module's file.
  let file: (name: String, bytes: [UInt8])

  /// The ids of which a runner says one: several where a module breaks several rules.
  let ids: [String]

  /// The input, where the module is refused only when it is computed; `nil` for any.
  let input: (shape: [Int], elements: [Float])?

  var testDescription: String { path }

  /// Makes a refusal of a text.
  init(
    _ kind: String, _ id: String, _ name: String, text: String, or others: [String] = [],
    on input: (shape: [Int], elements: [Float])? = nil
  ) {
    path = "\(kind)/\(id)/\(name)"
    file = ("module.snnir", Array(text.utf8))
    ids = [id] + others
    self.input = input
  }

  /// Makes a refusal of a text that is not UTF-8.
  init(_ kind: String, _ id: String, _ name: String, bytes: [UInt8]) {
    path = "\(kind)/\(id)/\(name)"
    file = ("module.snnir", bytes)
    ids = [id]
    input = nil
  }

  /// Makes a refusal of a file.
  init(_ kind: String, _ id: String, _ name: String, file bytes: [UInt8], or others: [String] = [])
  {
    path = "\(kind)/\(id)/\(name)"
    file = ("module.snn", bytes)
    ids = [id] + others
    input = nil
  }

  /// The module, if it can be read.
  func module() throws -> Module {
    guard file.name != "module.snn" else { return try Module(binary: file.bytes) }
    return try Module(parsing: String(decoding: file.bytes, as: UTF8.self))
  }

  /// The id of what keeps the module from being read and run; `nil` if nothing does.
  func id() throws -> String? {
    do {
      guard file.name == "module.snn" || String(validating: file.bytes, as: UTF8.self) != nil
      else { return "bad-text" }
      let module = try module()
      guard let input else { return nil }
      _ = try Interpreter(module).run(Tensor(module.input.shape, steps: 1, input.elements))
      return nil
    } catch let error as Diagnostic {
      return error.id
    }
  }
}

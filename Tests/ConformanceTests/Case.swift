import Diagnostics
import IRTestSupport
import Interpreter
import SpikeIR
import SpikeIRProto
import Testing

/// A case of the suite that must be computed: a module in both forms, an input, and the output.
struct Case: CustomTestStringConvertible, Sendable {
  /// The folder, `<op>/<case>`.
  let path: String

  /// The module.
  let module: Module

  /// The input's elements.
  let input: [Float]

  /// The mistakes that the output tells from the right thing.
  private(set) var tells: [Mistake] = []

  /// The output as a person computed it, where it is simple enough.
  let gives: [Float]?

  /// The files of the module, by name.
  let files: [String: [UInt8]]

  var testDescription: String { path }

  /// The module's input and output as the suite's arrays have them: T in front where they are timed.
  var shapes: (input: [Int], output: [Int]) {
    let types = [module.input, module.type(of: module.output)]
    let shapes = types.map { ($0.isTimed ? [module.timeSteps] : []) + $0.shape.extents }
    return (shapes[0], shapes[1])
  }

  /// The output.
  func output() throws -> [Float] {
    let steps = module.input.isTimed ? module.timeSteps : 1
    return try Interpreter(module).run(Tensor(module.input.shape, steps: steps, input)).values
  }

  /// Makes a case of a module.
  ///
  /// - Parameters:
  ///   - text: the text form as it is written; that of the project's writer where it is `nil`, if
  ///     the text can have the weights' numbers.
  ///   - binary: the binary form; that of the project's writer where it is `nil`.
  init(
    _ path: String, _ module: Module, on input: [Float], gives: [Float]? = nil,
    text: String? = nil, binary: [UInt8]? = nil
  ) throws {
    self.path = path
    self.module = module
    self.input = input
    self.gives = gives
    var files = ["module.snn": try binary ?? Case.bytes(of: module)]
    if module.weights.allSatisfy({ $0.data.floats.allSatisfy(\.isFinite) }) {
      files["module.snnir"] = Array((text ?? module.text(inlining: .max)).utf8)
    }
    self.files = files
  }

  /// Makes a case of a text as it is written.
  init(_ path: String, text: String, on input: [Float], gives: [Float]) throws {
    try self.init(path, Module(parsing: text), on: input, gives: gives, text: text)
  }

  /// Makes a case of the lines between `time_steps` and the end, where types may be left out.
  ///
  /// Weights without numbers are random, and so is an input that is `nil`: of the first seed whose
  /// numbers tell all mistakes.
  init(
    _ path: String, steps: Int = 1, _ body: String, on input: [Float]? = nil,
    gives: [Float]? = nil, tells: [Mistake] = []
  ) throws {
    try self.init(path, steps: steps, gives: gives, tells: tells) { _ in (body, input) }
  }

  /// Makes a case of the lines and the input that `make` gives for random numbers.
  init(
    _ path: String, steps: Int = 1, gives: [Float]? = nil, tells: [Mistake],
    _ make: (inout SeededRandom) -> (body: String, input: [Float]?)
  ) throws {
    var latest: Case?
    for seed in 0..<2000 as Range<UInt64> {
      var random = SeededRandom(seed)
      let (body, input) = make(&random)
      let module = try Module(
        parsing: "snnir 1 module @\"\(path)\" { time_steps = \(steps)\n\(body)\n}", file: path
      ) { name, shape in
        let numbers = random.numbers(shape.count, of: .real)
        return Weight(name, shape, name == "variance" ? numbers.map(\.magnitude) : numbers)
      }
      let count = module.input.count(steps: steps)
      var made = try Case(
        path, module, on: input ?? random.numbers(count, of: module.input.domain), gives: gives)
      made.tells = tells
      latest = made
      if try made.missed.isEmpty { break }
    }
    guard let latest else { preconditionFailure("there are seeds") }
    // What no seed tells, a test reports.
    self = latest
  }

  /// The mistakes that the case should tell, and does not.
  var missed: [Mistake] {
    get throws {
      let right = try output().bits
      return tells.filter { Reckoner(module: module, mistake: $0).output(input).bits == right }
    }
  }

  /// The binary form of a module.
  static func bytes(of module: Module) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try ModuleFile.write(module) { bytes += $0 }
    return bytes
  }
}

extension SeededRandom {
  /// Elements of `domain`; those of `real` have many sizes, so that sums round.
  mutating func numbers(_ count: Int, of domain: Domain) -> [Float] {
    guard domain == .real else { return values(count, of: domain) }
    return (0..<count).map { _ in
      let exponent = UInt32(integer(122...128))
      return Float(bitPattern: UInt32(truncatingIfNeeded: next()) & 0x807F_FFFF | exponent << 23)
    }
  }
}

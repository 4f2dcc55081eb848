import Interpreter
import SpikeIR

/// Runs the module of some lines of text on one sample, and returns its output.
func evaluate(_ lines: String, on input: [Float]) throws -> [Float] {
  let module = try Module(parsing: "snnir 1\nmodule @\"case\" {\n\(lines)\n}")
  return try Interpreter(module).run(sample(input, of: module)).values
}

/// A sample of the input of `module`.
func sample(_ values: [Float], of module: Module) -> Tensor {
  Tensor(module.input.shape, steps: module.input.isTimed ? module.timeSteps : 1, values)
}

/// 2^24, to which binary32 cannot add 1; what is added in which order shows in the result.
let big: Float = 16_777_216

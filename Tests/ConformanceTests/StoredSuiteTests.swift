import Engine
import Foundation
import IRTestSupport
import Interpreter
import Lowering
import SpikeIR
import Testing

/// The stored suite, read and run: every module of a published version stays readable, and means
/// what it meant.
@Suite struct StoredSuiteTests {
  /// The modules of a case as they are stored, by the names of their files.
  private func modules(of case: Case) throws -> [String: Module] {
    var modules: [String: Module] = [:]
    for name in `case`.files.keys {
      let bytes = try Suite.stored("\(`case`.path)/\(name)")
      modules[name] =
        name == "module.snn"
        ? try Module(binary: bytes) : try Module(parsing: String(decoding: bytes, as: UTF8.self))
    }
    return modules
  }

  @Test(arguments: try Suite.cases)
  func theInterpreterComputesWhatIsExpected(_ case: Case) throws {
    let input = try Suite.elements("\(`case`.path)/input.npy")
    let expected = try Suite.elements("\(`case`.path)/expected.npy")
    for (name, module) in try modules(of: `case`) {
      let steps = module.input.isTimed ? module.timeSteps : 1
      let output = try Interpreter(module).run(Tensor(module.input.shape, steps: steps, input))
      #expect(output.values.bits == expected.bits, "\(name)")
    }
  }

  @Test(arguments: try Suite.cases)
  func theEngineComputesWhatIsExpected(_ case: Case) throws {
    let input = try Suite.elements("\(`case`.path)/input.npy")
    let expected = try Suite.elements("\(`case`.path)/expected.npy")
    for (name, module) in try modules(of: `case`) {
      for (schedule, threads) in [(.layer, 1), (.layer, 3), (.step, 1)] as [(Schedule, Int)] {
        let engine = try Engine(Lowering.lower(module, schedule: schedule), threads: threads)
        #expect(engine.run(input).bits == expected.bits, "\(name) \(schedule) \(threads)")
      }
    }
  }

  @Test(arguments: try Suite.cases)
  func formsSayTheSameAndAreWrittenAgain(_ case: Case) throws {
    let modules = try modules(of: `case`)
    let texts = modules.mapValues { $0.text(inlining: .max) }
    #expect(Set(texts.values).count == 1)
    let kind = `case`.path.split(separator: "/")[0]
    for (name, module) in modules {
      let stored = try Suite.stored("\(`case`.path)/\(name)")
      if name == "module.snn", kind != "binary" {
        #expect(try Case.bytes(of: module) == stored)
      } else if name == "module.snnir", kind != "text" {
        #expect(Array(module.text(inlining: .max).utf8) == stored)
      }
    }
  }

  @Test(arguments: Suite.refusals)
  func refusalsHaveTheExpectedId(_ refusal: Refusal) throws {
    let id = try #require(try refusal.id(), "it was read")
    #expect(refusal.ids.contains(id))
  }
}

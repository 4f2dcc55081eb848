import IRTestSupport
import Interpreter
import SpikeIR
import Testing

/// What the types promise of the values holds when modules run.
@Suite struct DomainSoundnessTests {
  @Test func everyValueIsInItsDomain() throws {
    var mnemonics: Set<String> = []
    var exactValues = 0
    for seed in 0..<500 as Range<UInt64> {
      let module = try ModuleGenerator.module(seed: seed)
      var random = SeededRandom(seed)
      let input = sample(random.sample(of: module), of: module)
      for (value, node) in module.definitions {
        let result = try Interpreter(module.returning(value)).run(input)
        #expect(result.values.allSatisfy(node.type.domain.contains), "seed \(seed), \(value)")
        if node.type.domain == .spike {
          // A -0 would lose its sign where spikes are packed in bits.
          #expect(result.values.allSatisfy { $0.sign == .plus }, "seed \(seed), \(value)")
        }
        #expect(result.shape == node.type.shape)
        #expect(result.steps == (node.type.isTimed ? module.timeSteps : 1))
        mnemonics.insert(node.op.definition.mnemonic)
        if node.op.definition.role != .neuron && node.type.domain != .real { exactValues += 1 }
      }
    }
    #expect(mnemonics == Set(Op.definitions.map(\.mnemonic)))
    #expect(exactValues > 300)
  }
}

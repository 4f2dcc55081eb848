import ModelTestSupport
import Passes
import SpikeIR

extension NetworkTests {
  /// Models of all families, as an import leaves them.
  static func fixtures() throws -> [Module] {
    try ModelFixture.all.map { try Pipeline.standard.run(on: $0.module()) }
  }
}

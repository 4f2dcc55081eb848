import Foundation
import Testing

/// `snnc inspect` of modules.
@Suite struct InspectTests {
  @Test("a module in the text form shows what the same module in the binary form does")
  func bothForms() throws {
    let folder = Folder()
    try Data(TextModuleTests.text.utf8).write(to: folder.url.appending(path: "net.snnir"))
    let written = try Snnc.run("opt", "net.snnir", "--passes", "", "-o", "net.snn", in: folder)
    try #require(written.status == 0, "\(written.errors)")
    let text = try Snnc.run("inspect", "net.snnir", in: folder)
    let binary = try Snnc.run("inspect", "net.snn", in: folder)
    #expect(text.status == 0, "\(text.errors)")
    #expect(text.output == binary.output && text.output.contains("time steps"))
  }
}

import ArgumentParser
import Diagnostics
import Families
import SpikeIR

/// The names of a module's outputs, of commands that print them.
struct ClassNameOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The names of the outputs' classes, one a line; without it those of the module's data set.",
      valueName: "file"),
    completion: .file())
  var classNames: String?

  /// The names of `module`'s outputs; `nil` where they are not known.
  ///
  /// - Throws: what is wrong with the file, or `class-names`.
  func names(for module: Module) throws(Diagnostic) -> ClassNames? {
    guard let classNames else { return ClassNames(of: module) }
    do throws(Diagnostic) {
      guard let text = try TextFile.text(classNames) else { throw .notUTF8() }
      guard text.utf8.count <= ClassNames.maximumBytes else { throw .tooLong(text.utf8.count) }
      return try ClassNames(parsing: text, for: module)
    } catch {
      throw error.inFile(classNames)
    }
  }
}

extension Diagnostic {
  fileprivate static func tooLong(_ count: Int) -> Diagnostic {
    .error(
      "class-names-text",
      "names of classes take at most \(ClassNames.maximumBytes) bytes in all, and these \(count)",
      notes: ["the file has a name a line, one for each output"])
  }

  fileprivate static func notUTF8() -> Diagnostic {
    .error("class-names-text", "names of classes are UTF-8, and this file is not")
  }
}

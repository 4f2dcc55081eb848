import Foundation

/// The targets of `Package.swift` and the modules that their files import.
enum PackageGraph {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The dependencies of each target under `Sources/`, as `Package.swift` lists them.
  static func declared() throws -> [String: Set<String>] {
    let text = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
    var result: [String: Set<String>] = [:]
    for part in text.split(separator: #/\.(?=(?:target|executableTarget|systemLibrary)\()/#)
      .dropFirst()
    {
      guard let name = part.firstMatch(of: #/name: "(\w+)"/#)?.1 else { continue }
      let list = part.firstMatch(of: #/(?s)dependencies: \[(.*?)\]/#)?.1 ?? ""
      let items = list.replacing(#/, package: "[^"]*"/#, with: "")
      result[String(name)] = Set(items.matches(of: #/"(\w+)"/#).map { String($0.1) })
    }
    return result.filter {
      FileManager.default.fileExists(atPath: root.appending(path: "Sources/\($0.key)").path)
    }
  }

  /// The files under `Sources/`, or another folder, whose names end so, with the folders in it that
  /// they are in, which are the targets, and their texts.
  static func sources(
    _ suffix: String, in folder: String = "Sources"
  ) throws -> [(target: String, path: String, text: String)] {
    let folder = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(suffix) }
      .map { path in
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        return (String(path.prefix { $0 != "/" }), path, text)
      }
  }

  /// The modules that each target's Swift files import.
  static func imported() throws -> [String: Set<String>] {
    var result: [String: Set<String>] = [:]
    for (target, _, text) in try sources(".swift") {
      let names = text.matches(of: #/(?m)^(?:@\w+ )?(?:public |package )?import (?:\w+ )?(\w+)/#)
        .map { String($0.1) }
      result[target, default: []].formUnion(names)
    }
    return result
  }
}

public import Diagnostics

extension Module {
  /// Checks this module as if it were built anew: every rule of `ModuleBuilder`, and that each
  /// recorded type is the inferred one.
  ///
  /// It runs after each pass and after each reading; a violation after a pass is a bug of ours.
  ///
  /// - Throws: the rule that is broken, at the node's place.
  public func verifyStructure() throws(Diagnostic) {
    var keys: Set<String> = []
    for (key, _) in metadata where !keys.insert(key).inserted { throw .duplicateMetadata(key) }
    var builder = try ModuleBuilder(name: name, timeSteps: timeSteps, input: input)
    for weight in weights { _ = try builder.add(weight) }
    for (value, node) in definitions {
      let result = try builder.append(
        node.op, node.operands, weights: node.weights, from: node.origins)
      do throws(Diagnostic) {
        try builder.check(node.type, of: result)
      } catch {
        throw error.at(place(of: value))
      }
    }
    _ = try builder.finish(output: output)
  }
}

extension ModuleBuilder {
  /// Checks that the type recorded for a value is the inferred one.
  ///
  /// - Throws: `wrong-type`.
  package func check(_ recorded: ValueType, of value: ValueID) throws(Diagnostic) {
    guard recorded == type(of: value) else { throw .wrongType(recorded, type(of: value)) }
  }
}

extension Diagnostic {
  /// The error of metadata in which a key comes twice.
  package static func duplicateMetadata(_ key: String) -> Diagnostic {
    .error("duplicate-metadata", "two entries of the metadata have the key \(quoted(key))")
  }

  fileprivate static func wrongType(_ recorded: ValueType, _ inferred: ValueType) -> Diagnostic {
    .error("wrong-type", "the type is given as '\(recorded)' and inferred as '\(inferred)'")
  }
}

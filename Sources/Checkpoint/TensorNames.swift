import Diagnostics

/// The names of a state dict's tensors, in the order of the file.
struct TensorNames {
  /// The names.
  private(set) var all: [TensorName] = []

  /// Adds the name that `bytes` spell.
  mutating func append(_ bytes: [UInt8], limits: Limits) throws(Diagnostic) {
    guard bytes.count <= limits.nameBytes else {
      throw .badName(Array(bytes.prefix(64)), "at most \(limits.nameBytes) bytes long")
    }
    guard !bytes.isEmpty, !bytes.contains(0), validText(bytes) != nil else {
      throw .badName(bytes, "UTF-8, and neither empty nor with a NUL")
    }
    all.append(TensorName(checked: bytes))
  }

  /// Takes off what wrappers of the network put before every name.
  ///
  /// - Returns: what was done, for the user.
  mutating func unwrap() -> [String] {
    [
      strip("module.", by: "DistributedDataParallel"), strip("_orig_mod.", by: "torch.compile"),
      strip("module.", by: "DistributedDataParallel"),
    ].compactMap { $0 }
  }

  /// Takes `prefix` off the names if all start with it, and more than it; says so if it did.
  private mutating func strip(_ prefix: String, by origin: String) -> String? {
    let bytes = Array(prefix.utf8)
    guard !all.isEmpty, all.allSatisfy({ $0.bytes.starts(with: bytes) && $0.bytes != bytes })
    else { return nil }
    all = all.map { TensorName(checked: Array($0.bytes.dropFirst(bytes.count))) }
    return "took the leading '\(prefix)' of \(origin) off every name"
  }
}

extension Diagnostic {
  fileprivate static func badName(_ bytes: [UInt8], _ rule: String) -> Diagnostic {
    .error("tensor-name", "a tensor's name must be \(rule): '\(escaped(utf8: bytes))'")
  }
}

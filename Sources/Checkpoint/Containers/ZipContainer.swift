import Archive
import Diagnostics
import Files

/// The archives that PyTorch writes since 1.6.
///
///     name/data.pkl     the pickle
///     name/data/KEY     a storage
///     name/version      a number; before 2.0 also at name/.data/version
///     name/byteorder    "little" or "big"; little where it is missing
///
/// A TorchScript program has its code beside these, which is not read.
///
/// `name` is the file's name at the time of saving: it is read off the entries, not off the path.
extension Container {
  /// Takes apart the archive that `file` is.
  static func zip(_ file: MappedFile, limits: Limits) throws(Diagnostic) -> Container {
    let archive = try ZipArchive(file, limits: .checkpoint)
    let prefix = try prefix(of: archive)
    guard let entry = archive.entry(named: prefix + "data.pkl".utf8) else { throw .noPickle }
    guard entry.size <= limits.pickleBytes else {
      throw .pickleTooLarge(entry.size, limits.pickleBytes)
    }
    try checkVersion(of: archive, prefix)
    let isBigEndian = try isBigEndian(archive, prefix)
    let pickle = try archive.withBytes(of: entry) { (bytes) throws(Diagnostic) in
      let pickle = try PickleMachine.read(
        bytes, entry: String(decoding: entry.name, as: UTF8.self), limits: limits)
      guard pickle.end == bytes.count else { throw .bytesAfterStop(bytes.count - pickle.end) }
      return pickle
    }
    let storagePrefix = prefix + "data/".utf8
    var storages: [[UInt8]: StorageBytes] = [:]
    for entry in archive.entries where entry.name.starts(with: storagePrefix) {
      storages[Array(entry.name.dropFirst(storagePrefix.count))] = .entry(entry, archive)
    }
    return Container(
      format: "zip archive, pickle protocol \(pickle.version)", graph: pickle.graph,
      root: pickle.root, storages: storages, isBigEndian: isBigEndian,
      warnings: archive.hasChecksums ? [] : [.noChecksums.inFile(file.path)])
  }

  /// Returns the directory, with its slash, that all entries are in.
  private static func prefix(of archive: ZipArchive) throws(Diagnostic) -> [UInt8] {
    guard let first = archive.entries.first,
      let slash = first.name.firstIndex(of: UInt8(ascii: "/"))
    else { throw .noPrefix }
    let prefix = Array(first.name[...slash])
    for entry in archive.entries where !entry.name.starts(with: prefix) {
      throw Diagnostic.otherPrefix(entry)
    }
    return prefix
  }

  /// Checks that the format's version is one that PyTorch reads.
  private static func checkVersion(
    of archive: ZipArchive, _ prefix: [UInt8]
  ) throws(Diagnostic) {
    let names = [prefix + ".data/version".utf8, prefix + "version".utf8]
    guard let entry = names.lazy.compactMap({ archive.entry(named: $0) }).first else {
      throw .noVersion
    }
    let text = try shortText(entry, of: archive)
    let digits = text.hasSuffix("\n") ? String(text.dropLast()) : text
    guard let version = Int(digits), (1...10).contains(version) else {
      throw .unknownVersion(text, entry)
    }
  }

  /// Returns whether the archive was written on a big-endian machine.
  private static func isBigEndian(
    _ archive: ZipArchive, _ prefix: [UInt8]
  ) throws(Diagnostic) -> Bool {
    guard let entry = archive.entry(named: prefix + "byteorder".utf8) else { return false }
    switch try shortText(entry, of: archive) {
    case "little": return false
    case "big": return true
    case let text: throw .unknownByteOrder(text, entry)
    }
  }

  /// Returns the text of an entry that holds a word.
  private static func shortText(
    _ entry: ZipArchive.Entry, of archive: ZipArchive
  ) throws(Diagnostic) -> String {
    let longest = 16
    guard entry.size <= longest else { throw .notShort(entry, longest) }
    return String(decoding: try archive.read(entry), as: UTF8.self)
  }
}

extension Diagnostic {
  fileprivate static var noPickle: Diagnostic {
    .error(
      "not-a-checkpoint", "a checkpoint of PyTorch has an entry 'data.pkl', and this archive none")
  }

  fileprivate static var noPrefix: Diagnostic {
    .error(
      "not-a-checkpoint",
      "a checkpoint of PyTorch has its entries in a directory, and this archive has not")
  }

  fileprivate static func otherPrefix(_ entry: ZipArchive.Entry) -> Diagnostic {
    .error(
      "not-a-checkpoint", "all entries must be in one directory, and this one is elsewhere",
      at: entry.location)
  }

  fileprivate static func pickleTooLarge(_ size: Int, _ limit: Int) -> Diagnostic {
    .error("pickle-limit", "a pickle has at most \(limit) bytes, and this one has \(size)")
  }

  fileprivate static func bytesAfterStop(_ count: Int) -> Diagnostic {
    .error("pickle-trailing-bytes", "a pickle must end with STOP, and \(count) bytes follow it")
  }

  fileprivate static var noVersion: Diagnostic {
    .error("checkpoint-version", "a checkpoint states its version, and this one does not")
  }

  fileprivate static func unknownVersion(_ text: String, _ entry: ZipArchive.Entry) -> Diagnostic {
    .error(
      "checkpoint-version", "the versions 1 to 10 are read, and this one is '\(escaped(text))'",
      at: entry.location)
  }

  fileprivate static func unknownByteOrder(
    _ text: String, _ entry: ZipArchive.Entry
  ) -> Diagnostic {
    .error(
      "byte-order", "the byte order is 'little' or 'big', and this one is '\(escaped(text))'",
      at: entry.location)
  }

  fileprivate static func notShort(_ entry: ZipArchive.Entry, _ limit: Int) -> Diagnostic {
    .error(
      "checkpoint-entry", "the entry has at most \(limit) bytes, and this one has \(entry.size)",
      at: entry.location)
  }

  fileprivate static var noChecksums: Diagnostic {
    .warning(
      "no-checksums", "the file was saved without checksums: damage would go unnoticed",
      notes: ["torch.serialization.set_crc32_options(True) brings them back"])
  }
}

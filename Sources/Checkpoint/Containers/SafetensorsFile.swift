import Diagnostics
import Files
import JSON

/// The files of the library safetensors.
///
///     8 bytes    N, the length of the header, little-endian
///     N bytes    the header: a JSON object that starts with "{", perhaps with blanks behind it
///     the rest   the data: the tensors' elements, little-endian and in C order
///
///     {"__metadata__": {"num_heads": "8"},
///      "w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}
///
/// Every byte of the data belongs to one tensor, so that the file can hold nothing else. The rules
/// are those of https://github.com/huggingface/safetensors#format.
struct SafetensorsFile {
  /// What the metadata says, in the order of the file.
  let hints: [NamedHint]
  /// The tensors, in the order of the header.
  let tensors: [Tensor]
  /// What was changed, for the user.
  let notes: [String]

  /// The name in the header that is no tensor's.
  private static let metadataName = "__metadata__"

  /// Takes apart the file.
  init(_ file: MappedFile, limits: Limits) throws(Diagnostic) {
    let (header, dataStart) = try file.withSpan { (span) throws(Diagnostic) in
      try Self.header(of: span, limits)
    }
    guard let members = header.object else { throw .headerKind(header) }
    let dataCount = file.count - dataStart
    hints = try NamedHint.list(header[Self.metadataName], limits: limits)
    var names = TensorNames()
    var entries: [SafetensorsEntry] = []
    let described = members.filter { $0.name != Self.metadataName }
    try limits.check(entries: described.count)
    for member in described {
      try names.append(Array(member.name.utf8), limits: limits)
      entries.append(try SafetensorsEntry(member, dataCount: dataCount, limits: limits))
    }
    guard !entries.isEmpty else { throw .noTensors }
    try Self.checkCoverage(entries, dataCount: dataCount)
    notes = names.unwrap()
    tensors = zip(names.all, entries).map { name, entry in
      let range = entry.range.lowerBound + dataStart..<entry.range.upperBound + dataStart
      return Tensor(
        name: name, elementType: entry.elementType, shape: entry.shape, strides: entry.strides,
        offset: 0, storage: .range(range, file), isBigEndian: false, file: file.path)
    }
  }

  /// Reads the header of the file `span`; the data starts behind it.
  private static func header(
    of span: Span<UInt8>, _ limits: Limits
  ) throws(Diagnostic) -> (header: JSONValue, dataStart: Int) {
    let lengthBytes = 8
    guard let length = span.littleEndian(UInt64.self, at: 0) else { throw .noLength(span.count) }
    guard length <= limits.headerBytes else { throw .headerTooLong(length, limits.headerBytes) }
    let rest = span.count - lengthBytes
    guard length <= rest else { throw .headerCutShort(length, rest) }
    let dataStart = lengthBytes + Int(length)
    let limits = JSONLimits(bytes: Int(length), depth: 16, values: limits.headerValues)
    do throws(Diagnostic) {
      let text = span.extracting(lengthBytes..<dataStart)
      return (try JSONValue(parsing: text, limits: limits), dataStart)
    } catch {
      var error = error
      error.notes.append("lines and columns are those of the header, which starts at byte 8")
      throw error
    }
  }

  /// Checks that each byte of the data belongs to one tensor.
  private static func checkCoverage(
    _ entries: [SafetensorsEntry], dataCount: Int
  ) throws(Diagnostic) {
    var position = 0
    for entry in entries.sorted(by: { $0.isBefore($1) }) {
      guard entry.range.lowerBound == position else {
        throw Diagnostic.notNext(entry.range, position).at(.tensor(entry.name))
      }
      position = entry.range.upperBound
    }
    guard position == dataCount else { throw .uncovered(position, dataCount) }
  }
}

extension Diagnostic {
  fileprivate static func noLength(_ count: Int) -> Diagnostic {
    .error("safetensors-header", "a safetensors file has at least 8 bytes, and this one \(count)")
  }

  fileprivate static func headerTooLong(_ length: UInt64, _ limit: Int) -> Diagnostic {
    .error(
      "safetensors-header", "the header has at most \(limit) bytes, and this one has \(length)")
  }

  fileprivate static func headerCutShort(_ length: UInt64, _ rest: Int) -> Diagnostic {
    .error(
      "safetensors-header", "the header has \(length) bytes, and \(rest) follow its length",
      notes: ["the file is incomplete: download or copy it again"])
  }

  fileprivate static func headerKind(_ header: JSONValue) -> Diagnostic {
    .error("safetensors-header", "the header must be an object, and this one is \(header.kind)")
  }

  fileprivate static var noTensors: Diagnostic {
    .error("no-state-dict", "a checkpoint must map names to tensors, and this one has no tensor")
  }

  fileprivate static func notNext(_ range: Range<Int>, _ position: Int) -> Diagnostic {
    .error(
      "safetensors-coverage",
      "tensors must follow one another without gap and overlap: this one must start at byte "
        + "\(position) of the data, and starts at \(range.lowerBound)")
  }

  fileprivate static func uncovered(_ end: Int, _ count: Int) -> Diagnostic {
    .error(
      "safetensors-coverage",
      "the tensors must take all \(count) bytes of the data, and they end at \(end)")
  }
}

import Cjansson
public import Diagnostics

/// Reading JSON texts, through jansson.
extension JSONValue {
  /// Reads a whole text (RFC 8259, UTF-8).
  ///
  /// Strict: no member may come twice, no number may leave its type, nothing may follow the value,
  /// and no string may hold a NUL.
  ///
  /// - Throws: `json-limit`, `json-duplicate` or `json-syntax`, at its line and column.
  public init(
    parsing text: Span<UInt8>, limits: JSONLimits = .standard
  ) throws(Diagnostic) {
    try JSONExtent.check(text, limits)
    var error = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY
    let root = unsafe text.withUnsafeBytes { bytes in
      unsafe json_loadb(bytes.baseAddress, bytes.count, Int(flags), &error)
    }
    guard let root = unsafe root else { throw .json(error, isEmpty: text.isEmpty) }
    defer { unsafe json_decref(root) }
    self = unsafe Self.value(of: root)
  }

  /// The Swift form of a value of jansson's.
  ///
  /// It calls itself for the values within, whose depth has been checked.
  @unsafe
  private static func value(of json: UnsafeMutablePointer<json_t>) -> JSONValue {
    switch unsafe json.pointee.type {
    case JSON_TRUE: return .boolean(true)
    case JSON_FALSE: return .boolean(false)
    case JSON_INTEGER: return .integer(Int(unsafe json_integer_value(json)))
    case JSON_REAL: return .real(unsafe json_real_value(json))
    case JSON_STRING:
      return .string(unsafe text(json_string_value(json), json_string_length(json)))
    case JSON_ARRAY:
      return .array(
        (0..<(unsafe json_array_size(json))).compactMap { index in
          unsafe json_array_get(json, index).map { unsafe value(of: $0) }
        })
    case JSON_OBJECT: return .object(unsafe members(of: json))
    default: return .null
    }
  }

  /// The members of an object, in the order of the text.
  @unsafe
  private static func members(of json: UnsafeMutablePointer<json_t>) -> [JSONMember] {
    var members: [JSONMember] = []
    var iterator = unsafe json_object_iter(json)
    while let current = unsafe iterator {
      let name = unsafe text(json_object_iter_key(current), json_object_iter_key_len(current))
      if let element = unsafe json_object_iter_value(current) {
        members.append(JSONMember(name, unsafe value(of: element)))
      }
      unsafe iterator = json_object_iter_next(json, current)
    }
    return members
  }

  /// The text of `count` bytes, which jansson has found to be UTF-8.
  @unsafe
  private static func text(_ base: UnsafePointer<CChar>?, _ count: Int) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(start: base, count: count), as: UTF8.self)
  }
}

extension Diagnostic {
  /// The error that jansson reports.
  fileprivate static func json(_ error: json_error_t, isEmpty: Bool) -> Diagnostic {
    var error = error
    let place = Location.Place.text(
      line: max(Int(error.line), 1), column: max(Int(error.column), 1))
    guard unsafe json_error_code(&error) != json_error_duplicate_key else {
      return Diagnostic.error(
        "json-duplicate", "no two members of a JSON object may have one name"
      ).at(place)
    }
    let reason = unsafe withUnsafeBytes(of: error.text) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let found = isEmpty ? "it is empty" : reason
    return Diagnostic.error("json-syntax", "a JSON text is needed: \(found)").at(place)
  }
}

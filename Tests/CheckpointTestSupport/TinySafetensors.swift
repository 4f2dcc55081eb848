/// A small safetensors file of which every part can be changed.
public struct TinySafetensors: Sendable {
  /// The header's text.
  public var header: String
  /// The bytes behind the header.
  public var data: [UInt8]
  /// The length of the header, as the file gives it; the true one without it.
  public var length: UInt64?

  /// A file of `header` and `data`.
  public init(_ header: String, _ data: [UInt8]) {
    self.header = header
    self.data = data
  }

  /// A file with one tensor `w` of shape [2, 3] that holds 0 to 5.
  public static var plain: TinySafetensors {
    TinySafetensors(
      #"{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#,
      TinyCheckpoint.bytes(of: (0..<6).map { Float($0) }))
  }

  /// The file.
  public var bytes: [UInt8] {
    let text = Array(header.utf8)
    return le(length ?? UInt64(text.count)) + text + data
  }
}

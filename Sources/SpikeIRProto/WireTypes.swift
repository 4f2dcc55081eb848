import CSpikeProto
import Cprotobufc

/// Checks what protobuf-c's decoder leaves out: that a boolean is a varint.
///
/// Of every other type of field that is read, it refuses a wire type that is not the field's own.
enum WireTypes {
  /// Whether all booleans of a message that protobuf-c has decoded from `bytes` are varints.
  ///
  /// It calls itself for the messages within, as deep as the schema goes, in which none holds itself.
  @unsafe
  static func fit(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> Bool {
    var rest = unsafe bytes[...]
    while unsafe !rest.isEmpty {
      guard let tag = unsafe varint(&rest), let wireType = WireType(rawValue: tag & 7) else {
        return false
      }
      guard let content = unsafe content(wireType, &rest) else { return false }
      let known = unsafe protobuf_c_message_descriptor_get_field(
        descriptor, UInt32(truncatingIfNeeded: tag >> 3))
      guard let field = unsafe known?.pointee else { continue }
      if unsafe field.type == PROTOBUF_C_TYPE_BOOL, wireType != .varint { return false }
      guard unsafe field.type == PROTOBUF_C_TYPE_MESSAGE, let inner = unsafe field.descriptor else {
        continue
      }
      let message = unsafe inner.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      guard unsafe fit(UnsafeRawBufferPointer(rebasing: content), message) else { return false }
    }
    return true
  }

  /// The wire types of protobuf but for groups, which protobuf-c refuses.
  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case lengthPrefixed = 2
    case fourBytes = 5
  }

  /// Takes the content of a field, which is empty for a varint; `nil` where `rest` ends in it.
  @unsafe
  private static func content(
    _ wireType: WireType, _ rest: inout Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer>? {
    let count: UInt64
    switch wireType {
    case .varint:
      guard unsafe varint(&rest) != nil else { return nil }
      count = 0
    case .eightBytes: count = 8
    case .fourBytes: count = 4
    case .lengthPrefixed:
      guard let length = unsafe varint(&rest) else { return nil }
      count = length
    }
    guard unsafe count <= UInt64(rest.count) else { return nil }
    defer { unsafe rest = rest.dropFirst(Int(count)) }
    return unsafe rest.prefix(Int(count))
  }

  /// Takes a number of seven bits a byte, the lowest first; `nil` where `rest` ends in it.
  @unsafe
  private static func varint(_ rest: inout Slice<UnsafeRawBufferPointer>) -> UInt64? {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while shift < 64, let byte = unsafe rest.popFirst() {
      value |= UInt64(byte & 0x7F) << shift
      guard byte >= 0x80 else { return value }
      shift += 7
    }
    return nil
  }
}

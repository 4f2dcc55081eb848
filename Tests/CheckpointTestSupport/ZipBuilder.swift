import Archive

/// Builds zip archives field by field, so that a test can make any one of them lie.
///
/// What it builds unchanged is a plain, consistent archive of stored members.
public struct ZipBuilder {
  /// A member, and the fields of its two headers.
  public struct Member {
    /// The name in the central directory.
    public var name: [UInt8]
    /// The name in the local header.
    public var localName: [UInt8]
    /// The bytes in the file.
    public var contents: [UInt8]
    /// The method in the central directory.
    public var method: UInt16 = 0
    /// The method in the local header.
    public var localMethod: UInt16 = 0
    /// The flags in the central directory.
    public var flags: UInt16 = 0
    /// The flags in the local header.
    public var localFlags: UInt16 = 0
    /// The checksum in all headers.
    public var crc: UInt32
    /// The size in all headers.
    public var size: UInt32
    /// The compressed size in all headers.
    public var compressedSize: UInt32
    /// The checksum in the local header; `nil` for that of all headers.
    public var localCRC: UInt32?
    /// The size in the local header; `nil` for that of all headers.
    public var localSize: UInt32?
    /// The checksum in the descriptor; `nil` for that of all headers.
    public var descriptorCRC: UInt32?
    /// The extra data of the central header.
    public var centralExtra: [UInt8] = []
    /// The offset in the central directory; `nil` for the true one.
    public var offset: UInt32?
    /// The extra data of the local header, as PyTorch pads with it.
    public var localExtra: [UInt8] = []
    /// Whether checksum and sizes follow the contents, and are zero in the local header.
    public var hasDescriptor = false
    /// Bytes after the member that belong to nobody.
    public var gap: [UInt8] = []

    /// A consistent member.
    public init(_ name: String, _ contents: [UInt8]) {
      self.name = Array(name.utf8)
      localName = self.name
      self.contents = contents
      crc = CRC32.of(contents.span)
      size = UInt32(contents.count)
      compressedSize = size
    }
  }

  /// The members, in order.
  public var members: [Member]
  /// Bytes before the first member.
  public var prefix: [UInt8] = []
  /// The archive's comment.
  public var comment: [UInt8] = []
  /// Bytes after the end record.
  public var suffix: [UInt8] = []
  /// Whether to write the zip64 end record and its locator, as PyTorch always does.
  public var isLong = false
  /// The number of entries in the end records; `nil` for the true one.
  public var entryCount: UInt64?
  /// The offset of the directory in the end records; `nil` for the true one.
  public var directoryOffset: UInt64?
  /// The size of the directory in the end records; `nil` for the true one.
  public var directorySize: UInt64?
  /// The offset of the zip64 end record in its locator; `nil` for the true one.
  public var longRecordOffset: UInt64?

  /// Where the directory starts in the old end record, which zip64 overrides; `nil` for the same.
  public var shortDirectoryOffset: UInt32?

  /// A consistent archive of `members`.
  public init(_ members: [(String, [UInt8])]) {
    self.members = members.map { Member($0.0, $0.1) }
  }

  /// The archive.
  public var bytes: [UInt8] {
    var file = prefix
    var directory: [UInt8] = []
    for member in members {
      directory += centralHeader(member, at: UInt32(file.count))
      file += localHeader(member) + member.contents
      if member.hasDescriptor {
        file += le(0x0807_4B50 as UInt32) + le(member.descriptorCRC ?? member.crc)
        file += le(member.compressedSize) + le(member.size)
      }
      file += member.gap
    }
    let offset = directoryOffset ?? UInt64(file.count)
    let size = directorySize ?? UInt64(directory.count)
    let count = entryCount ?? UInt64(members.count)
    file += directory
    if isLong {
      let record = longRecordOffset ?? UInt64(file.count)
      file += le(0x0606_4B50 as UInt32) + le(44 as UInt64) + le(0x2D_001E as UInt32)
      file += le(0 as UInt64) + le(count) + le(count) + le(size) + le(offset)
      file += le(0x0706_4B50 as UInt32) + le(0 as UInt32) + le(record) + le(1 as UInt32)
    }
    file += le(0x0605_4B50 as UInt32) + le(0 as UInt32)
    file += le(UInt16(truncatingIfNeeded: count)) + le(UInt16(truncatingIfNeeded: count))
    file += le(UInt32(truncatingIfNeeded: size))
    file += le(shortDirectoryOffset ?? UInt32(truncatingIfNeeded: offset))
    return file + le(UInt16(comment.count)) + comment + suffix
  }

  /// The header of `member` in the central directory.
  private func centralHeader(_ member: Member, at offset: UInt32) -> [UInt8] {
    var header = le(0x0201_4B50 as UInt32) + le(0 as UInt16) + le(20 as UInt16)
    let flags = member.flags | (member.hasDescriptor ? 8 : 0)
    header += le(flags) + le(member.method) + le(0x0021_0000 as UInt32) + le(member.crc)
    header += le(member.compressedSize) + le(member.size) + le(UInt16(member.name.count))
    header += le(UInt16(member.centralExtra.count)) + [UInt8](repeating: 0, count: 10)
    header += le(member.offset ?? offset)
    return header + member.name + member.centralExtra
  }

  /// The header of `member` before its contents.
  private func localHeader(_ member: Member) -> [UInt8] {
    let flags = member.localFlags | (member.hasDescriptor ? 8 : 0)
    var header = le(0x0403_4B50 as UInt32) + le(20 as UInt16) + le(flags)
    header += le(member.localMethod) + le(0x0021_0000 as UInt32)
    let isHere = !member.hasDescriptor
    header += le(isHere ? member.localCRC ?? member.crc : 0)
    header += le(isHere ? member.compressedSize : 0)
    header += le(isHere ? member.localSize ?? member.size : 0) + le(UInt16(member.localName.count))
    return header + le(UInt16(member.localExtra.count)) + member.localName + member.localExtra
  }
}

/// Returns the bytes of `number`, the least significant first.
public func le(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

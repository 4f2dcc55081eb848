/// Writes pickles opcode by opcode, in the order of the calls.
///
/// The methods are named after the opcodes; each returns the assembler with its bytes appended.
public struct PickleAssembler: Sendable {
  /// The pickle so far.
  public private(set) var bytes: [UInt8]

  /// A pickle that declares protocol 2.
  public init() {
    bytes = [0x80, 2]
  }

  /// A pickle that starts with `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Appends raw bytes.
  public func raw(_ more: [UInt8]) -> Self { PickleAssembler(bytes + more) }

  /// Appends opcodes that are printable, such as `(tR`.
  public func ops(_ text: String) -> Self { raw(Array(text.utf8)) }

  /// `BINUNICODE`: a text.
  public func text(_ text: String) -> Self { self.text(utf8: Array(text.utf8)) }

  /// `BINUNICODE`: a text of any bytes.
  public func text(utf8: [UInt8]) -> Self { raw([0x58] + le(UInt32(utf8.count)) + utf8) }

  /// `BININT1` or `LONG1`: an integer.
  public func int(_ value: Int) -> Self {
    (0...255).contains(value) ? raw([0x4B, UInt8(value)]) : raw([0x8A, 8] + le(Int64(value)))
  }

  /// `BINFLOAT`: a float.
  public func float(_ value: Double) -> Self { raw([0x47] + le(value.bitPattern).reversed()) }

  /// `GLOBAL`: a class or function, written `module name`.
  public func global(_ symbol: String) -> Self {
    let parts = symbol.split(separator: " ")
    return ops("c\(parts[0])\n\(parts[1])\n")
  }

  /// `TUPLE` of integers.
  public func ints(_ values: [Int]) -> Self {
    values.reduce(ops("(")) { $0.int($1) }.ops("t")
  }

  /// A storage: `BINPERSID` of the tuple that names it.
  public func storage(_ type: String, key: String, count: Int) -> Self {
    ops("(").text("storage").global("torch \(type)").text(key).text("cpu").int(count).ops("tQ")
  }

  /// A tensor: `REDUCE` of `torch._utils._rebuild_tensor_v2`.
  public func tensor(
    _ type: String = "FloatStorage", key: String, count: Int, offset: Int = 0, shape: [Int],
    strides: [Int]
  ) -> Self {
    global("torch._utils _rebuild_tensor_v2").ops("(").storage(type, key: key, count: count)
      .int(offset).ints(shape).ints(strides).raw([0x89]).global("collections OrderedDict")
      .ops(")RtR")
  }

  /// The pickle, ended by `STOP`.
  public var stopped: [UInt8] { bytes + [0x2E] }
}

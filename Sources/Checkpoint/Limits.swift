import Diagnostics

/// The most that a checkpoint may ask for; each bounds memory or time on hostile input.
///
/// A full-size checkpoint has some 400 tensors, 55 kB of pickle and 13,000 opcodes.
public struct Limits: Sendable {
  /// The limits for files of unknown origin.
  public static let standard = Limits()

  /// Bytes of a pickle.
  public var pickleBytes = 64 << 20

  /// Bytes of a safetensors file's header, as its format has it.
  public var headerBytes = 100_000_000

  /// Values of a safetensors file's header; a tensor of four dimensions takes ten.
  public var headerValues = 1 << 20

  /// Opcodes of a pickle.
  public var opcodes = 20_000_000

  /// Objects that a pickle makes; each takes some 24 bytes.
  public var nodes = 3_800_000

  /// Objects on the machine's stack at once.
  public var stack = 1_000_000

  /// Marks on the stack at once: the depth of nesting while it is being built.
  public var marks = 10_000

  /// Objects in the memo at once.
  public var memo = 4_000_000

  /// Bytes of a text or of raw bytes in a pickle.
  public var textBytes = 16 << 20

  /// Bytes of a symbol's module or name.
  public var symbolBytes = 256

  /// Bytes of an integer; sizes and offsets must fit 8, and the legacy stream's magic takes 10.
  public var integerBytes = 16

  /// Bytes of a tensor's name.
  public var nameBytes = 1024

  /// Dimensions of a tensor; PyTorch itself has kernels for 25.
  public var rank = 32

  /// Calls wrapped around one tensor: a parameter of a subclass of a tensor, and so on.
  public var wrappers = 8

  /// Bytes that the tensors together may take as `Float`, for each byte of the storages.
  ///
  /// A tensor may repeat its storage by zero strides, at no cost in the file. Numbers of 16 bits
  /// double.
  public var expansionFactor = 2

  /// Bytes that the tensors may take on top.
  public var expansionAllowance = 64 << 20

  /// Entries of a state dict; an object may be used many times, so the nodes are no bound.
  public var tensors = 20_000

  /// Modules around a module of one that was saved whole; published networks nest some ten deep.
  public var moduleDepth = 64

  /// Entries of a checkpoint that map names to tensors.
  public var candidates = 64

  /// Plain values at the top level, and among the arguments.
  public var hints = 1024

  /// Elements of a list among the hints.
  public var hintElements = 64
}

/// What readers of more than one form check.
extension Limits {
  /// Checks the number of a tensor's dimensions.
  ///
  /// - Throws: `checkpoint-limit`.
  func check(rank: Int) throws(Diagnostic) {
    guard rank <= self.rank else {
      throw .limit("a tensor has at most \(self.rank) dimensions, and this one has \(rank)")
    }
  }

  /// Checks the number of a state dict's entries.
  ///
  /// - Throws: `checkpoint-limit`.
  func check(entries: Int) throws(Diagnostic) {
    guard entries <= tensors else {
      throw .limit("a state dict has at most \(tensors) entries, and this one has \(entries)")
    }
  }
}

extension Diagnostic {
  fileprivate static func limit(_ message: String) -> Diagnostic {
    .error("checkpoint-limit", message)
  }
}

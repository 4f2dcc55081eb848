package import Cprotobufc

/// Memory that is released all at once: the structs of a protobuf-c message.
///
/// protobuf-c links structs by pointers. They live as long as this object, so nobody has to free
/// them one by one, also where decoding stops half way.
@safe
package final class Arena {
  /// The bytes that may still be allocated.
  private var budget: Int

  /// Whether an allocation failed.
  package private(set) var isExhausted = false

  /// What has been allocated.
  private var blocks: [UnsafeMutableRawPointer] = unsafe []

  /// Creates an arena of at most `budget` bytes.
  package init(budget: Int = .max) {
    self.budget = budget
  }

  deinit {
    while let block = unsafe blocks.popLast() { unsafe block.deallocate() }
  }

  /// Allocates `count` bytes for any type; `nil` where the budget ends.
  @unsafe
  package func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
    // The block's own costs are counted, so that many small blocks end the budget too.
    guard count >= 0, count <= budget - 32 else {
      isExhausted = true
      return nil
    }
    budget -= count + 32
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    unsafe blocks.append(block)
    return unsafe block
  }

  /// Copies `value`, whose type must need no destruction, here.
  @unsafe
  package func copy<Value>(_ value: Value) -> UnsafeMutablePointer<Value>? {
    unsafe list([value])
  }

  /// Copies `values`, whose type must need no destruction, here; `nil` for none.
  @unsafe
  package func list<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value>? {
    guard !values.isEmpty,
      let block = unsafe allocate(values.count * MemoryLayout<Value>.stride)
    else { return nil }
    let memory = unsafe block.bindMemory(to: Value.self, capacity: values.count)
    unsafe memory.initialize(from: values, count: values.count)
    return unsafe memory
  }

  /// Copies the UTF-8 of `text` here.
  @unsafe
  package func data(_ text: String) -> ProtobufCBinaryData {
    unsafe ProtobufCBinaryData(len: text.utf8.count, data: list(Array(text.utf8)))
  }
}

import Checkpoint
import Diagnostics
import Files
import JSON
import Reports

extension StateDict {
  /// Writes the tensors as a safetensors file, bit for bit, that appears whole or not at all.
  ///
  /// The header is padded with spaces so that the data start at a multiple of 8, and the widest
  /// elements come first, so that each tensor is aligned to its elements. Source: the format's
  /// description at https://github.com/huggingface/safetensors.
  func writeSafetensors(to path: String) throws(Diagnostic) {
    let tensors = tensors.sorted {
      ($1.elementType.size, $0.name.text) < ($0.elementType.size, $1.name.text)
    }
    var offset = 0
    var header: [JSONMember] = []
    for tensor in tensors {
      let end = offset + tensor.count * tensor.elementType.size
      let entry: JSONValue = .object([
        JSONMember("dtype", .string(tensor.elementType.safetensorsName)),
        JSONMember("shape", .array(tensor.shape.map { .integer($0) })),
        JSONMember("data_offsets", .array([.integer(offset), .integer(end)])),
      ])
      header.append(JSONMember(tensor.name.text, entry))
      offset = end
    }
    var text = Array(JSONValue.object(header).text.utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    let file = try AtomicFile(path)
    try file.write(withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text)
    for tensor in tensors { try file.write(tensor.bytes()) }
    try file.commit()
  }
}

/// A graph of ONNX operators, before it is encoded.
struct Graph {
  /// An input, an output, or a value between them.
  struct Value {
    /// The name.
    let name: String
    /// The extents.
    let extents: [Int]
  }

  /// An operator applied to values.
  struct Node {
    /// The name, unique among nodes.
    let name: String
    /// The operator.
    let op: String
    /// The names of the values that it reads.
    let inputs: [String]
    /// The names of the values that it defines.
    let outputs: [String]
    /// The operator's attributes.
    let attributes: [Attribute]
  }

  /// An attribute of an operator.
  struct Attribute {
    /// What it can be.
    enum Value {
      case integer(Int)
      case integers([Int])
    }

    /// The name, as the operator's documentation has it.
    let name: String
    /// The value.
    let value: Value

    /// Creates an attribute.
    init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The name of the graph.
  let name: String

  /// What it takes.
  var inputs: [Value] = []

  /// What it gives.
  var outputs: [Value] = []

  /// The types of values between them, which readers check and show.
  var values: [Value] = []

  /// The operators, in order of execution.
  var nodes: [Node] = []

  /// The constants.
  var initializers: [Initializer] = []

  /// Creates an empty graph.
  init(name: String) {
    self.name = name
  }
}

public import Diagnostics
public import JSON

/// The firing rates that the authors of a model have published, layer by layer, and the energy that
/// they computed from them.
public struct PublishedRates: Sendable {
  /// A convolution or linear layer.
  public struct Layer: Sendable {
    /// The name in the authors' log.
    public let name: String
    /// The rate at which its inputs fired; 1 for what is no spike.
    ///
    /// It is the log's accumulations over its operations where it gives them: the rates that are
    /// written next to these are off by up to 2e-5 of themselves in one log, and the energies of all
    /// are made of the accumulations.
    public let rate: Double
    /// The dense operations that the log gives it, rounded to nine digits.
    public let operations: Double
  }

  /// What the authors' attention term was computed from.
  public struct Attention: Sendable {
    /// The heads.
    public let heads: Int
    /// The channels of all heads.
    public let embedding: Int
    /// The tokens.
    public let tokens: Int
    /// The time steps.
    public let timeSteps: Int
    /// The rates of queries, keys and values, a block each.
    public let rates: [(query: Double, key: Double, value: Double)]
  }

  /// The name of the model.
  public let model: String

  /// The layers, in the order of the log.
  public let layers: [Layer]

  /// The attention.
  public let attention: Attention

  /// The energy that the authors give, in mJ; `nil` where the file has none.
  public let millijoules: Double?

  /// Reads them from JSON; members that are not needed may be there.
  ///
  /// - Throws: `bad-rates`.
  public init(_ json: JSONValue) throws(Diagnostic) {
    model = json["model"]?.string ?? ""
    var layers: [Layer] = []
    for element in try Self.array(json, "layers") {
      guard let name = element["layer"]?.string else {
        throw .badRates("each of 'layers' needs a 'layer', its name")
      }
      layers.append(try Self.layer(name, element))
    }
    self.layers = layers
    let attention = json["attention"] ?? .null
    let extents = try ["heads", "embedding", "tokens", "time_steps", "blocks"].map {
      (name) throws(Diagnostic) in try Self.integer(attention[name], "attention.\(name)")
    }
    var rates: [(query: Double, key: Double, value: Double)] = []
    for (block, element) in try Self.array(json, "qkv_rates").enumerated() {
      guard let triple = element.array, triple.count == 3 else {
        throw .badRates("'qkv_rates' must hold three rates a block: queries, keys, values")
      }
      let (q, k, v) = (
        try Self.rate(triple[0], "'qkv_rates' of block \(block)"),
        try Self.rate(triple[1], "'qkv_rates' of block \(block)"),
        try Self.rate(triple[2], "'qkv_rates' of block \(block)")
      )
      rates.append((q, k, v))
    }
    guard rates.count == extents[4] else {
      throw .badRates(
        "'attention.blocks' is \(extents[4]), and 'qkv_rates' has \(rates.count) blocks")
    }
    self.attention = Attention(
      heads: extents[0], embedding: extents[1], tokens: extents[2], timeSteps: extents[3],
      rates: rates)
    guard extents[1].isMultiple(of: extents[0]) else {
      throw .badRates(
        "'attention.heads' must divide 'attention.embedding', and \(extents[0]) does not divide "
          + "\(extents[1])")
    }
    millijoules = json["total"]?["energy_mj"]?.number
    guard (0...1e9).contains(millijoules ?? 0) else {
      throw .badRates("'total.energy_mj' must be 0 to 10^9, not \(millijoules ?? 0)")
    }
  }

  /// Reads one layer.
  private static func layer(_ name: String, _ json: JSONValue) throws(Diagnostic) -> Layer {
    let rate = try Self.rate(json["rate"], "'rate' of '\(escaped(name))'")
    let operations = try count(json["ops"], "'ops' of '\(escaped(name))'")
    guard let acs = json["acs"], rate < 1 else {
      return Layer(name: name, rate: rate, operations: operations)
    }
    let share = try count(acs, "'acs' of '\(escaped(name))'") / operations
    guard abs(share - rate) <= 1e-3 * rate else {
      throw .badRates(
        "'acs' of '\(escaped(name))' must be 'rate' times 'ops', and the rate is \(rate) where "
          + "theirs is \(share)")
    }
    // Rounding must not make a rate below 1 one of 1, which stands for reals.
    return Layer(name: name, rate: min(share, 1.0.nextDown), operations: operations)
  }

  private static func array(
    _ json: JSONValue, _ name: String
  ) throws(Diagnostic) -> [JSONValue] {
    guard let array = json[name]?.array, !array.isEmpty else {
      throw .badRates("rates need the member '\(name)', an array that is not empty")
    }
    return array
  }

  private static func rate(_ json: JSONValue?, _ what: String) throws(Diagnostic) -> Double {
    guard let number = json?.number, (0...1).contains(number) else {
      throw .badRates("\(what) must be a number from 0 to 1, \(found(json))")
    }
    return number
  }

  private static func count(_ json: JSONValue?, _ what: String) throws(Diagnostic) -> Double {
    guard let number = json?.number, (0...1e18).contains(number) else {
      throw .badRates("\(what) must be a number of operations, 0 to 10^18, \(found(json))")
    }
    return number
  }

  private static func integer(_ json: JSONValue?, _ what: String) throws(Diagnostic) -> Int {
    guard let number = json?.integer, (1...1 << 24).contains(number) else {
      throw .badRates("'\(what)' must be an integer from 1 to 2^24, \(found(json))")
    }
    return number
  }

  /// What stands where something else must.
  private static func found(_ json: JSONValue?) -> String {
    guard let json else { return "and is missing" }
    return "not " + (json.integer.map { "\($0)" } ?? json.real.map { "\($0)" } ?? json.kind)
  }
}

extension Diagnostic {
  fileprivate static func badRates(_ message: String) -> Diagnostic {
    .error("bad-rates", message)
  }
}

/// The pixels of a camera.
public struct Sensor: Hashable, Sendable, CustomStringConvertible {
  /// The number of columns.
  public let width: Int

  /// The number of rows.
  public let height: Int

  /// The camera that made DVS128 Gesture and CIFAR10-DVS.
  public static let dvs128 = Sensor(width: 128, height: 128)

  /// A sensor of that size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// The cameras that headers of AEDAT 3.1 name; a name may go on, as in `DAVIS240C`.
  private static let cameras: [(name: String, sensor: Sensor)] = [
    ("DVS128", dvs128), ("DAVIS128", dvs128), ("DAVIS208", Sensor(width: 208, height: 192)),
    ("DAVIS240", Sensor(width: 240, height: 180)), ("DAVIS346", Sensor(width: 346, height: 260)),
    ("DAVIS640", Sensor(width: 640, height: 480)),
  ]

  /// The sensor of the camera called `name`; `nil` where it is not known.
  init?(camera name: some StringProtocol) {
    guard let camera = Self.cameras.first(where: { name.hasPrefix($0.name) }) else { return nil }
    self = camera.sensor
  }

  /// Whether there is such a pixel.
  func contains(_ event: Event) -> Bool {
    Int(event.x) < width && Int(event.y) < height
  }

  /// `128 x 128`: width and height.
  public var description: String { "\(width) x \(height)" }
}

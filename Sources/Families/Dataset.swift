/// The data that a model was trained on: what the variants of a family are made for.
///
/// The names are those of the authors' folders.
public enum Dataset: String, CaseIterable, Sendable {
  case imagenet
  case cifar10
  case cifar100
  case dvs128Gesture = "dvs128-gesture"
  case cifar10DVS = "cifar10-dvs"

  /// Whether its samples are frames of events, one for each step; else they are images.
  public var takesEvents: Bool { self == .dvs128Gesture || self == .cifar10DVS }

  /// Whether it is one of the two sets of images of 32 by 32.
  var isCIFAR: Bool { self == .cifar10 || self == .cifar100 }

  /// The channels of a sample: colours, or the two polarities of events.
  public var channels: Int { takesEvents ? 2 : 3 }

  /// The number of classes.
  public var classes: Int {
    switch self {
    case .imagenet: 1000
    case .cifar10, .cifar10DVS: 10
    case .cifar100: 100
    case .dvs128Gesture: 11
    }
  }

  /// The height and width that most of the authors train on.
  var imageSize: Int {
    switch self {
    case .imagenet: 224
    case .cifar10, .cifar100: 32
    case .dvs128Gesture, .cifar10DVS: 128
    }
  }

  /// The two sets of images of 32 by 32, that of this number of classes first.
  static func cifar(classes: Int) -> [Dataset] {
    classes == 100 ? [.cifar100, .cifar10] : [.cifar10, .cifar100]
  }

  /// The two sets of event cameras, that of this number of classes first.
  static func events(classes: Int) -> [Dataset] {
    classes == 10 ? [.cifar10DVS, .dvs128Gesture] : [.dvs128Gesture, .cifar10DVS]
  }

  /// The dataset of a name, without regard to case and to what joins its words.
  init?(named name: String) {
    let name = Self.squeezed(name)
    guard let found = Self.allCases.first(where: { Self.squeezed($0.rawValue) == name }) else {
      return nil
    }
    self = found
  }

  /// The dataset whose name, however its words are joined, stands in `text`; of several the one
  /// with the longest name, since `cifar10` stands in `cifar100` too.
  init?(namedIn text: String) {
    let text = Self.squeezed(text)
    let named = Self.allCases.filter { dataset in
      text.contains(Self.squeezed(dataset.rawValue))
        || dataset == .dvs128Gesture && text.contains("gesture")
    }
    guard let found = named.max(by: { $0.rawValue.count < $1.rawValue.count }) else { return nil }
    self = found
  }

  /// The letters and digits of `text`, in lower case.
  private static func squeezed(_ text: String) -> String {
    text.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}

/// How a family's authors prepare pictures when they test a model.
public struct PicturePreset: Sendable {
  /// How samples between pixels are computed.
  public enum Interpolation: String, CaseIterable, Sendable {
    case bilinear, bicubic
  }

  /// The mean of each channel, samples being from 0 to 1.
  public var mean: [Double]

  /// The standard deviation of each channel.
  public var std: [Double]

  /// The part of the shorter side that is kept; timm's `crop_pct`.
  public var cropFraction = 1.0

  /// How a picture is resized.
  public var interpolation = Interpolation.bicubic

  /// ImageNet's statistics; the whole shorter side is kept, as the `imagenet.yml` of Spikformer and
  /// Spikingformer says.
  static let imagenet = PicturePreset(mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225])

  /// CIFAR-10's statistics, which most of the authors use for CIFAR-100, too.
  static let cifar = PicturePreset(
    mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616])

  /// ImageNet's statistics, as MAE's code cuts: 7/8 of the shorter side at up to 224 pixels, and all
  /// of it in larger pictures.
  static func mae(imageSize: Int) -> PicturePreset {
    var preset = imagenet
    preset.cropFraction = imageSize <= 224 ? 0.875 : 1
    return preset
  }

  /// What most of the authors do for `dataset`; `nil` for frames of events.
  static func usual(for dataset: Dataset) -> PicturePreset? {
    switch dataset {
    case .imagenet: imagenet
    case .cifar10, .cifar100: cifar
    case .dvs128Gesture, .cifar10DVS: nil
    }
  }
}

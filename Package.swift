// swift-tools-version: 6.3
import PackageDescription

/// Settings of every Swift target: the language's strictest reading, and no warning survives.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Settings of the targets that parse untrusted bytes: every unsafe use is marked in the source.
let guarded = strict + [.strictMemorySafety()]

let package = Package(
  name: "snnc",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C libraries of the system, and C of our own.
    .systemLibrary(
      name: "Clibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "Cprotobufc", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),

    // Leaves.
    .target(name: "Diagnostics", swiftSettings: strict),
    .target(name: "Files", dependencies: ["Diagnostics"], swiftSettings: guarded),

    // The IR, and what reads nothing else.
    .target(name: "SpikeIR", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(
      name: "Interpreter", dependencies: ["Diagnostics", "SpikeIR"], swiftSettings: strict),
    .target(name: "Lowering", dependencies: ["Diagnostics", "SpikeIR"], swiftSettings: strict),
    .target(name: "Passes", dependencies: ["Diagnostics", "SpikeIR"], swiftSettings: strict),

    // The binary form of the IR; its C is generated from ir-spec/snn.proto.
    .target(name: "CSpikeProto", dependencies: ["Cprotobufc"]),
    .target(
      name: "SpikeIRProto",
      dependencies: ["CSpikeProto", "Cprotobufc", "Diagnostics", "Files", "SpikeIR"],
      swiftSettings: guarded),

    // Untrusted bytes end here.
    .target(
      name: "Archive", dependencies: ["Clibzip", "Diagnostics", "Files"], swiftSettings: guarded),
    .target(
      name: "Checkpoint",
      dependencies: ["Archive", "Diagnostics", "Files"], swiftSettings: guarded),
    .target(
      name: "Families", dependencies: ["Checkpoint", "Diagnostics", "SpikeIR"],
      swiftSettings: strict),
    .target(
      name: "Arrays", dependencies: ["Archive", "Diagnostics", "Files"], swiftSettings: guarded),

    // Tests, and what they build their inputs with.
    .target(name: "TestSupport", dependencies: ["Archive"], swiftSettings: strict),
    .testTarget(
      name: "ArchiveTests", dependencies: ["Archive", "Diagnostics", "Files", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CheckpointTests",
      dependencies: ["Archive", "Checkpoint", "Diagnostics", "Files", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ArraysTests", dependencies: ["Archive", "Arrays", "Diagnostics", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SpikeIRTests", dependencies: ["Diagnostics", "SpikeIR"], exclude: ["Cases"],
      swiftSettings: strict),
    // Tests, and what several of them share.
    .target(
      name: "IRTestSupport", dependencies: ["SpikeIR"], path: "Tests/IRTestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "SpikeIRTests", dependencies: ["Diagnostics", "IRTestSupport", "SpikeIR"],
      exclude: ["Cases"], swiftSettings: strict),
    .testTarget(
      name: "SpikeIRProtoTests",
      dependencies: ["Diagnostics", "Files", "IRTestSupport", "SpikeIR", "SpikeIRProto"],
      exclude: ["Artifacts"], swiftSettings: strict),
  ]
)

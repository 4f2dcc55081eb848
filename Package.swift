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

/// Settings of the C kernels: the flags that they promise to compile under without a warning.
let kernelFlags: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .enableWarning("pedantic"),
  .enableWarning("conversion"), .treatAllWarnings(as: .error),
]

let package = Package(
  name: "snnc",
  products: [
    .executable(name: "snnc", targets: ["snnc"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C libraries of the system.
    .systemLibrary(name: "CLinux"),
    .systemLibrary(
      name: "Clibzip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(
      name: "Cprotobufc", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(
      name: "Cjansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .systemLibrary(
      name: "Clibpng", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),

    // Leaves.
    .target(name: "Diagnostics", swiftSettings: strict),
    .target(name: "Files", dependencies: ["Diagnostics"], swiftSettings: guarded),
    .target(name: "JSON", dependencies: ["Cjansson", "Diagnostics"], swiftSettings: guarded),

    // The IR, and what reads nothing else.
    .target(name: "SpikeIR", dependencies: ["Diagnostics"], swiftSettings: strict),
    .target(
      name: "Interpreter", dependencies: ["Diagnostics", "SpikeIR"], swiftSettings: strict),
    .target(name: "Lowering", dependencies: ["Diagnostics", "SpikeIR"], swiftSettings: strict),
    .target(
      name: "Passes",
      dependencies: [
        "Diagnostics", "SpikeIR",
        .product(name: "BitCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "Verification",
      dependencies: [
        "Diagnostics", "Passes", "SpikeIR",
        .product(name: "BitCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Diagnostics", "Files", "Interpreter", "JSON", "SpikeIR", "Verification",
      ],
      swiftSettings: strict),

    .target(
      name: "Accounts", dependencies: ["Diagnostics", "JSON", "Passes", "SpikeIR"],
      swiftSettings: strict),

    // What an evaluation finds, and the files that keep it.
    .target(
      name: "Evaluation", dependencies: ["Diagnostics", "JSON", "Reports"],
      swiftSettings: guarded),

    // What is written and read as protobuf; the C is protoc-c's.
    .target(name: "Protobuf", dependencies: ["Cprotobufc"], swiftSettings: guarded),
    .target(name: "CSpikeProto", dependencies: ["Cprotobufc"]),
    .target(
      name: "SpikeIRProto",
      dependencies: ["CSpikeProto", "Cprotobufc", "Diagnostics", "Files", "Protobuf", "SpikeIR"],
      swiftSettings: guarded),
    .target(name: "COnnxProto", dependencies: ["Cprotobufc"], exclude: ["onnx.proto"]),
    .target(
      name: "ONNX",
      dependencies: ["COnnxProto", "Cprotobufc", "Diagnostics", "Protobuf", "SpikeIR"],
      swiftSettings: guarded),

    // Graphs for neuromorphic hardware; untrusted bytes end here, in a process of their own.
    // libhdf5's header is needed here, and its library when a NIR file is read or written.
    .target(
      name: "CHDF5Tree", cSettings: kernelFlags, linkerSettings: [.linkedLibrary("dl")]),
    .target(
      name: "NIR", dependencies: ["CHDF5Tree", "Diagnostics", "Files", "SpikeIR"],
      swiftSettings: guarded),

    // What runs a plan and what prints it, on the same kernels.
    .target(name: "CSpikeKernels", cSettings: kernelFlags),
    .target(name: "CPeak", cSettings: kernelFlags),
    .target(
      name: "Engine",
      dependencies: ["CPeak", "CSpikeKernels", "Diagnostics", "Lowering", "SpikeIR"],
      swiftSettings: strict),
    .target(
      name: "CEmitter", dependencies: ["Diagnostics", "Files", "Lowering", "SpikeIR"],
      // A symbolic link to CSpikeKernels: the emitter carries the one copy of their source.
      resources: [.embedInCode("Kernels")],
      swiftSettings: strict),

    // Checkpoints and arrays: untrusted bytes end here.
    .target(
      name: "Archive", dependencies: ["Clibzip", "Diagnostics", "Files"], swiftSettings: guarded),
    .target(
      name: "Arrays", dependencies: ["Archive", "Diagnostics", "Files"], swiftSettings: guarded),
    .target(
      name: "Events", dependencies: ["Arrays", "Diagnostics", "Files"], swiftSettings: guarded),
    .target(
      name: "Checkpoint", dependencies: ["Archive", "Diagnostics", "Files", "JSON"],
      swiftSettings: guarded),
    .target(
      name: "Families", dependencies: ["Checkpoint", "Diagnostics", "SpikeIR"],
      resources: [.embedInCode("ClassLists")],
      swiftSettings: strict),

    // Pictures: untrusted bytes end here, too.
    .target(name: "CPNG", dependencies: ["Clibpng"], cSettings: kernelFlags),
    .target(
      name: "Images", dependencies: ["CPNG", "CTurboJPEG", "Diagnostics", "Files"],
      swiftSettings: guarded),

    // Reports as pages of HTML.
    .target(
      name: "Pages",
      dependencies: [
        "Accounts", "Diagnostics", "Lowering", "Reports", "SpikeIR", "Verification",
      ],
      resources: [.embedInCode("Style")],
      swiftSettings: strict),

    // The command line.
    .target(
      name: "Explanations",
      // Symbolic links to pages of the specification: there is one copy of each text.
      resources: [.embedInCode("Pages")],
      swiftSettings: strict),
    .target(
      name: "SnncCommands",
      dependencies: [
        "Accounts", "Arrays", "CEmitter", "CLinux", "Checkpoint", "Diagnostics", "Engine",
        "Evaluation", "Events", "Explanations", "Families", "Files", "Images", "Interpreter",
        "JSON", "Lowering", "NIR", "ONNX", "Pages", "Passes", "Reports", "SpikeIR", "SpikeIRProto",
        "Verification",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "snnc",
      dependencies: ["SnncCommands"],
      swiftSettings: strict),

    // Tests, and what several of them share.
    .target(
      name: "CheckpointTestSupport", dependencies: ["Archive"],
      path: "Tests/CheckpointTestSupport", swiftSettings: strict),
    .target(
      name: "IRTestSupport", dependencies: ["Diagnostics", "Files", "SpikeIR"],
      path: "Tests/IRTestSupport", swiftSettings: strict),
    .target(
      name: "ModelTestSupport",
      dependencies: ["Arrays", "Checkpoint", "Families", "SpikeIR", "CheckpointTestSupport"],
      path: "Tests/ModelTestSupport", swiftSettings: strict),
    .testTarget(
      name: "ArchitectureTests", swiftSettings: strict),
    .testTarget(
      name: "AccountsTests",
      dependencies: [
        "Accounts", "CheckpointTestSupport", "Diagnostics", "Engine", "Families", "IRTestSupport",
        "Interpreter", "JSON", "Lowering", "ModelTestSupport", "Passes", "SpikeIR",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "InterpreterTests",
      dependencies: ["Diagnostics", "IRTestSupport", "Interpreter", "SpikeIR"],
      swiftSettings: strict),
    .testTarget(
      name: "PassesTests",
      dependencies: ["Diagnostics", "IRTestSupport", "Interpreter", "Passes", "SpikeIR"],
      exclude: ["Cases"], swiftSettings: strict),
    .testTarget(
      name: "VerificationTests",
      dependencies: [
        "Diagnostics", "Families", "IRTestSupport", "Interpreter", "Passes", "SpikeIR",
        "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportsTests",
      dependencies: [
        "Diagnostics", "Families", "IRTestSupport", "Interpreter", "JSON", "Passes", "Reports",
        "SpikeIR",
        "Verification",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PagesTests",
      dependencies: [
        "Accounts", "Diagnostics", "Engine", "JSON", "Lowering", "ModelTestSupport", "Pages",
        "Passes", "Reports", "SpikeIR", "Verification",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "FamiliesTests",
      dependencies: [
        "Checkpoint", "Diagnostics", "Families", "ModelTestSupport", "SpikeIR",
        "CheckpointTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LoweringTests",
      dependencies: [
        "Diagnostics", "Engine", "IRTestSupport", "Interpreter", "Lowering", "ModelTestSupport",
        "Passes", "SpikeIR",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "CPeak", "Diagnostics", "Engine", "IRTestSupport", "Interpreter", "Lowering",
        "ModelTestSupport",
        "Passes", "SpikeIR",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EvaluationTests", dependencies: ["Diagnostics", "Evaluation", "IRTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "CEmitterTests",
      dependencies: [
        "CEmitter", "Diagnostics", "Engine", "IRTestSupport", "Lowering", "SpikeIR",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "ConformanceTests",
      dependencies: [
        "Arrays", "Diagnostics", "Engine", "Files", "IRTestSupport", "Interpreter", "Lowering",
        "SpikeIR", "SpikeIRProto",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CSpikeKernelsTests", dependencies: ["CSpikeKernels"], swiftSettings: strict),
    .testTarget(
      name: "ArchiveTests",
      dependencies: ["Archive", "Diagnostics", "Files", "CheckpointTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "FilesTests", dependencies: ["CheckpointTestSupport", "Diagnostics", "Files"],
      swiftSettings: strict),
    .testTarget(
      name: "JSONTests", dependencies: ["Diagnostics", "JSON"], swiftSettings: strict),
    .testTarget(
      name: "ArraysTests",
      dependencies: ["Archive", "Arrays", "Diagnostics", "CheckpointTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EventsTests",
      dependencies: ["Arrays", "CheckpointTestSupport", "Diagnostics", "Events", "Files"],
      exclude: ["Stored"], swiftSettings: strict),
    .testTarget(
      name: "ImagesTests",
      dependencies: ["Arrays", "Diagnostics", "Images", "CheckpointTestSupport"],
      exclude: ["Pictures"], swiftSettings: strict),
    .testTarget(
      name: "CheckpointTests",
      dependencies: ["Archive", "Checkpoint", "Diagnostics", "Files", "CheckpointTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ExplanationsTests", dependencies: ["Explanations"], swiftSettings: strict),
    .testTarget(
      name: "SnncCommandsTests", dependencies: ["Engine", "SnncCommands"], swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Archive", "Arrays", "CheckpointTestSupport", "Files", "snnc"],
      swiftSettings: strict),
    .testTarget(
      name: "SpikeIRTests", dependencies: ["Diagnostics", "IRTestSupport", "SpikeIR"],
      exclude: ["Cases"], swiftSettings: strict),
    .testTarget(
      name: "SpecificationTests",
      dependencies: [
        "COnnxProto", "CSpikeProto", "Diagnostics", "Engine", "Explanations", "IRTestSupport",
        "Interpreter", "Lowering", "ONNX", "SpikeIR", "SpikeIRProto",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ONNXTests",
      dependencies: [
        "COnnxProto", "Diagnostics", "IRTestSupport", "Interpreter", "ONNX", "SpikeIR",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "NIRTests",
      dependencies: ["Arrays", "Diagnostics", "IRTestSupport", "Interpreter", "NIR", "SpikeIR"],
      exclude: ["Stored"], swiftSettings: strict),
    .testTarget(
      name: "SpikeIRProtoTests",
      dependencies: ["Diagnostics", "Files", "IRTestSupport", "SpikeIR", "SpikeIRProto"],
      exclude: ["Artifacts"], swiftSettings: strict),
  ],
  cLanguageStandard: .c99
)

// Fuzzing needs libFuzzer's flags, which `scripts/fuzz` gives; nothing else builds this.
if Context.environment["SNNC_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Accounts", "Archive", "Arrays", "CEmitter", "Checkpoint", "CheckpointTestSupport",
        "Diagnostics", "Evaluation", "Events", "Files", "IRTestSupport", "Images", "JSON",
        "Lowering", "NIR", "Reports", "SpikeIR", "SpikeIRProto", "Verification",
      ],
      path: "Fuzz", exclude: ["dictionary.txt"], swiftSettings: strict))
}

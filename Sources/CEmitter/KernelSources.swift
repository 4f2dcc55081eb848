/// The kernels' sources, as every emitted program carries them.
enum KernelSources {
  /// The files, headers first.
  static let files: [CProgram.File] = [
    file("snn_kernels.h", PackageResources.snn_kernels_h),
    file("snn_checksum.h", PackageResources.snn_checksum_h),
    file("snn_map.h", PackageResources.snn_map_h),
    file("snn_threads.h", PackageResources.snn_threads_h),
    file("snn_npy.h", PackageResources.snn_npy_h),
    file("snn_exact.h", PackageResources.snn_exact_h),
    file("snn_vector.h", PackageResources.snn_vector_h),
    file("snn_bits.h", PackageResources.snn_bits_h),
    file("snn_plan.h", PackageResources.snn_plan_h),
    file("snn_conv_body.h", PackageResources.snn_conv_body_h),
    file("snn_events_body.h", PackageResources.snn_events_body_h),
    file("snn_dense_body.h", PackageResources.snn_dense_body_h),
    file("snn_grouped_body.h", PackageResources.snn_grouped_body_h),
    file("snn_attention_body.h", PackageResources.snn_attention_body_h),
    file("snn_neuron_body.h", PackageResources.snn_neuron_body_h),
    file("snn_kernels.c", PackageResources.snn_kernels_c),
    file("snn_plain.c", PackageResources.snn_plain_c),
    file("snn_checksum.c", PackageResources.snn_checksum_c),
    file("snn_map.c", PackageResources.snn_map_c),
    file("snn_threads.c", PackageResources.snn_threads_c),
    file("snn_npy.c", PackageResources.snn_npy_c),
  ]

  private static func file(_ name: String, _ bytes: [UInt8]) -> CProgram.File {
    CProgram.File(name: name, text: String(decoding: bytes, as: UTF8.self))
  }
}

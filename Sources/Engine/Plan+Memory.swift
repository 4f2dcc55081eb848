import CSpikeKernels
public import Lowering

extension Plan {
  /// The scratch memory that the kernels need for each thread, in bytes.
  public static var scratchByteCount: Int { snn_scratch_bytes() }
}

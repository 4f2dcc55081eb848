/// The functions that PyTorch's pickles call to make tensors.
///
/// None is ever called. Those with a meaning here are read off their arguments; the others make
/// tensors that cannot be read, and are known to say so by name.
enum Rebuild: String {
  case tensor = "torch._utils _rebuild_tensor"
  case tensor2 = "torch._utils _rebuild_tensor_v2"
  case tensor3 = "torch._utils _rebuild_tensor_v3"
  case parameter = "torch._utils _rebuild_parameter"
  case parameterWithState = "torch._utils _rebuild_parameter_with_state"
  case fromType = "torch._tensor _rebuild_from_type_v2"

  case meta = "torch._utils _rebuild_meta_tensor_no_storage"
  case sparse = "torch._utils _rebuild_sparse_tensor"
  case sparseRows = "torch._utils _rebuild_sparse_csr_tensor"
  case quantized = "torch._utils _rebuild_qtensor"
  case nested = "torch._utils _rebuild_nested_tensor"
  case wrapperSubclass = "torch._utils _rebuild_wrapper_subclass"
  case fromNumPy = "torch._utils _rebuild_device_tensor_from_numpy"
  case fromCPU = "torch._utils _rebuild_device_tensor_from_cpu_tensor"

  /// What is wrong with a tensor that this function makes; `nil` where it can be read.
  var objection: String? {
    switch self {
    case .tensor, .tensor2, .tensor3, .parameter, .parameterWithState, .fromType: nil
    case .meta: "it has no data (it is on the device 'meta')"
    case .sparse, .sparseRows: "it is sparse"
    case .quantized: "it is quantized"
    case .nested: "it is nested"
    case .wrapperSubclass: "it is of a subclass with storages of its own"
    case .fromNumPy, .fromCPU: "it was saved from another device in a form of its own"
    }
  }
}

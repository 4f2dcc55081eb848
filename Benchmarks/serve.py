"""A dense engine as a process that runs one image for each line it reads; see turns.py.

serve.py ENGINE MODEL INPUT.npy LOGITS.npy THREADS
"""

import os
import sys
import time

import numpy


def onnxruntime_engine(model, threads):
    """ONNX Runtime. Its threads spin while an image runs and stop with it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda sample: session.run(None, {"input": sample})[0]


def openvino_engine(model, threads):
    """OpenVINO in float32, tuned for one image at a time."""
    import openvino

    hints = {
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "f32",
        "PERFORMANCE_HINT": "LATENCY",
    }
    request = openvino.Core().compile_model(model, "CPU", hints).create_infer_request()
    return lambda sample: request.infer({0: sample})[0]


def pytorch_engine(model, threads):
    """PyTorch in eager mode, of a file that torch_graph.py has made."""
    import torch
    from torch_graph import TorchGraph

    torch.set_num_threads(threads)
    return torch_call(TorchGraph(model))


def compiled_pytorch_engine(model, threads):
    """PyTorch, compiled by torch.compile for constant weights, which needs a compiler of C++."""
    import torch
    import torch._inductor.config
    from torch_graph import TorchGraph

    torch.set_num_threads(threads)
    torch._inductor.config.freezing = True
    return torch_call(torch.compile(TorchGraph(model).eval()))


def torch_call(graph):
    """What runs a graph of PyTorch's."""
    import torch

    @torch.inference_mode()
    def call(sample):
        return graph(torch.from_numpy(sample)).numpy()

    return call


ENGINES = {
    "ONNX Runtime": onnxruntime_engine,
    "OpenVINO": openvino_engine,
    "PyTorch": pytorch_engine,
    "PyTorch compiled": compiled_pytorch_engine,
}


def peak_kib():
    """The most memory that this process has had. ru_maxrss would count what its parent had."""
    with open("/proc/self/status") as file:
        return next(line.split()[1] for line in file if line.startswith("VmHWM"))


def main(name, model, input_path, logits_path, threads):
    """Serves until the input ends; what the engine itself prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    begin = time.monotonic()
    run = ENGINES[name](model, int(threads))
    preparation = time.monotonic() - begin
    sample = numpy.load(input_path)[0]
    print(f"ready {preparation:.9f}", file=answers)
    for _ in sys.stdin:
        begin = time.monotonic()
        logits = run(sample)
        print(f"{time.monotonic() - begin:.9f}", file=answers)
    numpy.save(logits_path, logits)
    print("peak", peak_kib(), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])

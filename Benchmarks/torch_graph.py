"""Runs an ONNX model as snnc emits it with PyTorch's own operators, since PyTorch reads no ONNX."""

import sys

import numpy
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


def convolve(x, weights, bias=None, *, strides, pads, group, **_):
    """ONNX's Conv. snnc pads both ends alike."""
    return F.conv2d(x, weights, bias, strides, pads[:2], 1, group)


def max_pool(x, *, kernel_shape, strides, pads):
    """ONNX's MaxPool."""
    return F.max_pool2d(x, kernel_shape, strides, pads[:2])


OPERATORS = {
    "Add": torch.add,
    "Cast": lambda x, to: x.float(),
    "Concat": lambda *x, axis: torch.cat(x, axis),
    "Conv": convolve,
    "Div": torch.div,
    "Gemm": lambda x, weights, bias=None: (
        x @ weights if bias is None else torch.addmm(bias, x, weights)
    ),
    "GreaterOrEqual": torch.ge,
    "MatMul": torch.matmul,
    "MaxPool": max_pool,
    "Mul": torch.mul,
    "ReduceSum": lambda x, axes, keepdims=1: x.sum(axes, keepdim=bool(keepdims)),
    "Reshape": lambda x, extents: x.reshape(extents),
    "Split": lambda x, axis: x.split(1, axis),
    "Squeeze": lambda x, axes: x.squeeze(axes),
    "Sub": torch.sub,
    "Sum": lambda *x: torch.stack(x).sum(0),
    "Transpose": lambda x, perm: x.permute(perm),
    "Unsqueeze": lambda x, axes: x.unsqueeze(*axes),
    "Where": torch.where,
}


def constant(tensor):
    """A constant as PyTorch's operators take it: extents and axes as a list, a kernel with its
    channels last, which made PyTorch 4 to 11 % faster."""
    array = numpy_helper.to_array(tensor)
    if array.dtype == numpy.int64:
        return array.tolist()
    order = torch.channels_last if array.ndim == 4 else torch.contiguous_format
    return torch.from_numpy(array.copy()).contiguous(memory_format=order)


def convert(source, target):
    """Writes an ONNX model as a file of PyTorch, so that it loads as PyTorch's models do."""
    graph = onnx.load(source).graph
    constants = {tensor.name: constant(tensor) for tensor in graph.initializer}
    calls = [
        (
            node.op_type,
            list(node.input),
            list(node.output),
            {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
        )
        for node in graph.node
    ]
    torch.save((graph.input[0].name, graph.output[0].name, constants, calls), target)


class TorchGraph(torch.nn.Module):
    """A converted model, which takes a sample and gives its logits."""

    def __init__(self, path):
        super().__init__()
        self.input, self.output, constants, self.calls = torch.load(path, weights_only=True)
        # Tensors are buffers, so that torch.compile takes them for constants.
        self.lists, self.buffer_names = {}, {}
        for index, (name, value) in enumerate(constants.items()):
            if isinstance(value, list):
                self.lists[name] = value
            else:
                self.buffer_names[name] = f"constant{index}"
                self.register_buffer(self.buffer_names[name], value)
        last = {name: index for index, call in enumerate(self.calls) for name in call[1]}
        # What nothing reads any more is freed, as a program of PyTorch's own would.
        self.done = [
            {name for name in call[1] if last[name] == index} - set(constants)
            for index, call in enumerate(self.calls)
        ]

    def forward(self, sample):
        values = {name: getattr(self, buffer) for name, buffer in self.buffer_names.items()}
        values |= {**self.lists, self.input: sample}
        for (operator, reads, writes, attributes), done in zip(self.calls, self.done):
            result = OPERATORS[operator](*(values[name] for name in reads), **attributes)
            values.update(zip(writes, result if isinstance(result, tuple) else (result,)))
            for name in done:
                del values[name]
        return values[self.output]


if __name__ == "__main__":
    convert(*sys.argv[1:])

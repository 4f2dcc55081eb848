"""Folds the time steps of a model that `snnc emit --target onnx` unrolled into the batch axis.

snnc writes each op once a step, which is the plainest form to check. A dense engine may be faster
with one convolution of a batch than with one a step, so it is timed in this form too. Only neurons
stay unrolled, since each step of theirs needs the step before:

    a/t0/Conv(x0, w)   a/t1/Conv(x1, w)      ->   Split(a/Conv(Concat(x0, x1), w))

A Concat of what a Split has just cut is left out, so folded ops follow one another directly.
"""

import graphlib
import re
import sys

import numpy
import onnx
from onnx import helper, numpy_helper

# The step that a node's name has; snnc names nodes PATH/tSTEP/OPERATOR.
STEP = re.compile(r"/t(\d+)/(?=[A-Za-z]+(?:~\d+)?$)")


class Fold:
    """The nodes of a folded graph, as they are made."""

    def __init__(self, graph):
        self.graph = graph
        self.constants = {tensor.name: tensor for tensor in graph.initializer}
        self.nodes = []
        self.joined = {}  # names of one value's steps -> the name of all of them in one
        self.neurons = {
            STEP.split(node.name)[0] for node in graph.node if node.op_type == "GreaterOrEqual"
        }
        self.steps = 1 + max(
            [int(STEP.search(node.name)[1]) for node in graph.node if STEP.search(node.name)],
            default=0,
        )

    def run(self):
        """Puts the folded nodes in the place of the graph's own."""
        by_name = {node.name: node for node in self.graph.node}
        for node in self.graph.node:
            siblings = self.siblings(node, by_name)
            if siblings is None:
                self.nodes.append(node)
            elif siblings[0] is node:
                self.fold(siblings)
        del self.graph.node[:]
        self.graph.node.extend(in_order(self.nodes, self.graph))
        del self.graph.value_info[:]  # they are of single steps

    def siblings(self, node, by_name):
        """The nodes that are `node` at each step, or None where it stays as it is."""
        found = STEP.search(node.name)
        if self.steps == 1 or found is None or node.name[: found.start()] in self.neurons:
            return None
        names = [
            f"{node.name[: found.start()]}/t{step}/{node.name[found.end():]}"
            for step in range(self.steps)
        ]
        return [by_name[name] for name in names] if all(n in by_name for n in names) else None

    def fold(self, siblings):
        """Appends one node for all steps, and the Split that gives each step its part."""
        first = siblings[0]
        name = STEP.sub("/all/", first.name)
        inputs = [
            self.join(names) for names in zip(*(node.input for node in siblings), strict=True)
        ]
        if first.op_type == "Reshape":
            inputs[1] = self.any_batch(first.input[1])
        node = onnx.NodeProto()
        node.CopyFrom(first)
        node.name = name
        del node.input[:], node.output[:]
        node.input.extend(inputs)
        node.output.append(name)
        parts = [sibling.output[0] for sibling in siblings]
        self.nodes += [node, helper.make_node("Split", [name], parts, f"{name}/Split", axis=0)]
        self.joined[tuple(parts)] = name

    def join(self, names):
        """One value for the steps `names`: what all of them are, or all of them in a batch."""
        if len(set(names)) == 1:
            return names[0]
        if names not in self.joined:
            name = f"{names[0]}/all"
            self.nodes.append(helper.make_node("Concat", names, [name], name, axis=0))
            self.joined[names] = name
        return self.joined[names]

    def any_batch(self, shape):
        """The shape of a Reshape with a batch of any size in front."""
        extents = numpy_helper.to_array(self.constants[shape])
        name = f"{shape}/folded"
        if name not in self.constants:
            folded = numpy.concatenate([[-1], extents[1:]]).astype(numpy.int64)
            self.constants[name] = numpy_helper.from_array(folded, name)
            self.graph.initializer.append(self.constants[name])
        return name


def in_order(nodes, graph):
    """The nodes that an output needs, each behind those whose results it reads.

    A fold reads all steps where the first of them stood, and nothing reads the parts of some
    Splits.
    """
    makers = {name: node for node in nodes for name in node.output}
    reads, pending = {}, [makers[output.name] for output in graph.output]
    while pending:
        node = pending.pop()
        if node.name not in reads:
            before = [makers[name] for name in node.input if name in makers]
            reads[node.name] = [other.name for other in before]
            pending += before
    by_name = {node.name: node for node in nodes}
    return [by_name[name] for name in graphlib.TopologicalSorter(reads).static_order()]


def fold_steps(source, target):
    """Reads a model, folds it, checks it and writes it."""
    model = onnx.load(source)
    Fold(model.graph).run()
    onnx.checker.check_model(model)
    onnx.save(model, target)


if __name__ == "__main__":
    fold_steps(*sys.argv[1:])

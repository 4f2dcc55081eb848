"""Builds what the benchmark runs, all in .build/bench: modules, ONNX models, the emitted C and the
programs around it."""

import os
import re
import subprocess
import time
from statistics import median

BENCHMARKS = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(BENCHMARKS)
SNNC = os.path.join(TOP, ".build", "release", "snnc")
COMPILER = os.environ.get("CC") or "cc"
IMPORTS = 5  # of which the median is taken: how soon the system gives memory varies

# How batch norms are folded: as `snnc import` does it, or as engines do that multiply them in.
PASSES = {
    "scale behind the sum": None,
    "scale in the weights": "fold-batch-norm-into-weights,hoist-static,remove-dead",
}


def timed(command):
    """Runs a command without its output; returns the seconds that it took."""
    begin = time.monotonic()
    status = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL).returncode
    if status != 0:
        name = os.path.basename(command[0])
        raise SystemExit(f"bench: error: '{name} {command[1]}' ended with status {status}")
    return time.monotonic() - begin


class Build:
    """The products for one checkpoint, and in `seconds` what each step took."""

    def __init__(self, checkpoint, python):
        stem = os.path.basename(checkpoint).rsplit(".", 1)[0]
        self.folder = os.path.join(TOP, ".build", "bench", stem)
        self.seconds = {}
        os.makedirs(self.folder, exist_ok=True)
        self.module = self.path("model.snn")
        command = [SNNC, "import", checkpoint, "-o", self.module]
        self.seconds[f"import (median of {IMPORTS})"] = median(timed(command) for _ in range(IMPORTS))
        self.build_c()
        self.forms = self.build_models(checkpoint, python)

    def path(self, name):
        """A file or folder among the products."""
        return os.path.join(self.folder, name)

    def build_c(self):
        """Emits and compiles the C, and links it with the programs of this folder."""
        emission, compilation = self.emit_c("c")
        self.seconds.update({"emit": emission, "compile with -O3": compilation})
        with open(self.path("c/Makefile")) as file:
            self.model = re.search(r"^LIBRARY = (\w+)\.o", file.read(), re.M)[1]
        self.weights = self.path(f"c/{self.model}.weights.bin")
        self.programs = {"emitted program": self.path(f"c/{self.model}")}
        self.emit_c("c-step", "--schedule", "step")
        self.programs["the same by step"] = self.path(f"c-step/{self.model}")
        model = [f"{self.model}.o", "snn_npy.o"]
        wrapped = [f"{self.model}_run", "snn_conv_run", "snn_attention_run", "snn_neuron_run"]
        wraps = [f"-Wl,--wrap={name}" for name in wrapped]
        self.link("program", ["program.c"], model)
        self.link("counted", ["program.c", "count.c"], model, wraps)
        self.link("layer", ["layer.c"])
        self.link("peak", ["peak.c"])

    def emit_c(self, folder, *flags):
        """Emits the C to a folder and compiles it; returns the seconds of both."""
        folder = self.path(folder)
        emission = timed([SNNC, "emit", self.module, "--target", "c", "-o", folder, *flags])
        make = ["make", "-s", "-C", folder, f"CC={COMPILER}", "CFLAGS=-O3"]
        timed([*make, "clean"])
        return emission, timed(make)

    def link(self, name, sources, objects=(), flags=()):
        """Compiles a program of this folder and links it with objects of the emitted C."""
        folder = self.path("c")
        objects = [*objects, "snn_kernels.o", "snn_plain.o", "snn_checksum.o", "snn_threads.o"]
        options = "-O3 -std=gnu11 -ffp-contract=off -Wall -Wextra".split()
        options += [f"-I{folder}", f"-DMODEL={self.model}", f"-DCAPITALS={self.model.upper()}"]
        options += [f'-DMODEL_HEADER="{self.model}.h"']
        files = [os.path.join(BENCHMARKS, source) for source in sources]
        files += [os.path.join(folder, name) for name in objects]
        timed([COMPILER, *options, "-o", self.path(name), *files, *flags, "-lpthread"])

    def build_models(self, checkpoint, python):
        """Makes the models for dense engines; returns for each engine its forms of the model, a
        form's name to what serve.py calls the engine and the model's file."""
        forms = {"ONNX Runtime": {}, "OpenVINO": {}, "PyTorch": {}}
        for scale, passes in PASSES.items():
            name = "model" if passes is None else "weights"
            module = self.path(f"{name}.snn")
            if passes:
                timed([SNNC, "import", checkpoint, "--passes", passes, "-o", module])
            plain, folded = self.path(f"{name}.onnx"), self.path(f"{name}-folded.onnx")
            seconds = timed([SNNC, "emit", module, "--target", "onnx", "-o", plain])
            self.seconds.setdefault("emit ONNX", seconds)
            timed([python, os.path.join(BENCHMARKS, "fold_steps.py"), plain, folded])
            for steps, model in (("steps unrolled", plain), ("steps in a batch", folded)):
                converted = model.replace(".onnx", ".pt")
                timed([python, os.path.join(BENCHMARKS, "torch_graph.py"), model, converted])
                form = f"{steps}, {scale}"
                forms["ONNX Runtime"][form] = ("ONNX Runtime", model)
                forms["OpenVINO"][form] = ("OpenVINO", model)
                forms["PyTorch"][form] = ("PyTorch", converted)
                if steps == "steps in a batch":
                    forms["PyTorch"][f"torch.compile, {form}"] = ("PyTorch compiled", converted)
        return forms

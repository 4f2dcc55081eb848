#!/usr/bin/env python3
"""Measures the emitted C against ONNX Runtime, OpenVINO and PyTorch; `make bench` runs it.

This part finds the engines, or installs them, and measure.py does the rest. What it reads from the
environment, where make puts its variables:

    CHECKPOINT=  what is imported; the digits example without
    INPUT=       its samples, FILE.npy or FILE.npz[:MEMBER], `input` without; the first one is run
    THREADS=     numbers of threads, "1 2" without
    RUNS=        runs that count of each engine, 11 without
    RESULTS=     the file of the results, Benchmarks/RESULTS.md without
    BENCH_PYTHON=  an interpreter that has the packages of requirements.txt; without it, they are
                   installed once into a virtual environment, .build/bench-venv
"""

import importlib.util
import os
import subprocess
import venv

BENCHMARKS = os.path.dirname(os.path.abspath(__file__))


def is_text(path, text):
    """Whether the file is there and holds `text`."""
    if not os.path.exists(path):
        return False
    with open(path) as file:
        return file.read() == text


def interpreter():
    """An interpreter that has the engines."""
    if os.environ.get("BENCH_PYTHON"):
        return os.environ["BENCH_PYTHON"]
    folder = os.path.join(os.path.dirname(BENCHMARKS), ".build", "bench-venv")
    python = os.path.join(folder, "bin", "python")
    requirements = os.path.join(BENCHMARKS, "requirements.txt")
    with open(requirements) as file:
        wanted = file.read()
    installed = os.path.join(folder, "requirements.txt")
    if not is_text(installed, wanted):
        if importlib.util.find_spec("ensurepip") is None:
            raise SystemExit(
                "bench: error: no pip for a virtual environment; Debian has python3-venv"
            )
        print("installing the engines into .build/bench-venv", flush=True)
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
        with open(installed, "w") as file:
            file.write(wanted)
    return python


if __name__ == "__main__":
    python = interpreter()
    os.execv(python, [python, os.path.join(BENCHMARKS, "measure.py")])

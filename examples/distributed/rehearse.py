#!/usr/bin/env python3
"""Rehearses the worst: evaluates the digits model on three local Dask workers, of which one is
killed in the middle, once its snnc alone and once the worker itself, and compares the results with
those of one run.

    rehearse.py [SNNC]      needs distributed and numpy, of PyPI
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

import numpy
from distributed import Client, LocalCluster

from evaluate import evaluate

HERE = pathlib.Path(__file__).resolve().parent
DIGITS = HERE.parent / "digits"
SHARDS = 6
# The test images, so often that there is a middle.
TIMES = 20


def children(process):
    """The processes that one has started."""
    text = pathlib.Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for file in text for number in file.read_text().split()]


def kill_one(workers, whole, folder, killed):
    """Kills the first worker, or its snnc, once a result of its shard is written."""
    while True:
        for child in children(workers[0]):
            files = [os.readlink(file) for file in pathlib.Path(f"/proc/{child}/fd").iterdir()]
            results = [file for file in files if file.startswith(str(folder))]
            lines = pathlib.Path(results[0]).read_bytes().count(b"\n") if results else 0
            if 10 < lines < 360 * TIMES / SHARDS:
                process = workers[0] if whole else child
                os.kill(process, signal.SIGKILL)
                name = pathlib.Path(results[0]).name
                killed.append(f"{'the worker' if whole else 'snnc'} after {lines} lines of {name}")
                return
        time.sleep(0.001)


def rehearse(snnc, folder, whole):
    """Runs all shards while a worker or its snnc is killed; returns the merged text."""
    command = [snnc, "eval", str(folder / "m.snn"), "--data", str(folder / "test.npz")]
    results = folder / ("worker" if whole else "snnc")
    killed = []
    with LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            workers = sorted(client.run(os.getpid).values())
            killer = threading.Thread(
                target=kill_one, args=(workers, whole, results, killed), daemon=True)
            killer.start()
            files = evaluate(client, command + ["--threads", "1"], SHARDS, results)
            killer.join(timeout=1)
    print("killed:", *killed)
    merged = folder / "merged.jsonl"
    text = subprocess.run(
        [snnc, "merge-results", *files, "-o", merged], check=True, capture_output=True).stdout
    return bool(killed), text, merged.read_bytes()


def main():
    snnc = sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / ".build/release/snnc"
    snnc = str(pathlib.Path(snnc).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        checkpoint = DIGITS / "digits-spikingformer.pth"
        subprocess.run(
            [snnc, "import", checkpoint, "-o", folder / "m.snn"], check=True, capture_output=True)
        images, labels = numpy.load(DIGITS / "images.npy"), numpy.load(DIGITS / "labels.npy")
        numpy.savez(
            folder / "test.npz", input=numpy.tile(images, (TIMES, 1, 1, 1)),
            labels=numpy.tile(labels, TIMES))
        one = subprocess.run(
            [snnc, "eval", folder / "m.snn", "--data", folder / "test.npz"]
            + ["--results", folder / "one.jsonl"], check=True, capture_output=True).stdout
        for whole in (False, True):
            was_killed, text, results = rehearse(snnc, folder, whole)
            if not was_killed or text != one or results != (folder / "one.jsonl").read_bytes():
                sys.exit("the results are NOT those of one run, or nothing was killed")
        print(one.decode() + "the results are to the byte those of one run")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Evaluates a module on the workers of a Dask cluster: each shard is a task that runs snnc eval.

    evaluate.py MODEL DATA --results FOLDER --shards 16 --scheduler tcp://host:8786
    evaluate.py MODEL DATA --results FOLDER --shards 6 --local 3

MODEL, DATA and FOLDER must be reached under the same paths by all workers. What a killed task or
worker leaves is gone on with by the next try; running the command again goes on, too.
"""

import argparse
import pathlib
import subprocess
import sys
import time

from distributed import Client, LocalCluster, as_completed

# Seconds for which a task is waited for that was only thought dead, and still writes its results.
PATIENCE = 600


def run_shard(command, shard, results):
    """Runs one shard to its end, and returns what snnc told of it."""
    # With its worker, snnc is killed, too: else it would keep the file from the next try.
    command = ["setpriv", "--pdeathsig", "KILL", *command]
    command += ["--shard", shard, "--results", results, "--resume"]
    deadline = time.monotonic() + PATIENCE
    while True:
        ended = subprocess.run(command, capture_output=True, text=True)
        if "[results-in-use]" not in ended.stderr or time.monotonic() > deadline:
            break
        time.sleep(5)
    # Samples that could not be read do not make a shard fail; merge-results tells of them.
    if ended.returncode != 0 and "[broken-samples]" not in ended.stderr:
        raise RuntimeError(f"shard {shard}: status {ended.returncode}: {ended.stderr.strip()}")
    return f"shard {shard}: status {ended.returncode}\n{ended.stderr}".strip()


def evaluate(client, command, shards, folder):
    """Runs all shards on the cluster, and returns their results' files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [str(folder / f"{number}.jsonl") for number in range(1, shards + 1)]
    names = [f"{number}/{shards}" for number in range(1, shards + 1)]
    tasks = client.map(
        run_shard, [command] * shards, names, files, retries=10, pure=False)
    for task in as_completed(tasks):
        print(task.result(), file=sys.stderr)
    return files


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--labels", type=pathlib.Path, help="as of snnc eval")
    parser.add_argument("--results", type=pathlib.Path, required=True, help="a folder")
    parser.add_argument("--shards", type=int, default=16, help="several for each worker")
    parser.add_argument("--threads", type=int, default=1, help="of each task")
    parser.add_argument("--snnc", default="snnc", help="the program, on the workers")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--scheduler", help="the address of a cluster")
    where.add_argument("--local", type=int, help="so many workers of this machine")
    options = parser.parse_args()

    command = [options.snnc, "eval", str(options.model.resolve())]
    command += ["--data", str(options.data.resolve()), "--threads", str(options.threads)]
    if options.labels:
        command += ["--labels", str(options.labels.resolve())]
    cluster = options.scheduler or LocalCluster(
        n_workers=options.local, threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        try:
            files = evaluate(client, command, options.shards, options.results.resolve())
        except RuntimeError as error:
            sys.exit(f"evaluate.py: {error}")
    sys.exit(subprocess.run([options.snnc, "merge-results", *files]).returncode)


if __name__ == "__main__":
    main()

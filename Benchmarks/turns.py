"""Engines that run in turn, each in a process of its own.

A process prints `ready SECONDS`, the time of its preparation (the emitted C also the name of its
kernels), and then waits. For each line that it reads it runs one image and prints the seconds. When
its input ends it writes its logits and prints `peak KIB`, the most memory that it had. What count.c
prints comes before the seconds of the first image.
"""

import os
import subprocess
import time

# Threads that spin for a while after their work shall not meet the next engine's run.
PAUSE = 0.05


class EngineError(Exception):
    """An engine that does not do what it should; it has said why on standard error."""


class Engine:
    """A running engine."""

    def __init__(self, name, command, **environment):
        begin = time.monotonic()
        self.name = name
        self.counted = []
        self.times = []
        self.process = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        ready = self.answer("ready")
        self.preparation = float(ready[0])
        self.kernels = ready[1] if len(ready) > 1 else None
        self.first = self.run()  # the first image, on memory that was not touched before
        self.start = time.monotonic() - begin  # from nothing to the first logits

    def answer(self, word=""):
        """The words of the next line behind `word`, with which it begins."""
        line = self.process.stdout.readline()
        if line.startswith("counted "):
            self.counted = [float(number) for number in line.split()[1:]]
            line = self.process.stdout.readline()
        if not line:
            raise EngineError(f"{self.name} ended with status {self.process.wait()}")
        if not line.startswith(word):
            raise EngineError(f"{self.name} said '{line.strip()}' where '{word}' was due")
        return line[len(word) :].split()

    def run(self):
        """Runs one image; returns the seconds that it took."""
        self.process.stdin.write("\n")
        return float(self.answer()[0])

    def end(self):
        """Ends the process, which then has written its logits; returns its most memory in bytes."""
        self.process.stdin.close()
        self.peak = 1024 * int(self.answer("peak")[0])
        if self.process.wait() != 0:
            raise EngineError(f"{self.name} ended with status {self.process.returncode}")


def take_turns(engines, runs):
    """Runs each engine once to warm up and then `runs` times, another one first each time."""
    for engine in engines:
        engine.run()
    for run in range(runs):
        first = run % len(engines)
        for engine in engines[first:] + engines[:first]:
            time.sleep(PAUSE)
            engine.times.append(engine.run())
    for engine in engines:
        engine.end()


def run_whole(command):
    """Runs a program from start to end; returns its seconds and its most memory in bytes."""
    begin = time.monotonic()
    process = subprocess.Popen([str(word) for word in command])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise EngineError(f"{command[0]} ended with status {process.returncode}")
    return seconds, 1024 * usage.ru_maxrss

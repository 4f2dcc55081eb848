"""Measures the emitted C against dense engines and writes the results; bench.py starts it.

Whatever is compared runs in turn on the same image and threads, so that what else the machine does
meets all alike.
"""

import os
import resource
import subprocess
import sys
from dataclasses import dataclass, field

import numpy

from build import COMPILER, SNNC, TOP, Build
from machine import description
from report import report
from turns import Engine, EngineError, run_whole, take_turns

SERVE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "serve.py")
EXAMPLE = os.path.join(TOP, "examples", "digits")
EMITTED = "emitted C"
RATES = ("0.5", "1", "2")
TRIALS = 5  # of each form of a dense engine, to find the fastest


@dataclass
class Results:
    """What was measured, by the number of threads."""

    checkpoint: str
    threads: list
    runs: int
    machine: list  # what machine.description says
    seconds: dict = field(default_factory=dict)  # of the steps that built all
    weights_bytes: int = 0
    own_peak: int = 0
    engines: dict = field(default_factory=dict)  # the Engines that ran in turn, the C first
    forms: dict = field(default_factory=dict)  # dense engine's name -> Engines, one a form
    whole: dict = field(default_factory=dict)  # program -> seconds and most memory of its runs
    peaks: dict = field(default_factory=dict)  # additions a second from registers and from L1
    rates: dict = field(default_factory=dict)  # by the factor of RATES, an Engine
    layers: dict = field(default_factory=dict)  # (kernel, rate) -> additions, list of seconds
    profiles: dict = field(default_factory=dict)  # what `snnc run --profile` printed


def setting(name, default):
    """A variable of the environment, or the default where it is missing or empty."""
    return os.environ.get(name) or default


def output_of(command):
    """What a command prints."""
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout


def first_sample(path, target):
    """Writes the first sample of FILE.npy or FILE.npz[:MEMBER] as float32 .npy."""
    path, _, member = path.partition(".npz:")
    if member:
        path += ".npz"
    samples = numpy.load(path)
    if path.endswith(".npz"):
        samples = samples[member or "input"]
    numpy.save(target, samples[:1].astype(numpy.float32))
    return target


class Measurement:
    """The steps, which fill the results."""

    def __init__(self, checkpoint, samples, threads, runs):
        machine = description(COMPILER)
        self.results = Results(os.path.basename(checkpoint), threads, runs, machine)
        self.build = Build(checkpoint, sys.executable)
        self.results.seconds = self.build.seconds
        self.results.weights_bytes = os.path.getsize(self.build.weights)
        self.input = first_sample(samples, self.build.path("input.npy"))

    def run(self):
        """Measures all."""
        for threads in self.results.threads:
            self.find_forms(threads)
            self.compare(threads)
            self.run_programs(threads)
            self.count(threads)
            self.profile(threads)
        return self.results

    def emitted(self, threads, program="program", name=EMITTED, **environment):
        """Starts the emitted C."""
        return Engine(
            name,
            [self.build.path(program), self.build.weights, self.input, self.logits(name), threads],
            **environment,
        )

    def dense(self, name, form, threads):
        """Starts a dense engine."""
        engine, model = self.build.forms[name][form]
        command = [sys.executable, SERVE, engine, model, self.input, self.logits(name), threads]
        engine = Engine(name, command, TORCHINDUCTOR_FORCE_DISABLE_CACHES="1")
        engine.form = form
        return engine

    def logits(self, name):
        """Where an engine writes its logits."""
        return self.build.path(f"logits-{name.replace(' ', '-')}.npy")

    def differ(self, engine):
        """Notes how far an engine's logits are from those of the emitted C."""
        ours, theirs = (numpy.load(self.logits(name)).ravel() for name in (EMITTED, engine.name))
        engine.gap = float(numpy.abs(ours - theirs).max())

    def find_forms(self, threads):
        """Times each dense engine in all forms of the model, one form after the other."""
        take_turns([self.emitted(threads)], 1)
        for name, forms in self.build.forms.items():
            engines = []
            for form in forms:
                try:
                    engine = self.dense(name, form, threads)
                    take_turns([engine], TRIALS)
                except EngineError as error:
                    say(f"{threads} threads, {name}, {form}, is left out: {error}")
                    continue
                self.differ(engine)
                say(f"{threads} threads, {name}, {form}: {min(engine.times):.4f} s")
                engines.append(engine)
            self.results.forms[threads, name] = engines

    def compare(self, threads):
        """Runs the emitted C and the dense engines, each in its fastest form, in turn."""
        engines = [self.emitted(threads)]
        for name in self.build.forms:
            if not self.results.forms[threads, name]:
                raise EngineError(f"{name} ran in no form")
            fastest = min(self.results.forms[threads, name], key=lambda engine: min(engine.times))
            engines.append(self.dense(name, fastest.form, threads))
        take_turns(engines, self.results.runs)
        for engine in engines:
            self.differ(engine)
            say(f"{threads} threads, {engine.name}, in turn: {numpy.median(engine.times):.4f} s")
        self.results.engines[threads] = engines

    def run_programs(self, threads):
        """Runs emitted programs as a user does: they start, read, run one image and write."""
        runs = {name: [] for name in self.build.programs}
        for _ in range(self.results.runs):
            for name, program in self.build.programs.items():
                command = [program, self.input, self.build.path("whole.npy"), "--threads", threads]
                runs[name].append(run_whole(command))
        self.results.whole[threads] = runs
        self.results.own_peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def count(self, threads):
        """Counts additions, and times one layer and the model at several rates."""
        peaks = output_of([self.build.path("peak"), threads]).split()
        self.results.peaks[threads] = [float(peak) for peak in peaks]
        engines = {
            rate: self.emitted(threads, "counted", f"rates x {rate}", BENCH_RATE=rate)
            for rate in RATES
        }
        take_turns(list(engines.values()), self.results.runs)
        self.results.rates[threads] = engines
        layers = self.results.layers[threads] = {}
        for line in output_of([self.build.path("layer"), threads, self.results.runs]).splitlines():
            kernel, rate, additions, seconds = line.split()
            _, times = layers.setdefault((kernel, float(rate)), (float(additions), []))
            times.append(float(seconds))
        say(f"{threads} threads: counted")

    def profile(self, threads):
        """Takes the time by layer from the engine of snnc."""
        command = [SNNC, "run", self.build.module, "--input", self.input, "--threads", threads]
        self.results.profiles[threads] = output_of([*command, "--profile"])


def say(text):
    """Tells the user how far it is."""
    print(text, file=sys.stderr, flush=True)


def main():
    """Measures what the environment says, writes the results and prints them."""
    if setting("CHECKPOINT", None) and not setting("INPUT", None):
        raise SystemExit("bench: error: CHECKPOINT needs INPUT, samples for that model")
    measurement = Measurement(
        setting("CHECKPOINT", os.path.join(EXAMPLE, "digits-spikingformer.pth")),
        setting("INPUT", os.path.join(EXAMPLE, "images.npy")),
        [int(word) for word in setting("THREADS", "1 2").split()],
        int(setting("RUNS", "11")),
    )
    text = report(measurement.run())
    with open(setting("RESULTS", os.path.join(TOP, "Benchmarks", "RESULTS.md")), "w") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    try:
        main()
    except EngineError as error:
        raise SystemExit(f"bench: error: {error}") from error

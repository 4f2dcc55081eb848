"""The results as Markdown."""

import datetime
import textwrap
from statistics import median

MIB = 2**20


def report(results):
    """The text of RESULTS.md."""
    sections = [
        heading,
        machine,
        times,
        memory,
        additions,
        layer_rates,
        model_rates,
        forms,
        profiles,
    ]
    return "\n\n".join(section(results) for section in sections) + "\n"


# ---- pieces ----


def milliseconds(seconds):
    """Seconds as milliseconds, with three digits or so."""
    value = 1000 * seconds
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def span(values):
    """The least and the largest of some seconds, in milliseconds."""
    return f"{milliseconds(min(values))} to {milliseconds(max(values))}"


def giga(number):
    """A number in 10^9."""
    return f"{number / 1e9:.1f}" if number >= 1e10 else f"{number / 1e9:.3g}"


def table(heads, rows):
    """A table under `heads`, "a | b | c"; the first column is text and the others are numbers."""
    rule = "--- |" + " ---: |" * heads.count("|")
    lines = [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join([f"| {heads} |", f"| {rule}", *(f"| {line} |" for line in lines)])


def paragraph(text):
    """A text in lines of at most 100 characters."""
    return textwrap.fill(" ".join(text.split()), 100, break_on_hyphens=False)


def threads_of(count):
    return "one thread" if count == 1 else f"{count} threads"


# ---- sections ----


def heading(results):
    text = paragraph(f"""
        {results.checkpoint}, one image, float32, on {datetime.date.today()}. `make bench` wrote
        this: see Benchmarks/bench.py for what it can be told. Whatever is compared ran in turn,
        each engine in a process of its own that sleeps while another one runs.""")
    return f"# Measured speed\n\n{text}"


def machine(results):
    emitted = results.engines[results.threads[0]][0]
    rows = [*results.machine, ("kernels", f"{emitted.kernels}, chosen at run time")]
    return f"## Machine\n\n{table('what | which', rows).replace('---:', '---')}"


def times(results):
    """The comparison itself."""
    rows, claims = [], []
    for threads, engines in results.engines.items():
        base = median(engines[0].times)
        for engine in engines:
            ratio = f"{median(engine.times) / base:.2f}"
            gap = "" if engine is engines[0] else f"{engine.gap:.1e}"
            cells = [engine.name, threads, milliseconds(median(engine.times)), span(engine.times)]
            rows.append([*cells, ratio, gap])
        fastest = min(engines[1:], key=lambda engine: median(engine.times))
        claims.append(
            f"""On {threads_of(threads)} the emitted C is {median(fastest.times) / base:.2f}
            times as fast as the fastest dense engine, {fastest.name}."""
        )
    heads = "engine | threads | median ms | from .. to | time / that of the C | logits differ by"
    note = paragraph(f"""
        Medians of {results.runs} runs in turn, after two that warm up. Each dense engine runs
        the form of the model that it was fastest with, see below. Its logits differ from those
        of the emitted C by roundings, and by the spikes that a rounding moves across their
        threshold.""")
    return f"## One image\n\n{paragraph(' '.join(claims))}\n\n{table(heads, rows)}\n\n{note}"


def memory(results):
    """Preparation and memory."""
    weights = results.weights_bytes
    rows = []

    def add(name, threads, prepared, start, peak):
        over = f"{(peak - weights) / MIB:+.1f}"
        rows.append([name, threads, prepared, milliseconds(start), f"{peak / MIB:.1f}", over])

    for threads, engines in results.engines.items():
        for engine in engines:
            add(engine.name, threads, milliseconds(engine.preparation), engine.start, engine.peak)
    for threads, programs in results.whole.items():
        for name, runs in programs.items():
            seconds, peaks = zip(*runs)
            add(f"{name}, as a whole", threads, "", median(seconds), max(peaks))
    heads = "what | threads | preparation ms | to the first logits ms | peak MiB | without weights"
    built = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in results.seconds.items())
    note = paragraph(f"""
        The weights' file has {weights / MIB:.1f} MiB. Preparation is what an engine does with
        the model before the first image; the time to the first logits is from the start of the
        process, with the interpreter and the packages that it loads, and with a first image on
        memory that was not touched before. A program as a whole is what `snnc emit` writes, from
        its start to its end, with the image read and the logits written (a median); a peak below
        {results.own_peak / MIB:.0f} MiB, that of the script which starts it, cannot be seen
        there.""")
    once = paragraph(f"Once for the model: {built}.")
    return f"## Preparation and memory\n\n{table(heads, rows)}\n\n{note}\n\n{once}"


def additions(results):
    """What the image costs, and what the machine could do."""
    rows = []
    for threads, engines in results.engines.items():
        count, dense, fired, neurons = results.rates[threads]["1"].counted
        registers, l1 = results.peaks[threads]
        taken = median(engines[0].times)
        rows.append(
            [
                threads,
                giga(count / taken),
                giga(registers),
                giga(l1),
                milliseconds(count / registers),
                milliseconds(taken),
                f"{taken * registers / count:.2f}",
            ]
        )
    heads = (
        "threads | G additions/s | peak, registers | peak, L1 | bound ms | taken ms | taken / bound"
    )
    note = paragraph(f"""
        {giga(count)} G additions, counted in the emitted C: for each convolution of spikes the
        spikes under its taps, without padding, times its output channels. A dense engine
        multiplies and adds {giga(dense)} G times there. {fired:,.0f} of {neurons:,.0f} neurons
        and steps fire, {100 * fired / neurons:.1f} %. The peaks are loops of additions over the
        widest vectors, on all threads together, with both operands in registers or one in the
        first-level cache; the bound is what the additions would take at the first of them.
        Encoding, attention, neurons and pooling are in the time and not in the additions.""")
    return f"## Additions\n\n{table(heads, rows)}\n\n{note}"


def layer_rates(results):
    """One layer on random spikes."""
    rows = []
    for threads, layers in results.layers.items():
        for (kernel, rate), (count, seconds) in layers.items():
            rows.append(
                [
                    kernel,
                    threads,
                    f"{rate:.2f}",
                    milliseconds(median(seconds)),
                    span(seconds),
                    giga(count / median(seconds)),
                ]
            )
    heads = "kernel | threads | rate | median ms | from .. to | G additions/s"
    note = paragraph("""
        `snn_conv_run` on random spikes of four steps, with neurons behind it: 1x1 from 768 to
        3072 channels on 14x14 positions, and 3x3 from 384 to 768 channels on 28x28. The rates
        ran in turn.""")
    return f"## Time against firing rate: a layer\n\n{table(heads, rows)}\n\n{note}"


def model_rates(results):
    """The whole model at half and double rates."""
    rows = []
    for threads, engines in results.rates.items():
        base = median(engines["1"].times)
        for factor, engine in engines.items():
            count, _, fired, neurons = engine.counted
            rows.append(
                [
                    f"x {factor}",
                    threads,
                    f"{100 * fired / neurons:.1f} %",
                    giga(count),
                    milliseconds(median(engine.times)),
                    span(engine.times),
                    f"{median(engine.times) / base:.2f}",
                ]
            )
    heads = "rates | threads | neurons that fire | G additions | median ms | from .. to | ratio"
    note = paragraph("""
        The emitted C as it is, with another threshold for each layer of neurons: found by
        bisection, layer behind layer, so that the layer fires half or double the spikes that it
        does in the model (95 % of its neurons at most). A dense engine takes the same time at
        any rate.""")
    return f"## Time against firing rate: the model\n\n{table(heads, rows)}\n\n{note}"


def forms(results):
    """The forms of the model that dense engines were given."""
    rows = []
    for (threads, name), engines in results.forms.items():
        in_turn = {engine.name: engine.form for engine in results.engines[threads][1:]}
        for engine in engines:
            mark = " (taken)" if engine.form == in_turn[name] else ""
            rows.append(
                [
                    f"{name}: {engine.form}{mark}",
                    threads,
                    milliseconds(min(engine.times)),
                    milliseconds(median(engine.times)),
                    f"{engine.gap:.1e}",
                ]
            )
    heads = "engine and form | threads | least ms | median ms | logits differ by"
    note = paragraph("""
        `snnc emit --target onnx` writes each op once a step; Benchmarks/fold_steps.py puts all
        steps of an op but the neurons into one batch. A scale behind the sum is `snnc import` as
        it is; in the weights, it is multiplied in before, as OpenVINO does in any case. PyTorch
        runs the same graph by its own operators, its kernels with the channels last, in eager mode
        or compiled by torch.compile with frozen weights. These ran one after the other and not in
        turn, so small differences mean nothing. A form that an engine could not run is left
        out.""")
    return f"## Forms of the model for dense engines\n\n{table(heads, rows)}\n\n{note}"


def profiles(results):
    """What `snnc run --profile` says."""
    parts = [
        f"On {threads_of(threads)}:\n\n```\n{text.rstrip()}\n```"
        for threads, text in results.profiles.items()
    ]
    return "\n\n".join(["## Time by layer, by `snnc run --profile`", *parts])

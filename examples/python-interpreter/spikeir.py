#!/usr/bin/env python3
"""A second, tiny implementation of SpikeIR, written from the pages of ir-spec/ alone.

    python3 spikeir.py MODULE INPUT OUTPUT

reads MODULE, in the text form or the binary form, checks every rule of the specification, computes
the output for the .npy file INPUT and writes it to the .npy file OUTPUT. What the specification
refuses ends with the exit status 65 and the label of the rule in brackets.

It is slow, and exact to the bit: NumPy computes one operation of binary32 at a time, and every sum
is a loop over its terms. The parts stand in the order of the specification's pages.
"""
import collections, fractions, functools, inspect, math, re, struct, sys
import numpy as np
from numpy import float32 as f32

class Refused(Exception):
    """A rule does not hold. The arguments are its label and what it says."""
def need(holds, label, message):
    if not holds:
        raise Refused(label, message)
def need_unique(names, label, what):
    need(len(names) == len(set(names)), label, f"{what} is given twice")
def utf8(data, label):
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused(label, f"text must be UTF-8, and byte {error.start} of this one is not")

# What a module is: structure.md, snn.proto
# A module is kept as the message of the binary form. The kind of a field makes its value of what
# stands on the wire, and a list of a kind is a repeated field.

uint64 = int
uint32 = lambda varint: varint % 2**32
sint64 = lambda varint: varint >> 1 ^ -(varint & 1)
double = lambda data: struct.unpack("<d", data)[0]
fixed64 = lambda data: struct.unpack("<Q", data)[0]
text = lambda data: utf8(data, "invalid-utf8")
ABSENT = {uint64: 0, uint32: 0, sint64: 0, fixed64: 0, bool: False, text: ""}  # else None
KINDS = ("integer", "integers", "real", "boolean")  # of attributes, which have one of these fields

def message(name, /, **fields):
    """A named tuple of the fields, which are at their defaults where they are not given."""
    made = collections.namedtuple(name, fields, defaults=[
        () if isinstance(kind, list) else None if field in KINDS else ABSENT.get(kind)
        for field, kind in fields.items()])
    made.kinds = list(fields.items())
    return made

Exact = message("Exact", low=sint64, high=sint64, scale=uint32)
Type = message("Type", domain=Exact, timed=bool, shape=[uint64])
Entry = message("Entry", key=text, value=text)
Weight = message("Weight", name=text, shape=[uint64], offset=uint64, length=uint64,
                 checksum=fixed64)
Integers = message("Integers", values=[sint64])
Attribute = message("Attribute", name=text, integer=sint64, integers=Integers, real=double,
                    boolean=bool)
Node = message("Node", op=text, operands=[uint32], weights=[uint32], attributes=[Attribute],
               type=Type, origins=[text])
Module = message("Module", name=text, time_steps=uint32, input=Type, output=uint32,
                 metadata=[Entry], weights=[Weight], nodes=[Node])

# Types: types.md
REAL, SPIKE, NOTHING = None, Exact(0, 1, 0), Exact(0, 0, 0)  # an Exact is E(low, high, scale)
is_exact = lambda low, high, scale: -(2**24) <= low <= high <= 2**24 and 0 <= scale <= 100

def spelled(type):
    low, high, scale = type.domain or SPIKE
    exact = f"count<{high}>" if low == scale == 0 <= high else f"fixed<{low}, {high}, 2^-{scale}>"
    domain = "real" if type.domain is REAL else "spike" if type.domain == SPIKE else exact
    return f"{'timed ' * type.timed}{domain} {list(type.shape)}"

def check_shape(shape, label="invalid-shape"):
    count = 1
    for extent in shape:
        count *= extent
        need(extent >= 1 and count <= 2**34, label, "extents must be 1 to 2^34, and their product")

def check_type(type):
    check_shape(type.shape)
    is_domain = type.domain is REAL or is_exact(*type.domain) and type.domain != NOTHING
    need(is_domain, "invalid-domain", f"there is no domain as in {spelled(type)}")

def bounded(*domain):
    """D(low, high, scale): the exact domain if it is within the limits, and else `real`."""
    return SPIKE if domain == NOTHING else Exact(*domain) if is_exact(*domain) else REAL

def sum_of(a, b):
    if REAL in (a, b) or abs(a.scale - b.scale) > 32:
        return REAL
    t = max(a.scale, b.scale)
    i, j = t - a.scale, t - b.scale
    return bounded((a.low << i) + (b.low << j), (a.high << i) + (b.high << j), t)
def product_of(a, b):
    if REAL in (a, b):
        return REAL
    products = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    domain = bounded(min(products), max(products), a.scale + b.scale)
    return REAL if domain == SPIKE and min(a.low, b.low) < 0 else domain  # -1 * 0 is -0, no spike
def summed(a, n):
    return REAL if a is REAL or n > 2**24 else bounded(a.low * n, a.high * n, a.scale)
def mean_of(a, n):
    if summed(a, n) is REAL or n & (n - 1):
        return REAL
    return bounded(a.low * n, a.high * n, a.scale + n.bit_length() - 1)
def constant(c):
    n, power_of_two = c.as_integer_ratio()
    if n == 0:
        return REAL if math.copysign(1, c) < 0 else SPIKE
    return bounded(n, n, power_of_two.bit_length() - 1)

# Ops: ops.md
# An op is one function. Its signature is the op's row in the table of ops.md: operands (Type),
# weights (Weight, with a default where they may be left out) and, behind the star, attributes with
# their kinds. Called with the types of the operands, the weights and the attributes, it yields
# whether C1 holds, then C2, and so on, and last the type of the result and the function that
# computes it from the arrays of the operands and of the weights. The first axis of an operand's
# array is the time, T long for a timed node and 1 for a static one.

def add(lhs: Type, rhs: Type):
    yield lhs.shape == rhs.shape
    yield Type(sum_of(lhs.domain, rhs.domain), lhs.timed or rhs.timed, lhs.shape), np.add
def affine(x: Type, scale: Weight, shift: Weight):
    yield len(x.shape) >= 1
    yield scale.shape == shift.shape == x.shape[:1]
    yield Type(REAL, x.timed, x.shape), scaled_and_shifted
def batch_norm(x: Type, weight: Weight, bias: Weight, mean: Weight, variance: Weight,
               *, epsilon: "real"):
    yield len(x.shape) >= 1
    yield weight.shape == bias.shape == mean.shape == variance.shape == x.shape[:1]
    yield 0 <= epsilon < math.inf
    def run(x, *weights):
        weight, bias, mean, variance = (w.astype(np.float64) for w in weights)
        need((variance + epsilon > 0).all(), "batch_norm-c4", "variance + epsilon must be above 0")
        d = weight / np.sqrt(variance + epsilon)
        scale, shift = d.astype(f32), (bias - mean * d).astype(f32)
        need(np.isfinite([scale, shift]).all(), "batch_norm-c5", "scale and shift must be finite")
        return scaled_and_shifted(x, scale, shift)
    yield Type(REAL, x.timed, x.shape), run
def complement(x: Type):
    domain = sum_of(constant(1.0), product_of(x.domain, constant(-1.0)))
    yield Type(domain, x.timed, x.shape), lambda x: f32(1) - x
def conv2d(x: Type, kernel: Weight, bias: Weight = None,
           *, stride: "integers", padding: "integers", groups: "integer" = 1):
    yield len(x.shape) == 3
    yield len(kernel.shape) == 4 and (
        groups < 1 or x.shape[0] % groups or kernel.shape[2] == x.shape[0] // groups)
    yield bias is None or bias.shape == kernel.shape[3:]
    yield (window := windows(x.shape, kernel.shape[:2], stride, padding))
    yield groups >= 1 and x.shape[0] % groups == kernel.shape[3] % groups == 0
    yield Type(REAL, x.timed, (kernel.shape[3], *window[0])), lambda *arrays: (
        convolved(x.domain == SPIKE, window, groups, *arrays))
def if_(x: Type, *, threshold: "real"):
    yield is_threshold(threshold)
    yield Type(SPIKE, True, x.shape), fired(threshold, lambda v, x: v + x)
def lif(x: Type, *, tau: "real", threshold: "real"):
    yield is_binary32(tau) and 1 <= tau < math.inf
    yield is_threshold(threshold)
    yield Type(SPIKE, True, x.shape), fired(threshold, lambda v, x: v + (x - v) / f32(tau))
def linear(x: Type, weight: Weight, bias: Weight = None):
    yield len(x.shape) == 1
    yield len(weight.shape) == 2 and weight.shape[:1] == x.shape
    yield bias is None or bias.shape == weight.shape[1:]
    pixel = (1, 1), [(0, slice(1), slice(1))], [(0, slice(1), slice(1))]
    yield Type(REAL, x.timed, weight.shape[1:]), lambda array, weight, *bias: convolved(
        x.domain == SPIKE, pixel, 1, array[..., None, None], weight[None, None], *bias)[..., 0, 0]
def matmul(lhs: Type, rhs: Type, *, transpose_lhs: "boolean", transpose_rhs: "boolean"):
    yield len(lhs.shape) == len(rhs.shape) == 3 and lhs.shape[0] == rhs.shape[0]
    rows, inner = lhs.shape[:0:-1] if transpose_lhs else lhs.shape[1:]
    height, columns = rhs.shape[:0:-1] if transpose_rhs else rhs.shape[1:]
    yield inner == height
    def run(lhs, rhs):
        lhs = lhs.swapaxes(2, 3) if transpose_lhs else lhs
        rhs = rhs.swapaxes(2, 3) if transpose_rhs else rhs
        return summed_in_order(lhs[..., i, None] * rhs[:, :, i, None] for i in range(inner))
    domain = summed(product_of(lhs.domain, rhs.domain), inner)
    yield Type(domain, lhs.timed or rhs.timed, (lhs.shape[0], rows, columns)), run
def max_pool2d(x: Type, *, kernel: "integers", stride: "integers", padding: "integers"):
    yield len(x.shape) == 3
    window = windows(x.shape, kernel, stride, padding)
    yield window and all(2 * p <= k for p, k in zip(padding, kernel))
    size, rows, columns = window
    def run(x):
        y = np.full((*x.shape[:2], *size), -np.inf, f32)
        for _, y_rows, x_rows in rows:
            for _, y_columns, x_columns in columns:
                best, seen = y[..., y_rows, y_columns], x[..., x_rows, x_columns]
                best[...] = np.where(seen > best, seen, best)  # of +0 and -0, the first stays
        return y
    yield Type(x.domain, x.timed, (x.shape[0], *size)), run
def mean(x: Type):
    yield len(x.shape) >= 2
    n = math.prod(x.shape[1:])
    yield Type(mean_of(x.domain, n), x.timed, x.shape[:1]), lambda x: (
        summed_in_order(np.moveaxis(x.reshape(*x.shape[:2], n), 2, 0)) / f32(n))
def mean_steps(x: Type):
    yield x.timed
    yield Type(REAL, False, x.shape), lambda x: summed_in_order(x)[None] / f32(len(x))
def mul(lhs: Type, rhs: Type):
    pairs = list(zip(lhs.shape, rhs.shape))
    yield len(lhs.shape) == len(rhs.shape) and all(r in (l, 1) for l, r in pairs)
    yield sum(l != r for l, r in pairs) <= 1
    yield Type(product_of(lhs.domain, rhs.domain), lhs.timed or rhs.timed, lhs.shape), np.multiply
def plif(x: Type, *, inverse_tau: "real", threshold: "real"):
    yield is_binary32(inverse_tau) and 0 < inverse_tau <= 1
    yield is_threshold(threshold)
    yield Type(SPIKE, True, x.shape), fired(threshold, lambda v, x: v + (x - v) * f32(inverse_tau))
def repeat(x: Type):
    yield not x.timed
    yield Type(x.domain, True, x.shape), lambda x: x
def reshape(x: Type, *, shape: "integers"):
    check_shape(shape, "reshape-c1")
    yield math.prod(shape) == math.prod(x.shape)
    yield Type(x.domain, x.timed, shape), lambda x: x.reshape(len(x), *shape)
def scale(x: Type, *, factor: "real"):
    yield is_binary32(factor) and math.isfinite(factor)
    domain = product_of(x.domain, constant(factor))
    yield Type(domain, x.timed, x.shape), lambda x: x * f32(factor)
def sum_(x: Type, *, axis: "integer"):
    yield 0 <= axis < len(x.shape)
    shape = (*x.shape[:axis], 1, *x.shape[axis + 1:])
    yield Type(summed(x.domain, x.shape[axis]), x.timed, shape), lambda x: (
        np.expand_dims(summed_in_order(np.moveaxis(x, axis + 1, 0)), axis + 1))
def transpose(x: Type):
    yield len(x.shape) == 2
    yield Type(x.domain, x.timed, x.shape[::-1]), lambda x: x.swapaxes(1, 2)

OPS = {op.__name__.strip("_"): op for op in (
    add, affine, batch_norm, complement, conv2d, if_, lif, linear, matmul, max_pool2d, mean,
    mean_steps, mul, plif, repeat, reshape, scale, sum_, transpose)}

# What several ops compute
summed_in_order = lambda parts: functools.reduce(np.add, parts, f32(0))
is_binary32 = lambda number: float(f32(number)) == number
is_threshold = lambda number: is_binary32(number) and 0 < number < math.inf
def scaled_and_shifted(x, scale, shift):
    channels = (-1,) + (1,) * (x.ndim - 2)
    return x * scale.reshape(channels) + shift.reshape(channels)

def windows(shape, kernel, stride, padding):
    """The extents of the result of a moving window, and for both axes where it meets the input:
    each row r of the window, a slice of the result's rows y, and the slice of the input's rows
    y * stride + r - padding. The rest is padding. None where C4 of conv2d does not hold."""
    axes, size, meetings = list(zip(shape[1:], kernel, stride, padding)), [], []
    if not len(kernel) == len(stride) == len(padding) == 2 or not all(
            1 <= k <= 2**16 and 1 <= s <= 2**16 and 0 <= p <= 2**16 and k <= n + 2 * p
            for n, k, s, p in axes):
        return None
    for n, k, s, p in axes:
        size.append((n + 2 * p - k) // s + 1)
        ends = [(r - p, max(0, (p - r + s - 1) // s), min(size[-1], (n - 1 + p - r) // s + 1))
                for r in range(k)]
        meetings.append([(r, slice(first, end), slice(first * s + shift, end * s + shift, s))
                         for r, (shift, first, end) in enumerate(ends) if first < end])
    return size, *meetings

def convolved(is_spike, window, groups, x, kernel, bias=None):
    size, rows, columns = window
    # Channels are cut into groups, and a term is added for all groups and outputs at once.
    x = x.reshape(len(x), groups, -1, *x.shape[2:])
    kernel = kernel.reshape(*kernel.shape[:3], groups, -1, 1, 1)
    y = np.empty((len(x), *kernel.shape[3:5], *size), f32)
    y[...] = 0 if bias is None else bias.reshape(kernel.shape[3:])
    for r, y_rows, x_rows in rows:
        for c, y_columns, x_columns in columns:
            total = y[..., y_rows, y_columns]
            for i in range(kernel.shape[2]):
                term, weight = x[:, :, i, None, x_rows, x_columns], kernel[r, c, i]
                if is_spike:
                    np.add(total, weight, out=total, where=term == 1)
                else:
                    total += term * weight
    return y.reshape(len(y), -1, *size)

def fired(threshold, charge):
    """Neurons with a hard reset, whose membranes start from +0."""
    def run(x):
        v, y = np.zeros_like(x[0]), np.empty(x.shape, f32)
        for t in range(len(x)):
            v = charge(v, x[t])
            y[t] = v >= f32(threshold)
            v = np.where(y[t] == 1, f32(0), v)
        return y
    return run

# Validation: validation.md
def check(module):
    """Checks a module, and returns the type of each value and what computes each node."""
    need(1 <= module.time_steps <= 4096, "time-steps", f"1 to 4096, not {module.time_steps}")
    need_unique([entry.key for entry in module.metadata], "duplicate-metadata", "a key")
    need_unique([weight.name for weight in module.weights], "duplicate-weight", "a weight's name")
    for weight in module.weights:
        check_shape(weight.shape)
    check_type(module.input)
    types, runs = [module.input], []
    for node in module.nodes:
        type, run = check_node(node, types, module.weights)
        types.append(type)
        runs.append(run)
    need(module.output < len(types), "undefined-value", "the output is not defined")
    need_unique([n.origins[-1] if n.origins else f"%{i}" for i, n in enumerate(module.nodes, 1)
                 if n.op in ("if", "lif", "plif")], "duplicate-neuron", "a layer's name")
    return types, runs

def check_node(node, types, weights):
    here = f"%{len(types)} = {node.op}"
    need(node.op in OPS, "unknown-op", f"{here!a}: there is no such op")
    row, given = inspect.signature(OPS[node.op]).parameters.values(), {}
    known = {p.name: p for p in row if p.kind is p.KEYWORD_ONLY}
    need_unique([a.name for a in node.attributes], "duplicate-attribute", f"{here}: an attribute")
    for name, *values in node.attributes:
        need(name in known, "unknown-attribute", f"{here}: there is no attribute {name!a}")
        pairs = [(kind, value) for kind, value in zip(KINDS, values) if value is not None]
        need(pairs, "missing-field", f"{here}: {name} has no value")
        (kind, value), wanted = pairs[0], known[name].annotation
        need(kind == wanted, "attribute-kind", f"{here}: {name} takes {wanted}, not {kind}")
        given[name] = value.values if kind == "integers" else value
    for name, p in known.items():
        need(name in given or p.default is not p.empty, "missing-attribute", f"{here} needs {name}")
    operands = sum(p.annotation is Type for p in row)
    need(len(node.operands) == operands, "operand-count", f"{here}: it takes {operands} operands")
    taken = [p.default is p.empty for p in row if p.annotation is Weight]
    is_count = sum(taken) <= len(node.weights) <= len(taken)
    need(is_count, "weight-count", f"{here}: it takes {sum(taken)} to {len(taken)} weights")
    need(all(v < len(types) for v in node.operands), "undefined-value", f"{here}: no such operand")
    need(all(w < len(weights) for w in node.weights), "undefined-weight", f"{here}: no such weight")
    arguments = *(types[v] for v in node.operands), *(weights[w] for w in node.weights)
    for number, result in enumerate(OPS[node.op](*arguments, **given), 1):
        need(result, f"{node.op}-c{number}", f"{here}: C{number} in ops.md does not hold")
    check_shape(result[0].shape)
    if node.type is not None:
        check_type(node.type)
        need(node.type == result[0], "wrong-type", f"{here} is {spelled(result[0])}")
    return result

# Execution: execution.md
def check_input(module, x):
    """Checks that an array is one sample of the module's input."""
    domain, timed, shape = module.input
    shape = (module.time_steps, *shape) if timed else shape
    need(x.dtype == np.dtype("<f4"), "array-type", f"an input is of type <f4, not {x.dtype.str}")
    need(x.shape == shape, "input-shape", f"the input is {list(shape)}, not {list(x.shape)}")
    need(np.isfinite(x).all(), "input-not-finite", "an input must be finite")
    if domain is not REAL:
        n = np.ldexp(x.astype(np.float64), domain.scale)
        lies = (n == np.floor(n)) & (n >= domain.low) & (n <= domain.high)
        need(lies.all(), "input-domain", f"the input is {spelled(module.input)}")

def evaluate(module, types, runs, numbers, x):
    """The module's output for one sample; `numbers` are those of its weights."""
    fits = all(len(t.shape) < 32 and module.time_steps * math.prod(t.shape) < 2**31 for t in types)
    need(fits, "too-large", "a value has less than 32 axes, and 2^31 elements over all steps")
    x = x + f32(0) if module.input.domain == SPIKE else x  # a spike that is -0 is taken as +0
    values = {0: x if module.input.timed else x[None]}
    last_reader = {v: n for n, node in enumerate(module.nodes, 1) for v in node.operands}
    last_reader[module.output] = len(types)
    for n, (node, run) in enumerate(zip(module.nodes, runs), 1):
        operands = [values[v] for v in node.operands]
        if types[n].timed:  # a static operand is read anew at every step
            operands = [np.broadcast_to(x, (module.time_steps, *x.shape[1:])) for x in operands]
        values[n] = run(*operands, *(numbers[w] for w in node.weights))
        values = {v: x for v, x in values.items() if last_reader.get(v, 0) > n}
    y = values[module.output]
    return y if types[module.output].timed else y[0]

# The text form: text.md
# The grammar is regular: every definition is a regular expression over its tokens. In the patterns
# a space stands for the end of a token, and a name in capitals for its pattern.

PATTERNS = {
    "WORD": r"[A-Za-z_]\w*", "VALUE": r"%\w+", "INTEGER": r"-?\d+", "SYMBOL": "@STRING",
    "REAL": r"-?\d+(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]?\d+)", "NUMBER": "(?:REAL|INTEGER)",
    "STRING": r'"(?:[\x20!#-\[\]-~]|\\x[0-9A-Fa-f]{2})*"', "STRINGS": "STRING (?:, STRING )*",
    "INTEGERS": r"\[ (?:INTEGER (?:, INTEGER )*)?\] ", "VALUES": "VALUE (?:, VALUE )*",
    "FIXED": r"fixed < INTEGER , INTEGER , INTEGER \^ INTEGER >",
    "TYPE": r"(?:timed )?(?:real|spike|count < INTEGER >|FIXED) INTEGERS",
    "ATTRIBUTE": "WORD = (?:(?:NUMBER|true|false) |INTEGERS)"}

def pattern(source):
    while re.search("[A-Z]{4}", source):
        source = re.sub("[A-Z]{4,}", lambda name: PATTERNS[name[0]], source)
    return re.compile(source.replace(" ", "\n"), re.ASCII)

BLANK, NUMBER = re.compile(r"(?:[ \t\r\n]|//[^\n]*)*"), pattern("NUMBER")
TOKEN = pattern(r"WORD|VALUE|SYMBOL|STRING|[-\d][\w.-]*(?:(?<=[eE])\+\w*)?|[][{}<>=:,^]")
MODULE = pattern("snnir INTEGER module (SYMBOL) { time_steps = (INTEGER) ")
META = pattern("meta (STRING) = (STRING) ")
WEIGHT = pattern(r"weight (SYMBOL) : f32 (INTEGERS)(?:= (\[ (?:NUMBER (?:, NUMBER )*)?\] )|(?!=))")
INPUT = pattern("input (VALUE) : (TYPE)")
NODE = pattern("(VALUE) = (WORD) (VALUES(?:, SYMBOL )*|SYMBOL (?:, SYMBOL )*)"
               "(?:{ (ATTRIBUTE(?:, ATTRIBUTE)*)} )?(?:: (TYPE))?(?:from (STRINGS))?")
OUTPUT = pattern(r"output (VALUE) } \Z")
PARTS_OF_TYPE = pattern("(timed )?(WORD) (?:< ([^>]*)> )?(INTEGERS)")
PARTS_OF_ATTRIBUTE = pattern("(WORD) = (?:(INTEGER) |(INTEGERS)|(REAL) |(true|false) )")

def nearest_binary32(number):
    """Rounds an integer or a decimal once, ties to even. By way of binary64 it would be twice."""
    near = float(number)
    if near == 0 or math.isinf(near):
        return near
    unit = fractions.Fraction(2) ** max(math.frexp(near)[1] - 24, -149)  # of the last place
    rounded = round(fractions.Fraction(number) / unit) * unit  # Python rounds ties to even
    return math.copysign(rounded if abs(rounded) < 2**128 else math.inf, near)
def real(token, nearest=float):
    number = nearest(token)
    need(not math.isinf(number), "bad-number", f"{token} is too large")
    return number
def integer(token):
    need(-(2**63) <= int(token) < 2**63, "bad-number", f"{token} does not fit in 64 bits")
    return int(token)
def string(token):
    escaped = token.lstrip("@")[1:-1].encode()
    return utf8(escaped.decode("unicode_escape").encode("latin-1"), "bad-string")
items = lambda tokens: [token for token in (tokens or "").split("\n") if token not in "[],"]
integers = lambda tokens: tuple(map(integer, items(tokens)))
def type_of(tokens):
    timed, word, bounds, shape = PARTS_OF_TYPE.match(tokens).groups()
    given = [integer(token) for token in re.findall(r"-?\d+", bounds or "")]
    low, high, two, exponent = given if word == "fixed" else (0, *(given or [1]), 2, 0)
    need(two == 2, "unexpected-token", f"steps are powers of 2, not of {two}")
    domain = REAL if word == "real" else Exact(low, high, -exponent)
    type = Type(domain, bool(timed), integers(shape))
    need(word in spelled(type), "invalid-domain", f"the spelling is {spelled(type)}")
    return type
def attribute_of(name, *parts):  # as PARTS_OF_ATTRIBUTE has them
    make = integer, lambda list: Integers(integers(list)), real, "true".__eq__
    return Attribute(name, *(of(part) if part else None for of, part in zip(make, parts)))

def tokens_of(text):
    """The tokens of a text, each with a line feed behind it."""
    tokens, end = [], 0
    while (start := BLANK.match(text, end).end()) < len(text):
        label = "bad-string" if text[start] in '"@' else "unexpected-character"
        found = TOKEN.match(text, start)
        need(found, label, f"no token begins with {text[start:start + 9]!a}")
        token, end = found[0], found.end()
        if token[0] in "-0123456789":
            need(len(token) <= 2**10, "text-limit", "a number has at most 2^10 bytes")
            need(NUMBER.fullmatch(token), "bad-number", f"{token} is no number")
            if tokens == ["snnir"] and token.lstrip("-").isdigit():
                need(int(token) == 1, "unknown-version", f"version 1 is read, not {token}")
        tokens.append(token)
    return "".join(token + "\n" for token in tokens)

def read_text(data):
    """A valid module, what `check` returns of it, and the numbers of its weights."""
    need(len(data) <= 2**26, "text-limit", "a text has at most 64 MiB")
    tokens, at = tokens_of(utf8(data, "bad-text")), 0
    def read(definition, many=True):  # the parts of the definitions that stand next
        nonlocal at
        found = []
        while (many or not found) and (next := definition.match(tokens, at)):
            found.append(next.groups())
            at = next.end()
        need(many or found, "unexpected-token", f"not in the grammar: {tokens[at:at + 60]!a}")
        return found if many else found[0]
    def known(name, places, label):
        need(name in places, label, f"{name!a} is not defined here")
        return places[name]
    name, steps = read(MODULE, many=False)
    metadata = [Entry(string(key), string(value)) for key, value in read(META)]
    weights, numbers, nodes = [], [], []
    for symbol, shape, values in read(WEIGHT):
        weights.append(Weight(string(symbol), integers(shape)))
        check_shape(weights[-1].shape)
        need(values, "unknown-weight", f"{symbol} has no numbers here, nor elsewhere")
        array = [real(token if re.search("[.eE]", token) else integer(token), nearest_binary32)
                 for token in items(values)]
        need(len(array) == math.prod(weights[-1].shape), "weight-data", f"{symbol} is {shape!a}")
        numbers.append(np.array(array, f32).reshape(weights[-1].shape))
    input, type = read(INPUT, many=False)
    places, values = {weight.name: place for place, weight in enumerate(weights)}, {input: 0}
    for value, op, operands, attributes, type_of_node, origins in read(NODE):
        need(value not in values, "duplicate-value", f"{value} is defined twice")
        nodes.append(Node(
            op, [known(v, values, "undefined-value") for v in items(operands) if v[0] == "%"],
            [known(string(w), places, "undefined-weight") for w in items(operands) if w[0] == "@"],
            [attribute_of(*parts) for parts in PARTS_OF_ATTRIBUTE.findall(attributes or "")],
            type_of_node and type_of(type_of_node), [string(origin) for origin in items(origins)]))
        values[value] = len(values)
    output = known(*read(OUTPUT, many=False), values, "undefined-value")
    module = Module(string(name), integer(steps), type_of(type), output, metadata, weights, nodes)
    return module, check(module), numbers

# The binary form: binary.md
MAGIC = b"\x89SNN\r\n\x1a\n"
WIRES = {uint32: 0, uint64: 0, sint64: 0, bool: 0, fixed64: 1, double: 1}  # else 2
NO_MESSAGE = "bad-message", "the message must be in the protobuf encoding of its schema"

def varint(data, at):
    end = 1 + next((i for i in range(at, len(data)) if data[i] < 128), at + 10)
    need(end - at <= 10, *NO_MESSAGE)
    return sum((byte & 127) << 7 * i for i, byte in enumerate(data[at:end])) % 2**64, end

def decode(message, data):
    """Decodes a message of the schema. What is absent is at its default."""
    found, at = {name: [] for name in message._fields}, 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        need(1 <= number < 2**29 and wire in (0, 1, 2, 5), *NO_MESSAGE)
        value, at = (8, at) if wire == 1 else (4, at) if wire == 5 else varint(data, at)
        if wire != 0:
            need(value <= len(data) - at, *NO_MESSAGE)
            value, at = data[at:at + value], at + value
        name, kind = message.kinds[number - 1] if number <= len(message.kinds) else (None, None)
        wanted = WIRES.get(kind[0] if isinstance(kind, list) else kind, 2)
        found.update({other: [] for other in KINDS if name in KINDS and name != other})  # a oneof
        if isinstance(kind, list) and wanted == 0 and wire == 2:  # packed
            end = 0
            while end < len(value):
                item, end = varint(value, end)
                found[name].append(item)
        elif name:  # else it is not in the schema
            need(wire == wanted, *NO_MESSAGE)
            found[name].append(value)
    make = lambda kind, value: decode(kind, value) if hasattr(kind, "kinds") else kind(value)
    given = {}
    for (name, kind), values in zip(message.kinds, found.values()):
        if isinstance(kind, list):
            given[name] = tuple(make(kind[0], value) for value in values)
        elif values:  # of a number that is given twice the last counts; messages are merged
            given[name] = make(kind, b"".join(values) if hasattr(kind, "kinds") else values[-1])
    return message(**given)

def xxh64(data):
    p1, p2, p3, mask = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 2**64 - 1
    p4, p5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
    turn = lambda lane, by: (lane << by | lane >> 64 - by) & mask
    mix = lambda lane, word: turn(lane + word * p2 & mask, 31) * p1 & mask
    lanes, stripes, end = [p1 + p2 & mask, p2, 0, -p1 & mask], len(data) & -32, len(data) & -8
    for words in struct.iter_unpack("<4Q", data[:stripes]):
        lanes = [mix(lane, word) for lane, word in zip(lanes, words)]
    hash = sum(map(turn, lanes, (1, 7, 12, 18))) & mask if stripes else p5
    for lane in lanes if stripes else ():
        hash = (hash ^ mix(0, lane)) * p1 + p4 & mask
    hash = hash + len(data) & mask
    for word, in struct.iter_unpack("<Q", data[stripes:end]):
        hash = turn(hash ^ mix(0, word), 27) * p1 + p4 & mask
    for word, in struct.iter_unpack("<I", data[end:len(data) & -4]):
        hash = turn(hash ^ word * p1 & mask, 23) * p2 + p3 & mask
    for byte in data[len(data) & -4:]:
        hash = turn(hash ^ byte * p5 & mask, 11) * p1 & mask
    hash = (hash ^ hash >> 33) * p2 & mask
    hash = (hash ^ hash >> 29) * p3 & mask
    return hash ^ hash >> 32

def read_binary(data):
    """A valid module, what `check` returns of it, and the numbers of its weights."""
    padded = lambda length: -(-length // 64) * 64
    need(data[:8] == MAGIC, "not-a-model", "a model starts with the eight bytes of its magic")
    version = int.from_bytes(data[8:12], "little")
    need(version <= 1 or len(data) < 12, "newer-format", f"version 1 is read, not {version}")
    need(len(data) >= 40, "bad-header", f"a header has 40 bytes, and the file has {len(data)}")
    reserved, length, start, checksum = struct.unpack_from("<IQQQ", data, 12)
    need((version, reserved, start) == (1, 0, padded(40 + length)), "bad-header", "wrong header")
    need(start <= len(data), "wrong-length", f"the file ends before byte {start}")
    need(length <= 2**26, "message-limit", "a message has at most 64 MiB")
    need(xxh64(data[40:40 + length]) == checksum, "message-checksum", "the message is damaged")
    module = decode(Module, data[40:40 + length])
    need(all([module.input, *(n.type for n in module.nodes)]), "missing-field", "a type is absent")
    checked, place, numbers, padding = check(module), start, [], data[40 + length:start]
    for weight in module.weights:
        size = 4 * math.prod(weight.shape)
        need(weight.length == size, "weight-length", f"{weight.name!a} has {size} bytes")
        need(weight.offset == place - start, "weight-place", f"{weight.name!a} is misplaced")
        numbers.append(data[place:place + size])
        padding += data[place + size:place + padded(size)]
        place += padded(size)
    need(place == len(data), "wrong-length", f"the file must end at byte {place}, not {len(data)}")
    need(not any(padding), "nonzero-padding", "padding must be 0")
    for index, (weight, raw) in enumerate(zip(module.weights, numbers)):
        need(xxh64(raw) == weight.checksum, "weight-checksum", f"{weight.name!a} is damaged")
        numbers[index] = np.frombuffer(raw, "<f4").reshape(weight.shape)
    return module, checked, numbers

# The command
def main(module_path, input_path, output_path):
    try:
        with open(module_path, "rb") as file:
            data = file.read()
        # A text begins neither like the magic nor like what a bad transfer makes of it.
        is_binary = data[:1] == MAGIC[:1] or data[1:4] == MAGIC[1:4]
        module, checked, numbers = (read_binary if is_binary else read_text)(data)
        x = np.load(input_path, allow_pickle=False)
        check_input(module, x)
        y = evaluate(module, *checked, numbers, x)
    except Refused as refused:
        print("spikeir.py: error: {1} [{0}]".format(*refused.args), file=sys.stderr)
        sys.exit(65)
    with open(output_path, "wb") as file:
        np.save(file, np.array(y, "<f4", order="C"))

np.seterr(all="ignore")  # what overflows is infinite, and not worth a warning
if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: spikeir.py MODULE INPUT OUTPUT")
    main(*sys.argv[1:])

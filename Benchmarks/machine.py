"""What the benchmark ran on, for its results."""

import glob
import importlib.metadata
import os
import platform
import re
import subprocess


def processor():
    """The processor's name as the system has it."""
    with open("/proc/cpuinfo") as file:
        fields = dict(re.findall(r"^([^\t:]+?)\s*: (.*)$", file.read(), re.M))
    family = ", ".join(f"{key} {fields[key]}" for key in ("cpu family", "model") if key in fields)
    return f"{fields.get('model name', platform.machine())} ({family or platform.machine()})"


def caches():
    """The first core's caches."""
    found = []
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        level, kind, size = (read(os.path.join(folder, name)) for name in ("level", "type", "size"))
        if kind != "Instruction":
            found.append(f"L{level} {size}")
    return ", ".join(found) or "unknown"


def read(path):
    """The text of a small file."""
    with open(path) as file:
        return file.read().strip()


def memory():
    """The machine's memory in GiB."""
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"


def description(compiler):
    """Rows of a name and what it is."""
    version = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True)
    packages = ("onnxruntime", "openvino", "torch", "onnx", "numpy")
    return [
        ("processor", processor()),
        ("cores", f"{os.cpu_count()}, {len(os.sched_getaffinity(0))} of them for this"),
        ("caches of a core", caches()),
        ("memory", memory()),
        ("load before the start", f"{os.getloadavg()[0]:.2f} (average of a minute)"),
        ("system", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("compiler", f"{version.stdout.splitlines()[0]}, -O3"),
        ("engines", ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)),
        ("Python", platform.python_version()),
    ]

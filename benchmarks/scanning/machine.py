"""Of this process and this machine: the cores it may use, the memory it took, what the machine is."""

import os
import platform
import resource
import sys
from pathlib import Path


def pin(cores: int) -> int:
    """Keeps this process and its children to that many cores; returns how many it has. 0: not possible here."""
    if not hasattr(os, "sched_setaffinity"):  # macOS pins nothing
        return 0
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    os.sched_setaffinity(0, allowed)
    return len(allowed)


def peak_bytes(children: int) -> int:
    """At most what this process and so many children at a time held: the peak of each, as if all were at one moment."""
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    status = Path("/proc/self/status")
    if status.exists():  # since exec; the other figure may count the parent before it
        own = next(
            (int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")), own
        )
    return own + children * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit


def children_seconds() -> float:
    """Processor time of all ended children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def describe() -> dict[str, str | int]:
    """Processor, cores, memory, system, Python. No name of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gb": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()

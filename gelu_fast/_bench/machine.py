"""What a benchmark needs to know about the machine: caches and cores."""

import os
from itertools import zip_longest
from pathlib import Path

_CPUS = Path("/sys/devices/system/cpu")
_UNITS = {"K": 1 << 10, "M": 1 << 20}


def cache_bytes(level: int) -> int | None:
    """Return the size of the first CPU's cache of this level, if the system tells it."""
    for cache in sorted((_CPUS / "cpu0/cache").glob("index*")):
        try:
            found, kind, size = ((cache / name).read_text() for name in ("level", "type", "size"))
        except OSError:
            continue
        if int(found) == level and kind.strip() != "Instruction":
            size = size.strip()
            return int(size.rstrip("KM")) * _UNITS.get(size[-1], 1)
    return None


def available_cpus() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _core(cpu: int) -> str:
    try:
        return (_CPUS / f"cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return str(cpu)


def cpus_for(threads: int) -> list[int]:
    """Choose CPUs for a number of threads, on different cores if possible, the first CPU last.

    The first CPU is the one that most often serves interrupts.
    """
    cores: dict[str, list[int]] = {}
    for cpu in reversed(available_cpus()):
        cores.setdefault(_core(cpu), []).append(cpu)
    spread = [cpu for siblings in zip_longest(*cores.values()) for cpu in siblings]
    return [cpu for cpu in spread if cpu is not None][:threads]


def hold_to(cpus: list[int]) -> None:
    """Restrict this process, and the threads that it will start, to these CPUs."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cpus)

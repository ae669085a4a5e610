"""The cases of the benchmark, and how they are run and timed.

The peers of a case take turns, so that whatever else the machine does slows all of them alike.
Cases of one number of threads run in a process of their own, held to as many CPUs from its start:
the thread pools of some peers are sized by the CPUs that they find, and stay as they are.
"""

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib import metadata, resources
from itertools import groupby, repeat
from multiprocessing import get_context
from statistics import median
from typing import Any, TypeAlias

import numpy as np

import gelu_fast
from gelu_fast import _core
from gelu_fast._bench.errors import worst_errors
from gelu_fast._bench.machine import available_cpus, cache_bytes, cpus_for, hold_to
from gelu_fast._bench.peers import (
    FUNCTIONS,
    PEERS,
    QUANTIZATION,
    Array,
    Peer,
    Prepared,
    Task,
    UnavailableError,
    numpy_dtype,
    outputs,
    page_aligned,
    quantize,
)
from gelu_fast._optional import is_installed

Row: TypeAlias = dict[str, Any]

_DEFAULT_L2 = 512 << 10
_SWEEP = range(8, 25)
_ROWS, _COLUMNS = 2048, 3072  # a feed-forward layer, for the tokens of a few sequences
_SAMPLE_SECONDS = 200e-6
_TURNS = 10
_ROOFLINES = {"memcpy": "memcpy, same bytes", "fma": "FMA bound"}
# Idle threads of OpenMP, ONNX Runtime and others spin for milliseconds before they sleep.
_SPIN_SECONDS = 0.02


@dataclass(frozen=True)
class Case:
    """A function at one dtype, size and number of threads; `new`: the result is allocated.

    `count` is that of the result's elements, in rows of `columns` if there are any.
    """

    name: str
    title: str
    function: str
    dtype: str
    count: int
    threads: int
    new: bool = False
    columns: int | None = None

    @property
    def group(self) -> str:
        return self.name.split("/")[0]


def l2_elements(kind: str) -> int:
    """Return the number of elements with which x and the result fill half of the L2 cache."""
    size = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1}[kind]
    return (cache_bytes(2) or _DEFAULT_L2) // (4 * size)


def default_cases(threads: int) -> dict[str, Case]:
    """Return the cases by name, "group/case"; multi-threaded ones get `threads`."""
    two = min(2, threads)
    cases = [Case(f"l2/{f}", "in L2", f, "float32", l2_elements("float32"), 1) for f in FUNCTIONS]
    for kind in ("float64", "float16", "bfloat16"):
        cases.append(Case(f"dtypes/{kind}", "in L2", "gelu", kind, l2_elements(kind), 1))
    cases.append(Case("small/1024", "whole call", "gelu", "float32", 1024, 1))
    for n in sorted({1, two}):
        cases.append(Case(f"threads/{n}", "in L3", "gelu", "float32", 1 << 22, n))
    new = "result newly allocated"
    cases.append(Case("new/32M", new, "gelu", "float32", 1 << 25, threads, new=True))
    cases.append(Case("memory/256MB", "in memory", "gelu", "float32", 1 << 25, two))
    size = _ROWS * _COLUMNS
    for f in ("bias_gelu", "geglu"):
        cases.append(Case(f"fused/{f}-new", new, f, "float32", size, 1, True, _COLUMNS))
        for n in sorted({1, two}):
            name = f"fused/{f}-{n}"
            cases.append(Case(name, "in memory", f, "float32", size, n, columns=_COLUMNS))
    f = "gelu_value_and_grad"
    cases.append(Case("fused/value_and_grad", "in L2", f, "float32", l2_elements("float32"), 1))
    cases.append(Case("fused/int8", "in L2", "gelu", "int8", l2_elements("int8"), 1))
    for k in _SWEEP:
        cases.append(Case(f"sweep/{1 << k}", "sweep", "gelu", "float32", 1 << k, 1))
    return {case.name: case for case in cases}


def _seconds(call: Callable[[], object], count: int) -> float:
    """Return the seconds of one of `count` calls."""
    start = time.perf_counter()
    for _ in repeat(None, count):
        call()
    return (time.perf_counter() - start) / count


def _calls_per_sample(call: Callable[[], object]) -> int:
    call()  # some peers compile now
    count = 1
    while (seconds := _seconds(call, count) * count) < _SAMPLE_SECONDS:
        count = max(2 * count, math.ceil(count * _SAMPLE_SECONDS / seconds))
    return count


def interleave(
    calls: Mapping[str, Callable[[], object]], seconds: float, pause: float = 0.0
) -> dict[str, list[float]]:
    """Time calls in turns, and return the samples of each, in seconds per call.

    Parameters
    ----------
    calls : mapping
        What to time, by name.
    seconds : float
        How long to time each, in ten turns of at least one sample.
    pause : float
        How long to wait before each turn, until the threads of the one before sleep.
    """
    counts = {name: _calls_per_sample(call) for name, call in calls.items()}
    samples: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(_TURNS):
        for name, call in calls.items():
            time.sleep(pause)
            _seconds(call, counts[name])  # warms its caches and wakes its threads
            end = time.perf_counter() + seconds / _TURNS
            while True:
                samples[name].append(_seconds(call, counts[name]))
                if time.perf_counter() >= end:
                    break
    return samples


def operands(function: str, kind: str, count: int, columns: int | None = None) -> tuple[Array, ...]:
    """Return the operands of a function whose result has `count` elements, normally distributed.

    Those of geglu are the halves of rows twice as long, that of int8 is quantized.
    """
    rng = np.random.default_rng(1)

    def normal(*shape: int) -> Array:
        made = page_aligned(math.prod(shape), numpy_dtype(kind)).reshape(shape)
        numbers = rng.standard_normal(shape, np.float32)
        made[...] = quantize(numbers, *QUANTIZATION[:2]) if kind == "int8" else numbers
        return made

    shape = (count,) if columns is None else (count // columns, columns)
    if function == "bias_gelu":
        return normal(*shape), normal(shape[-1])
    if function == "geglu":
        both = normal(*shape[:-1], 2 * shape[-1])
        return both[..., : shape[-1]], both[..., shape[-1] :]
    return tuple(normal(*shape) for _ in range(2 if function.endswith("_backward") else 1))


def expected(function: str, operands: Sequence[Array]) -> Array:
    """Return the expected result, computed in float64; two results are stacked."""
    wide = [operand.astype(np.float64) for operand in operands]
    if operands[0].dtype != np.int8:
        return np.asarray(getattr(gelu_fast, function)(*wide))
    scale, zero_point, *output = QUANTIZATION
    return quantize(gelu_fast.gelu(scale * (wide[0] - zero_point)), *output)


def _copy(moved: int, threads: int) -> Callable[[], object]:
    """Return a copy that reads and writes `moved` bytes in all."""
    source, target = (page_aligned(moved // 2, np.dtype(np.uint8)) for _ in range(2))
    source[:] = target[:] = 0  # so that the pages exist
    parts = list(zip(np.array_split(target, threads), np.array_split(source, threads), strict=True))
    if threads == 1:
        return lambda: np.copyto(*parts[0])
    pool = ThreadPoolExecutor(threads - 1)

    def call() -> None:
        others = [pool.submit(np.copyto, *part) for part in parts[1:]]
        np.copyto(*parts[0])
        for other in others:
            other.result()

    return call


def fma_throughput() -> tuple[float, float]:
    """Measure one core with the ISA in use.

    Returns
    -------
    throughput : float
        float32 multiply-adds per second.
    division : float
        How many multiply-adds a float32 division among them takes the place of.
    """
    rounds = 25_000
    done = 0
    least = {False: math.inf, True: math.inf}
    for _ in range(20):
        for divides in least:
            start = time.perf_counter()
            done = _core.run_fmas(rounds, divides)
            least[divides] = min(least[divides], time.perf_counter() - start)
    # run_fmas has a division for every 24 multiply-adds.
    division = 24 * (least[True] / least[False] - 1)
    return done / least[False], max(division, 0.0)


def _fma_bound(case: Case) -> float | None:
    """Return the seconds that the multiply-add units need, or None if that is no bound.

    That is the number of multiplications and multiply-adds in gelu_fast's kernel
    (tools/count_operations.py) over the measured throughput of the units, where a division counts
    as many as it takes the place of. In float64 it takes the place of more, which is left out. The
    baseline has no such bound: the compiler vectorizes its kernels, but not the measurement.
    """
    if gelu_fast.isa() == "baseline":
        return None
    counted = json.loads((resources.files("gelu_fast._bench") / "operations.json").read_text())
    if case.dtype not in counted[case.function]:  # a look-up in a table
        return None
    operations = counted[case.function][case.dtype]
    throughput, division = fma_throughput()
    fmas = operations["fma"] + operations["divide"] * division
    width = 2 if case.dtype == "float64" else 1  # in float32 lanes
    return float(case.count * fmas * width / (throughput * case.threads))


def _row(case: Case, moved: int, peer: str, label: str, samples: Sequence[float]) -> Row:
    typical = median(samples)
    return {
        "case": case.name,
        "group": case.group,
        "title": case.title,
        "function": case.function,
        "dtype": case.dtype,
        "elements": case.count,
        "columns": case.columns,
        "threads": case.threads,
        "new": case.new,
        "peer": peer,
        "label": label,
        "roofline": peer in _ROOFLINES,
        "nanoseconds": typical / case.count * 1e9,
        "nanoseconds_min": min(samples) / case.count * 1e9,
        "samples": len(samples),
        "gigabytes_per_second": moved / typical / 1e9,
    }


def measure(case: Case, peers: Iterable[Peer], seconds: float) -> tuple[list[Row], dict[str, str]]:
    """Run a case in this process.

    Returns
    -------
    rows : list of dict
        One for each peer that offers the function, and the rooflines.
    missing : dict
        Label of a peer that is not in the rows, and why.
    """
    if case.dtype == "bfloat16" and not is_installed("ml_dtypes"):
        return [], {"bfloat16": "ml_dtypes not installed"}
    inputs = operands(case.function, case.dtype, case.count, case.columns)
    task = Task(case.function, inputs, case.new, case.threads)
    moved = sum(array.nbytes for array in inputs) + outputs(case.function) * inputs[0].nbytes
    missing: dict[str, str] = {}
    present: dict[str, Peer] = {}
    prepared: dict[str, Prepared] = {}  # holds the memory that the calls use
    for peer in peers:
        reason = peer.missing()
        if reason is None and (case.function, case.dtype) in peer.offers:
            try:
                prepared[peer.name] = peer.prepare(task)
                present[peer.name] = peer
            except UnavailableError as error:
                reason = str(error)
        if reason is not None:
            missing[peer.label] = reason
    calls = {name: one.call for name, one in prepared.items()}
    calls["memcpy"] = _copy(moved, case.threads)
    pause = _SPIN_SECONDS if case.threads > 1 else 0.0
    with np.errstate(all="ignore"):  # NumPy's expressions overflow
        samples = interleave(calls, seconds, pause)
    bound = _fma_bound(case)
    if bound is not None:
        samples["fma"] = [bound]
    ours = median(samples["gelu_fast"]) if "gelu_fast" in samples else None
    rows = []
    for name, found in samples.items():
        label = present[name].label if name in present else _ROOFLINES[name]
        row = _row(case, moved, name, label, found)
        row["ratio"] = None if ours is None else median(found) / ours
        if name in present:
            row |= worst_errors(present[name], case.function, case.dtype, case.threads)._asdict()
        rows.append(row)
    return rows, missing


def _measure_by_name(case: Case, names: Sequence[str], seconds: float) -> Any:
    return measure(case, [PEERS[name] for name in names], seconds)


def run(
    cases: Iterable[Case],
    names: Sequence[str],
    seconds: float,
    progress: Callable[[int, Case], object] = lambda done, case: None,
) -> dict[str, Any]:
    """Run cases, one process for each number of threads, and return the report.

    Parameters
    ----------
    cases : iterable of Case
        What to run; the report keeps their order.
    names : sequence of str
        Keys of `PEERS`.
    seconds : float
        How long to time each peer in each case.
    progress : callable
        Called before each case with the number of those that are done.
    """
    cases = list(cases)
    found: dict[str, list[Row]] = {}
    missing: dict[str, str] = {}
    by_threads = sorted(cases, key=lambda case: case.threads)
    for threads, group in groupby(by_threads, key=lambda case: case.threads):
        context = get_context("spawn")
        with ProcessPoolExecutor(1, context, hold_to, (cpus_for(threads),)) as process:
            for case in group:
                progress(len(found), case)
                rows, absent = process.submit(_measure_by_name, case, names, seconds).result()
                found[case.name] = rows
                missing |= absent
    return {
        "date": date.today().isoformat(),
        "machine": _machine(names),
        "seconds": seconds,
        "missing": missing,
        "rows": [row for case in cases for row in found[case.name]],
    }


def _machine(names: Iterable[str]) -> dict[str, Any]:
    versions = {"numpy": np.__version__}
    for name in names:
        for package in PEERS[name].packages:
            for distribution in metadata.distributions(name=package):
                versions[distribution.name] = distribution.version
    return {
        "cpu": gelu_fast.show_config("dicts")["cpu"],
        "isa": gelu_fast.isa(),
        "cpus": len(available_cpus()),
        "l2_bytes": cache_bytes(2),
        "l3_bytes": cache_bytes(3),
        "gelu_fast": gelu_fast.__version__,
        "versions": versions,
    }

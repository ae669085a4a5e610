#!/usr/bin/env python3
"""Worst errors in ULP over all 2^32 float32 inputs; tools/search_float64.py is for float64.

    python tools/sweep_accuracy.py gelu --isa avx2
    python tools/sweep_accuracy.py                    # every function on every ISA of this CPU
    python tools/sweep_accuracy.py --stride 256       # one float32 input in 256
    python tools/sweep_accuracy.py --save docs/accuracy_float32.json

Prints the worst error by range of x, and its input. Fails if a bound does not hold, or if two of
avx2, avx512 and neon differ in a bit. Uses all cores.

For a value_and_grad, the derivative's error counts; the value must have the bits of the function
that returns only the value. The reference is erfc and exp in double precision (SciPy, NumPy), or
mpmath if a derivative is so near its root that doubles cancel.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

import gelu_fast
from gelu_fast._bench.errors import errors, judged, true_values
from gelu_fast._bench.reference import ulp_bound
from gelu_fast._cli.accuracy import EDGES, FUNCTIONS, worst_by_range

CHUNK = 1 << 18
SAME_BITS = {"avx2", "avx512", "neon"}


def inputs(chunk: int, stride: int) -> np.ndarray:
    first = chunk * CHUNK * stride
    bits = np.arange(first, min(first + CHUNK * stride, 1 << 32), stride, dtype=np.uint64)
    return bits.astype(np.uint32).view(np.float32)


def evaluate(name: str, x: np.ndarray) -> np.ndarray:
    function = getattr(gelu_fast, name)
    if function.nout == 1:
        return function(x)
    value, grad = function(x)
    alone = getattr(gelu_fast, name.removesuffix("_value_and_grad"))(x)
    assert value.tobytes() == alone.tobytes(), f"the value of {name} has other bits"
    return grad


def sweep_chunk(name: str, isas: list[str], chunk: int, stride: int) -> dict[str, list]:
    """Compare one chunk on each ISA, in a worker process, because the ISA is set per process."""
    x = inputs(chunk, stride)
    exact = true_values(judged(name), "float32", x)
    found: dict[str, list] = {"differences": []}
    results: dict[bytes, np.ndarray] = {}  # ISAs with the same bits share the comparison
    previous: np.ndarray | None = None
    for isa in isas:
        gelu_fast.set_isa(isa)
        with gelu_fast.num_threads(1):
            y = evaluate(name, x)
        bits = y.view(np.uint32)
        if bits.tobytes() not in results:
            results[bits.tobytes()] = errors("float32", exact, y)
        found[isa] = worst_by_range(x, results[bits.tobytes()])
        if isa in SAME_BITS:
            if previous is not None and not np.array_equal(bits, previous):
                found["differences"].append((isa, float(x[bits != previous][0])))
            previous = bits
    return found


def sweep(
    name: str, isas: list[str], chunks: int, stride: int, pool: ProcessPoolExecutor
) -> dict[str, list]:
    total: dict[str, list] = {isa: [(0.0, 0.0)] * (len(EDGES) - 1) for isa in isas}
    total["differences"] = []
    jobs = [pool.submit(sweep_chunk, name, isas, chunk, stride) for chunk in range(chunks)]
    progress = tqdm(as_completed(jobs), name, total=chunks, unit="chunk", mininterval=1)
    for job in progress:
        found = job.result()
        for isa in isas:
            total[isa] = [max(a, b) for a, b in zip(total[isa], found[isa], strict=True)]
        total["differences"] += found["differences"]
    return total


def report(name: str, isa: str, ranges: list[tuple[float, float]]) -> None:
    error, x = max(ranges)
    where = f"worst {error:.3f} ULP at x = {x!r} ({float(x).hex()})"
    by_range = ", ".join(
        f"[{low:g}, {high:g}) {worst:.2f}"
        for low, high, (worst, _) in zip(EDGES, EDGES[1:], ranges, strict=False)
    )
    print(f"{name:25} {isa:9} {where}; by range {by_range}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("functions", nargs="*", metavar="function", help=", ".join(FUNCTIONS))
    parser.add_argument("--isa", nargs="+", default=list(gelu_fast.available_isas()))
    parser.add_argument("--stride", type=int, default=1, help="take one input in STRIDE")
    parser.add_argument("--save", type=Path, help="JSON file to write")
    arguments = parser.parse_args()
    for name in arguments.functions:
        if name not in FUNCTIONS:
            parser.error(f"no function {name!r}; there are {', '.join(FUNCTIONS)}")
    for isa in arguments.isa:
        if isa not in gelu_fast.available_isas():
            parser.error(f"no ISA {isa!r}; there are {', '.join(gelu_fast.available_isas())}")
    if arguments.stride < 1:
        parser.error("the stride is 1 or more")
    count = -(-(1 << 32) // arguments.stride)
    chunks = -(-count // CHUNK)
    results, failed = {}, False
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for name in arguments.functions or FUNCTIONS:
            found = sweep(name, arguments.isa, chunks, arguments.stride, pool)
            for isa in arguments.isa:
                report(name, isa, found[isa])
                failed |= max(found[isa])[0] > ulp_bound(name, "float32")
            for isa, x in found["differences"][:5]:
                print(f"{name}: {isa} differs from the ISA before it at x = {x!r}")
                failed = True
            results[name] = found
    if arguments.save:
        commit = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True).strip()
        saved = {
            "date": date.today().isoformat(), "version": gelu_fast.__version__, "commit": commit,
            "machine": gelu_fast.show_config("dicts")["cpu"],
            "inputs": count, "edges": [str(edge) for edge in EDGES], "functions": results,
        }  # fmt: skip
        arguments.save.write_text(json.dumps(saved, indent=1) + "\n")
    if failed:
        print("FAILED: an error above its bound, or ISAs that differ", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

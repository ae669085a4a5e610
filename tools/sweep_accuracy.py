#!/usr/bin/env python3
"""Compare float32 functions with a double-precision reference over all 2^32 inputs.

    python tools/sweep_float32.py gelu --isa avx2
    python tools/sweep_float32.py                    # every function, every ISA here
    python tools/sweep_float32.py --stride 256       # one input in 256
    python tools/sweep_float32.py --save docs/accuracy.json

Prints the worst error in ULP by range of x, and where it is; fails if a bound
does not hold or if two of avx2, avx512 and neon differ in a bit.

The reference is erfc and exp in double precision (SciPy, NumPy), and mpmath
where a derivative is so near its root that the double cancels.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from scipy.special import erfc
from tqdm import tqdm

import gelu_fast
from gelu_fast._reference import references, ulp_error

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import oracle

REFERENCES = references(erfc)
BOUND = 4.0
EDGES = [-np.inf, -5.5, -3.0, -1.0, 0.0, np.inf]
CHUNK = 1 << 18
SAME_BITS = {"avx2", "avx512", "neon"}


def exact_values(name: str, x: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        exact = REFERENCES[name](x.astype(np.float64))
    if name.endswith("_grad"):
        for i in np.flatnonzero((np.abs(exact) < 1e-3) & (np.abs(x) < 1)):
            exact[i] = float(oracle.exact(name, float(x[i])))
    return exact


def worst_by_range(x: np.ndarray, error: np.ndarray) -> list[tuple[float, float]]:
    """Return the largest error and its x in each interval of EDGES; NaN belongs to the last."""
    found = []
    for low, high in zip(EDGES, EDGES[1:], strict=False):
        inside = np.flatnonzero(~(x < low) & ~(x >= high) if high == np.inf else (x >= low) & (x < high))
        if len(inside) == 0:
            found.append((0.0, 0.0))
            continue
        i = inside[np.argmax(error[inside])]
        found.append((float(error[i]), float(x[i])))
    return found


def sweep_chunk(name: str, isas: list[str], first: int, stride: int) -> dict[str, list]:
    """Compare one chunk on each ISA; runs in a process of its own, as the ISA is the process's."""
    bits = np.arange(first, min(first + CHUNK * stride, 1 << 32), stride, dtype=np.uint64)
    x = bits.astype(np.uint32).view(np.float32)
    exact = exact_values(name, x)
    found: dict[str, list] = {"differences": []}
    previous: np.ndarray | None = None
    for isa in isas:
        gelu_fast.set_isa(isa)
        with gelu_fast.num_threads(1):
            y = getattr(gelu_fast, name)(x).view(np.uint32)
        found[isa] = worst_by_range(x, ulp_error(y.view(np.float32), exact, 23, -126))
        if isa in SAME_BITS:
            if previous is not None and not np.array_equal(y, previous):
                found["differences"].append((isa, float(x[y != previous][0])))
            previous = y
    return found


def sweep(name: str, isas: list[str], stride: int, pool: ProcessPoolExecutor) -> dict[str, list]:
    total: dict[str, list] = {isa: [(0.0, 0.0)] * (len(EDGES) - 1) for isa in isas}
    total["differences"] = []
    starts = range(0, 1 << 32, CHUNK * stride)
    chunks = [pool.submit(sweep_chunk, name, isas, first, stride) for first in starts]
    for chunk in tqdm(as_completed(chunks), name, total=len(chunks), unit="chunk", smoothing=0.02):
        found = chunk.result()
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
    print(f"{name:16} {isa:9} {where}; by range {by_range}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("functions", nargs="*", metavar="function", help=", ".join(oracle.UNARY))
    parser.add_argument("--isa", nargs="+", default=list(gelu_fast.available_isas()))
    parser.add_argument("--stride", type=int, default=1, help="take one input in STRIDE")
    parser.add_argument("--save", type=Path, help="JSON file to write")
    arguments = parser.parse_args()
    for name in arguments.functions:
        if name not in oracle.UNARY:
            parser.error(f"no function {name!r}; there are {', '.join(oracle.UNARY)}")
    for isa in arguments.isa:
        if isa not in gelu_fast.available_isas():
            parser.error(f"no ISA {isa!r}; there are {', '.join(gelu_fast.available_isas())}")
    if arguments.stride < 1:
        parser.error("the stride is 1 or more")
    results, failed = {}, False
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for name in arguments.functions or oracle.UNARY:
            found = sweep(name, arguments.isa, arguments.stride, pool)
            for isa in arguments.isa:
                report(name, isa, found[isa])
                failed |= max(found[isa])[0] > BOUND
            for isa, x in found["differences"][:5]:
                print(f"{name}: {isa} differs from the ISA before it at x = {x!r}")
                failed = True
            results[name] = found
    if arguments.save:
        saved = {
            "date": date.today().isoformat(),
            "version": gelu_fast.__version__,
            "machine": platform.machine(),
            "stride": arguments.stride,
            "edges": [str(edge) for edge in EDGES],
            "functions": results,
        }
        arguments.save.write_text(json.dumps(saved, indent=1) + "\n")
    if failed:
        print(f"FAILED: an error above {BOUND} ULP, or ISAs that differ", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

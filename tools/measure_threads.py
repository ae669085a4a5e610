#!/usr/bin/env python3
"""Time calls with all threads against calls with one, by size: the break-even of src/parallel.c.

    python tools/measure_threads.py             # on an idle machine
    python tools/measure_threads.py --busy      # while another process holds a core

Prints the median time with several threads over that with one, when calls follow each other and
when the threads have gone to sleep in between; the cheapest function, the usual one, and the
dearest. The two kinds of calls take turns.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from tqdm import tqdm

import gelu_fast
from gelu_fast import relaxed

FUNCTIONS = {
    "relaxed.gelu_quick float32": (relaxed.gelu_quick, np.float32),
    "gelu float32": (gelu_fast.gelu, np.float32),
    "gelu_tanh_grad float64": (gelu_fast.gelu_tanh_grad, np.float64),
}
SLEEP_SECONDS = 2e-3
SIZES = [1 << k for k in range(12, 21)] + [3 << 14, 3 << 15, 1 << 22]
ROUNDS, SECONDS_A_ROUND = 6, 0.05


def timed(call: Callable[[], object], pause: float) -> list[float]:
    call()
    times: list[float] = []
    end = time.perf_counter() + SECONDS_A_ROUND
    while time.perf_counter() < end or len(times) < 3:
        if pause:
            time.sleep(pause)
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return times


def measure(call: Callable[[], object], threads: int, pause: float) -> tuple[float, float]:
    """Return the median seconds with one thread and with several."""
    times: dict[int, list[float]] = {1: [], threads: []}
    for _ in range(ROUNDS):
        for count, found in times.items():
            with gelu_fast.num_threads(count):
                found += timed(call, pause)
    return median(times[1]), median(times[threads])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--busy", action="store_true", help="with a process that holds a core")
    arguments = parser.parse_args()
    threads = gelu_fast.get_num_threads()
    if threads < 2:
        parser.error("there is one thread here: nothing to compare")
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if arguments.busy else None
    try:
        print(f"{threads} threads over one; calls in a row, calls {SLEEP_SECONDS * 1e3:g} ms apart")
        for name, (function, dtype) in FUNCTIONS.items():
            rows = []
            for size in tqdm(sorted(SIZES), name, leave=False):
                x = np.random.default_rng(1).standard_normal(size).astype(dtype)
                out = np.empty_like(x)

                def call(function=function, x=x, out=out) -> object:
                    return function(x, out=out)

                ratios = []
                for pause in (0.0, SLEEP_SECONDS):
                    alone, together = measure(call, threads, pause)
                    ratios.append(f"{together / alone:.2f}")
                rows.append(f"  {size:>9,}  {'  '.join(ratios)}   one: {alone * 1e6:,.0f} us")
            print(name, *rows, sep="\n", flush=True)
    finally:
        if hog is not None:
            hog.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Check arrays beyond 2^31 elements and 2^31 bytes, to the last element, on one thread and on two.

    python tools/check_large.py                        # a minute, 9.5 GB of memory
    python tools/check_large.py --skip-without-memory  # succeeds where the memory is not there

The inputs repeat after 65,537 elements, and so has the result to, bit for bit: one period by one
thread. No power of two is a multiple of that: an index that lost its upper bits would read another
value. Needs Linux, which tells how much memory is available.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

import gelu_fast

PERIOD = 65_537
BLOCK = 64 * PERIOD
ELEMENTS = (1 << 32) + 65_543  # of the memory that all cases use, in float16
NEEDED_BYTES = 2 * ELEMENTS + (900 << 20)
GUARD = 0x5A


def available_bytes() -> int:
    """Return what the kernel and the cgroup leave."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            available = int(line.split()[1]) << 10
    for prefix, limit, usage in (
        ("", "max", "current"),
        ("memory/", "limit_in_bytes", "usage_in_bytes"),
    ):
        files = [Path("/sys/fs/cgroup", f"{prefix}memory.{name}") for name in (limit, usage)]
        try:
            limited, used = (int(file.read_text()) for file in files)
        except (OSError, ValueError):  # no such cgroup, or "max"
            continue
        available = min(available, limited - used)
    return available


def pattern(dtype: type, seed: int) -> np.ndarray:
    """Return one period: for float16 all values and one more, else ordinary and special ones."""
    if dtype is np.float16:
        values = np.arange(PERIOD).astype(np.uint16).view(np.float16)
        return np.roll(values, seed)
    values = np.random.default_rng(seed).normal(0, 5, PERIOD).astype(dtype)
    values[::97] = np.resize([0.0, -0.0, np.inf, -np.inf, np.nan, -40.0, 1e-30], values[::97].size)
    return values


def fill(x: np.ndarray, seed: int) -> None:
    block = np.tile(pattern(x.dtype.type, seed), BLOCK // PERIOD)
    for i in range(0, x.size, BLOCK):
        x[i : i + BLOCK] = block[: x.size - i]


def bits(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x).view(f"u{x.itemsize}")


def check(name: str, function: np.ufunc, inputs: list[np.ndarray], out: np.ndarray) -> int:
    """Call function once a thread count; return how many times it was wrong."""
    failures = 0
    in_place = inputs[-1] is out
    for threads in (1, 2):
        start = time.perf_counter()
        for seed, x in enumerate(inputs):
            fill(x, seed)
        if not in_place:
            bits_of_out = out.view(f"u{out.itemsize}")
            bits_of_out.fill(GUARD * (0x0101010101010101 >> (64 - 8 * out.itemsize)))
        with gelu_fast.num_threads(threads):
            begin = time.perf_counter()
            function(*inputs, out=out)
            seconds = time.perf_counter() - begin
        wrong = first = 0
        with gelu_fast.num_threads(1):
            periods = [pattern(x.dtype.type, seed) for seed, x in enumerate(inputs)]
            expected = np.tile(bits(function(*periods)), BLOCK // PERIOD)
        for i in range(0, out.size, BLOCK):
            got = bits(out[i : i + BLOCK])
            if not np.array_equal(got, expected[: got.size]):
                different = np.flatnonzero(got != expected[: got.size])
                first = first if wrong else i + int(different[0])
                wrong += different.size
        print(f"{name}, {threads} threads: {out.size:,} elements, {seconds:.2f} s; "
              f"{time.perf_counter() - start:.0f} s with the check: "
              + (f"WRONG: {wrong:,} elements, the first {first:,}" if wrong else "right"),
              flush=True)  # fmt: skip
        failures += wrong > 0
    return failures


def check_all() -> int:
    memory = np.empty(2 * ELEMENTS, np.uint8)
    failures = 0

    def part(dtype: type, index: int, parts: int, elements: int) -> np.ndarray:
        """Return so many elements at the begin of one of the parts of the memory."""
        begin = memory.nbytes // parts // 64 * 64 * index
        return memory[begin : begin + elements * np.dtype(dtype).itemsize].view(dtype)

    for extra in (-1, 0, 1, 12_345):
        n = (1 << 31) + extra
        x, out = (part(np.float16, i, 2, n) for i in range(2))
        failures += check("float16", gelu_fast.gelu, [x], out)
    x = part(np.float16, 0, 1, ELEMENTS)
    failures += check("float16 in place", gelu_fast.gelu, [x], x)
    for dtype in (np.float32, np.float64):
        count = memory.nbytes // 2 // 64 * 64 // np.dtype(dtype).itemsize
        x, out = (part(dtype, i, 2, count) for i in range(2))
        name = np.dtype(dtype).name
        failures += check(f"{name}, strides -3 and 3", gelu_fast.gelu, [x[::-3]], out[::3])
        failures += check(f"{name}, stride -5", gelu_fast.gelu_tanh, [x[::-5]],
                          out[: x[::-5].size])  # fmt: skip
    count = (1 << 29) + 1  # each operand is over 2^31 bytes
    grad, x, out = (part(np.float32, i, 3, count) for i in range(3))
    failures += check("float32 backward", gelu_fast.gelu_backward, [grad, x], out)
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--skip-without-memory", action="store_true")
    arguments = parser.parse_args()
    available = available_bytes()
    if available < NEEDED_BYTES:
        print(f"needs {NEEDED_BYTES / 1e9:.1f} GB of memory, {available / 1e9:.1f} are available")
        return 0 if arguments.skip_without_memory else 1
    with np.errstate(all="ignore"):
        failures = check_all()
    print(f"{failures} failed")
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())

"""Arrays of more than 2^31 elements or bytes, on one thread and on two.

    pytest tests/core/test_large_arrays.py --large    # 1.5 minutes, 9.5 GB of memory

The inputs repeat every 65,537 elements, so the results must repeat too, bit for bit. The reference
is one period computed on one thread. No power of two is a multiple of 65,537, so an index that lost
its upper bits would read another value. Needs Linux, which says how much memory is available.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import gelu_fast

PERIOD = 65_537
BLOCK = 64 * PERIOD
ELEMENTS = (1 << 32) + 65_543  # float16 elements in the memory that all cases share
NEEDED_BYTES = 2 * ELEMENTS + (900 << 20)
GUARD = 0x5A


def available_bytes() -> int:
    """Return how much memory the kernel and the cgroup make available, in bytes."""
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
    """Return one period: all float16 values and one more, or ordinary and special values."""
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


def check(function: np.ufunc, inputs: list[np.ndarray], out: np.ndarray, threads: int) -> None:
    for seed, x in enumerate(inputs):
        fill(x, seed)
    if inputs[-1] is not out:
        out.view(f"u{out.itemsize}").fill(GUARD * (0x0101010101010101 >> (64 - 8 * out.itemsize)))
    with gelu_fast.num_threads(threads), np.errstate(all="ignore"):
        function(*inputs, out=out)
    with gelu_fast.num_threads(1), np.errstate(all="ignore"):
        periods = [pattern(x.dtype.type, seed) for seed, x in enumerate(inputs)]
        expected = np.tile(bits(function(*periods)), BLOCK // PERIOD)
    for i in range(0, out.size, BLOCK):
        got = bits(out[i : i + BLOCK])
        wrong = np.flatnonzero(got != expected[: got.size])
        assert wrong.size == 0, f"element {i + wrong[0]:,} of {out.size:,}"


@pytest.fixture(scope="module")
def memory(request):
    if not request.config.getoption("--large"):
        pytest.skip("needs --large")
    if available_bytes() < NEEDED_BYTES:
        pytest.skip(f"needs {NEEDED_BYTES / 1e9:.1f} GB of memory")
    return np.empty(2 * ELEMENTS, np.uint8)


def part(memory: np.ndarray, dtype: type, index: int, parts: int, count: int) -> np.ndarray:
    """Return `count` elements at the start of one of `parts` equal parts of the memory."""
    begin = memory.nbytes // parts // 64 * 64 * index
    return memory[begin : begin + count * np.dtype(dtype).itemsize].view(dtype)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("extra", [-1, 0, 1, 12_345])
def test_float16(memory, extra, threads):
    x, out = (part(memory, np.float16, i, 2, (1 << 31) + extra) for i in range(2))
    check(gelu_fast.gelu, [x], out, threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_in_place(memory, threads):
    x = part(memory, np.float16, 0, 1, ELEMENTS)
    check(gelu_fast.gelu, [x], x, threads)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_strides(memory, dtype, threads):
    count = memory.nbytes // 2 // 64 * 64 // np.dtype(dtype).itemsize
    x, out = (part(memory, dtype, i, 2, count) for i in range(2))
    check(gelu_fast.gelu, [x[::-3]], out[::3], threads)
    check(gelu_fast.gelu_tanh, [x[::-5]], out[: x[::-5].size], threads)


@pytest.mark.parametrize("threads", [1, 2])
def test_backward(memory, threads):
    count = (1 << 29) + 1  # each operand has more than 2^31 bytes
    grad, x, out = (part(memory, np.float32, i, 3, count) for i in range(3))
    check(gelu_fast.gelu_backward, [grad, x], out, threads)

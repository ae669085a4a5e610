"""Arrays larger than the last-level cache: the same bits, and nothing written out of bounds."""

import ml_dtypes
import numpy as np
import pytest

import gelu_fast
from gelu_fast._bench.machine import cache_bytes

# src/loops.c streams if all operands together are at least four times the last-level cache.
BYTES = 4 * (cache_bytes(3) or 32 << 20)
pytestmark = pytest.mark.skipif(BYTES > 1 << 29, reason="the last-level cache exceeds 128 MiB")


def shifted(count, dtype, offset):
    """Return an array that starts `offset` bytes past a page boundary, and the guards around it."""
    size = np.dtype(dtype).itemsize
    memory = np.full(count * size + 3 * 4096, 0x5A, np.uint8)
    start = 4096 + (-memory.ctypes.data) % 4096 + offset
    array = memory[start : start + count * size].view(dtype)
    return array, (memory[:start], memory[start + count * size :])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("offset", [0, 16, 4, 2])
@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
@pytest.mark.parametrize("name", ["gelu", "gelu_backward"])
def test_large(name, dtype, offset, threads):
    operands = 3 if name == "gelu_backward" else 2
    count = BYTES // (operands * np.dtype(dtype).itemsize) + 12_345
    pattern = np.linspace(-15, 8, 1009).astype(dtype)
    x = np.resize(pattern, count)
    out, guards = shifted(count, dtype, offset)
    function = getattr(gelu_fast, name)
    arguments = (np.ones(1, dtype), pattern) if operands == 3 else (pattern,)
    expected = np.resize(function(*arguments), count)
    arguments = (np.ones(count, dtype), x) if operands == 3 else (x,)
    with gelu_fast.num_threads(threads):
        assert function(*arguments, out=out) is out
    np.testing.assert_array_equal(out.view(np.uint8), expected.view(np.uint8))
    for guard in guards:
        assert (guard == 0x5A).all()


def test_large_in_place():
    x = np.resize(np.linspace(-15, 8, 1009, dtype=np.float32), BYTES // 8 + 1)
    expected = np.resize(gelu_fast.gelu(x[:1009]), x.size)
    gelu_fast.gelu(x, out=x)
    np.testing.assert_array_equal(x, expected)

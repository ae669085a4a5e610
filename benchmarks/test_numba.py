"""gelu in functions compiled by Numba, compared with the ufunc and with a loop of math.erf.

pytest benchmarks/test_numba.py

A group is a size; a round is `CALLS` calls, or a loop over `NUMBERS` numbers.
"""

import math

import numpy as np
import pytest

import gelu_fast

numba = pytest.importorskip("numba")

CALLS, NUMBERS = 100, 10_000


@numba.njit
def call_with_output(x, out):
    for _ in range(CALLS):
        gelu_fast.gelu(x, out)


@numba.njit
def call(x, out):
    for _ in range(CALLS):
        gelu_fast.gelu(x)


@numba.njit
def call_with_numbers(x, out):
    for i in range(x.size):
        out[i] = gelu_fast.gelu(x[i])


@numba.njit
def compute_by_erf(x, out):
    half, root = np.float32(0.5), np.float32(math.sqrt(0.5))
    for i in range(x.size):
        out[i] = half * x[i] * (np.float32(1) + math.erf(root * x[i]))


ON_ARRAYS = {
    "Numba, out": call_with_output,
    "Numba": call,
    "ufunc, out": call_with_output.py_func,
    "ufunc": call.py_func,
}


def operands(size):
    x = np.random.default_rng(0).standard_normal(size, np.float32)
    return x, np.empty_like(x)


@pytest.mark.parametrize("way", ON_ARRAYS)
@pytest.mark.parametrize("size", [1, 1024, 1 << 15])
def test_arrays(benchmark, way, size):
    benchmark.group = f"{CALLS} calls with {size:,} elements"
    benchmark(ON_ARRAYS[way], *operands(size))


@pytest.mark.parametrize("function", [call_with_numbers, compute_by_erf])
def test_numbers(benchmark, function):
    benchmark.group = f"a loop over {NUMBERS:,} numbers"
    benchmark(function, *operands(NUMBERS))

"""One thread against two, by size: where the second thread of src/parallel.c pays off.

pytest benchmarks/test_threads.py -k "idle"
pytest benchmarks/test_threads.py -k "busy"     # while another process holds a core

A group is a function, a size, and whether calls are back to back or so far apart that the threads
go to sleep. The functions are the cheapest, the usual one, and the most expensive.
"""

import subprocess
import sys
import time

import numpy as np
import pytest

import gelu_fast
from gelu_fast import relaxed

FUNCTIONS = {
    "relaxed.gelu_quick float32": (relaxed.gelu_quick, np.float32),
    "gelu float32": (gelu_fast.gelu, np.float32),
    "gelu_tanh_grad float64": (gelu_fast.gelu_tanh_grad, np.float64),
}


@pytest.fixture(params=["idle", "busy"], scope="module")
def machine(request):
    if request.param == "idle":
        yield request.param
        return
    hog = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield request.param
    hog.kill()
    hog.wait()


@pytest.mark.parametrize("pause", [0, 2e-3], ids=["in a row", "2 ms apart"])
@pytest.mark.parametrize("size", [1 << 13, 1 << 15, 1 << 16, 1 << 17, 1 << 20, 1 << 22])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_threads(benchmark, machine, name, size, pause, threads):
    function, dtype = FUNCTIONS[name]
    x = np.random.default_rng(1).standard_normal(size).astype(dtype)
    benchmark.group = f"{name}, {size:,} elements, {pause * 1e3:g} ms apart, {machine}"
    benchmark.pedantic(
        function, (x, np.empty_like(x)), setup=lambda: time.sleep(pause), rounds=200,
        warmup_rounds=5,
    )  # fmt: skip

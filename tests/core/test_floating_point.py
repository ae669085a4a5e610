"""The caller's floating-point environment does not affect the results, and is left unchanged."""

import ctypes
import ctypes.util
import itertools
import os
import platform
import shutil
import subprocess
import threading
from pathlib import Path

import ml_dtypes
import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import relaxed

MODES = {"x86_64": [0x400, 0x800, 0xC00], "aarch64": [0x400000, 0x800000, 0xC00000]}.get(
    platform.machine(), []
)


@pytest.fixture
def libm():
    name = ctypes.util.find_library("m")
    if name is None:
        pytest.skip("no libm to change the rounding mode with")
    return ctypes.CDLL(name)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("count", [100, 300_000])
def test_rounding_mode(mode, count, libm, isa):
    x = np.linspace(-14, 6, count, dtype=np.float32)
    expected = gelu_fast.gelu(x)
    nearest = libm.fegetround()
    out = np.empty_like(x)
    try:
        libm.fesetround(mode)
        gelu_fast.gelu(x, out=out)
        kept = libm.fegetround()
    finally:
        libm.fesetround(nearest)
    assert kept == mode
    np.testing.assert_array_equal(out, expected)


def test_flags_are_left_as_found(libm, isa):
    x = np.linspace(-14, 6, 1000, dtype=np.float32)
    every = 0x3D if platform.machine() == "x86_64" else 0x1F
    libm.feclearexcept(every)
    gelu_fast.gelu(x)
    # NumPy reads and clears the flags around its loops, so none may be set afterwards.
    assert libm.fetestexcept(every) == 0


# Bits of MXCSR (x86) or FPCR (Arm): the rounding modes; FTZ and DAZ, or FZ.
MACHINE = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
ROUNDING, FLUSHING = {
    "x86_64": ([0, 1 << 13, 2 << 13, 3 << 13], [0, 1 << 15, 1 << 6, 1 << 15 | 1 << 6]),
    "aarch64": ([0, 1 << 22, 2 << 22, 3 << 22], [0, 1 << 24]),
}.get(MACHINE, ([], []))
STATES = [rounding | flushing for rounding, flushing in itertools.product(ROUNDING, FLUSHING)]
DTYPES = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """Read and write this thread's floating-point state by tests/c/floating_point_state.h."""
    compiler = shutil.which(os.environ.get("CC", "cc"))  # under emulation CC is a cross compiler
    if compiler is None or not STATES:
        pytest.skip("no C compiler, or no known floating-point state, on this machine")
    library = tmp_path_factory.mktemp("state") / "state.so"
    source = Path(__file__).resolve().parents[1] / "c" / "floating_point_state.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source], check=True)
    functions = ctypes.CDLL(str(library))
    functions.get_floating_point_state.restype = ctypes.c_uint64
    functions.set_floating_point_state.argtypes = [ctypes.c_uint64]
    functions.set_floating_point_state.restype = None
    return functions


def inputs(dtype, count, how_many):
    """Return inputs with rounded, subnormal and zero results, and subnormal inputs."""
    x = -np.geomspace(0.5, 500, count)
    x[::10] *= -1
    x = x.astype(dtype)
    x[:20] = (np.arange(-10, 10) * np.float64(ml_dtypes.finfo(dtype).smallest_subnormal)).astype(
        dtype
    )
    return [np.linspace(0.1, 0.8, count).astype(dtype)] * (how_many - 1) + [x]


def call_in(state, bits, function, arguments, out):
    """Call a function with these bits set; return the state after the call."""
    found = state.get_floating_point_state()
    try:
        state.set_floating_point_state(found | bits)
        function(*arguments, out=out)
        return state.get_floating_point_state()
    finally:
        state.set_floating_point_state(found)


def left_by_numpy(state, bits):
    """Return the state after a NumPy loop, which clears the flags; np.negative raises none."""
    return call_in(state, bits, np.negative, [np.ones(9)], np.empty(9))


def same_bits(a, b):
    np.testing.assert_array_equal(a.view(np.uint8), b.view(np.uint8))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_rounding_and_flushing(name, dtype, state, isa):
    for function in [getattr(tier, name) for tier in (gelu_fast, relaxed) if hasattr(tier, name)]:
        arguments = inputs(dtype, 10_000, function.nin)
        expected = np.stack([function(*arguments)]).reshape(function.nout, -1)
        out = np.empty_like(expected)
        if function is getattr(gelu_fast, name):  # relaxed functions need not reach subnormals
            assert np.any((expected != 0) & (np.abs(expected) < ml_dtypes.finfo(dtype).tiny))
        for bits in STATES:
            assert call_in(state, bits, function, arguments, tuple(out)) == left_by_numpy(
                state, bits
            )
            same_bits(out, expected)


@pytest.mark.parametrize("bits", STATES)
@pytest.mark.parametrize("team", ["older", "younger"])
def test_threads(bits, team, state):
    """An OpenMP thread starts with the state of the thread that creates it."""
    function = gelu_fast.gelu_backward
    arguments = inputs(np.float32, 200_000, 2)
    expected = function(*arguments)
    outs = np.empty((6, 200_000), np.float32)
    states = []

    def work():  # runs in a new thread, which has no OpenMP team yet
        with gelu_fast.num_threads(4):
            if team == "older":
                function(*arguments)
            states.extend(call_in(state, bits, function, arguments, out) for out in outs[:5])
            function(*arguments, out=outs[5])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert states == [left_by_numpy(state, bits)] * 5
    for out in outs:
        same_bits(out, expected)

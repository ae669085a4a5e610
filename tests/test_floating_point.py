"""The caller's floating-point environment: without effect on the results, left as found."""

import ctypes
import ctypes.util
import platform

import numpy as np
import pytest

import gelu_fast

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
    # NumPy reads the flags and clears them around its loops; what counts is that none is left.
    assert libm.fetestexcept(every) == 0

"""oracle.py, the other tests' reference, against MPFR; and some accuracy tests using MPFR."""

import ml_dtypes
import mpmath as mp
import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import relaxed
from gelu_fast._bench.reference import ulp_bound

gmpy2 = pytest.importorskip("gmpy2")

import mpfr  # noqa: E402 (tests/mpfr.py imports gmpy2)

DTYPES = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
# Where the values underflow: in float64, and in float32.
TAILS = {"gelu": (-38.6, -14.2), "gelu_tanh": (-21.7, -10.1), "gelu_quick": (-441, -64)}


def points(name, dtype, count, rng):
    """Return finite values: around 0, over the whole tail, next to the root, and extreme ones."""
    tail = TAILS[name.removesuffix("2").removesuffix("_grad")][0 if dtype == np.float64 else 1]
    info = ml_dtypes.finfo(dtype)
    root = float([-0.7515, *oracle.roots(name)][-1])
    x = [
        rng.normal(0, 1.5, count),
        rng.uniform(tail, 8, count),
        np.linspace(1.01 * tail, 0.96 * tail, 12),
        root + np.array([-1, 1])[:, None] * 10.0 ** -np.arange(1, 17),
        [0.0, 60.0, -60.0, 500.0, -500.0, 1e4, -1e4],
        np.array([-1, 1])[:, None] * np.float64(info.smallest_subnormal) * [1, 3, 1000],
        np.array([-1, 1])[:, None] * np.float64(info.tiny) * [1, 1.5],
        np.array([-1, 1])[:, None] * np.float64(info.max) * [1, 0.5],
    ]
    return np.concatenate([np.ravel(part) for part in x]).astype(dtype)


def as_mpmath(value):
    mantissa, exponent = value.as_mantissa_exp()
    return mp.ldexp(int(mantissa), int(exponent))


@pytest.mark.parametrize("name", oracle.UNARY)
def test_the_oracles_agree(name, rng):
    """Within 2**-100 of the value, or of the smallest subnormal if that is larger."""
    for x in map(float, points(name, np.float64, 60, rng)):
        with mp.workdps(oracle.DIGITS):
            ours = oracle.exact(name, x)
            difference = abs(as_mpmath(mpfr.exact(name, x)) - ours)
            assert difference <= mp.ldexp(max(abs(ours), mp.ldexp(1, -1074)), -100), (x, ours)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.UNARY)
def test_unary(name, dtype, isa, rng):
    x = points(name, dtype, 60, rng)
    bits = oracle.FORMATS[np.dtype(dtype).name]
    y = getattr(gelu_fast, name)(x)
    bound = ulp_bound(name, np.dtype(dtype).name)
    for a, b in zip(x, y, strict=True):
        value = mpfr.exact(name, float(a))
        off = mpfr.error(b, value) / mpfr.ulp(value, *bits)
        assert off <= bound, f"{name}({a!r}) = {b!r}, {float(off):.3f} ULP off"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", oracle.BACKWARD)
def test_backward(name, dtype, isa, rng):
    """The error is the derivative's, times grad, plus one rounding of the product."""
    x = points(oracle.BACKWARD[name], dtype, 60, rng)
    grad = (rng.normal(size=len(x)) * 2.0 ** rng.integers(-20, 20, len(x))).astype(dtype)
    bits = oracle.FORMATS[np.dtype(dtype).name]
    slope_bound = ulp_bound(oracle.BACKWARD[name], np.dtype(dtype).name)
    y = getattr(gelu_fast, name)(grad, x)
    for g, a, b in zip(grad, x, y, strict=True):
        derivative, g = mpfr.exact(oracle.BACKWARD[name], float(a)), float(g)
        with gmpy2.context(precision=2000):
            value = g * derivative
            rounding = 0.5001 * mpfr.ulp(value, *bits)
            bound = slope_bound * abs(g) * mpfr.ulp(derivative, *bits) + rounding
        assert mpfr.error(b, value) <= bound, f"{name}({g!r}, {a!r}) = {b!r}"


@pytest.mark.parametrize("name", oracle.VALUES)
def test_relaxed(name, isa, rng):
    x = points(name, np.float32, 60, rng)
    x = x[np.abs(x) <= 6]
    for a, b in zip(x, getattr(relaxed, name)(x), strict=True):
        assert mpfr.error(b, mpfr.exact(name, float(a))) <= 3e-7, f"{name}({a!r}) = {b!r}"

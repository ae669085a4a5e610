"""Every function at 60 digits, by mpmath: what the tests compare with.

A function that has no line in ORACLE fails tests/test_oracle.py.
"""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp
import numpy as np

import gelu_fast

DIGITS = 60

Real = mp.mpf
Unary = Callable[[Real], Real]


def _exact(x: Real) -> Real:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _tanh(x: Real) -> Real:
    u = mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)
    return 1 / (1 + mp.exp(-2 * u))


def _quick(x: Real) -> Real:
    return 1 / (1 + mp.exp(-mp.mpf("1.702") * x))


# Of each sigma, the first and the second derivative.
def _exact_slope(x: Real) -> Real:
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _exact_curvature(x: Real) -> Real:
    return -x * _exact_slope(x)


def _tanh_slope(x: Real) -> Real:
    slope = 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf("0.044715") * x**2)
    return slope * _tanh(x) * _tanh(-x)


def _tanh_curvature(x: Real) -> Real:
    slope = 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf("0.044715") * x**2)
    curvature = 12 * mp.sqrt(2 / mp.pi) * mp.mpf("0.044715") * x
    return _tanh(x) * _tanh(-x) * (curvature + slope**2 * (_tanh(-x) - _tanh(x)))


def _quick_slope(x: Real) -> Real:
    return mp.mpf("1.702") * _quick(x) * _quick(-x)


def _quick_curvature(x: Real) -> Real:
    return mp.mpf("1.702") ** 2 * _quick(x) * _quick(-x) * (_quick(-x) - _quick(x))


def _value(sigma: Unary) -> Unary:
    return lambda x: x * sigma(x)


def _derivative(sigma: Unary, slope: Unary) -> Unary:
    return lambda x: sigma(x) + x * slope(x)


def _second_derivative(slope: Unary, curvature: Unary) -> Unary:
    return lambda x: 2 * slope(x) + x * curvature(x)


UNARY: dict[str, Unary] = {
    "gelu": _value(_exact),
    "gelu_grad": _derivative(_exact, _exact_slope),
    "gelu_grad2": _second_derivative(_exact_slope, _exact_curvature),
    "gelu_tanh": _value(_tanh),
    "gelu_tanh_grad": _derivative(_tanh, _tanh_slope),
    "gelu_tanh_grad2": _second_derivative(_tanh_slope, _tanh_curvature),
    "gelu_quick": _value(_quick),
    "gelu_quick_grad": _derivative(_quick, _quick_slope),
    "gelu_quick_grad2": _second_derivative(_quick_slope, _quick_curvature),
}
# The derivative by which a backward function multiplies.
BACKWARD = {
    "gelu_backward": "gelu_grad",
    "gelu_tanh_backward": "gelu_tanh_grad",
    "gelu_quick_backward": "gelu_quick_grad",
}
# What tests/test_fused.py takes apart into the functions above.
COMPOSED = [
    name.format(form)
    for form in ("", "_tanh", "_quick")
    for name in (
        "bias_gelu{}",
        "bias_gelu{}_backward",
        "geglu{}",
        "geglu{}_backward",
        "gelu{}_value_and_grad",
        "gelu{}_double_backward",
    )
]
ORACLE = [*UNARY, *BACKWARD, *COMPOSED]
VALUES = [name for name in UNARY if "_grad" not in name]
DERIVATIVES = [name for name in UNARY if name.endswith("_grad")]
SECOND_DERIVATIVES = [name for name in UNARY if name.endswith("_grad2")]


def exact(name: str, x: float) -> Real:
    """Return the function at a finite x."""
    with mp.workdps(DIGITS):
        # The digits that 1 - erf would lose, erfc keeps; exp keeps its own.
        return UNARY[name](mp.mpf(x))


def roots(name: str) -> list[Real]:
    """Return where a derivative vanishes: near -0.75, or -1.4 and 1.4 for the second one."""
    near = {"_grad": [-0.75], "_grad2": [-1.4, 1.4]}.get(name[name.rfind("_") :], [])
    with mp.workdps(DIGITS):
        return [mp.findroot(UNARY[name], x) for x in near]


def arguments(name: str, x: np.ndarray) -> list[np.ndarray]:
    """Return operands of a function: ones, and x as the last."""
    return [np.ones_like(x)] * (getattr(gelu_fast, name).nin - 1) + [x]


def ulp_error(result: float, value: Real, mantissa_bits: int, smallest: int) -> float:
    """Return |result - value| in units in the last place of the value."""
    with mp.workdps(DIGITS):
        exponent = max(mp.frexp(value)[1] - 1, smallest) if value else smallest
        return float(abs(mp.mpf(float(result)) - value) / mp.ldexp(1, exponent - mantissa_bits))


# Stored mantissa bits and smallest normal exponent.
FORMATS = {
    "float16": (10, -14),
    "bfloat16": (7, -126),
    "float32": (23, -126),
    "float64": (52, -1022),
}


def all_16_bit(dtype: np.dtype) -> np.ndarray:
    """Return all 65,536 values of a 16-bit dtype."""
    return np.arange(1 << 16, dtype=np.uint16).view(dtype)


def without_nan(x: np.ndarray) -> np.ndarray:
    """Drop the NaNs; NumPy's own isnan warns of signaling ones."""
    with np.errstate(all="ignore"):
        return x[~np.isnan(x)]

"""Every function of one operand at 60 digits, by mpmath: the reference for float64.

tests/oracle.py builds on it, tests/mpfr.py checks it with MPFR and other formulas.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from gelu_fast._optional import require

mp = require("mpmath", "cli")

DIGITS = 60

Real: TypeAlias = Any  # mpmath.mpf
Unary: TypeAlias = Callable[[Real], Real]


def _exact(x: Real) -> Real:
    return mp.erfc(-x / mp.sqrt(2)) / 2


def _tanh(x: Real) -> Real:
    u = mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)
    return 1 / (1 + mp.exp(-2 * u))


def _quick(x: Real) -> Real:
    return 1 / (1 + mp.exp(-mp.mpf("1.702") * x))


# The first and second derivatives of each sigma.
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


def exact(name: str, x: float) -> Real:
    """Return the function at a finite x."""
    with mp.workdps(DIGITS):
        # erfc keeps the digits that 1 - erf would lose.
        return UNARY[name](mp.mpf(x))


def ulp_error(result: float, value: Real, mantissa_bits: int, smallest: int) -> float:
    """Return |result - value| in units in the last place of the value."""
    with mp.workdps(DIGITS):
        exponent = max(mp.frexp(value)[1] - 1, smallest) if value else smallest
        return float(abs(mp.mpf(float(result)) - value) / mp.ldexp(1, exponent - mantissa_bits))

"""Every function by MPFR, with other formulas than oracle.py's, to expose its errors.

A value is literally x (1 + erf) / 2 or x (1 + tanh) / 2, with enough precision for cancellation.
Derivatives are difference quotients of the value, so that no formula is repeated.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import gmpy2

Real = gmpy2.mpfr

BITS = 120  # correct bits in a result, at least
STEP_BITS = 200  # a difference quotient's step is 2**-200, and its relative error that squared
MOST_BITS = 4000  # enough for all cancellation


def _erf(x: Real) -> Real:
    return gmpy2.erf(x / gmpy2.sqrt(Real(2)))


def _tanh(x: Real) -> Real:
    return gmpy2.tanh(gmpy2.sqrt(2 / gmpy2.const_pi()) * (x + Real("0.044715") * x**3))


def _quick(x: Real) -> Real:
    return gmpy2.tanh(Real("1.702") * x / 2)


_ODD: dict[str, Callable[[Real], Real]] = {"gelu": _erf, "gelu_tanh": _tanh, "gelu_quick": _quick}


def _value(name: str, x: Real, bits: int) -> Real:
    precision = bits
    while precision < MOST_BITS:
        with gmpy2.context(precision=precision):
            total = 1 + _ODD[name](x)
            if total and precision + gmpy2.frexp(total)[0] >= bits:
                return x * total / 2
        precision *= 2
    return Real(0)


@functools.cache
def exact(name: str, x: float) -> Real:
    """Return the function at a finite x."""
    base = name.removesuffix("2").removesuffix("_grad")
    if name == base:
        return _value(base, Real(x, 0), BITS)
    # The quotients lose STEP_BITS bits once or twice, and x + step needs the leading bits of x.
    bits = BITS + 3 * STEP_BITS + max(math.frexp(x)[1], 0)
    with gmpy2.context(precision=bits):
        step = gmpy2.exp2(-STEP_BITS)
        above, below = _value(base, x + step, bits), _value(base, x - step, bits)
        if name.endswith("2"):
            return (above - 2 * _value(base, Real(x, 0), bits) + below) / step**2
        return (above - below) / (2 * step)


def ulp(value: Real, mantissa_bits: int, smallest: int) -> Real:
    """Return the unit in the last place of a value."""
    # MPFR's mantissa is in [1/2, 1).
    exponent = max(gmpy2.frexp(value)[0] - 1, smallest) if value else smallest
    return gmpy2.exp2(exponent - mantissa_bits)


def error(result: float, value: Real) -> Real:
    with gmpy2.context(precision=2000):
        return abs(float(result) - value)

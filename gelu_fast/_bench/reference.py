"""Every function of one operand in double precision, and the error of a result in ULP.

For ``python -m gelu_fast``, its commands and tools/sweep_accuracy.py. Φ is computed as
erfc(-x / sqrt 2) / 2, which keeps the relative accuracy of the negative tail; the errors are a few
1e-14 there, and small everywhere beside a float32 ULP, except within 1e-3 of a derivative's root
(`ROOTS`).
"""

import functools
import importlib
import importlib.util
import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gelu_fast import _core

# Stored bits of the mantissa and smallest normal exponent.
FORMATS = {
    "float16": (10, -14),
    "bfloat16": (7, -126),
    "float32": (23, -126),
    "float64": (52, -1022),
}

Array: TypeAlias = NDArray[np.float64]
Function: TypeAlias = Callable[[Array], Array]

# Beyond it each sigmoid is 0 or 1 in double precision, and x**3 is far from overflow.
_SATURATION = 1e3
_TANH_LINEAR = 2 * math.sqrt(2 / math.pi)
_TANH_CUBIC = _TANH_LINEAR * 0.044715
_QUICK = 1.702

# The roots of the first derivatives, and of the second ones, which are even.
_ROOTS = {
    "gelu_grad": -0.7517915,
    "gelu_tanh_grad": -0.7524614,
    "gelu_quick_grad": -0.7511543,
    "gelu_grad2": 1.4142136,
    "gelu_tanh_grad2": 1.4185040,
    "gelu_quick_grad2": 1.4097281,
}
_FUNCTIONS = {function.name: function for function in _core.functions()}


def ulp_bound(name: str, dtype: str) -> float:
    """Return the error in ULP that a function of x alone keeps to, as src/functions.def has it."""
    bounds = {"float32": "ulp_float32", "float64": "ulp_float64"}
    return float(getattr(_FUNCTIONS[name], bounds.get(dtype, "ulp_16_bit")))


def is_near_root(name: str, x: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where `references` lose relative accuracy: next to the root of a derivative."""
    if name not in _ROOTS:
        return np.zeros(np.shape(x), bool)
    wide = np.asarray(x, np.float64)
    return np.abs((np.abs(wide) if name.endswith("2") else wide) - _ROOTS[name]) < 2e-3


def references(erfc: Callable[[Array], Any]) -> dict[str, Function]:
    """Return the functions by name, built on the `erfc` that is given."""

    def phi(x: Array) -> Array:
        return np.asarray(np.exp(-x * x / 2) / np.sqrt(2 * np.pi), dtype=np.float64)

    def normal_distribution(x: Array) -> Array:
        return np.asarray(erfc(-x / np.sqrt(2)) / 2, dtype=np.float64)

    def logistic(z: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-z)), dtype=np.float64)

    def tanh_z(x: Array) -> Array:
        return x * (_TANH_LINEAR + _TANH_CUBIC * x * x)

    def tanh_slope(x: Array) -> Array:
        return _TANH_LINEAR + 3 * _TANH_CUBIC * x * x

    def value(sigma: Function) -> Function:
        # -inf * 0 would be NaN; the limit is -0.
        return lambda x: np.where(x == -np.inf, -0.0, x * sigma(x))

    def derivative(sigma: Function, log_slope: Function) -> Function:
        """Differentiate x sigma(x), given sigma' / sigma."""
        return lambda x: sigma(x) * (1 + x * log_slope(x))

    def second_derivative(sigma: Function, slope: Function, curvature: Function) -> Function:
        """Differentiate x sigma(z(x)) twice, for the logistic sigma, given z' and x z''."""

        def function(x: Array) -> Array:
            bell = sigma(x) * sigma(-x)
            return bell * (2 * slope(x) + curvature(x) + x * slope(x) ** 2 * (1 - 2 * sigma(x)))

        return function

    def saturated(function: Function, limit: float = np.inf) -> Function:
        """Clip the argument, and raise no warning: overflow and underflow give the right limits."""

        def quiet(x: Array) -> Array:
            with np.errstate(all="ignore"):
                return function(np.clip(x, -limit, limit))

        return quiet

    def tanh_sigma(x: Array) -> Array:
        return logistic(tanh_z(np.clip(x, -_SATURATION, _SATURATION)))

    def quick_sigma(x: Array) -> Array:
        return logistic(_QUICK * x)

    return {
        "gelu": saturated(value(normal_distribution)),
        "gelu_grad": saturated(lambda x: normal_distribution(x) + x * phi(x), _SATURATION),
        "gelu_grad2": saturated(lambda x: (2 - x * x) * phi(x), _SATURATION),
        "gelu_tanh": saturated(value(tanh_sigma)),
        "gelu_tanh_grad": saturated(
            derivative(tanh_sigma, lambda x: tanh_sigma(-x) * tanh_slope(x)), _SATURATION
        ),
        "gelu_tanh_grad2": saturated(
            second_derivative(tanh_sigma, tanh_slope, lambda x: 6 * _TANH_CUBIC * x * x),
            _SATURATION,
        ),
        "gelu_quick": saturated(value(quick_sigma)),
        "gelu_quick_grad": saturated(
            derivative(quick_sigma, lambda x: _QUICK * quick_sigma(-x)), _SATURATION
        ),
        "gelu_quick_grad2": saturated(
            second_derivative(
                quick_sigma, lambda x: np.full_like(x, _QUICK), lambda x: np.zeros_like(x)
            ),
            _SATURATION,
        ),
    }


@functools.cache
def fast_references() -> dict[str, Function]:
    """Return `references`, built on SciPy's erfc if installed, else on that of math."""
    if importlib.util.find_spec("scipy") is None:
        return references(np.frompyfunc(math.erfc, 1, 1))
    return references(importlib.import_module("scipy.special").erfc)


def ulp_of(exact: Array, mantissa_bits: int, smallest: int) -> Array:
    """Return the unit in the last place of a format's number next to each exact value."""
    exponent = np.maximum(np.frexp(exact)[1] - 1, smallest)
    return np.asarray(np.ldexp(1.0, exponent - mantissa_bits), dtype=np.float64)


def ulp_error(result: NDArray[Any], exact: Array, mantissa_bits: int, smallest: int) -> Array:
    """Return |result - exact| in units in the last place of the exact value.

    Parameters
    ----------
    result : ndarray
        What a function returned.
    exact : ndarray of float64
        The value before rounding. Where it is infinite or NaN, so must the result be: the error is
        0 or inf.
    mantissa_bits, smallest : int
        Stored bits of the mantissa and smallest normal exponent: 23 and -126 for float32.
    """
    with np.errstate(all="ignore"):  # a signaling NaN is one of the inputs
        got = np.asarray(result, dtype=np.float64)
        error = np.abs(got - exact) / ulp_of(exact, mantissa_bits, smallest)
    same = (got == exact) | (np.isnan(got) & np.isnan(exact))
    return np.where(np.isfinite(error), error, np.where(same, 0.0, np.inf))

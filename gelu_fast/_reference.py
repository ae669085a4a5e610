"""Every unary function in double precision, and the error of a result in ULP.

For the self-check of ``python -m gelu_fast`` and for tools/sweep_accuracy.py. Φ is computed as
erfc(-x / sqrt 2) / 2, which keeps the relative accuracy of the negative tail; the errors are a few
1e-14 there, and small everywhere beside a float32 ULP, except within 1e-3 of a derivative's root.
"""

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Function: TypeAlias = Callable[[Array], Array]

# Beyond it each sigmoid is 0 or 1 in double precision, and x**3 still far from overflow.
_SATURATION = 1e3
_TANH_LINEAR = 2 * math.sqrt(2 / math.pi)
_TANH_CUBIC = _TANH_LINEAR * 0.044715
_QUICK = 1.702


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

    def value(sigma: Function) -> Function:
        # -inf * 0 would be NaN; the value there is the limit, -0.
        return lambda x: np.where(x == -np.inf, -0.0, x * sigma(x))

    def derivative(sigma: Function, log_slope: Function) -> Function:
        """Differentiate x sigma(x), given sigma' / sigma."""
        return lambda x: sigma(x) * (1 + x * log_slope(x))

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
        "gelu_tanh": saturated(value(tanh_sigma)),
        "gelu_tanh_grad": saturated(
            derivative(
                tanh_sigma, lambda x: tanh_sigma(-x) * (_TANH_LINEAR + 3 * _TANH_CUBIC * x * x)
            ),
            _SATURATION,
        ),
        "gelu_quick": saturated(value(quick_sigma)),
        "gelu_quick_grad": saturated(
            derivative(quick_sigma, lambda x: _QUICK * quick_sigma(-x)), _SATURATION
        ),
    }


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
        exponent = np.maximum(np.frexp(exact)[1] - 1, smallest)
        error = np.abs(got - exact) / np.ldexp(1.0, exponent - mantissa_bits)
    same = (got == exact) | (np.isnan(got) & np.isnan(exact))
    return np.where(np.isfinite(error), error, np.where(same, 0.0, np.inf))

"""Every function at 60 digits, by mpmath: the tests' reference.

A function without a line in ORACLE fails tests/core/test_oracle.py.
"""

from __future__ import annotations

import mpmath as mp
import numpy as np

import gelu_fast
from gelu_fast._bench.exact import DIGITS, UNARY, Real, exact, ulp_error  # noqa: F401
from gelu_fast._bench.reference import FORMATS  # noqa: F401

# The derivative by which each backward function multiplies.
BACKWARD = {
    "gelu_backward": "gelu_grad",
    "gelu_tanh_backward": "gelu_tanh_grad",
    "gelu_quick_backward": "gelu_quick_grad",
}
# The functions that tests/core/test_fused.py compares with the ones above.
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


def roots(name: str) -> list[Real]:
    """Return a derivative's roots: near -0.75, or near -1.4 and 1.4 for second derivatives."""
    near = {"_grad": [-0.75], "_grad2": [-1.4, 1.4]}.get(name[name.rfind("_") :], [])
    with mp.workdps(DIGITS):
        return [mp.findroot(UNARY[name], x) for x in near]


def is_nearest(result: float, value: Real, mantissa_bits: int, smallest: int) -> bool:
    """Return whether no number of a format is nearer to the value, which is none of its middles."""
    with mp.workdps(DIGITS):
        exponent = max(mp.frexp(value)[1] - 1, smallest)
        return bool(abs(mp.mpf(result) - value) < mp.ldexp(1, exponent - mantissa_bits - 1))


def arguments(name: str, x: np.ndarray) -> list[np.ndarray]:
    """Return a function's operands: ones, and x as the last."""
    return [np.ones_like(x)] * (getattr(gelu_fast, name).nin - 1) + [x]


def all_16_bit(dtype: np.dtype) -> np.ndarray:
    """Return all 65,536 values of a 16-bit dtype."""
    return np.arange(1 << 16, dtype=np.uint16).view(dtype)


def without_nan(x: np.ndarray) -> np.ndarray:
    """Drop NaNs without a warning: NumPy's isnan warns about signaling NaNs."""
    with np.errstate(all="ignore"):
        return x[~np.isnan(x)]

"""The errors of gelu_fast and its peers in ULP, and what the true values are."""

import functools
from typing import NamedTuple

import numpy as np

from gelu_fast._bench.peers import FUSED, Array, Peer, Task, numpy_dtype, page_aligned
from gelu_fast._bench.reference import FORMATS, fast_references, is_near_root, ulp_error, ulp_of
from gelu_fast._optional import is_installed

_LARGEST = 14
_ABSOLUTE = 6


class Errors(NamedTuple):
    """The worst errors, in ULP for |x| <= 14, absolute for |x| <= 6; None without a reference."""

    ulp: float | None
    absolute: float | None
    nan_at_minus_inf: bool


def judged(name: str) -> str:
    """Return the function of x alone whose true values a function is compared with.

    Of a value_and_grad the derivative counts; a backward function gets the gradient 1.
    """
    return name.replace("_value_and_grad", "_grad").replace("_backward", "_grad")


def true_values(name: str, dtype: str, x: Array) -> Array:
    """Return the reference for `errors`: float64, or mpmath if that is not accurate enough."""
    from gelu_fast._bench.exact import exact as exact_value  # needs mpmath

    with np.errstate(all="ignore"):  # signaling NaNs are among the inputs
        wide = x.astype(np.float64)
        exact = fast_references()[name](wide)
        doubtful = is_near_root(name, wide)
    if dtype == "float64":
        exact, doubtful = exact.astype(object), np.isfinite(wide)
    for i in np.flatnonzero(doubtful):
        exact[i] = exact_value(name, float(wide[i]))
    return exact


def errors(dtype: str, exact: Array, y: Array) -> Array:
    """Return the error of each y in ULP; inf if just one of the two is finite."""
    if dtype != "float64":
        return ulp_error(y, exact, *FORMATS[dtype])
    from gelu_fast._bench.exact import ulp_error as exact_ulp_error

    limits = exact.astype(np.float64)
    error = ulp_error(y, limits, *FORMATS[dtype])
    for i in np.flatnonzero(np.isfinite(y) & np.isfinite(limits)):
        error[i] = exact_ulp_error(y[i], exact[i], *FORMATS[dtype])
    return error


@functools.cache
def _sample(dtype: str) -> Array:
    """Return every number of a 16-bit type up to 14, or a dense sample of a wider one."""
    kind = numpy_dtype(dtype)
    if kind.itemsize == 2:
        x = np.arange(1 << 16, dtype=np.uint16).view(kind)
        with np.errstate(invalid="ignore"):  # a signaling NaN is among them
            return x[np.abs(x.astype(np.float64)) <= _LARGEST]
    # mpmath, the reference for float64, takes 0.1 ms per number.
    even, geometric = (200_001, 20_000) if dtype == "float32" else (4_001, 500)
    small = np.geomspace(1e-37, 1, geometric)
    return np.concatenate([np.linspace(-_LARGEST, _LARGEST, even), -small, small]).astype(kind)


@functools.cache
def _true_sample(name: str, dtype: str) -> Array:
    """Return the reference at the sample: next to a root, `worst_errors` counts no ULP."""
    x = _sample(dtype)
    if dtype == "float64":
        return true_values(name, dtype, x)
    return fast_references()[name](x.astype(np.float64))


def peer_values(peer: Peer, function: str, x: Array, threads: int) -> Array:
    """Return a peer's results at x, or the values if it returns values and derivatives.

    The gradient of a backward function is 1, and so is what geglu multiplies by; the bias is 0.
    """
    aligned = page_aligned(x.size, x.dtype)
    aligned[...] = x
    operands: tuple[Array, ...] = (aligned,)
    if function.endswith("_backward"):
        operands = np.ones_like(x), aligned
    elif function == "bias_gelu":
        operands = aligned, np.zeros_like(x)
    elif function == "geglu":
        operands = aligned, np.ones_like(x)
    result = peer.prepare(Task(function, operands, False, threads)).result()
    return result[0] if isinstance(result, tuple) else result


@functools.cache
def worst_errors(peer: Peer, function: str, dtype: str, threads: int) -> Errors:
    """Measure the errors of `peer_values`; those in ULP not next to the root of a derivative."""
    if dtype not in FORMATS:
        return Errors(None, None, False)
    x = _sample(dtype)
    found = peer_values(peer, function, np.append(x, np.array(-np.inf, x.dtype)), threads)
    nan = bool(np.isnan(found[-1]))
    if dtype == "float64" and not is_installed("mpmath"):
        return Errors(None, None, nan)
    name = "gelu" if function in FUSED else judged(function)
    exact = _true_sample(name, dtype)
    ulp = errors(dtype, exact, found[:-1])
    absolute = ulp * ulp_of(exact.astype(np.float64), *FORMATS[dtype])
    ulp[is_near_root(name, x)] = 0
    return Errors(float(ulp.max()), float(absolute[np.abs(x) <= _ABSOLUTE].max()), nan)

"""The worst errors of a peer's function: in ULP for |x| <= 14, absolute for |x| <= 6."""

import functools
import importlib
from typing import NamedTuple

import numpy as np

from gelu_fast._bench.peers import FUSED, Array, Peer, Task, numpy_dtype, page_aligned
from gelu_fast._bench.reference import FORMATS, fast_references, is_near_root, ulp_error
from gelu_fast._optional import is_installed

_LARGEST = 14
_ABSOLUTE = 6


class Errors(NamedTuple):
    """The errors, None if there is no reference for them, and whether x = -inf gives NaN."""

    ulp: float | None
    absolute: float | None
    nan_at_minus_inf: bool


@functools.cache
def _sample(dtype_name: str) -> Array:
    """Return every number of a 16-bit type up to 14, or a dense sample of a wider one."""
    kind = numpy_dtype(dtype_name)
    if kind.itemsize == 2:
        x = np.arange(1 << 16, dtype=np.uint16).view(kind)
        with np.errstate(invalid="ignore"):  # a signaling NaN is among them
            return x[np.abs(x.astype(np.float64)) <= _LARGEST]
    # mpmath, the reference for float64, takes 0.1 ms per number.
    even, geometric = (200_001, 20_000) if dtype_name == "float32" else (4_001, 500)
    small = np.geomspace(1e-37, 1, geometric)
    return np.concatenate([np.linspace(-_LARGEST, _LARGEST, even), -small, small]).astype(kind)


@functools.cache
def _exact(function: str, dtype_name: str) -> tuple[Array, Array] | None:
    """Return the values at the sample, each as the sum of two float64."""
    x = _sample(dtype_name).astype(np.float64)
    if dtype_name == "float64":
        if not is_installed("mpmath"):
            return None
        exact = importlib.import_module("gelu_fast._bench.exact").exact
        values = [exact(function, a) for a in x.tolist()]
        high = np.array([float(value) for value in values])
        low = [float(v - h) for v, h in zip(values, high.tolist(), strict=True)]
        return high, np.array(low)
    value = fast_references()[function](x)
    return value, np.zeros_like(value)


def peer_values(peer: Peer, function: str, x: Array, threads: int) -> Array:
    """Return what a peer gives at x: of a value with its derivative the value.

    The gradient that a backward function is given is 1, as is what geglu multiplies by; the bias
    is 0.
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
def worst_errors(peer: Peer, function: str, dtype_name: str, threads: int) -> Errors:
    """Measure a peer, as `peer_values` says; int8 not at all."""
    if dtype_name not in FORMATS:
        return Errors(None, None, False)
    sample = _sample(dtype_name)
    x = np.append(sample, np.array(-np.inf, sample.dtype))
    found = peer_values(peer, function, x, threads).astype(np.float64)
    nan = bool(np.isnan(found[-1]))
    judged = "gelu" if function in FUSED else function.replace("_backward", "_grad")
    exact = _exact(judged, dtype_name)
    if exact is None:
        return Errors(None, None, nan)
    high, low = exact
    got = found[:-1]
    if dtype_name == "float64":
        absolute = np.abs((got - high) - low)
        ulp = absolute / np.spacing(np.abs(high))
    else:
        absolute = np.abs(got - high)
        ulp = ulp_error(got, high, *FORMATS[dtype_name])
    wide = sample.astype(np.float64)
    ulp[is_near_root(judged, wide)] = 0
    return Errors(float(ulp.max()), float(absolute[np.abs(wide) <= _ABSOLUTE].max()), nan)

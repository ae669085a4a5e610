"""The ufuncs of all tiers, with loops for bfloat16 where ml_dtypes is installed."""

import contextlib
import os
import sys
from typing import Any, Literal

import numpy as np

try:
    import gelu_fast._core as _core
except ModuleNotFoundError as error:
    if error.name != "gelu_fast._core":
        raise
    raise ImportError(
        f"{os.path.dirname(__file__)} is not built for this Python: run pip install -e . beside it",
        name="gelu_fast",
    ) from None

from gelu_fast._docstrings import docstring


def _create_ufuncs(tier: int, module: str) -> dict[str, np.ufunc]:
    ufuncs, twins = _core.create_ufuncs(tier, docstring)
    # bfloat16 casts safely to float32: if a ufunc is called before it has a bfloat16 loop, NumPy
    # chooses the float32 loop, and remembers the choice. So ml_dtypes is imported here, even if the
    # user imports it later.
    try:
        import ml_dtypes
    except ImportError:
        pass
    else:
        for made in (ufuncs, twins):
            _core.register_bfloat16(made, tier, np.dtype(ml_dtypes.bfloat16))
    # pickle finds a ufunc by these attributes. NumPy 2.0 does not let us set them, and there pickle
    # searches the modules.
    for name, ufunc in ufuncs.items():
        with contextlib.suppress(AttributeError):
            for attribute, value in (("__module__", module), ("__qualname__", name)):
                setattr(ufunc, attribute, value)
    return ufuncs


# The tiers are numbered in gelu_fast.h.
default = _create_ufuncs(0, "gelu_fast")
relaxed = _create_ufuncs(1, "gelu_fast.relaxed")
correctly_rounded = _create_ufuncs(2, "gelu_fast.correctly_rounded")

Form = Literal["none", "tanh", "quick"]
_SUFFIXES = {"none": "", "tanh": "_tanh", "quick": "_quick"}


def form(approximate: str, name: str) -> np.ufunc:
    """Return the ufunc `name` of the form `approximate`: ``form("tanh", "geglu")``.

    Raises
    ------
    ValueError
        If `approximate` is none of the three.
    """
    if not isinstance(approximate, str) or approximate not in _SUFFIXES:
        raise ValueError(f"approximate is 'none', 'tanh' or 'quick', not {approximate!r}")
    for base in ("geglu", "gelu"):
        name = name.replace(base, base + _SUFFIXES[approximate])
    return default[name]


def form_name(approximate: object) -> str:
    """Return the form that a bool or a string means, as in TensorFlow, JAX and Keras.

    Raises
    ------
    ValueError
        If `approximate` is neither a bool nor one of the three forms.
    """
    if isinstance(approximate, bool | np.bool_):
        return "tanh" if approximate else "none"
    if isinstance(approximate, str) and approximate in _SUFFIXES:
        return approximate
    raise ValueError(f"approximate is True, False, 'none', 'tanh' or 'quick', not {approximate!r}")


def is_dask_array(x: Any) -> bool:
    """Return whether `x` is a Dask array, without importing Dask."""
    return isinstance(x, getattr(sys.modules.get("dask.array"), "Array", ()))

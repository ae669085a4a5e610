"""GELU on CPUs: NumPy ufuncs, forward and backward, accurate everywhere and fast.

Functions, each for float16, bfloat16, float32 and float64:

=========  ==============  ===================  =======================
form       value           derivative           backward
=========  ==============  ===================  =======================
exact      `gelu`          `gelu_grad`          `gelu_backward`
tanh       `gelu_tanh`     `gelu_tanh_grad`     `gelu_tanh_backward`
quick      `gelu_quick`    `gelu_quick_grad`    `gelu_quick_backward`
=========  ==============  ===================  =======================

In one pass over memory, each also with the suffixes ``_tanh`` and ``_quick``: `bias_gelu`,
`bias_gelu_backward`, `geglu`, `geglu_backward`, `gelu_value_and_grad`; and for second
derivatives `gelu_grad2` and `gelu_double_backward`.

`gelu_fast.relaxed` has the values, `bias_gelu` and `geglu` of each form, faster in float32 and
without the far tail. `gelu_fast.correctly_rounded` has the float32 values nearest to the truth.
`GELU`, `BiasGELU`, `GEGLU` and `QuantizedGELU` are layers, `split_geglu` a function of one packed
array. `isa`, `available_isas`, `set_isa`, `get_num_threads`, `set_num_threads`, `num_threads` and
`show_config` tell and set how they run. `get_include` and `get_library` are for C programs.
"""

import numpy as np

from gelu_fast import correctly_rounded, relaxed
from gelu_fast._runtime import (
    available_isas,
    get_include,
    get_library,
    get_num_threads,
    isa,
    num_threads,
    set_isa,
    set_num_threads,
    show_config,
)
from gelu_fast._ufuncs import default as _ufuncs
from gelu_fast._version import __version__
from gelu_fast.layers import GEGLU, GELU, BiasGELU, split_geglu
from gelu_fast.quantized import QuantizedGELU

__all__ = [
    "GEGLU",
    "GELU",
    "BiasGELU",
    "QuantizedGELU",
    "__version__",
    "available_isas",
    "correctly_rounded",
    "get_include",
    "get_library",
    "get_num_threads",
    "isa",
    "num_threads",
    "relaxed",
    "set_isa",
    "set_num_threads",
    "show_config",
    "split_geglu",
]

# begin functions: written by tools/list_functions.py
bias_gelu: np.ufunc = _ufuncs["bias_gelu"]
bias_gelu_backward: np.ufunc = _ufuncs["bias_gelu_backward"]
bias_gelu_quick: np.ufunc = _ufuncs["bias_gelu_quick"]
bias_gelu_quick_backward: np.ufunc = _ufuncs["bias_gelu_quick_backward"]
bias_gelu_tanh: np.ufunc = _ufuncs["bias_gelu_tanh"]
bias_gelu_tanh_backward: np.ufunc = _ufuncs["bias_gelu_tanh_backward"]
geglu: np.ufunc = _ufuncs["geglu"]
geglu_backward: np.ufunc = _ufuncs["geglu_backward"]
geglu_quick: np.ufunc = _ufuncs["geglu_quick"]
geglu_quick_backward: np.ufunc = _ufuncs["geglu_quick_backward"]
geglu_tanh: np.ufunc = _ufuncs["geglu_tanh"]
geglu_tanh_backward: np.ufunc = _ufuncs["geglu_tanh_backward"]
gelu: np.ufunc = _ufuncs["gelu"]
gelu_backward: np.ufunc = _ufuncs["gelu_backward"]
gelu_double_backward: np.ufunc = _ufuncs["gelu_double_backward"]
gelu_grad: np.ufunc = _ufuncs["gelu_grad"]
gelu_grad2: np.ufunc = _ufuncs["gelu_grad2"]
gelu_quick: np.ufunc = _ufuncs["gelu_quick"]
gelu_quick_backward: np.ufunc = _ufuncs["gelu_quick_backward"]
gelu_quick_double_backward: np.ufunc = _ufuncs["gelu_quick_double_backward"]
gelu_quick_grad: np.ufunc = _ufuncs["gelu_quick_grad"]
gelu_quick_grad2: np.ufunc = _ufuncs["gelu_quick_grad2"]
gelu_quick_value_and_grad: np.ufunc = _ufuncs["gelu_quick_value_and_grad"]
gelu_tanh: np.ufunc = _ufuncs["gelu_tanh"]
gelu_tanh_backward: np.ufunc = _ufuncs["gelu_tanh_backward"]
gelu_tanh_double_backward: np.ufunc = _ufuncs["gelu_tanh_double_backward"]
gelu_tanh_grad: np.ufunc = _ufuncs["gelu_tanh_grad"]
gelu_tanh_grad2: np.ufunc = _ufuncs["gelu_tanh_grad2"]
gelu_tanh_value_and_grad: np.ufunc = _ufuncs["gelu_tanh_value_and_grad"]
gelu_value_and_grad: np.ufunc = _ufuncs["gelu_value_and_grad"]

__all__ += [
    "bias_gelu",
    "bias_gelu_backward",
    "bias_gelu_quick",
    "bias_gelu_quick_backward",
    "bias_gelu_tanh",
    "bias_gelu_tanh_backward",
    "geglu",
    "geglu_backward",
    "geglu_quick",
    "geglu_quick_backward",
    "geglu_tanh",
    "geglu_tanh_backward",
    "gelu",
    "gelu_backward",
    "gelu_double_backward",
    "gelu_grad",
    "gelu_grad2",
    "gelu_quick",
    "gelu_quick_backward",
    "gelu_quick_double_backward",
    "gelu_quick_grad",
    "gelu_quick_grad2",
    "gelu_quick_value_and_grad",
    "gelu_tanh",
    "gelu_tanh_backward",
    "gelu_tanh_double_backward",
    "gelu_tanh_grad",
    "gelu_tanh_grad2",
    "gelu_tanh_value_and_grad",
    "gelu_value_and_grad",
]
# end functions

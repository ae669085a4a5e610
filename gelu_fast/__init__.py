"""GELU on CPUs: NumPy ufuncs, forward and backward, accurate everywhere and fast.

Functions, each for float16, bfloat16, float32 and float64:

=========  ==============  ===================  =======================
form       value           derivative           backward
=========  ==============  ===================  =======================
exact      `gelu`          `gelu_grad`          `gelu_backward`
tanh       `gelu_tanh`     `gelu_tanh_grad`     `gelu_tanh_backward`
quick      `gelu_quick`    `gelu_quick_grad`    `gelu_quick_backward`
=========  ==============  ===================  =======================

`gelu_fast.relaxed` has the same functions, faster in float32 and without the far tail.
`GELU` is a layer of them. `isa`, `available_isas`, `set_isa`, `get_num_threads`, `set_num_threads`,
`num_threads` and `show_config` tell and set how they run.
"""

from gelu_fast import relaxed
from gelu_fast._runtime import (
    available_isas,
    get_num_threads,
    isa,
    num_threads,
    set_isa,
    set_num_threads,
    show_config,
)
from gelu_fast._ufuncs import accurate as _ufuncs
from gelu_fast._version import __version__
from gelu_fast.layers import GELU

gelu = _ufuncs["gelu"]
gelu_backward = _ufuncs["gelu_backward"]
gelu_grad = _ufuncs["gelu_grad"]
gelu_quick = _ufuncs["gelu_quick"]
gelu_quick_backward = _ufuncs["gelu_quick_backward"]
gelu_quick_grad = _ufuncs["gelu_quick_grad"]
gelu_tanh = _ufuncs["gelu_tanh"]
gelu_tanh_backward = _ufuncs["gelu_tanh_backward"]
gelu_tanh_grad = _ufuncs["gelu_tanh_grad"]

__all__ = [
    "GELU",
    "__version__",
    "available_isas",
    "gelu",
    "gelu_backward",
    "gelu_grad",
    "gelu_quick",
    "gelu_quick_backward",
    "gelu_quick_grad",
    "gelu_tanh",
    "gelu_tanh_backward",
    "gelu_tanh_grad",
    "get_num_threads",
    "isa",
    "num_threads",
    "relaxed",
    "set_isa",
    "set_num_threads",
    "show_config",
]

"""GELU for inference that does not need the far tail: faster in float32.

The functions are `gelu`, `bias_gelu` and `geglu`, also with the suffixes ``_tanh`` and ``_quick``.
There are no derivatives.

Only float32 differs: the error bound is 3e-7 absolute for ``|x| <= 6`` instead of 4 ULP. Results
for x < -2 have fewer correct digits, and for x < -6 none: `gelu` and `gelu_tanh` approach zero far
more slowly than the function does. The limits, infinities and NaN are right, and the bits are the
same on every CPU (except a NaN's sign and payload), for every length, layout and thread count.

float16, bfloat16 and float64 are those of `gelu_fast`, as there is nothing to gain.

>>> import numpy as np
>>> import gelu_fast
>>> from gelu_fast import relaxed
>>> x = np.linspace(-6, 6, 1001, dtype=np.float32)
>>> bool(np.all(np.abs(relaxed.gelu(x) - gelu_fast.gelu(x)) <= 5e-7))
True
"""

import numpy as np

from gelu_fast._ufuncs import relaxed as _ufuncs

__all__: list[str] = []

# begin functions: written by tools/list_functions.py
bias_gelu: np.ufunc = _ufuncs["bias_gelu"]
bias_gelu_quick: np.ufunc = _ufuncs["bias_gelu_quick"]
bias_gelu_tanh: np.ufunc = _ufuncs["bias_gelu_tanh"]
geglu: np.ufunc = _ufuncs["geglu"]
geglu_quick: np.ufunc = _ufuncs["geglu_quick"]
geglu_tanh: np.ufunc = _ufuncs["geglu_tanh"]
gelu: np.ufunc = _ufuncs["gelu"]
gelu_quick: np.ufunc = _ufuncs["gelu_quick"]
gelu_tanh: np.ufunc = _ufuncs["gelu_tanh"]

__all__ += [
    "bias_gelu",
    "bias_gelu_quick",
    "bias_gelu_tanh",
    "geglu",
    "geglu_quick",
    "geglu_tanh",
    "gelu",
    "gelu_quick",
    "gelu_tanh",
]
# end functions

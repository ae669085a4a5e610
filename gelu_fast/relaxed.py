"""GELU for inference that does not care about the far tail: faster in float32.

The functions are `gelu`, `bias_gelu` and `geglu`, also with the suffixes ``_tanh`` and ``_quick``.
There are no derivatives.

What is given up, in float32 alone: an absolute error of 3e-7 for ``|x| <= 6`` takes the place of 4
ULP. So small results, those of x < -2, have fewer right digits, and below x = -6 there are none:
the results of `gelu` and `gelu_tanh` shrink to zero, but far more slowly than the function does.
Kept are the limits (x for large x, 0 for large -x), infinities, NaN, and the same bits on every CPU
(but for a NaN's sign and payload), for every length, layout and number of threads.

float16, bfloat16 and float64 are those of `gelu_fast`: for them there is nothing to gain.

Examples
--------
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

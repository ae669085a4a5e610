"""GELU for inference that does not care about the far tail: the same functions, faster in float32.

What is given up, in float32 alone: an absolute error of 3e-7 for ``|x| <= 6`` takes the place of 4
ULP. So small results, those of x < -2 and of a derivative near its root, have fewer right digits,
and below x = -6 there are none: the results of `gelu` and `gelu_tanh` shrink to zero, but far more
slowly than the function does. Kept are the limits (x for large x, 0 for large -x), infinities, NaN,
and the same bits on every CPU (but for a NaN's sign and payload), for every length, layout and
number of threads.

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

__all__ = [
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

"""GELU correctly rounded: each result is the number nearest to the true value.

The functions are `gelu`, `gelu_tanh`, `gelu_quick` and their derivatives `gelu_grad`,
`gelu_tanh_grad`, `gelu_quick_grad`. For every float32 input the result is the float32 number
nearest to the value that the formula defines, ties to even, subnormal numbers included. So its
bits are those of any other correct implementation, in any language and on any CPU, and they will
never change. A value takes 2.8 to 3.8 times as long as that of `gelu_fast`, a derivative 2.3 to 3.3
times.

float16 and bfloat16 are those of `gelu_fast`, correctly rounded too. There is no float64, because
no proof for all of its inputs is within reach. Python numbers and integers, which NumPy takes for
float64, raise TypeError unless ``dtype=np.float32`` is given.

>>> import numpy as np
>>> from gelu_fast import correctly_rounded
>>> correctly_rounded.gelu(np.float32(-10))
np.float32(-7.619853e-23)
"""

import numpy as np

from gelu_fast._ufuncs import correctly_rounded as _ufuncs

__all__: list[str] = []

# begin functions: written by tools/list_functions.py
gelu: np.ufunc = _ufuncs["gelu"]
gelu_grad: np.ufunc = _ufuncs["gelu_grad"]
gelu_quick: np.ufunc = _ufuncs["gelu_quick"]
gelu_quick_grad: np.ufunc = _ufuncs["gelu_quick_grad"]
gelu_tanh: np.ufunc = _ufuncs["gelu_tanh"]
gelu_tanh_grad: np.ufunc = _ufuncs["gelu_tanh_grad"]

__all__ += [
    "gelu",
    "gelu_grad",
    "gelu_quick",
    "gelu_quick_grad",
    "gelu_tanh",
    "gelu_tanh_grad",
]
# end functions

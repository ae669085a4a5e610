"""The ufuncs, with a loop for bfloat16 where ml_dtypes is installed."""

import contextlib

import numpy as np

from gelu_fast import _core

_ufuncs = _core.create_ufuncs()

gelu = _ufuncs["gelu"]
gelu_grad = _ufuncs["gelu_grad"]
gelu_backward = _ufuncs["gelu_backward"]
gelu_tanh = _ufuncs["gelu_tanh"]
gelu_tanh_grad = _ufuncs["gelu_tanh_grad"]
gelu_tanh_backward = _ufuncs["gelu_tanh_backward"]
gelu_quick = _ufuncs["gelu_quick"]
gelu_quick_grad = _ufuncs["gelu_quick_grad"]
gelu_quick_backward = _ufuncs["gelu_quick_backward"]

# The loops have to be there before the first call with bfloat16: NumPy would otherwise find the
# float32 loop, as bfloat16 casts safely to float32, and remember it. So ml_dtypes is imported here,
# if it is installed, whatever the order in which the user imports the two packages.
try:
    import ml_dtypes
except ImportError:
    pass
else:
    _core.register_bfloat16(_ufuncs, np.dtype(ml_dtypes.bfloat16))

# pickle finds a ufunc by these names. The ufuncs of NumPy 2.0 take no attributes; there pickle
# searches the modules, and finds this one.
for _name, _ufunc in _ufuncs.items():
    with contextlib.suppress(AttributeError):
        for _attribute, _value in (("__module__", "gelu_fast"), ("__qualname__", _name)):
            setattr(_ufunc, _attribute, _value)

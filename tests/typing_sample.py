"""Every public name, as a typed program uses it.

.ci/lint checks it with mypy and basedpyright in strict mode. tests/core/test_typing_sample.py runs
it, which checks the types of the values, and checks that no public name is missing.
"""

import sys
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

import gelu_fast
from gelu_fast import correctly_rounded, relaxed

if sys.version_info >= (3, 11):
    from typing import assert_type
else:

    def assert_type(value: Any, kind: Any) -> Any:
        return value


Float32s = NDArray[np.float32]
x: Float32s = np.linspace(-3, 3, 8, dtype=np.float32).reshape(2, 4)
bias: Float32s = np.ones(4, np.float32)
grad: Float32s = np.ones_like(x)
out: Float32s = np.zeros_like(x)
is_serial: bool = gelu_fast.show_config("dicts")["openmp"] is None
version: str = gelu_fast.__version__

# The ufuncs: numpy.ufunc declares that every call returns Any.
value: Float32s
derivative: Float32s
dgate: Float32s
dup: Float32s
assert_type(gelu_fast.gelu, np.ufunc)
assert_type(relaxed.gelu, np.ufunc)
assert_type(correctly_rounded.gelu, np.ufunc)
assert_type(gelu_fast.gelu.nin, int)
value = gelu_fast.gelu(x)
value = gelu_fast.gelu_grad(x, out=out)
value = gelu_fast.gelu_grad2(x, where=x > 0, out=out)
value = gelu_fast.gelu_backward(grad, x)
value = gelu_fast.gelu_double_backward(grad, grad, x)
value, derivative = gelu_fast.gelu_value_and_grad(x)
value = gelu_fast.bias_gelu(x, bias, out=out)
value = gelu_fast.bias_gelu_backward(grad, x, bias)
value = gelu_fast.geglu(x, x)
dgate, dup = gelu_fast.geglu_backward(grad, x, x)
value = gelu_fast.gelu_tanh(x)
value = gelu_fast.gelu_tanh_grad(x, out=out)
value = gelu_fast.gelu_tanh_grad2(x, where=x > 0, out=out)
value = gelu_fast.gelu_tanh_backward(grad, x)
value = gelu_fast.gelu_tanh_double_backward(grad, grad, x)
value, derivative = gelu_fast.gelu_tanh_value_and_grad(x)
value = gelu_fast.bias_gelu_tanh(x, bias, out=out)
value = gelu_fast.bias_gelu_tanh_backward(grad, x, bias)
value = gelu_fast.geglu_tanh(x, x)
dgate, dup = gelu_fast.geglu_tanh_backward(grad, x, x)
value = gelu_fast.gelu_quick(x)
value = gelu_fast.gelu_quick_grad(x, out=out)
value = gelu_fast.gelu_quick_grad2(x, where=x > 0, out=out)
value = gelu_fast.gelu_quick_backward(grad, x)
value = gelu_fast.gelu_quick_double_backward(grad, grad, x)
value, derivative = gelu_fast.gelu_quick_value_and_grad(x)
value = gelu_fast.bias_gelu_quick(x, bias, out=out)
value = gelu_fast.bias_gelu_quick_backward(grad, x, bias)
value = gelu_fast.geglu_quick(x, x)
dgate, dup = gelu_fast.geglu_quick_backward(grad, x, x)
value = relaxed.gelu(x)
value = relaxed.bias_gelu(x, bias, out=out)
value = relaxed.geglu(x, x)
value = relaxed.gelu_tanh(x)
value = relaxed.bias_gelu_tanh(x, bias, out=out)
value = relaxed.geglu_tanh(x, x)
value = relaxed.gelu_quick(x)
value = relaxed.bias_gelu_quick(x, bias, out=out)
value = relaxed.geglu_quick(x, x)
value = correctly_rounded.gelu(x)
value = correctly_rounded.gelu_tanh(x, out=out)
value = correctly_rounded.gelu_quick(x, where=x > 0, out=out)
value = correctly_rounded.gelu_grad(x)
value = correctly_rounded.gelu_tanh_grad(x)
value = correctly_rounded.gelu_quick_grad(x)
assert value.dtype == derivative.dtype == dgate.dtype == dup.dtype == np.float32

# The layers: arrays of one floating dtype give arrays of that dtype; other operands give Any.
layer = gelu_fast.GELU(approximate="tanh")
assert_type(layer(x), Float32s)
assert layer(x).dtype == np.float32
assert_type(layer(x, out=out), Any)
assert_type(layer([0.0, 1.0]), Any)
assert layer([0.0, 1.0]).dtype == np.float64
assert_type(layer(x.astype(np.float64)), NDArray[np.float64])
assert layer(x.astype(np.float64)).dtype == np.float64
assert layer.approximate == "tanh"
value = layer(x)
value = layer.backward(grad.astype(np.float32), out=out)

bias_layer = gelu_fast.BiasGELU()
assert_type(bias_layer(x, bias), Float32s)
assert bias_layer(x, bias).dtype == np.float32
assert_type(bias_layer(x, bias, out=out), Any)
dx, dbias = bias_layer.backward(grad, out=(out, np.zeros_like(bias)))
assert dx is out

geglu_layer = gelu_fast.GEGLU("quick")
assert_type(geglu_layer(x, x), Float32s)
assert geglu_layer(x, x).dtype == np.float32
dgate, dup = geglu_layer.backward(grad, out=(out, None))

assert_type(gelu_fast.split_geglu(x, gate="last", approximate="none"), Float32s)
assert gelu_fast.split_geglu(x).dtype == np.float32
assert_type(gelu_fast.split_geglu(x, axis=0, out=np.zeros((1, 4), np.float32)), Any)

quantized = gelu_fast.QuantizedGELU(0.05, 0, 0.05, 0, approximate="tanh")
bytes_: NDArray[np.int8] = np.arange(4, dtype=np.int8)
assert_type(quantized(bytes_), NDArray[np.int8])
assert quantized(bytes_, out=bytes_) is bytes_
assert_type(quantized(np.uint8(3)), np.uint8)
assert quantized(np.uint8(3)).dtype == np.uint8
assert_type(quantized.table(np.int8), NDArray[Any])
assert quantized.table(np.int8).shape == (256,)
assert_type(quantized.input_scale, float)

# What the checkers must refuse: strict mypy reports an unneeded ignore as an error.
with suppress(ValueError):
    gelu_fast.GELU("erf")  # type: ignore[arg-type]
with suppress(TypeError):
    quantized(x)  # type: ignore[type-var]

# The ISA and the threads.
names = gelu_fast.available_isas()
assert_type(names, tuple[str, ...])
gelu_fast.set_isa(names[-1])
assert_type(gelu_fast.isa(), str)
assert gelu_fast.isa() == names[-1]

gelu_fast.set_num_threads(2)
gelu_fast.set_num_threads(None)
with gelu_fast.num_threads(1):
    assert_type(gelu_fast.get_num_threads(), int)
    assert gelu_fast.get_num_threads() == 1


@gelu_fast.num_threads(1)
def threads(extra: int) -> int:
    return gelu_fast.get_num_threads() + extra


assert_type(threads(1), int)
assert threads(1) == 2

assert_type(gelu_fast.show_config("dicts"), dict[str, Any])
gelu_fast.show_config()

# For C programs.
assert_type(gelu_fast.get_include(), str)
assert_type(gelu_fast.get_library(), str)

"""GELU for TensorFlow on CPUs, eager and in ``tf.function``, differentiable."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from gelu_fast._optional import require
from gelu_fast._ufuncs import form, form_name

tf = require("tensorflow", "tensorflow")

__all__ = ["gelu"]

_DTYPES = (tf.float16, tf.bfloat16, tf.float32, tf.float64)

_ALIGNMENT = 64  # bytes, as TensorFlow's kernels expect; tf.numpy_function copies other arrays


def _aligned_empty(size: int, dtype: np.dtype) -> np.ndarray:
    memory = np.empty(size * dtype.itemsize + _ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size * dtype.itemsize].view(dtype)


def _from_numpy(array: np.ndarray) -> Any:
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())


def _apply(name: str, approximate: str, *operands: Any) -> Any:
    """Apply the ufunc `name` to tensors of one shape and dtype.

    Neither the operands nor the result are copied.
    """
    ufunc = form(approximate, name)

    def compute(*arrays: np.ndarray) -> np.ndarray:
        first = arrays[0]
        result = _aligned_empty(first.size, first.dtype).reshape(first.shape)
        with np.errstate(all="ignore"):  # TensorFlow's kernels do not warn of an overflow either
            ufunc(*arrays, out=result)
        return result

    if not tf.executing_eagerly():
        tensor = tf.numpy_function(compute, operands, operands[0].dtype, stateful=False)
        tensor.set_shape(operands[0].shape)
        return tensor
    # An eager tf.numpy_function would copy everything.
    array = compute(*(np.asarray(x if x.ndim else x.numpy()) for x in operands))
    if operands[0].dtype == tf.bfloat16:  # which NumPy's DLPack lacks
        return tf.bitcast(_from_numpy(array.view(np.uint16)), tf.bfloat16)
    return _from_numpy(array)


def _third_derivative(approximate: str, x: Any) -> Any:
    """Return the third derivative, computed by TensorFlow's operators."""
    dtype = x.dtype
    # The limit is reached at these bounds; farther out, an infinite power of x would meet a zero.
    x = tf.clip_by_value(tf.cast(x, dtype if dtype.size > 2 else tf.float32), -450, 450)
    if approximate == "none":
        result = (x**3 - 4 * x) * tf.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    else:
        # In x * sigmoid(z): z1, z2, z3 are the derivatives of z, s1, s2, s3 those of sigmoid.
        is_quick = approximate == "quick"
        scale, cubic = (1.702, 0.0) if is_quick else (math.sqrt(8 / math.pi), 0.044715)
        z, z3 = scale * (x + cubic * x**3), 6 * scale * cubic
        z1, z2 = scale + z3 / 2 * x**2, z3 * x
        s1 = tf.sigmoid(z) * tf.sigmoid(-z)
        s2, s3 = -s1 * tf.tanh(z / 2), s1 * (1 - 6 * s1)
        result = 3 * (s2 * z1**2 + s1 * z2) + x * (s3 * z1**3 + 3 * s2 * z1 * z2 + s1 * z3)
    return tf.cast(result, dtype)


@cache
def _differentiable(approximate: str) -> Callable[[Any], Any]:
    """Return a function of a tensor, GELU, that TensorFlow can differentiate."""

    def value_and_gradient(x: Any) -> Any:
        def gradient(grad: Any) -> Any:
            return backward(tf.convert_to_tensor(grad), x)  # tf.gather's gradient is no tensor

        return _apply("gelu", approximate, x), gradient

    def backward_and_gradient(grad: Any, x: Any) -> Any:
        if not tf.executing_eagerly():
            # x belongs to the graph of the forward function. TensorFlow would not find it there
            # when it differentiates this graph, so this graph gets tensors of its own.
            grad, x = tf.identity(grad), tf.identity(x)

        def gradient(grad_grad: Any) -> tuple[Any, Any]:
            grad_grad = tf.convert_to_tensor(grad_grad)
            return backward(grad_grad, x), double_backward(grad_grad, grad, x)

        return _apply("gelu_backward", approximate, grad, x), gradient

    def double_backward_and_gradient(grad_grad: Any, grad: Any, x: Any, same_x: Any) -> Any:
        if not tf.executing_eagerly():
            grad_grad, grad, x = map(tf.identity, (grad_grad, grad, x))

        def gradient(upstream: Any) -> tuple[Any, Any, Any, Any]:
            upstream = tf.convert_to_tensor(upstream)
            by_grad_grad = double_backward(upstream, grad, x)
            by_grad = double_backward(grad_grad, upstream, x)
            return by_grad_grad, by_grad, None, upstream * grad_grad * grad

        return _apply("gelu_double_backward", approximate, grad_grad, grad, x), gradient

    def identity_and_gradient(x: Any) -> Any:
        x = tf.identity(x)
        # Otherwise a ForwardAccumulator would use the derivative of the identity.
        return tf.stop_gradient(x), lambda upstream: upstream * _third_derivative(approximate, x)

    def double_backward(grad_grad: Any, grad: Any, x: Any) -> Any:
        # TensorFlow asks for the gradients of all operands and then follows only those it needs.
        # A Hessian-vector product, which is linear in the vector, needs no third derivative.
        return linear_double_backward(grad_grad, grad, x, to_third_derivative(x))

    backward = tf.custom_gradient(backward_and_gradient)
    to_third_derivative = tf.custom_gradient(identity_and_gradient)
    linear_double_backward = tf.custom_gradient(double_backward_and_gradient)
    return tf.custom_gradient(value_and_gradient)  # type: ignore[no-any-return]


def gelu(features: Any, approximate: bool | str = False, name: str | None = None) -> Any:
    """Return GELU of a tensor, with the arguments of ``tf.nn.gelu``.

    Differentiable by ``tf.GradientTape``, ``tf.gradients`` and, eagerly, by
    ``tf.autodiff.ForwardAccumulator``. Derivatives from the third on are TensorFlow's.

    Runs on the CPU, through Python. In a ``tf.function`` that is ``tf.numpy_function``, which XLA
    (``jit_compile=True``) and TensorFlow Lite reject, and which a SavedModel cannot contain.

    Parameters
    ----------
    features : tensor-like
        Of any shape, also ragged; float16, bfloat16, float32 or float64. A tensor on a CPU is not
        copied.
    approximate : bool or {"none", "tanh", "quick"}
        False or "none": the exact form, x * Phi(x). True or "tanh": the tanh form. "quick":
        x * sigmoid(1.702 x).
    name : str, optional
        Name of the operations in a graph.

    Returns
    -------
    tf.Tensor or tf.RaggedTensor
        Of the shape and dtype of `features`; its error is that of `gelu_fast.gelu`.

    Raises
    ------
    TypeError
        If the dtype is none of the four.
    ValueError
        If `approximate` is none of those.

    Examples
    --------
    >>> from gelu_fast.tensorflow import gelu
    >>> gelu([-1.0, 0.0, 1.0]).numpy()
    array([-0.15865526,  0.        ,  0.8413448 ], dtype=float32)
    """
    differentiable = _differentiable(form_name(approximate))
    if isinstance(features, tf.RaggedTensor):
        return tf.ragged.map_flat_values(gelu, features, approximate, name)
    with tf.name_scope(name or "gelu_fast"):
        x = tf.convert_to_tensor(features, name="features")
        if x.dtype not in _DTYPES:
            allowed = ", ".join(dtype.name for dtype in _DTYPES)
            raise TypeError(f"features are of dtype {x.dtype.name}, not of {allowed}")
        return differentiable(x)

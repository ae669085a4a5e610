"""GELU for Keras 3: a function and a layer, on the backends NumPy, JAX, PyTorch and TensorFlow.

The backend is the one that Keras runs on when this module is imported.
"""

from typing import Any

from gelu_fast._optional import require
from gelu_fast._ufuncs import form, form_name

keras = require("keras", "keras")

__all__ = ["GELU", "gelu"]

_DTYPES = ("float16", "bfloat16", "float32", "float64")

_backend = keras.backend.backend()
if _backend not in ("numpy", "jax", "torch", "tensorflow"):
    raise ImportError(
        f"gelu_fast.keras is for Keras's backends numpy, jax, torch and tensorflow, not {_backend}"
    )
_module: Any = None
if _backend == "jax":
    from gelu_fast import jax as _module
elif _backend == "torch":
    from gelu_fast import torch as _module
elif _backend == "tensorflow":
    from gelu_fast import tensorflow as _module


def gelu(x: Any, approximate: bool | str = False) -> Any:
    """Return GELU of a tensor: ``keras.activations.gelu`` by the kernels of gelu_fast.

    It may be the ``activation`` of a layer, and models that use it are saved and loaded as usual:
    import this module before loading. Gradients are those of the backend's function:
    `gelu_fast.jax.gelu`, `gelu_fast.torch.gelu` or `gelu_fast.tensorflow.gelu`.

    Parameters
    ----------
    x : tensor-like or KerasTensor
        Of any shape, float16, bfloat16, float32 or float64.
    approximate : bool or {"none", "tanh", "quick"}
        False or "none": the exact form, x * Phi(x). True or "tanh": the tanh form. "quick":
        x * sigmoid(1.702 x).

    Returns
    -------
    tensor or KerasTensor
        Of the shape and dtype of `x`; its error is that of `gelu_fast.gelu`.

    Raises
    ------
    TypeError
        If the dtype is none of the four.
    ValueError
        If `approximate` is none of those.

    See Also
    --------
    GELU : a layer, which saves `approximate` with the model.
    """
    approximate = form_name(approximate)
    symbolic = keras.backend.is_keras_tensor(x)
    if not (symbolic or keras.ops.is_tensor(x)):
        x = keras.ops.convert_to_tensor(x)
    dtype = keras.backend.standardize_dtype(x.dtype)
    if dtype not in _DTYPES:
        raise TypeError(f"x is of dtype {dtype}, not of {', '.join(_DTYPES)}")
    if symbolic:
        return GELU(approximate, dtype=dtype)(x)
    return _module.gelu(x, approximate) if _module else form(approximate, "gelu")(x)


class GELU(keras.layers.Layer):  # type: ignore[misc,name-defined]
    """The function `gelu` as a layer.

    XLA cannot compile it on TensorFlow, so there ``jit_compile="auto"`` means False for a model
    with this layer.

    Parameters
    ----------
    approximate : bool or {"none", "tanh", "quick"}
        The form, as in `gelu`.
    **options
        Those of ``keras.layers.Layer``: ``name``, ``dtype``, ``trainable``.

    Raises
    ------
    ValueError
        If `approximate` is none of those.
    """

    def __init__(self, approximate: bool | str = False, **options: Any) -> None:
        super().__init__(**options)
        self.approximate = form_name(approximate)
        self.supports_masking = True
        self.supports_jit = _backend != "tensorflow"

    def call(self, inputs: Any) -> Any:
        return gelu(inputs, self.approximate)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "approximate": self.approximate}


for _serializable in (gelu, GELU):
    keras.saving.register_keras_serializable(package="gelu_fast")(_serializable)

"""GELU, GELU after a bias, and GEGLU as layers with a forward and a backward pass."""

import sys
from typing import Any, Literal, TypeVar, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gelu_fast._ufuncs import Form, form, is_dask_array

_Floating = TypeVar("_Floating", bound=np.floating[Any])
Out = np.ndarray | tuple[np.ndarray | None, ...] | None


def _operand(x: Any) -> Any:
    """Convert to an array, except Dask arrays and Python numbers, which NumPy promotes weakly."""
    return x if isinstance(x, int | float) or is_dask_array(x) else np.asanyarray(x)


def _share_memory(x: Any, out: Any) -> bool:
    if not (isinstance(x, np.ndarray) and isinstance(out, np.ndarray)):
        return x is out
    try:
        return np.shares_memory(x, out, max_work=10_000)  # type: ignore[arg-type]  # any int is one
    except np.exceptions.TooHardError:
        return True


def _overwrite(inputs: tuple[Any, ...], outs: Any) -> bool:
    outs = outs if isinstance(outs, tuple) else (outs,)
    return any(_share_memory(x, out) for x in inputs for out in outs)


def _sum_to(operand: Any, gradient: Any) -> Any:
    """Sum a gradient, in float64, over the axes along which its operand was broadcast."""
    new = gradient.ndim - np.ndim(operand)
    sizes = (1,) * new + np.shape(operand)  # NaN where Dask does not know them yet
    axes = tuple(k for k in range(gradient.ndim) if k < new or sizes[k] == 1 != gradient.shape[k])
    if not axes:
        return gradient
    total: Any = np.sum(gradient, axis=axes, dtype=np.float64, keepdims=True)
    return total[(0,) * new]


def _apply(function: np.ufunc, inputs: tuple[Any, ...], out: Any = None) -> Any:
    """Call a ufunc. Dask cannot parse the signature "(n?)"; with "()" its chunks may split rows."""
    if function.signature is None or not any(map(is_dask_array, inputs)):
        return function(*inputs, out=out)
    if any(y is not None for y in (out if isinstance(out, tuple) else (out,))):
        raise TypeError("out= is not taken with Dask arrays")
    dtype = np.result_type(*(getattr(x, "dtype", x) for x in inputs))
    arrays = [x if hasattr(x, "dtype") else np.asarray(x, dtype) for x in inputs]
    dask: Any = sys.modules["dask.array"]
    if not any(np.isnan(np.shape(x)).any() for x in arrays):  # chunks have their sizes
        arrays = dask.broadcast_arrays(*arrays)
    return dask.apply_gufunc(function, function.signature.replace("n?", ""), *arrays)


class _Layer:
    """Keeps the inputs of the last call for `backward`, unless the result overwrote them.

    Several threads may call one layer, but each thread that calls `backward` needs its own.
    """

    def __init__(self, approximate: Form = "none") -> None:
        self._forward = form(approximate, self._name)
        self._backward = form(approximate, f"{self._name}_backward")
        self._approximate: Form = approximate
        self._inputs: tuple[Any, ...] | None = None

    _name: str

    @property
    def approximate(self) -> Form:
        return self._approximate

    def _call(self, inputs: tuple[Any, ...], out: Any) -> Any:
        self._forget_overwritten(out)
        result = _apply(self._forward, inputs, out)
        self._inputs = (
            None if _overwrite(inputs, out) else inputs
        )  # in one assignment, for other threads
        return result

    def _forget_overwritten(self, outs: Any) -> None:
        """Forget inputs before a call that overwrites them, as it may fail after it has written."""
        if self._inputs is not None and _overwrite(self._inputs, outs):
            self._inputs = None

    def _gradients(self, grad: Any, outs: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the gradient of each input, in `outs` if given.

        A backward function has one output for each input, but only one for x and bias together.
        """
        inputs = self._inputs  # read once: another thread may call the layer
        if inputs is None:
            raise RuntimeError(
                "backward needs the input of a call before it; there was none, or out= overwrote it"
            )
        if not isinstance(outs, tuple) or len(outs) != len(inputs):
            raise TypeError(f"out is a tuple of {len(inputs)}, an array or None for each gradient")
        for x, out in zip(inputs, outs, strict=True):
            if out is not None and np.shape(out) != np.shape(x):
                raise ValueError(f"out has shape {np.shape(out)}, the gradient {np.shape(x)}")
        self._forget_overwritten(outs)
        grad, count = _operand(grad), self._backward.nout
        direct: list[Any] = [None] * count
        if any(out is not None for out in outs):
            shape = np.broadcast_shapes(np.shape(grad), *map(np.shape, inputs))
            direct = [outs[k] if np.shape(inputs[k]) == shape else None for k in range(count)]
        results = _apply(self._backward, (grad, *inputs), tuple(direct))
        gradients = []
        for k, (x, out) in enumerate(zip(inputs, outs, strict=True)):
            result = results if count == 1 else results[k]
            gradient = _sum_to(x, result)
            if out is None and (gradient is not result or k >= count):
                dtype = getattr(x, "dtype", result.dtype)
                gradient = gradient.astype(result.dtype if dtype.kind in "biu" else dtype)
            elif out is not None and (out is not gradient or k >= count):
                np.copyto(out, gradient, casting="same_kind")
                gradient = out
            gradients.append(gradient)
        return tuple(gradients)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(approximate={self.approximate!r})"


class GELU(_Layer):
    """GELU activation, with ``torch.nn.GELU``'s meaning of `approximate`.

    The layer keeps the input of the last call. Several threads may call one layer, but each
    thread that calls `backward` needs its own.

    Parameters
    ----------
    approximate : {"none", "tanh", "quick"}
        The exact form x * Phi(x) (BERT, ViT), the tanh form (GPT-2), or x * sigmoid(1.702 x)
        (CLIP), which ``torch.nn.GELU`` does not have.

    Raises
    ------
    ValueError
        If `approximate` is none of the three.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast import GELU
    >>> layer = GELU()
    >>> float(layer(np.float64(1.0)).round(6))
    0.841345
    >>> float(layer.backward(np.float64(1.0)).round(6))
    1.083315
    """

    _name = "gelu"

    @overload
    def __call__(self, x: NDArray[_Floating], out: None = None) -> NDArray[_Floating]: ...
    @overload
    def __call__(self, x: ArrayLike, out: Out = None) -> Any: ...
    def __call__(self, x: ArrayLike, out: Out = None) -> Any:
        """Return the activation of `x`, and keep `x` for `backward`.

        Parameters
        ----------
        x : array_like
            Input of any shape. It is kept without a copy, so with ``out=x`` `backward` raises.
        out : ndarray or tuple of one, optional
            Where to put the result.

        Returns
        -------
        ndarray or scalar
            Of the shape and dtype of `x`.
        """
        return self._call((_operand(x),), out)

    def backward(self, grad: ArrayLike, out: Out = None) -> Any:
        """Return `grad` times the derivative at the input of the last call.

        Parameters
        ----------
        grad : array_like
            Gradient of the loss with respect to the layer's output, broadcast with the input.
        out : ndarray or tuple of one, optional
            Where to put the result; may be `grad` itself.

        Returns
        -------
        ndarray or scalar
            Gradient of the loss with respect to the layer's input, of its shape.

        Raises
        ------
        RuntimeError
            If the layer has not been called, or ``out=`` overwrote its input.
        ValueError
            If an array in ``out`` has another shape than its gradient.
        """
        return self._gradients(grad, out if isinstance(out, tuple) else (out,))[0]


class BiasGELU(_Layer):
    """``gelu(x + bias)`` in one pass, as after a linear layer.

    Parameters
    ----------
    approximate : {"none", "tanh", "quick"}
        The form, as in `GELU`.

    Raises
    ------
    ValueError
        If `approximate` is none of the three.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast import BiasGELU
    >>> layer = BiasGELU()
    >>> layer(np.zeros((4, 2)), bias=np.array([0.0, 1.0])).shape
    (4, 2)
    >>> dx, dbias = layer.backward(np.ones((4, 2)))
    >>> [round(float(d), 4) for d in dbias]
    [2.0, 4.3333]
    """

    _name = "bias_gelu"

    @overload
    def __call__(
        self, x: NDArray[_Floating], bias: NDArray[_Floating], out: None = None
    ) -> NDArray[_Floating]: ...
    @overload
    def __call__(self, x: ArrayLike, bias: ArrayLike, out: Out = None) -> Any: ...
    def __call__(self, x: ArrayLike, bias: ArrayLike, out: Out = None) -> Any:
        """Return ``gelu(x + bias)``, and keep both for `backward`.

        Parameters
        ----------
        x : array_like
            Input of shape (..., n).
        bias : array_like
            Of shape (n,), or any shape (..., n) that broadcasts with `x`, or one number.
        out : ndarray or tuple of one, optional
            Where to put the result; with ``out=x``, `backward` raises.

        Returns
        -------
        ndarray
            Of shape (..., n).
        """
        return self._call((_operand(x), _operand(bias)), out)

    def backward(
        self,
        grad: ArrayLike,
        out: Out = None,
    ) -> tuple[Any, Any]:
        """Return the gradients with respect to `x` and `bias` of the last call.

        Parameters
        ----------
        grad : array_like
            Gradient of the loss with respect to the layer's output, of its shape.
        out : ndarray, or tuple of two ndarrays or None, optional
            Where to put the gradient of `x`, or both; that of `x` may be `grad` itself.

        Returns
        -------
        dx, dbias : ndarray
            Of the shapes of `x` and `bias`. Broadcast axes are summed in float64. A sum has the
            dtype of its operand, or of the result if the operand has an integer dtype.

        Raises
        ------
        RuntimeError
            If the layer has not been called, or ``out=`` overwrote its input.
        ValueError
            If an array in ``out`` has another shape than its gradient.
        """
        dx, dbias = self._gradients(grad, out if isinstance(out, tuple) else (out, None))
        return dx, dbias


class GEGLU(_Layer):
    """Gated GELU, ``gelu(gate) * up``, in one pass.

    Parameters
    ----------
    approximate : {"none", "tanh", "quick"}
        The form, as in `GELU`.

    Raises
    ------
    ValueError
        If `approximate` is none of the three.

    See Also
    --------
    gelu_fast.split_geglu : for gate and up in one array.

    References
    ----------
    N. Shazeer, "GLU Variants Improve Transformer", arXiv:2002.05202.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast import GEGLU
    >>> layer = GEGLU()
    >>> layer(np.float64([1, 2]), np.float64([10, 10])).round(4)
    array([ 8.4134, 19.545 ])
    >>> dgate, dup = layer.backward(np.float64([1, 1]))
    >>> dup.round(4)
    array([0.8413, 1.9545])
    """

    _name = "geglu"

    @overload
    def __call__(
        self, gate: NDArray[_Floating], up: NDArray[_Floating], out: None = None
    ) -> NDArray[_Floating]: ...
    @overload
    def __call__(self, gate: ArrayLike, up: ArrayLike, out: Out = None) -> Any: ...
    def __call__(self, gate: ArrayLike, up: ArrayLike, out: Out = None) -> Any:
        """Return ``gelu(gate) * up``, and keep both for `backward`.

        Parameters
        ----------
        gate, up : array_like
            Of shape (..., n). Slices of one array are not copied.
        out : ndarray or tuple of one, optional
            Where to put the result; with ``out=gate`` or ``out=up``, `backward` raises.

        Returns
        -------
        ndarray
            Of shape (..., n).
        """
        return self._call((_operand(gate), _operand(up)), out)

    def backward(
        self, grad: ArrayLike, out: tuple[np.ndarray | None, ...] | None = None
    ) -> tuple[Any, Any]:
        """Return the gradients with respect to `gate` and `up` of the last call.

        Parameters
        ----------
        grad : array_like
            Gradient of the loss with respect to the layer's output, of its shape.
        out : tuple of two ndarrays or None, optional
            Where to put the gradients.

        Returns
        -------
        dgate, dup : ndarray
            Of the shapes of `gate` and `up`. Broadcast axes are summed in float64. A sum has the
            dtype of its operand, or of the result if the operand has an integer dtype.

        Raises
        ------
        RuntimeError
            If the layer has not been called, or ``out=`` overwrote its input.
        ValueError
            If an array in ``out`` has another shape than its gradient.
        """
        dgate, dup = self._gradients(grad, (None, None) if out is None else out)
        return dgate, dup


@overload
def split_geglu(
    x: NDArray[_Floating],
    axis: int = -1,
    gate: Literal["first", "last"] = "first",
    approximate: Form = "none",
    out: None = None,
) -> NDArray[_Floating]: ...
@overload
def split_geglu(
    x: ArrayLike,
    axis: int = -1,
    gate: Literal["first", "last"] = "first",
    approximate: Form = "none",
    out: Out = None,
) -> Any: ...
def split_geglu(
    x: Any,
    axis: int = -1,
    gate: Literal["first", "last"] = "first",
    approximate: Form = "none",
    out: Out = None,
) -> Any:
    """Return ``gelu(gate) * up`` for the two halves of `x`.

    The halves are views: nothing is copied.

    Parameters
    ----------
    x : array_like
        The packed projection.
    axis : int
        The axis to split.
    gate : {"first", "last"}
        Which half is the gate, the one that goes through the activation. First in packed
        ``gate_up_proj`` weights (vLLM's ``GeluAndMul``, as for Gemma), Megatron-LM and ModernBERT
        (which calls the other half "gate"); last in diffusers' ``GEGLU`` (Stable Diffusion) and in
        Perceiver IO of lucidrains, whose ``chunk`` gives the value first.
    approximate : {"none", "tanh", "quick"}
        The form, as in `GELU`. Gemma: "tanh"; ModernBERT and diffusers: "none".
    out : ndarray or tuple of one, optional
        Where to put the result.

    Returns
    -------
    ndarray
        The shape of `x` with `axis` halved.

    Raises
    ------
    ValueError
        If `gate` or `approximate` is none of those, if the axis does not exist, or if its length
        is odd.
    TypeError
        If `axis` is not an integer, or ``out`` not an array.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast import split_geglu
    >>> split_geglu(np.float64([1, 2, 10, 10])).round(4)
    array([ 8.4134, 19.545 ])
    """
    if gate not in ("first", "last"):
        raise ValueError(f"gate is 'first' or 'last', not {gate!r}")
    x = x if is_dask_array(x) else np.asanyarray(x)
    if not isinstance(axis, int | np.integer):
        raise TypeError(f"axis is an integer, not {axis!r}")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis {axis} does not exist in an array of {x.ndim} dimensions")
    size = x.shape[axis]
    if size % 2:
        raise ValueError(f"axis {axis} has {size} elements, which do not halve")
    function = form(approximate, "geglu")
    moved = np.moveaxis(x, axis, -1)
    halves = moved[..., : size // 2], moved[..., size // 2 :]
    first, second = halves if gate == "first" else halves[::-1]
    if out is None:
        return np.moveaxis(_apply(function, (first, second)), -1, axis)
    if isinstance(out, tuple) and len(out) == 1:
        (out,) = out
    if not isinstance(out, np.ndarray):  # of a list np.moveaxis would make an array of its own
        raise TypeError(f"out is an array or a tuple of one, not {out!r}")
    _apply(function, (first, second), np.moveaxis(out, axis, -1))
    return out

"""GELU as a layer with a forward and a backward pass."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gelu_fast._ufuncs import accurate

_FORMS = {
    "none": (accurate["gelu"], accurate["gelu_backward"]),
    "tanh": (accurate["gelu_tanh"], accurate["gelu_tanh_backward"]),
    "quick": (accurate["gelu_quick"], accurate["gelu_quick_backward"]),
}


class GELU:
    """GELU activation, with ``torch.nn.GELU``'s meaning of `approximate`.

    A layer may be called by several threads. It keeps one input, that of the last call: threads
    that go backward need a layer each.

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

    def __init__(self, approximate: str = "none") -> None:
        if not isinstance(approximate, str) or approximate not in _FORMS:
            raise ValueError(f"approximate is 'none', 'tanh' or 'quick', not {approximate!r}")
        self.approximate = approximate
        self._x: Any = None

    def __call__(self, x: ArrayLike, out: np.ndarray | None = None) -> Any:
        """Return the activation of `x`, and keep `x` for `backward`.

        Parameters
        ----------
        x : array_like
            Input, of any shape. It is kept without a copy: with ``out=x`` there is nothing left
            to differentiate, and `backward` raises.
        out : ndarray, optional
            Where to put the result.

        Returns
        -------
        ndarray or scalar
            Of the shape and dtype of `x`.
        """
        forward, _ = _FORMS[self.approximate]
        array = np.asanyarray(x)
        result = forward(array, out=out)
        overwritten = out is not None and np.may_share_memory(array, out)
        self._x = None if overwritten else array
        return result

    def backward(self, grad: ArrayLike, out: np.ndarray | None = None) -> Any:
        """Return `grad` times the derivative at the input of the last call.

        Parameters
        ----------
        grad : array_like
            Gradient of the loss with respect to the layer's output, broadcast with the input.
        out : ndarray, optional
            Where to put the result; may be `grad` itself.

        Returns
        -------
        ndarray or scalar
            Gradient of the loss with respect to the layer's input.

        Raises
        ------
        RuntimeError
            If the layer has not been called, or its input was overwritten by ``out=``.
        """
        x = self._x  # read once: another thread may call the layer
        if x is None:
            raise RuntimeError(
                "backward needs the input of a call before it; there was none, or out= overwrote it"
            )
        _, backward = _FORMS[self.approximate]
        return backward(grad, x, out=out)

    def __repr__(self) -> str:
        return f"GELU(approximate={self.approximate!r})"

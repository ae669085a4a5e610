"""GELU of 8-bit integers, for quantized pipelines."""

from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import DTypeLike, NDArray

from gelu_fast._core import look_up
from gelu_fast._ufuncs import Form, form, is_dask_array

_Byte = TypeVar("_Byte", np.int8, np.uint8)
_Out = NDArray[_Byte] | tuple[NDArray[_Byte] | None] | None

_DTYPES = (np.dtype(np.int8), np.dtype(np.uint8))


def _number(name: str, value: Any, dtype: type) -> Any:
    """Return the number in `value`, which may be an array of one, as ONNX's initializers are."""
    array = np.asanyarray(value)
    is_number = array.dtype != bool and np.can_cast(array.dtype, dtype, "same_kind")
    if not is_number or array.ndim > 1 or array.size != 1 or np.ma.is_masked(array):
        kind = "a float" if dtype is float else "an integer of 8 bits"
        raise TypeError(f"{name} is {kind} or an array of one, not {value!r}")
    return dtype(array.item())


class QuantizedGELU:
    """GELU of quantized values, by a table of all 256 results.

    An integer q stands for ``scale * (q - zero_point)``, as in ONNX's QuantizeLinear and
    DequantizeLinear. Computes::

        x = input_scale * (q - input_zero_point)
        saturate(round(gelu(x) / output_scale) + output_zero_point)

    in float64, rounded half to even, once for each of the 256 inputs. Calls look the results up.

    Parameters
    ----------
    input_scale, output_scale : float
        Positive and finite; numbers, or arrays of one element as in ONNX.
    input_zero_point, output_zero_point : int
        Within the range of the arrays' dtype, int8 or uint8; numbers or arrays of one element.
    approximate : {"none", "tanh", "quick"}
        The form, as in `GELU`.

    Raises
    ------
    ValueError
        If a scale is not positive and finite, or `approximate` is none of the three.
    TypeError
        If a scale is not one real number, or a zero point is not one integer.

    Examples
    --------
    >>> import numpy as np
    >>> from gelu_fast import QuantizedGELU
    >>> layer = QuantizedGELU(0.05, 0, 0.05, 0)
    >>> layer(np.int8([-128, -20, 0, 20, 127]))
    array([  0,  -3,   0,  17, 127], dtype=int8)
    """

    def __init__(
        self,
        input_scale: float,
        input_zero_point: int,
        output_scale: float,
        output_zero_point: int,
        approximate: Form = "none",
    ) -> None:
        self.input_scale: float = _number("input_scale", input_scale, float)
        self.input_zero_point: int = _number("input_zero_point", input_zero_point, int)
        self.output_scale: float = _number("output_scale", output_scale, float)
        self.output_zero_point: int = _number("output_zero_point", output_zero_point, int)
        for name, scale in (("input_scale", self.input_scale), ("output_scale", self.output_scale)):
            if not 0 < scale < np.inf:
                raise ValueError(f"{name} is a positive, finite number in float64, not {scale!r}")
        self.approximate: Form = approximate
        self._gelu = form(approximate, "gelu")
        self._tables: dict[np.dtype[Any], NDArray[np.uint8]] = {}

    def __setattr__(self, name: str, value: object) -> None:
        if "_tables" in vars(self):  # which is set last: a table may have been made
            raise AttributeError(f"{name} is fixed when the layer is made")
        super().__setattr__(name, value)

    def table(self, dtype: DTypeLike) -> NDArray[Any]:
        """Return the results for all inputs of a dtype, in ascending order.

        Parameters
        ----------
        dtype : dtype
            int8 or uint8.

        Returns
        -------
        ndarray
            256 elements of that dtype.

        Raises
        ------
        TypeError
            For any other dtype.
        ValueError
            If a zero point lies outside the dtype's range.
        """
        dtype = np.dtype(dtype)
        if dtype not in _DTYPES:
            raise TypeError(f"QuantizedGELU takes int8 and uint8, not {dtype}")
        limits = np.iinfo(dtype)
        for zero_point in (self.input_zero_point, self.output_zero_point):
            if not limits.min <= zero_point <= limits.max:
                raise ValueError(
                    f"zero point {zero_point} lies outside {dtype}, {limits.min} to {limits.max}"
                )
        distance = np.arange(limits.min, limits.max + 1.0) - self.input_zero_point
        with np.errstate(all="ignore"):
            x = self.input_scale * distance
            # If x overflows, gelu(x) is x, and the quotient may still be small.
            far = distance * (self.input_scale / self.output_scale)
            rounded = np.rint(np.where(x < np.inf, self._gelu(x) / self.output_scale, far))
        rounded += self.output_zero_point
        table: NDArray[Any] = np.clip(rounded, limits.min, limits.max).astype(dtype)
        return table

    @overload
    def __call__(self, x: NDArray[_Byte], out: _Out[_Byte] = None) -> NDArray[_Byte]: ...
    @overload
    def __call__(self, x: _Byte, out: _Out[_Byte] = None) -> _Byte: ...
    def __call__(self, x: Any, out: _Out[Any] = None) -> Any:
        """Return the quantized activation of quantized `x`.

        Parameters
        ----------
        x : ndarray of int8 or uint8
            Input, of any shape.
        out : ndarray or tuple of one ndarray, optional
            Where to put the result, of the dtype of `x`; may be `x` itself.

        Returns
        -------
        ndarray or scalar
            Of the shape and dtype of `x`. A masked array keeps its mask, a Dask array stays lazy.

        Raises
        ------
        TypeError
            If `x` is neither int8 nor uint8, or ``out`` is no array of the same dtype.
        ValueError
            If a zero point lies outside the dtype's range, or ``out`` has another shape.
        """
        y = out[0] if isinstance(out, tuple) and len(out) == 1 else out
        is_lazy = y is None and is_dask_array(x)
        x = x if is_lazy else np.asanyarray(x)
        if x.dtype not in self._tables:
            # Indexed by the bits of the input: -128 comes after 127.
            table = np.roll(self.table(x.dtype), np.iinfo(x.dtype).min)
            self._tables[x.dtype] = table.view(np.uint8)
        if not isinstance(y, np.ndarray | None):
            raise TypeError(f"out is an ndarray or a tuple of one, not {y!r}")
        if is_lazy:
            return x.map_blocks(self)
        if y is not None and y.dtype != x.dtype:
            raise TypeError(f"out has dtype {y.dtype}, x has {x.dtype}; they must agree")
        if y is not None and y.shape != x.shape:
            raise ValueError(f"out has shape {y.shape}, x has {x.shape}; they must agree")
        # Plain bytes: subclasses, such as masked arrays, would mix x's mask with the table's.
        plain = np.asarray(x)
        result = np.empty_like(plain) if y is None else np.asarray(y)
        look_up(self._tables[x.dtype], *(np.atleast_1d(a).view(np.uint8) for a in (plain, result)))
        wrapped = x.__array_wrap__(result) if y is None else y
        if isinstance(wrapped, np.ma.MaskedArray):
            wrapped.mask = np.ma.getmaskarray(x)
        return wrapped[()] if y is None else y

    def __repr__(self) -> str:
        return (
            f"QuantizedGELU({self.input_scale!r}, {self.input_zero_point!r}, "
            f"{self.output_scale!r}, {self.output_zero_point!r}, approximate='{self.approximate}')"
        )

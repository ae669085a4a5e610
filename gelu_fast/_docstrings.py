"""The docstrings of the ufuncs, from a function's name and formula (src/functions.def)."""

from dataclasses import dataclass

from gelu_fast._reference import ulp_bound

_FORMS = {"gelu": "exact", "gelu_tanh": "tanh", "gelu_quick": "quick"}

_PARAMETERS = {
    "x": "Input, of any shape.",
    "rows": "Input of shape (..., n).",
    "bias": "Of shape (n,), any shape (..., n) that broadcasts with ``x``, or one number.",
    "gate": "What goes through the activation, of shape (..., n).",
    "up": "What the activation multiplies, of shape (..., n).",
    "grad": "Gradient of the loss with respect to the layer's output.",
    "grad_grad": "Gradient of the loss with respect to the result of `{base}_backward`.",
}

_VALUE_SPECIALS = (
    "f(+0) = +0, f(-0) = -0, f(+inf) = +inf, f(-inf) = -0, and NaN gives NaN.\n"
    "Results that underflow pass through the subnormal numbers to -0. No input raises a\n"
    "floating-point warning."
)
_DERIVATIVE_SPECIALS = (
    "f(+-0) = 0.5, f(+inf) = 1, f(-inf) = -0, and NaN gives NaN. No input raises a\n"
    "floating-point warning."
)
_PRODUCT_SPECIALS = (
    "Those of the derivative, multiplied. As in `numpy.multiply`, an overflow of the\n"
    "product, inf * 0 and a signaling NaN raise NumPy's floating-point warnings. Nothing else\n"
    "does{sum}."
)
_SILENT_SPECIALS = "Those of its parts; nothing raises a floating-point warning."

_VALUE_ACCURACY = (
    "At most {bound} (over all 2**32 inputs of float32, and all\n"
    "that a search of 10**9 and more found for float64), subnormal results included. float16\n"
    "and bfloat16 are computed in float32 and rounded once: at most 0.51 ULP."
)
_DERIVATIVE_ACCURACY = (
    "At most {slope} (over all 2**32 inputs of float32, and all\n"
    "that a search of 10**9 and more found for float64), also next to the root near -0.75.\n"
    "float16 and bfloat16 are computed in float32 and rounded once: at most 0.51 ULP."
)
_PRODUCT_ACCURACY = (
    "That of the derivative, at most {slope}, and one rounding of\n"
    "each product. float16 and bfloat16 are computed in float32 and rounded once."
)
_SECOND_ACCURACY = (
    "At most {second}, also next to the roots near +-1.41. float16\n"
    "and bfloat16 are computed in float32 and rounded once: at most 0.51 ULP."
)
_FUSED_ACCURACY = (
    "In float32 and float64 the bits of {parts}: the error of\n"
    "`{part}`, at most {part_bound}, and one rounding of each sum\n"
    "and product. float16 and bfloat16 are computed in float32 and rounded once at the end, so\n"
    "that the result is nearer to the true value than that of a call for each operation."
)
_BOTH_ACCURACY = (
    "In float32 and float64 the value has the bits of `{base}`. The derivative is within\n"
    "{both}. float16 and bfloat16 are computed in float32 and rounded once."
)


@dataclass(frozen=True)
class _Kind:
    summary: str
    parameters: tuple[str, ...]
    returns: str
    accuracy: str
    specials: str
    example: str
    parts: str = ""


_ELEMENTS = "y : ndarray or scalar\n    Of the broadcast shape of the inputs."
_ROWS = "y : ndarray\n    Of shape (..., n)."

# By the name with "gelu" and "geglu" in place of the form's.
_KINDS = {
    "gelu": _Kind(
        "GELU, {form} form, element by element.",
        ("x",),
        "y : ndarray or scalar\n    Of the shape of ``x``.",
        _VALUE_ACCURACY,
        _VALUE_SPECIALS,
        "{module}.{name}(np.float32([-1, 0, 1])).shape\n(3,)",
    ),
    "gelu_grad": _Kind(
        "Derivative of `{base}`, element by element.",
        ("x",),
        "y : ndarray or scalar\n    Of the shape of ``x``.",
        _DERIVATIVE_ACCURACY,
        _DERIVATIVE_SPECIALS,
        "float({module}.{name}(0.0))\n0.5",
    ),
    "gelu_backward": _Kind(
        "Gradient of a loss through `{base}`: ``grad`` times the derivative.",
        ("grad", "x"),
        _ELEMENTS,
        _PRODUCT_ACCURACY,
        _PRODUCT_SPECIALS,
        "float({module}.{name}(3.0, 0.0))\n1.5",
    ),
    "gelu_grad2": _Kind(
        "Second derivative of `{base}`, element by element.",
        ("x",),
        "y : ndarray or scalar\n    Of the shape of ``x``.",
        _SECOND_ACCURACY,
        "f(+-inf) = -0, and NaN gives NaN. No input raises a floating-point warning.",
        "bool({module}.{name}(0.0) > 0.79)\nTrue",
    ),
    "gelu_double_backward": _Kind(
        "Gradient through `{base}_backward` with respect to its ``x``.",
        ("grad_grad", "grad", "x"),
        _ELEMENTS,
        "That of `{base}_grad2`, at most {second}, and one rounding\n"
        "of each product. float16 and bfloat16 are computed in float32 and rounded once.",
        _PRODUCT_SPECIALS,
        "bool({module}.{name}(1.0, 2.0, 0.0) > 1.5)\nTrue",
    ),
    "gelu_value_and_grad": _Kind(
        "`{base}` and its derivative in one pass, with one exponential.",
        ("x",),
        "value, grad : ndarray or scalar\n    Of the shape of ``x``.",
        _BOTH_ACCURACY,
        _SILENT_SPECIALS,
        "value, grad = {module}.{name}(0.0)\n>>> float(value), float(grad)\n(0.0, 0.5)",
    ),
    "bias_gelu": _Kind(
        "`{base}` of ``x + bias`` in one pass.",
        ("rows", "bias"),
        _ROWS,
        _FUSED_ACCURACY,
        _SILENT_SPECIALS,
        "{module}.{name}(np.zeros((4, 2)), np.ones(2)).shape\n(4, 2)",
        "``{base}(x + bias)``",
    ),
    "bias_gelu_backward": _Kind(
        "Gradient of a loss through `bias_{base}` with respect to ``x``, in one pass.",
        ("grad", "rows", "bias"),
        _ROWS,
        _FUSED_ACCURACY,
        _PRODUCT_SPECIALS,
        "{module}.{name}(np.ones((4, 2)), np.zeros((4, 2)), np.zeros(2))[0]\narray([0.5, 0.5])",
        "``{base}_backward(grad, x + bias)``",
    ),
    "geglu": _Kind(
        "``{base}(gate) * up``, the gated linear unit of GELU, in one pass.",
        ("gate", "up"),
        _ROWS,
        _FUSED_ACCURACY,
        _SILENT_SPECIALS,
        "{module}.{name}(np.zeros((4, 2)), np.ones((4, 2)))[0]\narray([0., 0.])",
        "``{base}(gate) * up``",
    ),
    "geglu_backward": _Kind(
        "Gradients of a loss through `geglu{suffix}` with respect to ``gate`` and ``up``.",
        ("grad", "gate", "up"),
        "dgate, dup : ndarray\n    Of shape (..., n).",
        "That of `{base}_value_and_grad`, at most {both},\n"
        "and one rounding of each product. float16 and bfloat16 are computed in float32 and\n"
        "rounded once.",
        _SILENT_SPECIALS,
        "dgate, dup = {module}.{name}(np.ones(2), np.zeros(2), np.ones(2))\n"
        ">>> dgate\narray([0.5, 0.5])",
    ),
}
_RELAXED_ACCURACY = (
    "In float32 an absolute error of 3e-7 of `{base}` for ``|x| <= 6``, so that small results\n"
    "have few right digits or none; sums and products are rounded once more.\n"
    "float16, bfloat16 and float64 are those of `gelu_fast.{name}`."
)

_KEYWORDS = {
    False: "``where``, ``dtype``, ``casting``, ``order``, ``subok``",
    True: "``axes``, ``axis``, ``dtype``, ``casting``, ``order``, ``subok``",
}

_TEMPLATE = """{summary}

Computes::

    {formula}

Parameters
----------
{parameters}
    float16, bfloat16 (of ml_dtypes), float32 and float64 have loops of their own;
    integers and bools are promoted as by `numpy.exp`.
out : ndarray, None, or tuple of ndarray and None, optional
    Where to put the result; may be an input.
**kwargs
    {keywords}

Returns
-------
{returns}

Raises
------
TypeError
    For complex, longdouble, object and text input: there is no loop for them.{shape_error}

Notes
-----
Accuracy: {accuracy}

Special values: {special_values}

The result of an element depends on nothing but its value: not on its position, the array's
layout or the number of threads, nor on which of the AVX2, AVX-512 and NEON kernels runs.{threads}

References
----------
D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415.

Examples
--------
>>> import numpy as np
>>> import gelu_fast
>>> {example}
"""


def _split(name: str) -> tuple[str, _Kind]:
    """Return the suffix of the form in a function's name, and what kind of function it is."""
    suffix = next((s for s in ("_tanh", "_quick") if s in name), "")
    return suffix, _KINDS[name.replace(suffix, "")]


def operand_names(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of the inputs and of the outputs of the function `name`."""
    _, kind = _split(name)
    inputs = tuple("x" if parameter == "rows" else parameter for parameter in kind.parameters)
    return inputs, tuple(kind.returns.split(" : ")[0].split(", "))


def _bounds(name: str) -> str:
    return (
        f"{ulp_bound(name, 'float32')} ULP in float32 and {ulp_bound(name, 'float64')} in float64"
    )


def docstring(name: str, formula: str, is_generalized: bool, relaxed: bool) -> str:
    """Return the docstring of the ufunc `name`, of one tier or the other."""
    suffix, kind = _split(name)
    base = f"gelu{suffix}"
    words = {
        "name": name,
        "base": base,
        "suffix": suffix,
        "form": _FORMS[base],
        "bound": _bounds(base),
        "slope": _bounds(f"{base}_grad"),
        "second": _bounds(f"{base}_grad2"),
        "both": _bounds(f"{base}_value_and_grad"),
        "module": "gelu_fast.relaxed" if relaxed else "gelu_fast",
        "sum": " but inf - inf in ``x + bias``" if name.startswith("bias") else "",
    }
    words["parts"] = kind.parts.format(**words)
    words["part"] = f"{base}_grad" if name.endswith("_backward") else base
    words["part_bound"] = _bounds(words["part"])
    parameters = [
        f"{operand} : array_like\n    {_PARAMETERS[parameter]}"
        for operand, parameter in zip(operand_names(name)[0], kind.parameters, strict=True)
    ]
    return _TEMPLATE.format(
        summary=kind.summary.format(**words),
        formula=formula.replace(", with ", "\n    with "),
        parameters="\n".join(parameters).format(**words),
        keywords=f"Other keywords of ufuncs: {_KEYWORDS[is_generalized]}.",
        returns=kind.returns,
        shape_error="\nValueError\n    If the last axes differ in length."
        if is_generalized and len(parameters) > 1
        else "",
        accuracy=(_RELAXED_ACCURACY if relaxed else kind.accuracy).format(**words),
        special_values=kind.specials.format(**words),
        threads="\nThreads share the rows, sliced and broadcast ones too."
        if is_generalized
        else "",
        example=kind.example.format(**words),
    )

"""The docstrings of the ufuncs, from a function's name and formula (src/functions.def)."""

_FORMS = {"gelu": "exact", "gelu_tanh": "tanh", "gelu_quick": "quick"}

_SUMMARIES = {
    "value": "GELU, {form} form, element by element.",
    "derivative": "Derivative of {base}, element by element.",
    "backward": "Gradient of a loss through {base}: ``grad`` times the derivative.",
}

_SPECIAL_VALUES = {
    "value": (
        "f(+0) = +0, f(-0) = -0, f(+inf) = +inf, f(-inf) = -0, and NaN gives NaN.\n"
        "Results that underflow pass through the subnormal numbers to -0. No input raises a\n"
        "floating-point warning."
    ),
    "derivative": (
        "f(+-0) = 0.5, f(+inf) = 1, f(-inf) = -0, and NaN gives NaN. No input raises a\n"
        "floating-point warning."
    ),
    "backward": (
        "Those of the derivative, multiplied by ``grad``: an overflow of the product and\n"
        "inf * 0 raise NumPy's floating-point warnings, nothing else does."
    ),
}

_ACCURACY = {
    "value": (
        "At most 4 ULP in float32 (over all 2**32 inputs, subnormal results included) and\n"
        "float64. float16 and bfloat16 are computed in float32 and rounded once: at most\n"
        "0.51 ULP."
    ),
    "derivative": (
        "At most 4 ULP in float32 (over all 2**32 inputs, also next to the root near -0.75)\n"
        "and float64. float16 and bfloat16 are computed in float32 and rounded once: at most\n"
        "0.51 ULP."
    ),
    "backward": (
        "That of the derivative, at most 4 ULP in float32 and float64, and one rounding of the\n"
        "product. float16 and bfloat16 are computed in float32 and rounded once."
    ),
}

_RELAXED_ACCURACY = (
    "An absolute error of 3e-7 for ``|x| <= 6`` in float32, so that small results\n"
    "have few right digits or none. float16, bfloat16 and float64 are those of\n"
    "`gelu_fast.{name}`.{product}"
)
_RELAXED_PRODUCT = (
    " In float32 the error is that of the derivative, times ``grad``, and one rounding."
)

_GRAD_PARAMETER = """grad : array_like
    Gradient of the loss with respect to the layer's output.
"""

_TEMPLATE = """{summary}

Computes::

    {formula}

Parameters
----------
{grad}x : array_like
    {x}
    float16, bfloat16 (of ml_dtypes), float32 and float64 have loops of their own;
    integers and bools are promoted as by `numpy.exp`.
out : ndarray, None, or tuple of ndarray and None, optional
    Where to put the result: an array of the broadcast shape.
where : array_like, optional
    Elements to compute; the others of ``out`` keep their values.
**kwargs
    The other keyword arguments of ufuncs: ``dtype``, ``casting``, ``order``, ``subok``.

Returns
-------
y : ndarray or scalar
    {returns}

Raises
------
TypeError
    For complex, longdouble, object and text input: there is no loop for them.

Notes
-----
Accuracy: {accuracy}

Special values: {special_values}

The result of an element depends on nothing but its value: not on its position, the array's
layout or the number of threads, nor on which of the AVX2, AVX-512 and NEON kernels runs.

References
----------
D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415.

Examples
--------
>>> import numpy as np
>>> import {module}
>>> {example}
"""

_EXAMPLES = {
    "value": "gelu_fast.{name}(np.float32([-1, 0, 1])).shape\n(3,)",
    "derivative": "float(gelu_fast.{name}(0.0))\n0.5",
    "backward": "float(gelu_fast.{name}(3.0, 0.0))\n1.5",
}


def docstring(name: str, formula: str, relaxed: bool) -> str:
    """Return the docstring of the ufunc `name`, of one tier or the other."""
    if name not in _FORMS and name.removesuffix("_grad").removesuffix("_backward") not in _FORMS:
        return formula
    base = name.removesuffix("_grad").removesuffix("_backward")
    kind = {base: "value", f"{base}_grad": "derivative"}.get(name, "backward")
    is_backward = kind == "backward"
    return _TEMPLATE.format(
        summary=_SUMMARIES[kind].format(form=_FORMS[base], base=f"`{base}`"),
        formula=formula.replace(", with ", "\n    with "),
        grad=_GRAD_PARAMETER if is_backward else "",
        x="Input of the layer, broadcast with ``grad``." if is_backward else "Input, of any shape.",
        returns="Of the broadcast shape of the inputs."
        if is_backward
        else "Of the shape of ``x``.",
        accuracy=_RELAXED_ACCURACY.format(name=name, product=_RELAXED_PRODUCT * is_backward)
        if relaxed
        else _ACCURACY[kind],
        special_values=_SPECIAL_VALUES[kind],
        module="gelu_fast.relaxed" if relaxed else "gelu_fast",
        example=_EXAMPLES[kind].format(name=f"relaxed.{name}" if relaxed else name),
    )

"""The docstrings of the ufuncs, from their rows in src/functions.def."""

import textwrap

from gelu_fast._core import Function

_OPERANDS = {
    "x": "Input.",
    "bias": "Of shape (n,), any shape that broadcasts with ``x``, or one number.",
    "gate": "What goes through the activation.",
    "up": "What the activation multiplies.",
    "grad": "Gradient of the loss with respect to the function's result.",
    "grad_grad": "Gradient of the loss with respect to the backward function's result.",
}

_SPECIAL_VALUES = {
    False: "Infinities give the limits, NaN gives NaN, and what underflows passes through the "
    "subnormal numbers to -0. No input raises a floating-point warning.",
    True: "As in `numpy.multiply` and `numpy.add`, an overflow, inf * 0, inf - inf and a signaling "
    "NaN raise NumPy's floating-point warnings. Nothing else does.",
}

_ACCURACY = (
    "{subject} {f.ulp_float32:g} ULP in float32 and {f.ulp_float64:g} in float64, subnormal "
    "results included. float16 and bfloat16 results are {sixteen_bits}."
)
_RELAXED_ACCURACY = (
    "In float32 an absolute error of 3e-7 of the activation for ``|x| <= 6``, so that small "
    "results have few right digits or none; sums and products are rounded once more. float16, "
    "bfloat16 and float64 are those of `gelu_fast.{f.name}`."
)

_CORRECTLY_ROUNDED_ACCURACY = (
    "The float32 number nearest to the true value, ties to even, subnormal results included, for "
    "every input. float16 and bfloat16 are those of `gelu_fast.{f.name}`, correctly "
    "rounded too."
)

_CORRECTLY_ROUNDED = 0.5

# By the number of the tier.
_MODULES = ("gelu_fast", "gelu_fast.relaxed", "gelu_fast.correctly_rounded")
_ACCURACIES = (_ACCURACY, _RELAXED_ACCURACY, _CORRECTLY_ROUNDED_ACCURACY)
_DTYPES = (
    *["float16, bfloat16 (of ml_dtypes), float32 and float64 have loops of their own;\n"
      "    integers and bools are promoted as by `numpy.exp`."] * 2,
    "float32, float16 or bfloat16 (of ml_dtypes).",
)  # fmt: skip
_EXAMPLES = (*["np.ones((4, 2))"] * 2, "np.ones((4, 2), np.float32)")
_NO_LOOP = (
    *["For complex, longdouble, object and text input: there is no loop for them."] * 2,
    "For all other dtypes, and for Python numbers and integers unless ``dtype=np.float32``.",
)

_TEMPLATE = """{f.summary}

Computes::

    {formula}

Parameters
----------
{parameters}
    {dtypes}
out : ndarray, None, or tuple of ndarray and None, optional
    Where to put the result; may be an input.
**kwargs
    Other keywords of ufuncs: {keywords}, ``dtype``, ``casting``, ``order``, ``subok``.

Returns
-------
{outputs} : ndarray or scalar
    Of the broadcast shape of the inputs.

Raises
------
TypeError
    {no_loop}{shape_error}

Notes
-----
{accuracy}

{special_values}

The result of an element depends on nothing but its value: not on its position, the array's
layout or the number of threads, nor on which of the AVX2, AVX-512 and NEON kernels runs.{threads}

References
----------
D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415.

Examples
--------
>>> import numpy as np
>>> import gelu_fast
>>> {result} = {module}.{f.name}({arguments})
>>> {first}.shape
(4, 2)
"""

_SHAPE_ERROR = "\nValueError\n    If the last axes differ in length."
_THREADS = "\nThreads share the rows of the last axis, sliced and broadcast ones too."


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 96)


def docstring(f: Function, tier: int) -> str:
    """Return the docstring of a function's ufunc in the tier of that number."""
    several = len(f.inputs) > 1
    subject = (
        "Each sum and product rounds; the activation errs by at most" if several else "At most"
    )
    sixteen_bits = (
        "correctly rounded"
        if f.ulp_16_bit == _CORRECTLY_ROUNDED
        else f"computed in float32 and rounded once: at most {f.ulp_16_bit:g} ULP"
    )
    return _TEMPLATE.format(
        f=f,
        formula=f.formula.replace(", with ", "\n    with "),
        parameters="\n".join(f"{name} : array_like\n    {_OPERANDS[name]}" for name in f.inputs),
        keywords="``axes``, ``axis``" if f.takes_rows else "``where``",
        outputs=", ".join(f.outputs),
        shape_error=_SHAPE_ERROR if f.takes_rows and several else "",
        accuracy=_paragraph(
            "Accuracy: " + _ACCURACIES[tier].format(f=f, subject=subject, sixteen_bits=sixteen_bits)
        ),
        dtypes=_DTYPES[tier],
        no_loop=_NO_LOOP[tier],
        special_values=_paragraph("Special values: " + _SPECIAL_VALUES[f.raises]),
        threads=_THREADS if f.takes_rows else "",
        module=_MODULES[tier],
        result=", ".join(f.outputs),
        first=f.outputs[0],
        arguments=", ".join([_EXAMPLES[tier]] * len(f.inputs)),
    )

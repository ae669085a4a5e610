"""bfloat16 in gives bfloat16 out, whichever package is imported first."""

import ml_dtypes
import numpy as np
import oracle
import pytest

import gelu_fast


@pytest.mark.parametrize("first", ["gelu_fast", "ml_dtypes"])
def test_import_order(first, run_python):
    second = {"gelu_fast": "ml_dtypes", "ml_dtypes": "gelu_fast"}[first]
    result = run_python(
        f"import {first}, {second}, numpy as np\n"
        "x = np.ones(3, ml_dtypes.bfloat16)\n"
        "print(gelu_fast.gelu(x).dtype, gelu_fast.gelu_backward(x, x).dtype)"
    )
    assert result.stdout.split() == ["bfloat16", "bfloat16"], result.stderr


def test_without_ml_dtypes(run_python):
    result = run_python(
        "import sys; sys.modules['ml_dtypes'] = None\nimport gelu_fast; print(gelu_fast.gelu(0.0))"
    )
    assert result.stdout.split() == ["0.0"], result.stderr


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_every_function_has_a_loop(name):
    function = getattr(gelu_fast, name)
    x = np.array([1.5, -0.25], ml_dtypes.bfloat16)
    y = np.stack([function(*[x] * function.nin)])
    assert y.dtype == ml_dtypes.bfloat16
    out = np.empty((function.nout, 2), ml_dtypes.bfloat16)
    function(*[x] * function.nin, out=tuple(out))
    np.testing.assert_array_equal(out, y.reshape(out.shape))
    scalars = function(*[x[0]] * function.nin)
    assert np.stack([scalars]).dtype == ml_dtypes.bfloat16


def test_identity_for_large_x(isa):
    """Values that need no rounding are returned unchanged, and so are NaN payloads."""
    x = oracle.all_16_bit(ml_dtypes.bfloat16)
    x = x[x.astype(np.float32) > 10]
    np.testing.assert_array_equal(gelu_fast.gelu(x), x)


@pytest.mark.parametrize("sign", [0, 0x8000])
def test_ties_go_to_even(sign, isa):
    """Half of an odd subnormal lies halfway between two numbers.

    Near 0 the derivative is 1/2 up to the last bit, and products this small do not show that bit.
    """
    k = np.arange(1, 32, dtype=np.uint16)
    grad = (k | sign).view(ml_dtypes.bfloat16)
    y = gelu_fast.gelu_backward(grad, np.zeros_like(grad))
    expected = (k // 2 + (k % 4 == 3)) | sign
    np.testing.assert_array_equal(y.view(np.uint16), expected)

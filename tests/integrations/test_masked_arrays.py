"""np.ma: masks are kept and combined."""

import numpy as np
import pytest

import gelu_fast

UFUNCS = {name: f for name, f in vars(gelu_fast).items() if isinstance(f, np.ufunc)}


@pytest.mark.parametrize("name", UFUNCS)
def test_masks_are_joined(name):
    ufunc = UFUNCS[name]
    first = np.ma.array(np.float32([-1, np.inf, np.nan, 2, 3]), mask=[0, 1, 1, 0, 0])
    other = np.ma.array(np.float32([1, 0.5, 1, np.nan, 2]), mask=[0, 0, 0, 1, 0])
    inputs = [first, other, other][: ufunc.nin]
    results = ufunc(*inputs)
    expected = ufunc(*(np.float32([a[0], a[4]]) for a in inputs))
    if ufunc.nout == 1:
        results, expected = (results,), (expected,)
    for result, right in zip(results, expected, strict=True):
        assert isinstance(result, np.ma.MaskedArray)
        assert result.dtype == np.float32
        assert list(result.mask) == [False, True, True, ufunc.nin > 1, False]
        np.testing.assert_array_equal(result.data[[0, 4]], right)


def test_what_is_masked_is_computed():
    """A masked value does not warn in gelu; a product that overflows does, as in NumPy."""
    large = np.ma.array(np.float32([3.4e38, 1]), mask=[1, 0])
    gelu_fast.gelu(-large)
    other = np.float32([1.5, 1.5])  # where the derivative is 1.13
    for product in (np.multiply, gelu_fast.gelu_backward):
        with pytest.warns(RuntimeWarning, match="overflow"):
            product(large, other)
        with np.errstate(over="ignore"):
            assert list(product(large, other).mask) == [True, False]


def test_in_place():
    x = np.ma.masked_invalid(np.float64([-1, np.nan, 2]))
    assert gelu_fast.gelu(x, out=x) is x
    np.testing.assert_array_equal(x.compressed(), gelu_fast.gelu([-1.0, 2.0]))


def test_layer():
    x = np.ma.array([-1.0, np.nan, 2.0], mask=[0, 1, 0])
    layer = gelu_fast.GELU()
    assert list(layer(x).mask) == [False, True, False]
    assert list(layer.backward(np.ones(3)).mask) == [False, True, False]

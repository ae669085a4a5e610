"""Arrays that the ufuncs refuse, or convert to NumPy: docs/integrations/numpy_family.md."""

import warnings

import numpy as np
import pytest

import gelu_fast


def test_pint():
    """Pint's list of ufuncs is closed, so it refuses even dimensionless quantities."""
    units = pytest.importorskip("pint").UnitRegistry()
    for unit in (units.metre, units.dimensionless):
        with pytest.raises(TypeError, match=r"all returned NotImplemented.*'Quantity'"):
            gelu_fast.gelu(np.ones(2) * unit)
    ratio = np.array([1.0, 2.0]) * units.kilometre / units.metre
    np.testing.assert_array_equal(gelu_fast.gelu(ratio.m_as("")), [1000.0, 2000.0])


def test_astropy():
    units = pytest.importorskip("astropy.units")
    with pytest.raises(TypeError, match="unknown ufunc gelu"):
        gelu_fast.gelu([1.0, 2.0] * units.m)
    ratio = [1.0, 2.0] * units.km / units.m
    np.testing.assert_array_equal(gelu_fast.gelu(ratio.to_value("")), [1000.0, 2000.0])


def test_arrow():
    """Arrow arrays become NumPy arrays: null becomes NaN, integers with nulls become float64."""
    pa = pytest.importorskip("pyarrow")
    for x in (pa.array([1.0, None, 2.0]), pa.chunked_array([[1, None], [2]])):
        result = gelu_fast.gelu(x)
        assert type(result) is np.ndarray
        np.testing.assert_array_equal(result, gelu_fast.gelu([1.0, np.nan, 2.0]))


def test_jax():
    jax = pytest.importorskip("jax")
    x = jax.numpy.float32([1, -2])
    result = gelu_fast.gelu(x)
    assert type(result) is np.ndarray
    np.testing.assert_array_equal(result, gelu_fast.gelu(np.float32([1, -2])), strict=True)
    for transform in (jax.jit, jax.grad):
        with pytest.raises(jax.errors.TracerArrayConversionError):
            transform(lambda x: gelu_fast.gelu(x))(1.0)


def test_torch():
    """PyTorch converts the tensor to NumPy and the result to a tensor, with a warning."""
    torch = pytest.importorskip("torch")
    x = torch.linspace(-2, 2, 5)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "__array_wrap__ must accept", DeprecationWarning)
        result = gelu_fast.gelu(x)
    assert isinstance(result, torch.Tensor)
    np.testing.assert_array_equal(result.numpy(), gelu_fast.gelu(x.numpy()), strict=True)
    with pytest.raises(RuntimeError, match="requires grad"):
        gelu_fast.gelu(x.requires_grad_())
    with pytest.raises(TypeError, match="BFloat16"):
        gelu_fast.gelu(x.detach().bfloat16())


def test_awkward():
    """Ragged arrays keep their lists and missing values, also in fused functions."""
    ak = pytest.importorskip("awkward")
    x = ak.values_astype(ak.Array([[1.0, -2.0], [], [None, 3.0]]), np.float32)
    flat = np.float32([1, -2, 3])
    result = gelu_fast.geglu(x, x)
    assert ak.num(result).tolist() == [2, 0, 2]
    assert result.tolist()[2][0] is None
    values = ak.to_numpy(ak.drop_none(ak.flatten(result)))
    np.testing.assert_array_equal(values, gelu_fast.geglu(flat, flat), strict=True)

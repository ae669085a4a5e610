"""xarray objects keep dimensions, coordinates and attributes, and stay lazy."""

import numpy as np
import pytest

import gelu_fast

xr = pytest.importorskip("xarray")


@pytest.fixture
def x(rng):
    values = (4 * rng.standard_normal((4, 6))).astype(np.float32)
    coordinates = {"row": list("abcd"), "feature": np.arange(6)}
    return xr.DataArray(values, coordinates, name="hidden", attrs={"layer": 3})


@pytest.fixture
def bias():
    return xr.DataArray(np.linspace(-1, 1, 6, dtype=np.float32), dims="feature")


@pytest.fixture(autouse=True)
def _keep_attributes():
    """Keep attributes also before xarray 2025.11, which made it the default."""
    with xr.set_options(keep_attrs=True):
        yield


def check(result, like, expected):
    assert result.dtype == np.float32
    xr.testing.assert_identical(result, like.copy(data=expected))


def test_data_array(x):
    check(gelu_fast.gelu(x), x, gelu_fast.gelu(x.values))
    check(gelu_fast.gelu(x.variable), x.variable, gelu_fast.gelu(x.values))


def test_dataset(x):
    result = gelu_fast.gelu(xr.Dataset({"one": x, "two": 2 * x}))
    check(result["two"], (2 * x).rename("two"), gelu_fast.gelu(2 * x.values))


def test_dimensions_are_aligned_by_name(x):
    result = gelu_fast.gelu_backward(x, x.transpose())
    check(result, x, gelu_fast.gelu_backward(x.values, x.values))


def test_fused(x, bias):
    with pytest.raises(NotImplementedError, match=r"xarray\.apply_ufunc"):
        gelu_fast.bias_gelu(x, bias)
    result = xr.apply_ufunc(gelu_fast.bias_gelu, x, bias)
    check(result, x, gelu_fast.bias_gelu(x.values, bias.values))
    both = xr.apply_ufunc(gelu_fast.gelu_value_and_grad, x, output_core_dims=[[], []])
    for one, expected in zip(both, gelu_fast.gelu_value_and_grad(x.values), strict=True):
        check(one, x, expected)


def test_dask_stays_lazy(x, bias):
    pytest.importorskip("dask.array")
    chunked = x.chunk(row=2, feature=3)
    lazy = gelu_fast.gelu(chunked)
    assert lazy.chunks == chunked.chunks
    check(lazy.compute(), x, gelu_fast.gelu(x.values))
    lazy = xr.apply_ufunc(
        gelu_fast.bias_gelu, chunked, bias, dask="parallelized", output_dtypes=[np.float32]
    )
    assert lazy.chunks == chunked.chunks
    check(lazy.compute(), x, gelu_fast.bias_gelu(x.values, bias.values))


def test_out_is_not_for_xarray(x):
    with pytest.raises(NotImplementedError, match="`out` argument"):
        gelu_fast.gelu(x, out=x)
    expected = gelu_fast.gelu(x)
    gelu_fast.gelu(x.values, out=x.values)  # x.values is the underlying NumPy array
    xr.testing.assert_identical(x, expected)

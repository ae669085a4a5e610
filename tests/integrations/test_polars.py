"""polars Series and expressions: nulls stay null, and plans stay lazy."""

import numpy as np
import pytest

import gelu_fast

pl = pytest.importorskip("polars")


@pytest.fixture(params=["Float32", "Float64"])
def series(request):
    return pl.Series("a", [-1.0, None, 2.0, float("nan")], dtype=getattr(pl, request.param))


def check(result, series, ufunc=gelu_fast.gelu):
    assert result.dtype == series.dtype
    assert result.name == series.name
    np.testing.assert_array_equal(result.is_null(), series.is_null())
    np.testing.assert_array_equal(
        result.drop_nulls().to_numpy(), ufunc(series.drop_nulls().to_numpy()), strict=True
    )


def test_series(series):
    check(gelu_fast.gelu(series), series)
    check(gelu_fast.gelu(pl.concat([series, series], rechunk=False)), pl.concat([series, series]))
    check(gelu_fast.gelu(series[:0]), series[:0])
    backward = gelu_fast.gelu_backward(series, series.reverse())
    assert list(backward.is_null()) == [False, True, True, False]


def test_integers_are_promoted():
    result = gelu_fast.gelu(pl.Series([1, None, 2]))
    assert result.to_list() == [gelu_fast.gelu(1.0), None, gelu_fast.gelu(2.0)]


def test_expressions(series):
    frame = series.to_frame()
    expression = gelu_fast.gelu(pl.col("a"))
    assert isinstance(expression, pl.Expr)
    check(frame.select(expression)["a"], series)
    plan = frame.lazy().select(expression)
    assert plan.collect_schema() == frame.schema
    check(plan.collect()["a"], series)
    gated = frame.select(expression * pl.lit(2.0, dtype=series.dtype))
    check(gated["a"], series, lambda x: 2 * gelu_fast.gelu(x))


def test_map_batches(series):
    frame = series.to_frame()
    expression = pl.col("a").map_batches(
        gelu_fast.gelu, return_dtype=series.dtype, is_elementwise=True
    )
    check(frame.select(expression)["a"], series)
    check(frame.lazy().select(expression).collect(engine="streaming")["a"], series)


def test_group_by():
    frame = pl.DataFrame({"key": [1, 1, 2], "a": [1.0, 2.0, 3.0]})
    result = frame.with_columns(gelu_fast.gelu(pl.col("a")).over("key"))["a"]
    np.testing.assert_array_equal(result, gelu_fast.gelu(frame["a"].to_numpy()))


def test_fused(series):
    full = series.fill_null(0.5)
    expected = gelu_fast.geglu(full.to_numpy(), full.to_numpy())
    np.testing.assert_array_equal(gelu_fast.geglu(full, full).to_numpy(), expected, strict=True)
    with pytest.raises(pl.exceptions.ComputeError, match="missing data"):
        gelu_fast.geglu(series, series)
    with pytest.raises(NotImplementedError, match="return one"):
        gelu_fast.gelu_value_and_grad(full)


def test_what_polars_does_not_do(series):
    with pytest.raises(TypeError, match="multiple values for keyword argument 'out'"):
        gelu_fast.gelu(series, out=np.empty(4))
    with pytest.raises(NotImplementedError, match="Float16"):
        gelu_fast.gelu(pl.Series([1, 2], dtype=pl.Int8))  # NumPy promotes it to float16
    with pytest.raises(TypeError, match="gelu"):
        gelu_fast.gelu(pl.Series(["x"]))
    assert isinstance(gelu_fast.gelu(series.to_frame()), np.ndarray)  # no ufuncs on a DataFrame

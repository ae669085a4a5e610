"""pandas objects keep index, columns, name, attributes, dtype and missing values."""

import numpy as np
import pytest

import gelu_fast

pd = pytest.importorskip("pandas")

VALUES = np.float32([-1, 0.5, 2])


def test_series():
    series = pd.Series(VALUES, index=list("abc"), name="hidden")
    series.attrs["layer"] = 3
    result = gelu_fast.gelu(series)
    pd.testing.assert_series_equal(
        result, pd.Series(gelu_fast.gelu(VALUES), index=series.index, name="hidden")
    )
    assert result.attrs == {"layer": 3}


def test_data_frame_of_several_dtypes():
    frame = pd.DataFrame({"half": VALUES.astype("f2"), "single": VALUES, "count": [1, 2, 3]})
    result = gelu_fast.gelu(frame)
    assert list(result.dtypes) == ["float16", "float32", "float64"]
    for name, column in frame.items():
        np.testing.assert_array_equal(result[name], gelu_fast.gelu(column.to_numpy()), strict=True)


def test_index():
    result = gelu_fast.gelu(pd.Index([1.0, 2.0], name="i"))
    pd.testing.assert_index_equal(result, pd.Index(gelu_fast.gelu([1.0, 2.0]), name="i"))


@pytest.mark.parametrize(
    ("dtype", "result"),
    [("Float32", "Float32"), ("Float64", "Float64"), ("Int64", "Float64"),
     ("float[pyarrow]", "float[pyarrow]"), ("double[pyarrow]", "double[pyarrow]")],
)  # fmt: skip
def test_missing_values(dtype, result):
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    series = gelu_fast.gelu(pd.Series([-1, None, 2], dtype=dtype))
    assert series.dtype == result
    assert list(series.isna()) == [False, True, False]
    expected = gelu_fast.gelu(np.array([-1, 2], "f4" if "loat" in result else "f8"))
    np.testing.assert_array_equal(series.dropna().to_numpy(expected.dtype), expected)


def test_nan_stays_nan():
    result = gelu_fast.gelu(pd.Series([-np.inf, np.nan, np.inf]))
    np.testing.assert_array_equal(result, [-0.0, np.nan, np.inf])


def test_labels_are_aligned():
    grad = pd.Series([1.0, 10.0, 5.0], index=list("abx"))
    x = pd.Series([2.0, 1.0], index=list("ba"))
    result = gelu_fast.gelu_backward(grad, x)
    assert list(result.index) == list("abx")
    expected = gelu_fast.gelu_backward([1.0, 10.0], [1.0, 2.0])
    np.testing.assert_array_equal(result[["a", "b"]], expected)
    assert np.isnan(result["x"])


def test_fused():
    frame = pd.DataFrame(np.outer([1, -2], VALUES), index=list("pq"), columns=list("abc"))
    result = gelu_fast.bias_gelu(frame, VALUES)
    expected = gelu_fast.bias_gelu(frame.to_numpy(), VALUES)
    pd.testing.assert_frame_equal(
        result, pd.DataFrame(expected, index=frame.index, columns=frame.columns)
    )
    value, grad = gelu_fast.gelu_value_and_grad(frame)
    pd.testing.assert_frame_equal(value, gelu_fast.gelu(frame))
    pd.testing.assert_frame_equal(grad, gelu_fast.gelu_grad(frame))

    missing = pd.Series([1, None, 2], dtype="Float32")
    assert list(gelu_fast.bias_gelu(missing, VALUES).isna()) == [False, True, False]
    with pytest.raises(NotImplementedError, match="mixed DataFrame and Series"):
        gelu_fast.bias_gelu(frame, pd.Series(VALUES, index=frame.columns))
    with pytest.raises(TypeError, match="not supported for the input types"):
        gelu_fast.bias_gelu(frame.astype("Float32"), VALUES)  # pandas converts it to objects


def test_sparse_dtype_keeps_its_fill_value():
    series = pd.Series(pd.arrays.SparseArray(np.float32([0, 0, 1]), fill_value=0))
    assert gelu_fast.gelu(series).sparse.fill_value == 0
    assert gelu_fast.gelu_grad(series).sparse.fill_value == 0.5
    expected = gelu_fast.gelu_grad(np.float32([0, 0, 1]))
    np.testing.assert_array_equal(gelu_fast.gelu_grad(series).to_numpy(), expected)


def test_out():
    series = pd.Series(VALUES.copy())
    gelu_fast.gelu(series, out=series)
    np.testing.assert_array_equal(series, gelu_fast.gelu(VALUES))


def test_transform():
    frame = pd.DataFrame({"key": [1, 1, 2], "value": VALUES})
    expected = gelu_fast.gelu(frame["value"])
    pd.testing.assert_series_equal(frame["value"].transform(gelu_fast.gelu), expected)
    grouped = frame.groupby("key")["value"].transform(gelu_fast.gelu)
    pd.testing.assert_series_equal(grouped, expected)


@pytest.mark.parametrize("values", [["x"], [1, "x"], pd.Categorical(["x"])])
def test_other_dtypes_raise(values):
    with pytest.raises(TypeError, match="gelu"):
        gelu_fast.gelu(pd.Series(values))


def test_layers_return_arrays():
    assert type(gelu_fast.GELU()(pd.Series(VALUES))) is np.ndarray

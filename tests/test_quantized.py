"""QuantizedGELU: ONNX's convention, every input exact, every layout."""

import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import QuantizedGELU

FORMS = {"none": "gelu", "tanh": "gelu_tanh", "quick": "gelu_quick"}
PARAMETERS = [(0.05, 3, 0.04, -7), (0.1, 0, 0.1, 0), (0.007, 100, 0.003, 120), (3.0, 1, 0.01, 5)]


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
@pytest.mark.parametrize("parameters", PARAMETERS)
@pytest.mark.parametrize("approximate", FORMS)
def test_all_256_inputs(approximate, parameters, dtype, isa):
    input_scale, input_zero, output_scale, output_zero = parameters
    limits = np.iinfo(dtype)
    if output_zero < limits.min:
        output_zero = 0
    layer = QuantizedGELU(input_scale, input_zero, output_scale, output_zero, approximate)
    q = np.arange(limits.min, limits.max + 1).astype(dtype)
    expected = []
    for value in q.tolist():
        x = input_scale * (value - input_zero)
        y = round(float(oracle.exact(FORMS[approximate], x)) / output_scale)  # half to even
        expected.append(min(max(y + output_zero, limits.min), limits.max))
    result = layer(q)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, expected)
    np.testing.assert_array_equal(layer.table(dtype), expected)


def test_layouts(isa, rng):
    layer = QuantizedGELU(0.05, 3, 0.04, -7)
    table = layer.table(np.int8)
    x = rng.integers(-128, 128, (5, 7, 1001)).astype(np.int8)
    expected = table[x.astype(int) + 128]
    np.testing.assert_array_equal(layer(x), expected)
    np.testing.assert_array_equal(layer(x[::-1, :, ::3]), expected[::-1, :, ::3])
    np.testing.assert_array_equal(layer(x.T), expected.T)
    for length in range(130):
        np.testing.assert_array_equal(layer(x[0, 0, :length]), expected[0, 0, :length])
    assert layer(np.int8(20)) == table[148]
    assert layer(np.int8(20)).shape == ()
    out = np.zeros((5, 7, 2002), np.int8)
    assert layer(x, out=out[..., ::2]) is not None
    np.testing.assert_array_equal(out[..., ::2], expected)
    assert not out[..., 1::2].any()
    assert layer(x, out=x) is x
    np.testing.assert_array_equal(x, expected)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads(threads, isa, rng):
    layer = QuantizedGELU(0.05, 3, 0.04, 7)
    x = rng.integers(0, 256, 1_000_003).astype(np.uint8)
    with gelu_fast.num_threads(threads):
        np.testing.assert_array_equal(layer(x), layer.table(np.uint8)[x])


@pytest.mark.parametrize("scale", [0.0, -1.0, np.inf, np.nan])
def test_wrong_scale(scale):
    with pytest.raises(ValueError, match="positive, finite"):
        QuantizedGELU(scale, 0, 0.1, 0)
    with pytest.raises(ValueError, match="output_scale"):
        QuantizedGELU(0.1, 0, scale, 0)


def test_wrong_zero_point_dtype_form_and_out():
    with pytest.raises(TypeError, match="input_zero_point is an integer"):
        QuantizedGELU(0.1, 0.5, 0.1, 0)
    with pytest.raises(ValueError, match="'none', 'tanh' or 'quick'"):
        QuantizedGELU(0.1, 0, 0.1, 0, approximate="erf")
    layer = QuantizedGELU(0.1, 200, 0.1, 0)
    assert layer(np.uint8([200]))[0] == 0
    with pytest.raises(ValueError, match="200 lies outside int8, -128 to 127"):
        layer(np.int8([1]))
    with pytest.raises(TypeError, match="int8 and uint8, not float32"):
        layer(np.float32([1]))
    with pytest.raises(TypeError, match="out has dtype int8"):
        layer(np.uint8([1]), out=np.zeros(1, np.int8))


def test_repr():
    text = "QuantizedGELU(0.05, 3, 0.04, -7, approximate='tanh')"
    assert repr(QuantizedGELU(0.05, 3, 0.04, -7, "tanh")) == text

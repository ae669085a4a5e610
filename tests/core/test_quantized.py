"""QuantizedGELU: ONNX's convention, exact for every input, in every layout."""

import pickle
from fractions import Fraction

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


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, ">i2"])
@pytest.mark.parametrize("shape", [(), (1,)])
def test_parameters_as_initializers_hold_them(shape, dtype):
    expected = QuantizedGELU(0.05, 3, 0.1, 5)
    scale, zero_point = np.full(shape, 0.05), np.full(shape, 3, dtype)
    layer = QuantizedGELU(scale, zero_point, np.full(shape, 0.1, ">f8"), np.full(shape, 5, dtype))
    assert repr(layer) == repr(expected)
    scale[...] = 7
    zero_point[...] = 7
    np.testing.assert_array_equal(layer.table(np.int8), expected.table(np.int8))


@pytest.mark.parametrize("name", ["input_scale", "output_scale"])
@pytest.mark.parametrize(
    "scale",
    [
        np.float64([0.1, 0.2, 0.3]),
        [0.1, 0.2],
        np.ones((1, 1)),
        np.empty(0),
        "0.05",
        True,
        np.True_,
        1j,
        None,
        np.ma.masked,
        np.ma.array([0.5], mask=True),
    ],
    ids=repr,
)
def test_scale_that_is_not_one_number(name, scale):
    with pytest.raises(TypeError, match=f"{name} is a float or an array of one, not"):
        QuantizedGELU(**{"input_scale": 0.1, "output_scale": 0.1, name: scale}, **ZEROS)


ZEROS = {"input_zero_point": 0, "output_zero_point": 0}


@pytest.mark.parametrize("name", ZEROS)
@pytest.mark.parametrize(
    "zero_point",
    [np.int8([1, 2]), np.zeros((1, 1), int), np.float32(0), "0", True, np.False_, np.ma.masked],
    ids=repr,
)
def test_zero_point_that_is_not_one_integer(name, zero_point):
    with pytest.raises(TypeError, match=f"{name} is an integer of 8 bits or an array of one, not"):
        QuantizedGELU(input_scale=0.1, output_scale=0.1, **(ZEROS | {name: zero_point}))


@pytest.mark.skipif(
    np.finfo(np.longdouble).maxexp == np.finfo(float).maxexp, reason="long double is double"
)
@pytest.mark.parametrize("scale", ["1e4000", "1e-4000"])
def test_scale_beyond_float64(scale):
    with pytest.raises(ValueError, match=r"positive, finite number in float64, not (inf|0\.0)"):
        QuantizedGELU(np.longdouble(scale), 0, 0.1, 0)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
@pytest.mark.parametrize(
    "scales",
    [
        (1e308, 1e308),
        (1e308, 1.7e308),
        (1.7e308, 5e-324),
        (5e-324, 5e-324),
        (5e-324, 1e308),
        (1, 5e-324),
    ],
)
def test_extreme_scales(scales, dtype):
    """Results saturate only where they must. The reference uses exact fractions."""
    limits = np.iinfo(dtype)
    zero = (limits.min + limits.max + 1) // 2
    ratio = Fraction(scales[0]) / Fraction(scales[1])
    with np.errstate(all="raise"):
        table = QuantizedGELU(scales[0], zero, scales[1], zero).table(dtype)
    for q, y in zip(range(limits.min, limits.max + 1), table.tolist(), strict=True):
        x = Fraction(scales[0]) * (q - zero)
        if abs(x) < 1e-300:
            exact = x / 2 / Fraction(scales[1])
        elif x > 10:
            exact = ratio * (q - zero)
        elif x < -40:
            exact = 0
        else:
            exact = Fraction(float(oracle.exact("gelu", float(x)))) / Fraction(scales[1])
        # If x is subnormal, gelu(x) is rounded to a multiple of 5e-324, which may be the scale.
        allowed = 1 if abs(x) < 1e-300 and scales[1] == 5e-324 else 0
        assert abs(y - min(max(round(exact) + zero, limits.min), limits.max)) <= allowed


def test_masked_arrays_keep_their_masks():
    layer = QuantizedGELU(0.05, 3, 0.04, -7)
    mask = [False, True, False]
    x = np.ma.array(np.int8([1, 2, 100]), mask=mask, fill_value=9)
    expected = layer(x.data)
    y = layer(x)
    assert isinstance(y, np.ma.MaskedArray)
    assert y.dtype == np.int8
    assert y.fill_value == 9
    for out in (np.ma.zeros(3, np.int8), np.ma.array(np.int8([1, 2, 3]), mask=True)):
        assert layer(x, out=out) is out
        y = np.ma.concatenate([y, out])
    np.testing.assert_array_equal(y.mask, mask * 3)
    np.testing.assert_array_equal(y.data, np.tile(expected, 3))
    y = layer(x)
    y[0] = np.ma.masked
    np.testing.assert_array_equal(x.mask, mask)
    out = np.zeros(3, np.int8)
    assert layer(x, out=out) is out
    np.testing.assert_array_equal(out, expected)
    out = np.ma.array(np.int8([1, 2, 3]), mask=True)
    assert not layer(x.data, out=out).mask.any()
    assert layer(x, out=x) is x
    np.testing.assert_array_equal(x.mask, mask)
    np.testing.assert_array_equal(x.data, expected)
    assert layer(np.ma.array(np.int8(1), mask=True)) is np.ma.masked
    assert layer(np.ma.array(np.int8(100))) == expected[2]


class WithUnit(np.ndarray):
    def __array_finalize__(self, obj):
        self.unit = getattr(obj, "unit", None)


def test_subclasses_stay(tmp_path):
    layer = QuantizedGELU(0.05, 3, 0.04, -7)
    q = np.int8([[1, 2], [100, -100]])
    x = q.view(WithUnit)
    x.unit = "m"
    y = layer(x)
    assert isinstance(y, WithUnit)
    assert y.unit == "m"
    np.testing.assert_array_equal(y, layer(q))
    x = q.view(np.matrix)
    assert isinstance(layer(x), np.matrix)
    np.testing.assert_array_equal(layer(x), layer(q))
    x = np.memmap(tmp_path / "q", np.int8, "w+", shape=(2, 2))
    x[...] = q
    assert type(layer(x)) is type(gelu_fast.gelu(x))
    assert layer(x, out=x) is x
    np.testing.assert_array_equal(np.fromfile(tmp_path / "q", np.int8), layer(q).ravel())


def test_every_spelling_of_out():
    layer = QuantizedGELU(0.05, 3, 0.04, -7)
    x = np.int8([[1, 2, 3], [100, -100, 0]])
    expected = layer(x)
    base = np.zeros((2, 6), np.int8)
    for out in (np.zeros_like(x), np.zeros_like(x, order="F"), base[:, ::2]):
        for spelling in (out, (out,)):
            out[...] = 0
            assert layer(x, out=spelling) is out
            np.testing.assert_array_equal(out, expected)
            assert layer(x, spelling) is out
    assert not base[:, 1::2].any()
    np.testing.assert_array_equal(layer(x, out=(None,)), expected)
    out = np.array(0, np.int8)
    assert layer(np.int8(100), out=out) is out
    assert out == expected[1, 0]
    for wrong in ([0], (), (x, x), np.int8(0)):
        with pytest.raises(TypeError, match="out is an ndarray or a tuple of one"):
            layer(x, out=wrong)
    for wrong in (np.zeros((2, 2), np.int8), np.broadcast_to(np.int8(0), x.shape)):
        with pytest.raises(ValueError, match=r"must agree|read-only"):
            layer(x, out=wrong)


def test_repr():
    assert eval(repr(QuantizedGELU(0.1, 0, 0.1, 0, np.str_("tanh")))).approximate == "tanh"
    text = "QuantizedGELU(0.05, 3, 0.04, -7, approximate='tanh')"
    assert repr(QuantizedGELU(0.05, 3, 0.04, -7, "tanh")) == text


def test_parameters_are_fixed():
    """Parameters cannot change: a table may already have been computed from them."""
    layer = QuantizedGELU(0.05, 0, 0.05, 0)
    for name in ("approximate", "input_scale", "output_zero_point"):
        with pytest.raises(AttributeError, match=f"{name} is fixed"):
            setattr(layer, name, getattr(layer, name))
    copied = pickle.loads(pickle.dumps(layer))
    assert repr(copied) == repr(layer)

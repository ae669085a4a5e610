"""Zeros, infinities and NaN, and no floating-point warning from any input."""

import ml_dtypes
import numpy as np
import oracle
import pytest

import gelu_fast

DTYPES = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
VALUES_AND_DERIVATIVES = [name for name in oracle.COMPOSED if name.endswith("_value_and_grad")]


def bits(a):
    return np.asarray(a).view(f"u{np.asarray(a).itemsize}")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.VALUES)
def test_values(name, dtype, isa):
    x = np.array([0.0, -0.0, np.inf, -np.inf], dtype)
    expected = np.array([0.0, -0.0, np.inf, -0.0], dtype)
    for length in (1, 4, 64):  # remainder loops and full vectors
        y = getattr(gelu_fast, name)(np.resize(x, length))
        np.testing.assert_array_equal(bits(y), bits(np.resize(expected, length)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.DERIVATIVES)
def test_derivatives(name, dtype, isa):
    x = np.array([0.0, -0.0, np.inf, -np.inf], dtype)
    expected = np.array([0.5, 0.5, 1.0, -0.0], dtype)
    np.testing.assert_array_equal(bits(getattr(gelu_fast, name)(x)), bits(expected))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", [*oracle.UNARY, *VALUES_AND_DERIVATIVES])
def test_far_tail_is_negative_zero(name, dtype, isa):
    x = np.array([-np.inf, ml_dtypes.finfo(dtype).min, -500], dtype)
    x = np.concatenate([x, -x]) if name in oracle.SECOND_DERIVATIVES else x
    x = np.resize(x, 67)  # full vectors and a remainder
    results = np.stack([getattr(gelu_fast, name)(x)])
    np.testing.assert_array_equal(bits(results), bits(np.full_like(results, -0.0)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_nan_gives_nan(name, dtype, isa):
    x = np.array([np.nan, 1.0, -np.nan, np.nan], dtype)
    x[2] = np.copysign(x[2], dtype(-1))
    with np.errstate(all="raise"):
        y = np.stack([getattr(gelu_fast, name)(*oracle.arguments(name, x))])
    one = np.isnan(y).reshape(-1, 4).any(axis=0)  # dup of geglu_backward does not depend on up
    np.testing.assert_array_equal(one, [True, False, True, True])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.UNARY)
def test_no_warning_from_any_input(name, dtype, isa, rng):
    kind = np.dtype(f"u{np.dtype(dtype).itemsize}")
    bits = rng.integers(0, np.iinfo(kind).max, 1 << 17, dtype=kind, endpoint=True)
    anything = bits.view(dtype)
    with np.errstate(all="ignore"):
        subnormal = np.geomspace(1e-40, 1e-30, 100).astype(dtype)
        tail = np.linspace(-50, -3, 100_001).astype(dtype)
    with np.errstate(all="raise"):
        for x in (anything, subnormal, tail):
            getattr(gelu_fast, name)(x)


@pytest.mark.parametrize("count", [3, 300_000])
@pytest.mark.parametrize("name", oracle.BACKWARD)
def test_backward_warns_of_overflow_and_invalid_alone(name, count, isa):
    function = getattr(gelu_fast, name)
    gelu_fast.set_num_threads(2)
    x = np.full(count, 1.3, np.float32)  # the derivative is above 1 there
    ones = np.ones(count, np.float32)
    with np.errstate(all="ignore"):
        subnormal = np.full(count, 1e-45, np.float32)
    nan, small, overflowing, invalid = (np.full_like(x, v) for v in (np.nan, -20, 1, 1))
    overflowing[-1] = np.finfo(np.float32).max
    invalid[-1] = np.inf
    vanishing = x.copy()
    vanishing[-1] = -100  # where the derivative underflows to zero
    with np.errstate(all="raise"):
        function(ones, x)
        function(subnormal, x)
        function(ones, small)
        function(nan, x)
        with pytest.raises(FloatingPointError, match="overflow"):
            function(overflowing, x)
        with pytest.raises(FloatingPointError, match="invalid"):
            function(invalid, vanishing)


SIGNALING = {
    np.float16: 0x7D01, ml_dtypes.bfloat16: 0x7F81, np.float32: 0x7F800001,
    np.float64: 0x7FF0000000000001,
}  # fmt: skip
RAISING = [n for n in oracle.ORACLE if n.endswith("_backward") and "geglu" not in n]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_signaling_nan(name, dtype, isa):
    """The result is a quiet NaN. Functions with products raise invalid, as np.multiply does."""
    x = np.full(70, SIGNALING[dtype], f"u{np.dtype(dtype).itemsize}").view(dtype)
    function = getattr(gelu_fast, name)
    mantissa = ml_dtypes.finfo(dtype).nmant
    for k in range(function.nin):
        operands = [np.ones_like(x)] * function.nin
        operands[k] = x
        with np.errstate(all="raise", invalid="ignore" if name in RAISING else "raise"):
            results = np.stack([function(*operands)])
        is_nan = np.isnan(results)
        assert is_nan.any()
        assert (bits(results[is_nan]) >> (mantissa - 1) & 1).all()
        if name in RAISING:
            with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="invalid"):
                function(*operands)


def test_float16_overflow_in_backward(isa):
    grad, x = np.full(20, 65504, np.float16), np.full(20, 1.3, np.float16)
    with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
        gelu_fast.gelu_backward(grad, x)
    with np.errstate(all="ignore"):
        assert np.all(np.isinf(gelu_fast.gelu_backward(grad, x)))


@pytest.mark.parametrize("count", [1, 7, 300_000])
def test_where_float16_overflows_in_backward(count, isa):
    """Results of 65520 or more overflow float16, in any thread."""
    gelu_fast.set_num_threads(4)
    grad, x = np.ones(count, np.float16), np.full(count, 0.75, np.float16)
    grad[-1] = 65504
    overflows = []
    for candidate in np.arange(0.74, 0.77, 0.0005).astype(np.float16):
        x[-1] = candidate
        product = np.float32(65504) * gelu_fast.gelu_grad(np.float32(candidate))
        overflows.append(product >= 65520)
        if overflows[-1]:
            with np.errstate(all="raise"), pytest.raises(FloatingPointError, match="overflow"):
                gelu_fast.gelu_backward(grad, x)
        else:
            with np.errstate(all="raise"):
                y = gelu_fast.gelu_backward(grad, x)
            assert y[-1] == np.float16(product)
    assert len(set(overflows)) == 2

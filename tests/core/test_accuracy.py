"""Errors in ULP on every ISA. tools/sweep_accuracy.py checks all 2^32 float32 inputs."""

import ml_dtypes
import numpy as np
import oracle
import pytest
from scipy.special import erfc

import gelu_fast
from gelu_fast._bench.reference import is_near_root, references, ulp_bound, ulp_error
from gelu_fast._cli import accuracy

REFERENCES = references(erfc)
SIXTEEN_BIT = [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)]


def worst(name, x, y, exact, bits):
    error = ulp_error(y, exact, *bits)
    i = int(np.argmax(error))
    return float(error[i]), f"{name}({float(x[i])!r}) = {float(y[i])!r}, {error[i]:.3f} ULP off"


@pytest.mark.parametrize("dtype", SIXTEEN_BIT, ids=str)
@pytest.mark.parametrize("name", oracle.UNARY)
def test_all_16_bit_inputs_are_correctly_rounded(name, dtype, isa):
    x = oracle.without_nan(oracle.all_16_bit(dtype))
    with np.errstate(all="raise"):
        y = getattr(gelu_fast, name)(x)
    assert y.dtype == dtype
    bits = oracle.FORMATS[str(dtype)]
    error = ulp_error(y, REFERENCES[name](x.astype(np.float64)), *bits)
    misrounded = error > 0.5
    for i in np.flatnonzero((np.abs(error - 0.5) < 1e-6) | is_near_root(name, x)):
        misrounded[i] = not oracle.is_nearest(float(y[i]), oracle.exact(name, float(x[i])), *bits)
    assert not misrounded.any(), f"{name} of {x[misrounded]}"


@pytest.mark.parametrize("name", oracle.UNARY)
def test_float32_over_a_stride_of_all_inputs(name, isa):
    x = np.arange(0, 1 << 32, 4093, dtype=np.uint64).astype(np.uint32).view(np.float32)
    x = oracle.without_nan(x)
    x = x[~is_near_root(name, x)]
    y = getattr(gelu_fast, name)(x)
    error, where = worst(
        name, x, y, REFERENCES[name](x.astype(np.float64)), oracle.FORMATS["float32"]
    )
    assert error <= ulp_bound(name, "float32"), where


@pytest.mark.parametrize("name", oracle.UNARY)
def test_float32_where_it_is_hard(name, isa, rng):
    """The tail down to the subnormal results, and both sides of zero."""
    x = np.concatenate([
        np.linspace(-15, -3, 200_001), np.linspace(-3, 6, 200_001),
        np.exp(rng.uniform(-100, 2, 100_000)) * rng.choice([-1, 1], 100_000),
    ]).astype(np.float32)  # fmt: skip
    x = x[~is_near_root(name, x)]
    y = getattr(gelu_fast, name)(x)
    error, where = worst(
        name, x, y, REFERENCES[name](x.astype(np.float64)), oracle.FORMATS["float32"]
    )
    assert error <= ulp_bound(name, "float32"), where


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [*oracle.DERIVATIVES, *oracle.SECOND_DERIVATIVES])
def test_root_of_a_derivative(name, dtype, isa, rng):
    """The error bound holds at the numbers next to the root, and as x approaches the root."""
    root = float(oracle.roots(name)[-1])
    middle = np.array(root, dtype)
    steps = np.concatenate([np.arange(-40, 41), rng.integers(-(10**6), 10**6, 400)])
    x = (middle + steps * np.spacing(middle)).astype(dtype)
    x = np.concatenate(
        [x, root + np.geomspace(1e-12, 1e-2, 200), root - np.geomspace(1e-12, 1e-2, 200)]
    )
    x = x.astype(dtype)
    bits = oracle.FORMATS[np.dtype(dtype).name]
    y = getattr(gelu_fast, name)(x)
    errors = [
        oracle.ulp_error(a, oracle.exact(name, float(b)), *bits) for a, b in zip(y, x, strict=True)
    ]
    i = int(np.argmax(errors))
    bound = ulp_bound(name, np.dtype(dtype).name)
    assert errors[i] <= bound, f"{name}({x[i]!r}) = {y[i]!r}, {errors[i]:.3f} ULP off"


# The worst inputs found by searches (e.g. tools/search_float64.py), with and without fma.
FOUND = {
    "gelu": [-0.3397820828089447, -0.33828073230814615, -0.3244966325622518],
    "gelu_grad": [-5.0527585171353605e-08, -28.048539239041066, -17.255767290923853],
    "gelu_grad2": [17.8557229207695, -17.380560448893817],
    "gelu_tanh": [-7.089376017050137, -7.089350273298261],
    "gelu_tanh_grad": [-17.80719189033238, -17.72685222071725, -0.7524614220710163],
    "gelu_tanh_grad2": [2.645383283830289, -2.646172113197893, 2.6566509276816297],
    "gelu_quick": [-21.76985095727451, -21.769864423132148],
    "gelu_quick_grad": [-0.675095148970572, -0.6078001568874811, -0.3104888120379336],
    "gelu_quick_grad2": [2.9978431314930885, 2.9975055123605037],
    "gelu_value_and_grad": [-5.0527585171353605e-08, -28.048539239041066],
    "gelu_tanh_value_and_grad": [-7.114697537591529, -7.114896211313167],
    "gelu_quick_value_and_grad": [-21.652009543390474, -21.65228942556051],
}

# Where the functions underflow: they reach the smallest subnormal near x = -38.5, -21.6, -436.
TAILS = {"gelu": 38.6, "gelu_tanh": 21.7, "gelu_quick": 441.0}


@pytest.mark.parametrize("name", oracle.UNARY)
def test_float64(name, isa, rng):
    tail = TAILS[name.removesuffix("2").removesuffix("_grad")]
    x = np.concatenate([
        rng.uniform(-tail, 9, 500), rng.normal(0, 1.5, 500), np.linspace(-tail, -0.97 * tail, 100),
        np.exp(rng.uniform(-700, 3, 100)) * rng.choice([-1, 1], 100),
        [5e-324, -5e-324, 2.3e-308, -2.3e-308, 1e300, 1.7976931348623157e308],
    ])  # fmt: skip
    y = getattr(gelu_fast, name)(x)
    bits = oracle.FORMATS["float64"]
    errors = [oracle.ulp_error(a, oracle.exact(name, b), *bits) for a, b in zip(y, x, strict=True)]
    i = int(np.argmax(errors))
    assert errors[i] <= ulp_bound(name, "float64"), (
        f"{name}({x[i]!r}) = {y[i]!r}, {errors[i]:.3f} ULP off"
    )
    assert np.any((y != 0) & (np.abs(y) < 2.3e-308)), "no subnormal result was tested"


@pytest.mark.parametrize("name", FOUND)
def test_float64_where_a_search_found_the_worst(name, isa):
    x = np.array(FOUND[name])
    y = getattr(gelu_fast, name)(x)
    judged, y = (accuracy.judged(name), y[1]) if isinstance(y, tuple) else (name, y)
    bits = oracle.FORMATS["float64"]
    errors = [
        oracle.ulp_error(a, oracle.exact(judged, b), *bits) for a, b in zip(y, x, strict=True)
    ]
    i = int(np.argmax(errors))
    bound = ulp_bound(name, "float64")
    assert errors[i] <= bound, f"{name}({x[i]!r}) = {y[i]!r}, {errors[i]:.3f} ULP off"


@pytest.mark.parametrize("name", oracle.VALUES)
def test_identity_for_large_x(name, isa):
    start = {"gelu": 5.5, "gelu_tanh": 5.5, "gelu_quick": 10.5}[name]
    x = np.concatenate([np.linspace(start, 20, 10_001), np.geomspace(20, 3e38, 10_001)])
    x = np.minimum(x, np.finfo(np.float32).max).astype(np.float32)
    np.testing.assert_array_equal(getattr(gelu_fast, name)(x), x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", oracle.VALUES)
def test_half_for_subnormal_x(name, dtype, isa, rng):
    smallest = np.finfo(dtype).smallest_subnormal
    x = (
        np.concatenate([np.arange(1, 1000), rng.integers(1, 1 << 22, 1000)]).astype(dtype)
        * smallest
    )
    for sign in (1, -1):
        y = getattr(gelu_fast, name)(sign * x)
        off = np.abs(y / smallest - sign * x / smallest / 2)
        assert off.max() <= 0.5


@pytest.mark.parametrize(("dtype", "last"), [(np.float32, -16), (np.float64, -40)])
def test_underflow_is_gradual(dtype, last, isa):
    x = np.linspace(-10, last, 100_001).astype(dtype)
    y = gelu_fast.gelu(x)
    assert np.all(np.diff(np.abs(y[x < -13 if dtype == np.float32 else x < -37])) <= 0)
    assert np.all(np.signbit(y))
    assert np.any((y != 0) & (np.abs(y) < np.finfo(dtype).tiny))
    assert np.all(y[-100:] == 0)


@pytest.mark.parametrize("name", oracle.BACKWARD)
@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_backward_is_the_product_with_the_derivative(name, dtype, isa, rng):
    grad = rng.normal(0, 2, 2001).astype(dtype)
    x = rng.normal(0, 2, 2001).astype(dtype)
    wide = np.float64 if dtype == np.float64 else np.float32
    derivative = getattr(gelu_fast, oracle.BACKWARD[name])(x.astype(wide))
    product = grad.astype(wide) * derivative
    result = getattr(gelu_fast, name)(grad, x)
    if np.dtype(dtype).itemsize == 2:
        # Its derivative is not float32's: it may round otherwise next to the middle of two numbers.
        ends = np.array([(product * (1 + side * 2.0**-19)).astype(dtype) for side in (-1, 1)])
        assert np.all((ends == result).any(axis=0))
    else:
        np.testing.assert_array_equal(result, product.astype(dtype))

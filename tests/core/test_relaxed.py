"""gelu_fast.relaxed: its absolute error, its limits, and what it shares with the accurate tier."""

import pickle

import ml_dtypes
import numpy as np
import oracle
import pytest
from scipy.special import erfc

import gelu_fast
from gelu_fast import relaxed
from gelu_fast._bench.reference import references

REFERENCES = references(erfc)
BOUND = 3e-7
HARDWARE = [isa for isa in gelu_fast.available_isas() if isa != "baseline"]


def up_to_6(stride):
    """Return every `stride`-th float32 number with |x| <= 6, and a dense grid."""
    six = np.float32(6).view(np.uint32)
    magnitude = np.arange(0, int(six) + 1, stride, dtype=np.uint32).view(np.float32)
    grid = np.linspace(-6, 6, 500_001, dtype=np.float32)
    return np.concatenate([magnitude, -magnitude, grid])


def test_names():
    forms = ("", "_tanh", "_quick")
    names = {f"{kind}{form}" for kind in ("gelu", "bias_gelu", "geglu") for form in forms}
    assert set(relaxed.__all__) == names
    ufuncs = {name for name, value in vars(relaxed).items() if isinstance(value, np.ufunc)}
    assert ufuncs == names
    for name in relaxed.__all__:
        accurate, fast = getattr(gelu_fast, name), getattr(relaxed, name)
        assert isinstance(fast, np.ufunc)
        assert fast is not accurate
        assert (fast.nin, fast.nout, fast.types) == (accurate.nin, accurate.nout, accurate.types)
        assert "3e-7" in fast.__doc__
        assert pickle.loads(pickle.dumps(fast)) is fast


@pytest.mark.parametrize("name", oracle.VALUES)
def test_absolute_error(name, isa):
    x = up_to_6(stride=1021)
    with np.errstate(all="raise"):
        y = getattr(relaxed, name)(x)
    assert y.dtype == np.float32
    error = np.abs(y.astype(np.float64) - REFERENCES[name](x.astype(np.float64)))
    worst = int(np.argmax(error))
    assert error[worst] <= BOUND, f"{name}({x[worst]!r}): {error[worst]}"


@pytest.mark.parametrize("name", oracle.VALUES)
def test_limits_of_values(name, isa):
    x = np.concatenate([np.geomspace(10.5, 3e38, 10_001), [np.inf]]).astype(np.float32)
    np.testing.assert_array_equal(getattr(relaxed, name)(x), x)
    x = -np.concatenate([np.geomspace(100, 3e38, 10_001), [np.inf]]).astype(np.float32)
    y = getattr(relaxed, name)(x)
    assert np.all(y == 0)
    assert np.all(np.signbit(y))
    zeros = np.array([0.0, -0.0], np.float32)
    np.testing.assert_array_equal(
        getattr(relaxed, name)(zeros).view(np.uint32), zeros.view(np.uint32)
    )


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh"])
def test_the_tail_shrinks(name, isa):
    y = np.abs(getattr(relaxed, name)(np.linspace(-6, -200, 100_001).astype(np.float32)))
    assert y[0] <= BOUND
    assert np.all(np.diff(y) <= 0)


@pytest.mark.parametrize("name", relaxed.__all__)
def test_nan(name, isa):
    x = np.full(40, np.nan, np.float32)
    with np.errstate(all="raise"):
        y = np.stack([getattr(relaxed, name)(*oracle.arguments(name, x))])
    assert np.isnan(y).reshape(-1, 40).any(axis=0).all()  # in one of two outputs


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float64])
@pytest.mark.parametrize("name", relaxed.__all__)
def test_other_dtypes_are_those_of_the_accurate_tier(name, dtype, isa, rng):
    x = rng.normal(0, 3, 1001).astype(dtype)
    arguments = oracle.arguments(name, x)
    fast, accurate = (np.stack([getattr(tier, name)(*arguments)]) for tier in (relaxed, gelu_fast))
    assert fast.dtype == dtype
    np.testing.assert_array_equal(fast.view(np.uint8), accurate.view(np.uint8))


@pytest.mark.parametrize("name", relaxed.__all__)
def test_same_bits_for_every_length_layout_and_thread_count(name, isa, rng):
    x = np.resize(rng.normal(0, 3, 4099).astype(np.float32), 100_003)

    def call(x):
        return np.stack([getattr(relaxed, name)(*oracle.arguments(name, x))])

    with gelu_fast.num_threads(1):
        whole = call(x)
    for length in range(70):
        np.testing.assert_array_equal(call(x[3 : 3 + length]), whole[..., 3 : 3 + length])
    np.testing.assert_array_equal(call(x[::-3]), whole[..., ::-3])
    with gelu_fast.num_threads(3):
        np.testing.assert_array_equal(call(x), whole)


@pytest.mark.skipif(len(HARDWARE) < 2, reason="this CPU has only one ISA with hardware fma")
@pytest.mark.parametrize("name", oracle.VALUES)
def test_same_bits_on_every_isa(name):
    x = up_to_6(stride=65_537)
    results = []
    for isa in HARDWARE:
        gelu_fast.set_isa(isa)
        results.append(getattr(relaxed, name)(x))
    for other in results[1:]:
        np.testing.assert_array_equal(results[0].view(np.uint32), other.view(np.uint32))

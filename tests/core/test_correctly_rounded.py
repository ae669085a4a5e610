"""gelu_fast.correctly_rounded. tools/sweep_correct_rounding.py does all 2^32 inputs."""

import pickle
from pathlib import Path

import ml_dtypes
import mpmath as mp
import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import correctly_rounded

HARD_CASES = Path(__file__).parents[1] / "hard_cases"
NAMES = [*oracle.VALUES, *oracle.DERIVATIVES]


def hard_cases(name):
    lines = (HARD_CASES / f"{name}.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return np.array([[float.fromhex(word) for word in row] for row in rows], np.float32).T


def assert_same_bits(a, b):
    np.testing.assert_array_equal(a.view(np.uint32), b.view(np.uint32))


def test_names():
    assert set(correctly_rounded.__all__) == set(NAMES)
    for name in correctly_rounded.__all__:
        ufunc = getattr(correctly_rounded, name)
        assert isinstance(ufunc, np.ufunc)
        assert ufunc.types[:2] == ["e->e", "f->f"]
        assert "nearest" in ufunc.__doc__
        assert pickle.loads(pickle.dumps(ufunc)) is ufunc


@pytest.mark.parametrize("name", NAMES)
def test_hard_cases(name, isa):
    """Their true values lie within 2^-47 of the middle of two floats."""
    x, wanted = hard_cases(name)
    assert len(x) > 50
    assert_same_bits(getattr(correctly_rounded, name)(x), wanted)


@pytest.mark.parametrize("name", NAMES)
def test_hard_cases_are_right(name):
    x, wanted = hard_cases(name)
    for a, b in zip(x.tolist(), wanted, strict=True):
        true = oracle.exact(name, a)
        with mp.workdps(oracle.DIGITS):
            neighbours = np.nextafter(b, np.float32([-np.inf, np.inf])).tolist()
            assert all(abs(true - float(b)) < abs(true - other) for other in neighbours)


@pytest.mark.parametrize("name", oracle.VALUES)
def test_ties(name, isa):
    """Where x / 2 is halfway between two subnormal numbers, the true value lies just above."""
    magnitude = np.arange(0, 0x0100_0000, 5, dtype=np.uint32).view(np.float32)
    x = np.concatenate([magnitude, -magnitude])
    half = x.astype(np.float64) / 2
    wanted = np.where(half == 0, half, np.nextafter(half, np.inf)).astype(np.float32)
    assert_same_bits(getattr(correctly_rounded, name)(x), wanted)


@pytest.mark.parametrize("name", oracle.DERIVATIVES)
def test_derivatives_next_to_zero(name, isa):
    magnitude = np.arange(0, 0x3200_0000, 4099, dtype=np.uint32).view(np.float32)
    x = np.concatenate([magnitude, -magnitude])
    assert_same_bits(getattr(correctly_rounded, name)(x), np.full_like(x, 0.5))


@pytest.mark.parametrize("name", NAMES)
def test_against_float64(name, isa, rng):
    """The float64 functions err by less than 6 ULP, which decides all but a few in a billion."""
    x = np.concatenate([
        rng.uniform(-15, 9, 200_000), rng.normal(0, 1, 200_000),
        rng.choice([-1, 1], 200_000) * np.exp2(rng.uniform(-149, 127, 200_000)),
    ]).astype(np.float32)  # fmt: skip
    wide = getattr(gelu_fast, name)(x.astype(np.float64))
    low, high = (wide * (1 + k * 6 * 2.0**-52) for k in (-1, 1))
    decided = low.astype(np.float32) == high.astype(np.float32)
    decided &= np.abs(x) >= 2.0**-120
    assert decided.mean() > 0.9
    assert_same_bits(getattr(correctly_rounded, name)(x)[decided], wide.astype(np.float32)[decided])


@pytest.mark.parametrize("name", NAMES)
def test_special_values(name, isa):
    function = getattr(correctly_rounded, name)
    x = np.float32([0.0, -0.0, np.inf, -np.inf, -300, 300, np.nan])
    wanted = [0, -0.0, np.inf, -0.0, -0.0, 300, np.nan]
    if name in oracle.DERIVATIVES:
        wanted = [0.5, 0.5, 1, -0.0, -0.0, 1, np.nan]
    with np.errstate(all="raise"):
        y = function(np.tile(x, 11))[-7:]
    np.testing.assert_array_equal(y, np.float32(wanted))
    assert np.signbit(y[:6]).tolist() == np.signbit(wanted[:6]).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_same_bits_for_every_length_layout_and_thread_count(name, isa, rng):
    function = getattr(correctly_rounded, name)
    x = np.resize(rng.normal(0, 3, 4099).astype(np.float32), 100_003)
    with gelu_fast.num_threads(1):
        whole = function(x)
    for length in range(70):
        assert_same_bits(function(x[3 : 3 + length]), whole[3 : 3 + length])
    assert_same_bits(function(x[::-3]), np.ascontiguousarray(whole[::-3]))
    with gelu_fast.num_threads(3):
        assert_same_bits(function(x), whole)
    out = np.zeros_like(x)
    assert function(x, out=out, where=x > 0) is out
    assert_same_bits(out, np.where(x > 0, whole, np.float32(0)))


@pytest.mark.parametrize("name", NAMES)
def test_same_bits_on_every_isa(name, rng):
    """Correct rounding leaves no choice, with a hardware fma or without."""
    x = rng.uniform(-15, 9, 100_000).astype(np.float32)
    results = []
    for isa in gelu_fast.available_isas():
        gelu_fast.set_isa(isa)
        results.append(getattr(correctly_rounded, name)(x))
    for other in results[1:]:
        assert_same_bits(results[0], other)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("name", NAMES)
def test_16_bits_are_those_of_the_default(name, dtype, isa):
    x = np.arange(1 << 16, dtype=np.uint16).view(dtype)
    with np.errstate(all="ignore"):
        y, default = (getattr(tier, name)(x) for tier in (correctly_rounded, gelu_fast))
    np.testing.assert_array_equal(y.view(np.uint16), default.view(np.uint16))


@pytest.mark.parametrize("x", [1.0, 1, np.float64(1), np.ones(3), np.arange(3), [1, 2], True + 1j])
@pytest.mark.parametrize("name", NAMES)
def test_float64_is_refused(name, x):
    with pytest.raises(TypeError, match=r"takes float32, float16 and bfloat16.*dtype=np\.float32"):
        getattr(correctly_rounded, name)(x)


def test_float32_on_request():
    assert correctly_rounded.gelu(1.0, dtype=np.float32) == np.float32(0.8413447460685429)
    assert correctly_rounded.gelu(np.float32(1)).dtype == np.float32
    out = np.empty(3, np.float32)
    assert correctly_rounded.gelu(np.ones(3, np.float32), out=out) is out

"""A result's bits depend only on the input: not on ISA, position, layout or thread count."""

import ml_dtypes
import numpy as np
import oracle
import pytest

import gelu_fast

DTYPES = [np.float16, ml_dtypes.bfloat16, np.float32, np.float64]
HARDWARE = [isa for isa in gelu_fast.available_isas() if isa != "baseline"]


def inputs(dtype, rng, count=4099):
    kind = np.dtype(f"u{np.dtype(dtype).itemsize}")
    x = np.concatenate([
        rng.normal(0, 3, count).astype(dtype),
        rng.integers(0, np.iinfo(kind).max, count, dtype=kind, endpoint=True).view(dtype),
        np.array([0, -0.0, np.inf, -np.inf, np.nan], dtype),
    ])  # fmt: skip
    return x


def call(name, x, **keywords):
    """Return the outputs, stacked."""
    with np.errstate(all="ignore"):
        return np.stack([getattr(gelu_fast, name)(*oracle.arguments(name, x), **keywords)])


def same_bits(a, b):
    kind = f"u{np.asarray(a).dtype.itemsize}"
    np.testing.assert_array_equal(
        np.ascontiguousarray(a).view(kind), np.ascontiguousarray(b).view(kind)
    )


@pytest.mark.skipif(len(HARDWARE) < 2, reason="this CPU has only one ISA with hardware fma")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_isas(name, dtype, rng):
    x = inputs(dtype, rng, 1 << 16)
    results = []
    for isa in HARDWARE:
        gelu_fast.set_isa(isa)
        results.append(call(name, x))
    for other in results[1:]:
        same_bits(results[0], other)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_length_and_alignment(name, dtype, isa, rng):
    x = inputs(dtype, rng, 150)
    whole = call(name, x)
    for start in (0, 1, 2, 3, 5, 17):
        for length in (0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130):
            same_bits(call(name, x[start : start + length]), whole[..., start : start + length])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_strides(name, dtype, isa, rng):
    x = inputs(dtype, rng, 1000)
    whole = call(name, x)
    for part in (np.s_[::-1], np.s_[::3], np.s_[-7::-5]):
        same_bits(call(name, x[part]), whole[..., part])
    outs = np.zeros((getattr(gelu_fast, name).nout, 3 * len(x)), dtype)
    call(name, x, out=tuple(outs[:, ::-3]))
    same_bits(outs[:, ::-3], whole.reshape(len(outs), -1))
    untouched = np.ones(3 * len(x), bool)
    untouched[::-3] = False
    assert not np.ascontiguousarray(outs[:, untouched]).view(np.uint8).any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_threads(name, dtype, isa, rng):
    x = np.resize(inputs(dtype, rng), 200_003)
    results = []
    for threads in (1, 2, 3, 8):
        with gelu_fast.num_threads(threads):
            results.append(call(name, x))
            results.append(call(name, np.repeat(x, 2)[::2]))
    for other in results[1:]:
        same_bits(results[0], other)

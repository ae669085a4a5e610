"""Awkward operands give the right result or NumPy's error; nothing is written outside out."""

import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import gelu, gelu_backward


@pytest.fixture
def x(rng):
    return rng.normal(0, 2, 5003).astype(np.float32)


def test_wrong_shape_of_out(x):
    with pytest.raises(ValueError, match="broadcast"):
        gelu(x, out=np.empty(7, np.float32))


def test_read_only_out(x):
    out = np.empty_like(x)
    out.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        gelu(x, out=out)


@pytest.mark.parametrize("shift", [1, -1, 3, 64])
def test_overlap_of_in_and_out(x, shift, isa):
    expected = gelu(x)
    memory = np.zeros(len(x) + 200, np.float32)
    source = memory[100 : 100 + len(x)]
    source[:] = x
    target = memory[100 + shift : 100 + shift + len(x)]
    gelu(source, out=target)
    np.testing.assert_array_equal(target, expected)


def test_reversed_overlap(x, isa):
    expected = gelu(x)
    gelu(x, out=x[::-1])
    np.testing.assert_array_equal(x[::-1], expected)


def test_grad_overlaps_out(x, isa):
    expected = gelu_backward(x[1:], x[:-1])
    gelu_backward(x[1:], x[:-1].copy(), out=x[:-1])
    np.testing.assert_array_equal(x[:-1], expected)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_unaligned(dtype, rng, isa):
    x = rng.normal(size=1001).astype(dtype)
    memory = np.zeros(1001 * x.itemsize + 1, np.uint8)
    unaligned = memory[1:].view(dtype)
    unaligned[:] = x
    out = np.zeros(1001 * x.itemsize + 1, np.uint8)[1:].view(dtype)
    np.testing.assert_array_equal(gelu(unaligned, out=out), gelu(x))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_byte_swapped(dtype, rng, isa):
    x = rng.normal(size=1001).astype(dtype)
    swapped = x.astype(x.dtype.newbyteorder())
    np.testing.assert_array_equal(gelu(swapped), gelu(x))
    out = np.empty_like(swapped)
    gelu(x, out=out)
    np.testing.assert_array_equal(out, gelu(x))


def test_fields_of_a_structured_array(rng, isa):
    records = np.zeros(777, [("a", "i1"), ("x", "f4"), ("b", "f8")])
    records["x"] = rng.normal(size=777)
    np.testing.assert_array_equal(gelu(records["x"]), gelu(records["x"].copy()))


def test_layouts(rng, isa):
    a = rng.normal(size=(17, 33, 9)).astype(np.float32)
    expected = gelu(a)
    np.testing.assert_array_equal(gelu(np.asfortranarray(a)), expected)
    np.testing.assert_array_equal(gelu(a.transpose(2, 0, 1)), expected.transpose(2, 0, 1))
    np.testing.assert_array_equal(gelu(a[:, ::-2, 1:7]), expected[:, ::-2, 1:7])
    np.testing.assert_array_equal(gelu(np.broadcast_to(a[0, 0], (50, 9))), [expected[0, 0]] * 50)
    out = np.zeros((17, 40, 9), np.float32)
    gelu(a, out=out[:, 4:37])
    np.testing.assert_array_equal(out[:, 4:37], expected)
    assert not out[:, :4].any()
    assert not out[:, 37:].any()


def test_masked_selection(x, isa):
    mask = x > 0.5
    np.testing.assert_array_equal(gelu(x[mask]), gelu(x)[mask])


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("name", oracle.ORACLE)
def test_nothing_written_outside_out(name, dtype, isa, rng):
    function = getattr(gelu_fast, name)
    for length in (0, 1, 3, 7, 8, 15, 16, 31, 64, 100):
        memory = np.full((function.nout, length + 128), 77, dtype)
        arguments = [rng.normal(size=length).astype(dtype) for _ in range(function.nin)]
        function(*arguments, out=tuple(memory[:, 64 : 64 + length]))
        assert np.all(memory[:, :64] == 77)
        assert np.all(memory[:, 64 + length :] == 77)


def test_empty():
    assert gelu(np.empty((0, 3), np.float32)).shape == (0, 3)
    assert gelu_backward(np.empty((4, 0)), np.empty((1, 0))).shape == (4, 0)

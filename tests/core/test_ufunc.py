"""The functions are ufuncs in every respect."""

import copy
import pickle

import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import gelu, gelu_backward, gelu_grad


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_type_and_loops(name):
    function = getattr(gelu_fast, name)
    assert type(function) is np.ufunc
    assert function.__name__ == name
    assert function.types[:3] == [
        f"{letter * function.nin}->{letter * function.nout}" for letter in "efd"
    ]


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_pickles_by_name(name):
    function = getattr(gelu_fast, name)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(function, protocol)) is function
    assert copy.deepcopy(function) is function


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_docstring(name):
    text = getattr(gelu_fast, name).__doc__
    for part in ("Parameters", "Returns", "Raises", "Accuracy", "ULP", "bfloat16", "1606.08415"):
        assert part in text
    assert max(map(len, text.splitlines()[1:])) <= 100


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_promotion_is_that_of_exp(name):
    function = getattr(gelu_fast, name)
    for dtype in ("?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d"):
        x = np.ones(3, dtype)
        results = np.stack([function(*[x] * function.nin)])
        assert results.dtype == np.exp(x).dtype, dtype
    for value, dtype in ((1, np.float64), (2.0, np.float64), (np.float32(1), np.float32)):
        results = function(*[value] * function.nin)
        assert np.stack([results]).dtype == dtype
        assert not isinstance(results, np.ndarray)


@pytest.mark.parametrize("name", oracle.ORACLE)
@pytest.mark.parametrize(
    "bad", [1j, np.complex64(1), object(), "text", b"text", np.datetime64("2020")]
)
def test_other_types_are_refused(name, bad):
    function = getattr(gelu_fast, name)
    with pytest.raises(TypeError, match="ufunc"):
        function(*[bad] * function.nin)


def test_mixed_dtypes_promote():
    x16, x64 = np.ones(2, np.float16), np.ones(2)
    assert gelu_backward(x16, x64).dtype == np.float64
    assert gelu_backward(x16, np.ones(2, np.float32)).dtype == np.float32
    assert gelu_backward(x16, 1.0).dtype == np.float16


def test_out_is_returned_and_filled():
    x = np.linspace(-3, 3, 7)
    out = np.empty(7)
    assert gelu(x, out=out) is out
    assert gelu(x, out) is out
    assert gelu(x, out=(out,)) is out
    np.testing.assert_array_equal(out, gelu(x))


def test_in_place():
    x = np.linspace(-3, 3, 1001, dtype=np.float32)
    expected = gelu(x)
    gelu(x, out=x)
    np.testing.assert_array_equal(x, expected)
    g, x = np.linspace(1, 2, 1001), np.linspace(-3, 3, 1001)
    expected = gelu_backward(g, x)
    for target in (g, x):
        arguments = [g.copy(), x.copy()]
        which = 0 if target is g else 1
        gelu_backward(*arguments, out=arguments[which])
        np.testing.assert_array_equal(arguments[which], expected)


def test_where_leaves_the_rest():
    x = np.linspace(-3, 3, 1000)
    mask = np.arange(1000) % 7 < 3
    out = np.full(1000, 9.0)
    gelu(x, out=out, where=mask)
    np.testing.assert_array_equal(out, np.where(mask, gelu(x), 9.0))


def test_dtype_and_casting():
    x = np.linspace(-3, 3, 50)
    y = gelu(x, dtype=np.float32)
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, gelu(x.astype(np.float32)))
    assert gelu(np.arange(5), dtype="f").dtype == np.float32
    with pytest.raises(TypeError, match="cast"):
        gelu(x, dtype=np.float32, casting="safe")
    out = np.empty(50, np.float16)
    gelu(x, out=out)
    np.testing.assert_array_equal(out, gelu(x).astype(np.float16))
    with pytest.raises(TypeError, match="cast"):
        gelu(x, out=np.empty(50, int))


def test_unknown_keyword_is_refused():
    with pytest.raises(TypeError, match="approximate"):
        gelu(1.0, approximate="tanh")


def test_broadcasting():
    grad, x = np.arange(4.0)[:, None], np.linspace(-1, 1, 5)
    y = gelu_backward(grad, x)
    assert y.shape == (4, 5)
    np.testing.assert_array_equal(y, np.broadcast_to(grad, (4, 5)) * gelu_grad(x))
    with pytest.raises(ValueError, match="broadcast"):
        gelu_backward(np.ones(3), np.ones(4))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0, 2), (2, 3, 4)])
def test_shapes(shape, rng):
    x = np.asarray(rng.normal(size=shape))
    y = gelu(x)
    assert np.shape(y) == shape
    np.testing.assert_array_equal(np.ravel(y), gelu(x.ravel()))


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
def test_order(order, rng):
    x = np.asfortranarray(rng.normal(size=(30, 40)))
    y = gelu(x, order=order)
    assert y.flags["C_CONTIGUOUS" if order == "C" else "F_CONTIGUOUS"]
    np.testing.assert_array_equal(y, gelu(np.ascontiguousarray(x)))


def test_subclass_and_array_ufunc():
    class Meters(np.ndarray):
        pass

    class Recorder:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return ufunc, method

    assert type(gelu(np.ones(3).view(Meters))) is Meters
    assert gelu(Recorder()) == (gelu, "__call__")
    masked = gelu(np.ma.array([1.0, -1.0], mask=[False, True]))
    assert masked.mask.tolist() == [False, True]


def test_outer_and_at():
    x = np.linspace(-1, 1, 3)
    np.testing.assert_array_equal(gelu_backward.outer(x, x), gelu_backward(x[:, None], x))
    a = np.linspace(-1, 1, 6)
    expected = a.copy()
    expected[[1, 3]] = gelu(expected[[1, 3]])
    expected[1] = gelu(expected[1])
    gelu.at(a, [1, 3, 1])
    np.testing.assert_array_equal(a, expected)


def test_reduce_and_accumulate_go_element_by_element(isa, rng):
    a = rng.normal(0, 1, 600)
    running = [a[0]]
    for value in a[1:]:
        running.append(gelu_backward(running[-1], value))
    np.testing.assert_array_equal(gelu_backward.accumulate(a), running)
    assert gelu_backward.reduce(a) == running[-1]
    np.testing.assert_array_equal(
        gelu_backward.reduceat(a, [0, 300]), [running[299], gelu_backward.reduce(a[300:])]
    )

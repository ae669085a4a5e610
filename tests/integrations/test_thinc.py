"""A thinc Ops subclass with gelu_fast's functions: docs/integrations/thinc.md."""

import numpy as np
import pytest

import gelu_fast

thinc = pytest.importorskip("thinc.api")


@thinc.registry.ops("GeluFastOps")
class GeluFastOps(thinc.NumpyOps):
    name = "gelu_fast"

    def gelu(self, X, inplace=False):  # noqa: N803
        return gelu_fast.gelu(X, out=X if inplace else None)

    def backprop_gelu(self, dY, X, inplace=False):  # noqa: N803
        return gelu_fast.gelu_backward(dY, X, out=dY if inplace else None)

    def gelu_approx(self, X, inplace=False):  # noqa: N803
        return gelu_fast.gelu_tanh(X, out=X if inplace else None)

    def backprop_gelu_approx(self, dY, X, inplace=False):  # noqa: N803
        return gelu_fast.gelu_tanh_backward(dY, X, out=dY if inplace else None)


@pytest.fixture
def ops():
    return thinc.get_ops("gelu_fast")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("inplace", [False, True])
def test_against_numpy_ops(ops, dtype, inplace, rng):
    """The tolerance allows for thinc's erf, a polynomial with an error of at least 1.5e-7."""
    x, grad = (4 * rng.standard_normal((2, 30, 20))).astype(dtype)
    theirs = thinc.get_ops("numpy")
    for name in ("gelu", "gelu_approx"):
        expected = getattr(theirs, name)(x)
        given = x.copy()
        result = getattr(ops, name)(given, inplace=inplace)
        assert (result is given) == inplace
        np.testing.assert_allclose(result, expected, rtol=0, atol=3e-6, strict=True)
        expected = getattr(theirs, f"backprop_{name}")(grad, x)
        given = grad.copy()
        result = getattr(ops, f"backprop_{name}")(given, x, inplace=inplace)
        assert (result is given) == inplace
        np.testing.assert_allclose(result, expected, rtol=0, atol=3e-5, strict=True)


def test_layers(rng):
    """A network of thinc's Gelu layers calls these functions, and learns."""
    thinc.fix_random_seed(3)
    x = rng.standard_normal((64, 2)).astype(np.float32)
    labels = (x[:, :1] * x[:, 1:] > 0).astype(np.float32)
    with thinc.use_ops("gelu_fast"):
        model = thinc.chain(thinc.Gelu(32), thinc.Gelu(32), thinc.Linear(1))
        model.initialize(x, labels)
    assert all(type(layer.ops) is GeluFastOps for layer in model.walk())

    first = model.layers[0]
    before = x @ first.get_param("W").T + first.get_param("b")
    np.testing.assert_allclose(first.predict(x), gelu_fast.gelu(before), rtol=1e-5, atol=1e-6)

    optimizer = thinc.Adam(0.01)
    losses = []
    for _ in range(200):
        y, backprop = model.begin_update(x)
        losses.append(float(np.square(y - labels).mean()))
        backprop(2 * (y - labels) / len(x))
        model.finish_update(optimizer)
    assert losses[-1] < 0.2 * losses[0]

    y, backprop = model.begin_update(x)
    dx = backprop(np.ones_like(y))
    step = np.float32(1e-2) * rng.standard_normal(x.shape).astype(np.float32)
    change = (model.predict(x + step) - model.predict(x - step)).sum() / 2
    # The sum cancels: its size says nothing about the quotient's error, that of its terms does.
    scale = np.abs(dx * step).sum()
    np.testing.assert_allclose((dx * step).sum(), change, rtol=0, atol=1e-2 * scale)


def test_shapes_that_do_not_match(ops):
    with pytest.raises(ValueError, match="broadcast"):
        ops.backprop_gelu(np.zeros(10, np.float32), np.zeros(5, np.float32))

"""A NumPy training step of a feed-forward block against PyTorch, JAX and difference quotients."""

import numpy as np
import pytest

from gelu_fast import GEGLU, BiasGELU, gelu_backward, gelu_double_backward, gelu_grad2, split_geglu
from gelu_fast._ufuncs import form

FORMS = ["none", "tanh", "quick"]
ROWS, WIDTH, HIDDEN = 24, 16, 40


def weights(rng, dtype):
    shapes = {"x": (ROWS, WIDTH), "w1": (WIDTH, HIDDEN), "b1": (HIDDEN,), "w2": (HIDDEN, WIDTH),
              "b2": (WIDTH,), "target": (ROWS, WIDTH)}  # fmt: skip
    return {name: rng.normal(0, 0.5, shape).astype(dtype) for name, shape in shapes.items()}


def step(p, approximate):
    """Return a two-layer block's loss, and its gradients by hand-written backpropagation."""
    layer = BiasGELU(approximate)
    hidden = layer(p["x"] @ p["w1"], p["b1"])
    error = hidden @ p["w2"] + p["b2"] - p["target"]
    dy = 2 * error / error.size
    dz, db1 = layer.backward(dy @ p["w2"].T)
    gradients = {
        "w1": p["x"].T @ dz,
        "b1": db1,
        "w2": hidden.T @ dy,
        "b2": dy.sum(axis=0),
        "x": dz @ p["w1"].T,
    }
    return (error**2).mean(), gradients


def relative_error(a, b):
    return np.abs(np.asarray(a) - np.asarray(b)).max() / np.abs(np.asarray(b)).max()


@pytest.mark.parametrize("approximate", FORMS)
def test_against_differences(approximate, rng):
    p = weights(rng, np.float64)
    _, gradients = step(p, approximate)
    for name, gradient in gradients.items():
        direction = rng.normal(size=p[name].shape)
        # Richardson extrapolation of central differences: a fourth-order error.
        slopes = []
        for h in (1e-3, 5e-4):
            ends = [step({**p, name: p[name] + s * h * direction}, approximate)[0] for s in (1, -1)]
            slopes.append((ends[0] - ends[1]) / (2 * h))
        slope = (4 * slopes[1] - slopes[0]) / 3
        assert abs((gradient * direction).sum() - slope) <= 1e-8 * max(1, abs(slope)), name


@pytest.mark.parametrize("approximate", FORMS)
def test_against_pytorch(approximate, rng):
    torch = pytest.importorskip("torch")
    p = weights(rng, np.float32)
    loss, gradients = step(p, approximate)
    t = {name: torch.tensor(array, requires_grad=True) for name, array in p.items()}
    z = t["x"] @ t["w1"] + t["b1"]
    if approximate == "quick":
        hidden = z * torch.sigmoid(1.702 * z)
    else:
        hidden = torch.nn.functional.gelu(z, approximate=approximate)
    expected = ((hidden @ t["w2"] + t["b2"] - t["target"]) ** 2).mean()
    expected.backward()
    assert abs(loss - expected.item()) <= 1e-5 * abs(loss)
    for name, gradient in gradients.items():
        assert relative_error(gradient, t[name].grad.numpy()) <= 1e-5, name


@pytest.mark.parametrize("approximate", FORMS)
def test_against_jax(approximate, rng):
    jax = pytest.importorskip("jax")
    p = weights(rng, np.float32)
    loss, gradients = step(p, approximate)

    def activation(z):
        if approximate == "quick":
            return z * jax.nn.sigmoid(1.702 * z)
        return jax.nn.gelu(z, approximate=approximate == "tanh")

    def jax_loss(q):
        error = activation(q["x"] @ q["w1"] + q["b1"]) @ q["w2"] + q["b2"] - q["target"]
        return (error**2).mean()

    expected, expected_gradients = jax.value_and_grad(jax_loss)(p)
    assert abs(loss - float(expected)) <= 1e-5 * abs(loss)
    for name, gradient in gradients.items():
        assert relative_error(gradient, expected_gradients[name]) <= 1e-5, name


@pytest.mark.parametrize("approximate", FORMS)
def test_geglu_against_differences(approximate, rng):
    gate, up, grad = rng.normal(size=(3, 5, 7))
    layer = GEGLU(approximate)
    layer(gate, up)
    found = layer.backward(grad)
    h = 1e-5
    for k, gradient in enumerate(found):
        moved = [[gate, up], [gate, up]]
        for sign, inputs in zip((1, -1), moved, strict=True):
            inputs[k] = inputs[k] + sign * h
        difference = (GEGLU(approximate)(*moved[0]) - GEGLU(approximate)(*moved[1])) / (2 * h)
        np.testing.assert_allclose(gradient, grad * difference, rtol=0, atol=1e-8)


def test_double_backward_is_the_derivative_of_backward(rng):
    x, grad, grad_grad = rng.normal(size=(3, 1000))
    h = 1e-5
    difference = (gelu_backward(grad, x + h) - gelu_backward(grad, x - h)) / (2 * h)
    second = gelu_double_backward(grad_grad, grad, x)
    np.testing.assert_allclose(second, grad_grad * difference, rtol=0, atol=1e-8)
    np.testing.assert_array_equal(second, grad_grad * grad * gelu_grad2(x))


@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_double_backward_against_pytorch(approximate, rng):
    torch = pytest.importorskip("torch")
    x, grad, grad_grad = rng.normal(size=(3, 200))
    t = torch.tensor(x, requires_grad=True)
    g = torch.tensor(grad, requires_grad=True)
    y = torch.nn.functional.gelu(t, approximate=approximate)
    (dx,) = torch.autograd.grad(y, t, g, create_graph=True)
    dgrad, ddx = torch.autograd.grad(dx, (g, t), torch.tensor(grad_grad))
    np.testing.assert_allclose(
        form(approximate, "gelu_double_backward")(grad_grad, grad, x), ddx.numpy(), atol=1e-13
    )
    np.testing.assert_allclose(
        form(approximate, "gelu_backward")(grad_grad, x), dgrad.numpy(), atol=1e-13
    )


def test_bias_gradient_is_summed_accurately():
    """Summing row by row in float32 would lose three digits here."""
    rows = 100_000
    layer = BiasGELU()
    layer(np.zeros((rows, 3), np.float32), np.float32([5, 5, 5]))
    dx, dbias = layer.backward(np.full((rows, 3), 0.1, np.float32))
    assert dbias.dtype == np.float32
    np.testing.assert_allclose(dbias, rows * dx[0].astype(np.float64), rtol=6e-8)
    naive = np.cumsum(dx[:, 0])[-1]
    assert abs(naive - rows * float(dx[0, 0])) > 1e-5 * naive


@pytest.mark.parametrize("shape", [(3,), (4, 3), (1, 3), ()])
def test_out_of_bias_gradients(shape, rng):
    layer = BiasGELU("tanh")
    layer(rng.normal(size=(2, 4, 3)).astype(np.float32), rng.normal(size=shape).astype(np.float32))
    grad = rng.normal(size=(2, 4, 3)).astype(np.float32)
    expected = layer.backward(grad)
    assert expected[1].shape == shape
    out = np.empty((2, 4, 3), np.float32), np.empty(shape, np.float32)
    for found, target, right in zip(layer.backward(grad, out=out), out, expected, strict=True):
        assert found is target
        np.testing.assert_array_equal(found, right)
    assert layer.backward(grad, out=grad)[0] is grad
    np.testing.assert_array_equal(grad, expected[0])


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("gate", ["first", "last"])
def test_split_geglu(gate, axis, rng):
    x = rng.normal(size=(6, 8, 10)).astype(np.float32)
    halves = np.split(x, 2, axis=axis)
    first, second = halves if gate == "first" else halves[::-1]
    expected = GEGLU("tanh")(first, second)
    result = split_geglu(x, axis=axis, gate=gate, approximate="tanh")
    np.testing.assert_array_equal(result, expected)
    out = np.empty_like(expected)
    assert split_geglu(x, axis=axis, gate=gate, approximate="tanh", out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_split_geglu_wrong_arguments():
    with pytest.raises(ValueError, match="'first' or 'last'"):
        split_geglu(np.ones(4), gate="second")
    with pytest.raises(ValueError, match="3 elements"):
        split_geglu(np.ones((2, 3)))
    with pytest.raises(ValueError, match="axis 2 does not exist"):
        split_geglu(np.ones((2, 4)), axis=2)
    with pytest.raises(ValueError, match="axis -1 does not exist"):
        split_geglu(1.0)
    with pytest.raises(ValueError, match="'none', 'tanh' or 'quick'"):
        split_geglu(np.ones(4), approximate="erf")


def test_backward_needs_inputs_that_are_still_there():
    layer = BiasGELU()
    with pytest.raises(RuntimeError, match="needs the input"):
        layer.backward(np.ones(3))
    x = np.ones((2, 3))
    layer(x, np.ones(3), out=x)
    with pytest.raises(RuntimeError, match="out= overwrote"):
        layer.backward(np.ones((2, 3)))

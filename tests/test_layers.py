import numpy as np
import pytest

import gelu_fast
from gelu_fast import GELU

FORMS = {"none": "gelu", "tanh": "gelu_tanh", "quick": "gelu_quick"}


@pytest.mark.parametrize(("approximate", "name"), FORMS.items())
def test_forward_and_backward(approximate, name, rng):
    layer = GELU(approximate)
    x, grad = rng.normal(size=(2, 5, 7)).astype(np.float32)
    np.testing.assert_array_equal(layer(x), getattr(gelu_fast, name)(x))
    np.testing.assert_array_equal(
        layer.backward(grad), getattr(gelu_fast, f"{name}_backward")(grad, x)
    )
    assert repr(layer) == f"GELU(approximate={approximate!r})"


def test_default_is_exact():
    assert GELU().approximate == "none"


@pytest.mark.parametrize("approximate", ["exact", "TANH", "", None, 1, ["tanh"]])
def test_wrong_approximate_names_the_three(approximate):
    with pytest.raises(ValueError, match=r"'none', 'tanh' or 'quick'"):
        GELU(approximate=approximate)


def test_out(rng):
    x = rng.normal(size=10)
    out, grad = np.empty(10), np.ones(10)
    layer = GELU()
    assert layer(x, out=out) is out
    assert layer.backward(grad, out=grad) is grad
    np.testing.assert_array_equal(grad, gelu_fast.gelu_grad(x))


def test_backward_numerically(rng):
    x = rng.normal(size=100)
    for approximate in FORMS:
        layer = GELU(approximate)
        numerical = (layer(x + 1e-6) - layer(x - 1e-6)) / 2e-6
        layer(x)
        np.testing.assert_allclose(layer.backward(np.ones(100)), numerical, atol=1e-9)


def test_backward_needs_an_input(rng):
    layer = GELU()
    with pytest.raises(RuntimeError, match="needs the input"):
        layer.backward(1.0)
    x = rng.normal(size=10)
    layer(x, out=x)
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(1.0)

import ml_dtypes
import numpy as np
import pytest

import gelu_fast
from gelu_fast import GEGLU, GELU, BiasGELU, split_geglu

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


def test_approximate_is_fixed():
    """The form is chosen at construction."""
    layer = GELU()
    with pytest.raises(AttributeError):
        layer.approximate = "tanh"


LAYERS = [(GELU, 1), (BiasGELU, 2), (GEGLU, 2)]


@pytest.mark.parametrize(("kind", "count"), LAYERS)
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("spell", [lambda y: y, lambda y: (y,)])
def test_out_over_an_input_is_noticed_in_every_spelling(kind, count, which, spell, rng):
    inputs = [*rng.normal(size=(count, 4, 5))]
    layer, target = kind(), inputs[which % count]
    expected = layer(*[x.copy() for x in inputs])
    assert layer(*inputs, out=spell(target)) is target
    np.testing.assert_array_equal(target, expected)
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(np.ones((4, 5)))


@pytest.mark.parametrize(("kind", "count"), LAYERS)
def test_out_beside_the_inputs_leaves_them(kind, count, rng):
    """The memory ranges overlap, but no elements do."""
    buffer = rng.normal(size=(4, 10))
    inputs, out = [buffer[:, :5]] * count, buffer[:, 5:]
    layer, other = kind(), kind()
    assert layer(*inputs, out=out) is out
    np.testing.assert_array_equal(out, other(*inputs))
    grad = np.ones((4, 5))
    np.testing.assert_array_equal(layer.backward(grad), other.backward(grad))


@pytest.mark.parametrize(("kind", "count"), LAYERS)
def test_backward_over_an_input_is_noticed(kind, count, rng):
    inputs = [*rng.normal(size=(count, 4, 5))]
    layer, grad = kind(), np.ones((4, 5))
    layer(*inputs)
    layer.backward(grad, out=(*inputs,))
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(grad)


def test_out_that_is_no_array_is_refused():
    x = np.ones((2, 4))
    for layer, wrong in (
        (GEGLU(), np.empty((2, 4))),
        (BiasGELU(), (None,)),
        (GELU(), (None, None)),
    ):
        layer(x) if type(layer) is GELU else layer(x, x)
        with pytest.raises(TypeError, match="tuple of"):
            layer.backward(np.ones((2, 4)), out=wrong)
    for wrong in ([np.empty((2, 2))], (None, None), "out"):
        with pytest.raises(TypeError, match="out is an array"):
            split_geglu(x, out=wrong)
    out = np.empty((2, 2))
    assert split_geglu(x, out=(out,)) is out
    np.testing.assert_array_equal(out, split_geglu(x))
    with pytest.raises(TypeError, match="axis is an integer, not None"):
        split_geglu(x, axis=None)


SHAPES = [
    [(4, 3), (3,)], [(3,), (4, 3)], [(3,), (2, 1, 3)], [(2, 1, 3), (4, 3)], [(4, 3), ()],
    [(3,), (3,)], [(1, 3), (4, 3)],
]  # fmt: skip


@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("kind", [BiasGELU, GEGLU])
def test_gradients_have_the_shapes_of_their_operands(kind, shapes, rng):
    """Compare with difference quotients, also where x or gate is broadcast."""
    inputs = [rng.normal(size=shape) for shape in shapes]
    layer = kind("tanh")
    grad = rng.normal(size=layer(*inputs).shape)
    gradients = layer.backward(grad)
    out = tuple(np.empty(shape) for shape in shapes)
    filled = layer.backward(grad, out=out)
    for k, shape in enumerate(shapes):
        assert gradients[k].shape == shape
        assert filled[k] is out[k]
        np.testing.assert_array_equal(out[k], gradients[k])
        direction, ends = rng.normal(size=shape), []
        for h in (1e-6, -1e-6):
            moved = [x + h * direction if i == k else x for i, x in enumerate(inputs)]
            ends.append((kind("tanh")(*moved) * grad).sum())
        difference = (ends[0] - ends[1]) / 2e-6
        assert (gradients[k] * direction).sum() == pytest.approx(difference, rel=1e-6, abs=1e-8)


def test_gradient_of_what_grad_is_broadcast_over():
    layer = GELU()
    x = np.array([0.5, -1, 2])
    layer(x)
    dx = layer.backward(np.ones((4, 3)))
    np.testing.assert_allclose(dx, 4 * gelu_fast.gelu_grad(x), rtol=1e-15)


@pytest.mark.parametrize("dtype", [bool, np.int8, np.int64, np.uint16])
def test_gradients_of_integers_are_floating(dtype):
    layer = BiasGELU()
    bias = np.array([0, 1], dtype)
    layer(np.zeros((4, 2)), bias)
    _, dbias = layer.backward(np.ones((4, 2)))
    assert dbias.dtype == np.float64
    np.testing.assert_allclose(dbias, 4 * gelu_fast.gelu_grad(np.array([0.0, 1.0])))
    layer = GEGLU()
    layer(bias, np.full((4, 2), 0.5, np.float32))
    dgate, _ = layer.backward(np.ones((4, 2), np.float32))
    assert dgate.dtype.kind == "f"
    assert dgate.shape == (2,)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_sums_are_of_their_operands_dtype_and_no_part_of_another(dtype):
    layer = BiasGELU()
    x, bias = np.zeros((2, 3), dtype), np.zeros((2, 3), dtype)
    layer(x, bias)
    dx, dbias = layer.backward(np.ones((2, 3), dtype))
    assert dx.dtype == dbias.dtype == dtype
    assert not np.shares_memory(dx, dbias)
    layer(x, bias[0])
    assert layer.backward(np.ones((2, 3), dtype))[1].dtype == dtype


def test_a_number_as_operand_promotes_as_in_a_ufunc():
    x = np.ones((2, 3), np.float32)
    for layer, operands in ((BiasGELU(), (x, 1.0)), (BiasGELU(), (1.0, x)), (GEGLU(), (x, 2))):
        assert layer(*operands).dtype == np.float32
        gradients = layer.backward(x)
        assert [g.shape for g in gradients] == [np.shape(operand) for operand in operands]
        assert {g.dtype for g in gradients} == {np.dtype(np.float32)}


def test_out_of_another_shape_is_refused():
    layer = BiasGELU()
    layer(np.ones(3), np.ones((4, 3)))
    for wrong in ((4, 3), (2, 3), ()):
        with pytest.raises(ValueError, match="out has shape"):
            layer.backward(np.ones((4, 3)), out=(np.empty(wrong), None))
    out = np.empty(3)
    assert layer.backward(np.ones(3), out=(out, None))[0] is out
    np.testing.assert_array_equal(out, layer.backward(np.ones(3))[0])


def test_an_input_that_a_failing_call_overwrote_is_forgotten():
    layer, x = GELU(), np.array([1.0, 2.0])
    layer(x)
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        layer.backward(np.full(2, 1.7e308), out=x)
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(np.ones(2))
    layer, x, bias = BiasGELU(), np.ones(3), np.ones(3)
    layer(x, bias)
    with pytest.raises(TypeError):
        layer.backward(np.ones(3), out=(x, np.empty(3, "i4")))
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(np.ones(3))

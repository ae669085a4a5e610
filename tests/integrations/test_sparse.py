"""Arrays of the sparse package: gelu(0) = 0 keeps them sparse; other fill values are mapped."""

import numpy as np
import pytest

import gelu_fast

sparse = pytest.importorskip("sparse")

UFUNCS = {name: f for name, f in vars(gelu_fast).items() if isinstance(f, np.ufunc)}
UNARY = [name for name, f in UFUNCS.items() if f.signature is None and f.nin == 1]


@pytest.fixture
def dense(rng):
    x = 4 * rng.standard_normal((20, 30), dtype=np.float32)
    x[rng.random(x.shape) > 0.1] = 0
    return x


@pytest.mark.parametrize("kind", ["COO", "GCXS", "DOK"])
@pytest.mark.parametrize("name", UNARY)
def test_unary(name, kind, dense):
    x = getattr(sparse, kind).from_numpy(dense)
    result = UFUNCS[name](x)
    assert type(result) is type(x)
    assert result.dtype == np.float32
    assert result.nnz == x.nnz
    assert result.fill_value == UFUNCS[name](np.float32(0))
    np.testing.assert_array_equal(result.todense(), UFUNCS[name](dense))


def test_fill_value():
    assert gelu_fast.gelu(sparse.COO.from_numpy(np.zeros(3))).fill_value == 0
    assert gelu_fast.gelu_grad(sparse.COO.from_numpy(np.zeros(3))).fill_value == 0.5
    assert gelu_fast.gelu(sparse.full((2, 2), 3.0)).fill_value == gelu_fast.gelu(3.0)


def test_backward(dense):
    """A sparse gradient stays sparse; a dense gradient gives a dense result."""
    x = sparse.COO.from_numpy(dense)
    grad = np.linspace(-1, 1, dense.size, dtype=np.float32).reshape(dense.shape)
    result = gelu_fast.gelu_backward(sparse.COO.from_numpy(grad * (dense > 0)), x)
    assert isinstance(result, sparse.COO)
    expected = gelu_fast.gelu_backward(grad * (dense > 0), dense)
    np.testing.assert_array_equal(result.todense(), expected)
    result = gelu_fast.gelu_backward(grad, x)
    assert isinstance(result, np.ndarray)
    np.testing.assert_array_equal(result, gelu_fast.gelu_backward(grad, dense))


def test_in_place(dense):
    x = sparse.COO.from_numpy(dense)
    assert gelu_fast.gelu(x, out=x) is x
    np.testing.assert_array_equal(x.todense(), gelu_fast.gelu(dense))


def test_fused_raise(dense):
    x = sparse.COO.from_numpy(dense)
    for ufunc in (gelu_fast.geglu, gelu_fast.gelu_value_and_grad):
        with pytest.raises(TypeError, match="NotImplemented"):
            ufunc(*[x] * ufunc.nin)


def test_scipy(dense):
    """SciPy's sparse arrays do not support ufuncs, but their data is a NumPy array."""
    x = pytest.importorskip("scipy.sparse").csr_array(dense)
    with pytest.raises(TypeError, match="not supported for the input types"):
        gelu_fast.gelu(x)
    gelu_fast.gelu(x.data, out=x.data)
    np.testing.assert_array_equal(x.toarray(), gelu_fast.gelu(dense))

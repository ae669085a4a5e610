"""Fused functions: compared with their parts, over rows in every layout, and without copies."""

import sys
import tracemalloc

import ml_dtypes
import numpy as np
import oracle
import pytest
from scipy.special import erfc

import gelu_fast
from gelu_fast._bench import reference
from gelu_fast._ufuncs import form

try:
    import resource
except ImportError:
    resource = None

WIDE = [np.float32, np.float64]
NARROW = [np.float16, ml_dtypes.bfloat16]
FORMS = ["none", "tanh", "quick"]
REFERENCES = reference.references(erfc)
SPECIALS = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-6, -30.0, 30.0]


def operands(count, dtype, rng, shape=(37, 129)):
    arrays = [rng.normal(0, 2, shape).astype(dtype) for _ in range(count)]
    for k, array in enumerate(arrays):
        array[:, k * 8 : k * 8 + 8] = SPECIALS
    return arrays


def assert_same(a, b):
    np.testing.assert_array_equal(np.asarray(a, np.float64), np.asarray(b, np.float64))


@pytest.mark.parametrize("dtype", WIDE)
@pytest.mark.parametrize("approximate", FORMS)
def test_wide_dtypes_equal_their_parts_bit_by_bit(approximate, dtype, isa, rng):
    a, b, c = operands(3, dtype, rng)
    value, grad, backward = (
        form(approximate, name) for name in ("gelu", "gelu_grad", "gelu_backward")
    )
    with np.errstate(all="ignore"):
        assert_same(form(approximate, "bias_gelu")(a, b), value(a + b))
        assert_same(form(approximate, "bias_gelu_backward")(a, b, c), backward(a, b + c))
        assert_same(form(approximate, "geglu")(a, b), value(a) * b)
        dgate, dup = form(approximate, "geglu_backward")(a, b, c)
        assert_same(dup, a * value(b))
        y, slope = form(approximate, "gelu_value_and_grad")(b)
        assert_same(y, value(b))
        assert_same(dgate, a * c * slope)
        second = form(approximate, "gelu_grad2")(c)
        assert_same(form(approximate, "gelu_double_backward")(a, b, c), a * b * second)
    if approximate == "none":
        assert_same(slope, grad(b))


@pytest.mark.parametrize("dtype", WIDE)
@pytest.mark.parametrize("approximate", FORMS)
def test_grad_beside_the_value_is_accurate(approximate, dtype, isa, rng):
    name = form(approximate, "gelu_grad").__name__
    (root,) = oracle.roots(name)
    x = np.concatenate([rng.normal(0, 3, 300), float(root) + rng.normal(0, 1e-5, 50)]).astype(dtype)
    _, slope = form(approximate, "gelu_value_and_grad")(x)
    bits = oracle.FORMATS[np.dtype(dtype).name]
    errors = [
        oracle.ulp_error(float(d), oracle.exact(name, float(t)), *bits)
        for t, d in zip(x, slope, strict=True)
    ]
    both = name.replace("_grad", "_value_and_grad")
    assert max(errors) <= reference.ulp_bound(both, np.dtype(dtype).name)


@pytest.mark.parametrize("approximate", FORMS)
def test_second_derivative_special_values(approximate, isa):
    second = form(approximate, "gelu_grad2")
    with np.errstate(all="raise"):
        y = second(np.float32([np.inf, -np.inf, np.nan, 3e38, 0.0, -0.0]))
    np.testing.assert_array_equal(y[[0, 1, 3]], 0)
    assert np.isnan(y[2])
    assert y[4] == y[5] > 0.79
    x = np.linspace(0, 20, 10_001, dtype=np.float32)
    assert_same(second(x), second(-x))


@pytest.mark.parametrize("dtype", NARROW)
@pytest.mark.parametrize("approximate", FORMS)
def test_narrow_dtypes_are_rounded_once(approximate, dtype, isa, rng):
    """Fused results are more accurate than those of one call per operation."""
    a, b, c = (rng.normal(0, 2, 20_000).astype(dtype) for _ in range(3))
    exact_value = REFERENCES[form(approximate, "gelu").__name__]
    exact_grad = REFERENCES[form(approximate, "gelu_grad").__name__]
    value, backward = (form(approximate, name) for name in ("gelu", "gelu_backward"))
    wide_a, wide_b, wide_c = (array.astype(np.float64) for array in (a, b, c))
    bits = oracle.FORMATS[np.dtype(dtype).name]
    cases = {
        "bias_gelu": ((a, b), value(a + b), exact_value(wide_a + wide_b)),
        "bias_gelu_backward": (
            (a, b, c),
            backward(a, b + c),
            wide_a * exact_grad(wide_b + wide_c),
        ),
        "geglu": ((a, b), value(a) * b, exact_value(wide_a) * wide_b),
    }
    for name, (inputs, unfused, exact) in cases.items():
        fused = form(approximate, name)(*inputs)
        error, unfused_error = (reference.ulp_error(y, exact, *bits) for y in (fused, unfused))
        # Next to the derivative's root, the rounding of the float32 sum is visible.
        assert np.quantile(error, 0.999) <= 0.51, name
        assert unfused_error.mean() > 1.1 * error.mean(), name
        assert error.max() <= unfused_error.max(), name


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 200), (1, 1), (700, 4), (0, 5), (5, 0), (9, 300)])
def test_layouts(shape, dtype, isa, rng):
    x = rng.normal(size=(*shape[:-1], 2 * shape[-1] + 3)).astype(dtype)
    gate, up = x[..., : shape[-1]], x[..., shape[-1] : 2 * shape[-1]]
    expected = gelu_fast.geglu(gate.copy(), up.copy())
    assert_same(gelu_fast.geglu(gate, up), expected)
    assert_same(gelu_fast.geglu(gate[..., ::-1], up[..., ::-1]), expected[..., ::-1])
    wide = np.full((*shape[:-1], 2 * shape[-1]), 7, dtype)
    gelu_fast.geglu(gate, up, out=wide[..., ::2])
    assert_same(wide[..., ::2], expected)
    assert_same(wide[..., 1::2], np.full_like(expected, 7))
    bias = x.reshape(-1, x.shape[-1])[0, : shape[-1]] if x.size else np.zeros(shape[-1], dtype)
    everywhere = np.broadcast_to(bias, gate.shape)
    assert_same(gelu_fast.bias_gelu(gate, bias), gelu_fast.bias_gelu(gate, everywhere.copy()))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_over_sliced_rows(threads, isa, rng):
    x = rng.normal(size=(300, 2 * 515)).astype(np.float32)
    gate, up, bias = x[:, :515], x[:, 515:], x[0, :515]
    with gelu_fast.num_threads(1):
        expected = gelu_fast.geglu(gate, up), gelu_fast.bias_gelu(gate, bias)
    with gelu_fast.num_threads(threads):
        assert_same(gelu_fast.geglu(gate, up), expected[0])
        assert_same(gelu_fast.bias_gelu(gate, bias), expected[1])


def test_no_temporaries(rng):
    x = rng.normal(size=(512, 2048)).astype(np.float32)
    gate, up, bias = x[:, :1024], x[:, 1024:], x[0, :1024].copy()
    out, other = np.empty((512, 1024), np.float32), np.empty((512, 1024), np.float32)
    calls = {
        "bias_gelu": lambda: gelu_fast.bias_gelu(gate, bias, out=out),
        "in place": lambda: gelu_fast.bias_gelu(gate, bias, out=gate),
        "bias_gelu_backward": lambda: gelu_fast.bias_gelu_backward(out, gate, bias, out=out),
        "geglu": lambda: gelu_fast.geglu(gate, up, out=out),
        "geglu_backward": lambda: gelu_fast.geglu_backward(out, gate, up, out=(gate, up)),
        "gelu_value_and_grad": lambda: gelu_fast.gelu_value_and_grad(gate, out=(out, other)),
        "double_backward": lambda: gelu_fast.gelu_double_backward(out, gate, up, out=other),
        "split_geglu": lambda: gelu_fast.split_geglu(x, out=out),
    }
    for name, call in calls.items():
        call()
        tracemalloc.start()
        try:
            call()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 64 << 10, name


def call_all(x, bias, out, other):
    gate, up = np.split(x, 2, axis=1)
    gelu_fast.bias_gelu(gate, bias, out=out)
    gelu_fast.bias_gelu_backward(out, gate, bias, out=out)
    gelu_fast.geglu(gate, up, out=out)
    gelu_fast.geglu_backward(out, gate, up, out=(out, other))
    gelu_fast.gelu_value_and_grad(gate, out=(out, other))
    gelu_fast.gelu_double_backward(out, gate, up, out=other)


def grow_by_fused_calls():
    x, bias = np.ones((512, 2048), np.float32), np.zeros(1024, np.float32)
    out, other = np.ones((2, 512, 1024), np.float32)
    gelu_fast.set_num_threads(2)
    few = np.s_[:64]  # enough to start a second thread, and for an emulator to translate the code
    for _ in range(3):
        call_all(x[few], bias, out[few], other[few])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(3):
        call_all(x, bias, out, other)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


@pytest.mark.skipif(resource is None, reason="Windows has no getrusage")
def test_memory_of_the_process_does_not_grow(run_function):
    """Each result has 2 MiB. What the interpreter itself allocates meanwhile is allowed."""
    grown = int(run_function(grow_by_fused_calls)) * (1 if sys.platform == "darwin" else 1024)
    assert grown <= 2 * 64 << 10


def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="core dimension"):
        gelu_fast.bias_gelu(np.ones((2, 3)), np.ones(4))
    with pytest.raises(ValueError, match="core dimension"):
        gelu_fast.geglu(np.ones((2, 3)), np.ones((2, 1)))


def test_one_number_serves_all():
    x = np.linspace(-3, 3, 600).reshape(2, 300)
    assert_same(gelu_fast.bias_gelu(x, 0.5), gelu_fast.gelu(x + 0.5))
    assert_same(gelu_fast.geglu(0.5, x), gelu_fast.gelu(0.5) * x)
    out = np.zeros((2, 600))[:, ::2]
    assert gelu_fast.bias_gelu(x, 0.5, out=out) is out
    assert_same(out, gelu_fast.gelu(x + 0.5))
    value, grad = gelu_fast.gelu_value_and_grad(0.5)
    assert (value, grad) == (gelu_fast.gelu(0.5), gelu_fast.gelu_grad(0.5))


def test_warnings_of_backward_alone(isa):
    big = np.float32([3e38])
    with np.errstate(all="raise"):
        assert gelu_fast.bias_gelu(big, big)[0] == np.inf
        assert np.isnan(gelu_fast.bias_gelu(np.float32([np.nan]), big)[0])
        with pytest.raises(FloatingPointError, match="overflow"):
            gelu_fast.gelu_double_backward(big, big, np.float32(0))


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.float32, np.float64])
@pytest.mark.parametrize("approximate", FORMS)
def test_sum_within_backward_does_not_overflow(approximate, dtype, isa):
    """If x + bias overflows, the derivative is 1 or 0, and there is nothing to warn about."""
    function, derivative = (form(approximate, f) for f in ("bias_gelu_backward", "gelu_grad"))
    big, one = np.full(70, ml_dtypes.finfo(dtype).max), np.ones(70, dtype)
    with np.errstate(all="raise"):
        assert_same(function(one, big, big), one)
        assert_same(function(one, -big, -big), 0 * one)
        assert_same(function(one, big, -big), 0.5 * one)
        assert_same(function(one, big, one), one)
        with pytest.raises(FloatingPointError, match="overflow"):
            function(big, one, 0.3 * one)
        with pytest.raises(FloatingPointError, match="invalid"):
            function(one, np.inf * one, -np.inf * one)
        with pytest.raises(FloatingPointError, match="invalid"):
            function(np.inf * one, -big, one)
    with np.errstate(all="ignore"):  # sums that are subnormal or nearly so
        tiny = np.arange(70) * np.finfo(np.float32).smallest_subnormal
        assert_same(function(one, tiny.astype(dtype), one * 0), derivative(tiny.astype(dtype)))


def axes_of(function, inner, outer):
    return [inner] * function.nin + [outer] * function.nout


@pytest.mark.parametrize("shape", [(70, 70), (3, 70, 70), (9, 9, 9)])
@pytest.mark.parametrize("name", oracle.COMPOSED)
def test_in_place_with_other_core_axes(name, shape, isa, rng):
    """If the output is an input, NumPy makes no copy even if `axes` differ: see _core.pyx."""
    function = getattr(gelu_fast, name)
    if function.signature is None:
        pytest.skip("takes no axes")
    gelu_fast.set_num_threads(2)
    inputs = rng.normal(size=(function.nin, *shape))
    axes = axes_of(function, -2, -1)
    expected = function(*inputs, axes=axes)
    for start in range(function.nin):
        operands = [*inputs.copy()]
        out = tuple((operands * 2)[start : start + function.nout])
        if len({id(x) for x in out}) < function.nout:
            out = (out[0], np.empty(shape))
        result = function(*operands, axes=axes, out=out)
        assert_same(np.stack([*np.atleast_1d(result)]), np.stack([*np.atleast_1d(expected)]))


class Other:
    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return ufunc


def test_other_libraries_are_told_of_the_public_ufunc():
    x, axes = np.ones(3), [(0,)] * 3
    assert gelu_fast.bias_gelu(Other(), x, axes=axes) is gelu_fast.bias_gelu
    for out in (Other(), (Other(),)):
        assert gelu_fast.bias_gelu(x, x, out=out, axes=axes) is gelu_fast.bias_gelu
    with pytest.raises(TypeError, match="axes should be a list"):
        gelu_fast.bias_gelu(x, x, axes=0)


@pytest.mark.parametrize("name", ["bias_gelu", "geglu", "gelu_value_and_grad", "geglu_backward"])
def test_in_place_copies_nothing(name, rng):
    function = getattr(gelu_fast, name)
    operands = [*rng.normal(size=(max(function.nin, function.nout), 300, 300))]
    outs = tuple(operands[: function.nout])
    for keywords in ({}, {"axis": -1}, {"axis": 0}):
        function(*operands[: function.nin], out=outs, **keywords)
        tracemalloc.start()
        function(*operands[: function.nin], out=outs, **keywords)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 30_000, keywords


@pytest.mark.parametrize("dtype", [*NARROW, *WIDE])
@pytest.mark.parametrize("row_step", [0, 1, -3, 1999])
def test_last_row_wins_where_output_rows_overlap(row_step, dtype, rng):
    rows, columns = 60, 2000
    x = rng.normal(size=(rows, columns)).astype(dtype)
    bias = np.zeros(columns, dtype)
    memory, expected = np.zeros((2, (rows - 1) * abs(row_step) + columns), dtype)
    first = (rows - 1) * max(-row_step, 0)
    strides = row_step * memory.itemsize, memory.itemsize
    out = np.lib.stride_tricks.as_strided(memory[first:], (rows, columns), strides)
    for k, row in enumerate(gelu_fast.gelu(x)):
        start = first + k * row_step
        expected[start : start + columns] = row
    gelu_fast.set_num_threads(4)
    for _ in range(30):
        memory[:] = 0
        gelu_fast.bias_gelu(x, bias, out=out)
        assert_same(memory, expected)


@pytest.mark.parametrize("shift", [0, 1, 37])
def test_outputs_that_overlap_each_other(shift, isa, rng):
    """The result is as if elements were computed one by one, for any number of threads."""
    x = rng.normal(size=40_000).astype(np.float32)
    value, grad = gelu_fast.gelu_value_and_grad(x)
    memory, expected = np.zeros((2, len(x) + shift), np.float32)
    for i, (v, g) in enumerate(zip(value, grad, strict=True)):
        expected[i], expected[i + shift] = v, g
    for threads in (1, 2):
        gelu_fast.set_num_threads(threads)
        memory[:] = 0
        gelu_fast.gelu_value_and_grad(x, out=(memory[: len(x)], memory[shift:]))
        assert_same(memory, expected)


@pytest.mark.parametrize("dtype", [*NARROW, *WIDE])
def test_interleaved_operands(dtype, rng):
    """The inputs' elements lie between those of the output, but share no memory with them."""
    memory = rng.normal(size=400_000).astype(dtype)
    x, out = memory[::2], memory[1::2]
    for source, target in ((x, out), (x[::-1], out), (out, x), (x[::2], out[: len(x) // 2])):
        expected = gelu_fast.gelu(source.copy())
        gelu_fast.gelu(source, out=target)
        assert_same(target, expected)
    value, grad = gelu_fast.gelu_value_and_grad(x.copy())
    packed = np.empty((2, len(x)), dtype).T
    gelu_fast.gelu_value_and_grad(x, out=(packed[:, 0], packed[:, 1]))
    assert_same(packed[:, 0], value)
    assert_same(packed[:, 1], grad)

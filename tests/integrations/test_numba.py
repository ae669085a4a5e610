"""The ufuncs inside functions compiled by Numba: same results and dtypes as outside."""

import os
import subprocess
import sys
import threading
from functools import cache
from importlib.metadata import entry_points

import numpy as np
import pytest

import gelu_fast

numba = pytest.importorskip("numba")

TIERS = {
    "accurate": gelu_fast,
    "relaxed": gelu_fast.relaxed,
    "correctly_rounded": gelu_fast.correctly_rounded,
}


@cache
def compiled(ufunc, **options):
    return numba.njit(lambda *operands: ufunc(*operands), **options)


def assert_same(result, expected):
    if isinstance(expected, tuple):
        assert isinstance(result, tuple)
        assert len(result) == len(expected)
        for a, b in zip(result, expected, strict=True):
            assert_same(a, b)
        return
    assert np.shape(result) == expected.shape
    assert np.asarray(result).dtype == expected.dtype or not expected.shape  # Numba returns floats
    assert np.asarray(result, expected.dtype).tobytes() == expected.tobytes()


def check(ufunc, *operands):
    assert_same(compiled(ufunc)(*operands), ufunc(*operands))


def wide(rng, shape, dtype=np.float32):
    """Return values from the far tail to large ones, and special values."""
    values = rng.uniform(-14, 7, shape).astype(dtype)
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e-40, -1e-40, -2.0], dtype)
    values.reshape(-1)[: special.size] = special[: values.size]
    return values


def test_entry_point_is_installed():
    points = entry_points(group="numba_extensions", name="init")
    assert "gelu_fast._numba:init" in [point.value for point in points], "pip install -e . again"


@pytest.mark.parametrize(
    ("tier", "name"),
    [(t, n) for t, tier in TIERS.items() for n, f in vars(tier).items() if isinstance(f, np.ufunc)],
)
def test_every_function(tier, name, rng):
    ufunc = getattr(TIERS[tier], name)
    rows = [wide(rng, (5, 74))[:, k::2] for k in (0, 1, 0)][: ufunc.nin]
    with np.errstate(all="ignore"):
        check(ufunc, *rows)
        if tier == "accurate":
            check(ufunc, *(row.astype(np.float64) for row in rows))
        number = np.float64 if tier == "relaxed" else np.float32
        for value in (-3.7, -0.0, 1.5, np.nan):
            check(ufunc, *(number(value + k) for k in range(ufunc.nin)))


def layouts(x):
    """Return views of an array of shape (4, 6, 8), and a copy in another memory order."""
    return {
        "C": x, "F": np.asfortranarray(x), "rows apart": x[::2], "matrices of rows": x[:, :3],
        "slice": x[:, :, 2:7], "every other": x[:, ::2, ::2], "backward": x[::-1, ::-1, ::-1],
        "transposed": x.transpose(2, 0, 1), "transposed slice": x[:, 1:5, ::3].T,
        "one row": x[1:2, 3:4], "one column": x[:, :, :1], "new axis": x[:, None, :, None],
        "empty": x[:, :0], "1-D": x[1, 2], "strided 1-D": x[1, 2, ::-2], "inner": x[1:3, 1:],
        "read-only": np.broadcast_to(x[0], (3, 6, 8)),
    }  # fmt: skip


@pytest.mark.parametrize("layout", layouts(np.zeros((4, 6, 8))))
def test_layouts(layout, rng):
    x = layouts(wide(rng, (4, 6, 8)))[layout]
    check(gelu_fast.gelu, x)
    result = compiled(gelu_fast.gelu)(x)
    assert result.flags.f_contiguous == (layout == "F" or x.ndim == 1 or x.size <= x.shape[-1])


@pytest.mark.parametrize("n", [1, 2, 63, 64, 1000, 70_001])
def test_lengths(n, rng):
    x = wide(rng, 2 * n)
    check(gelu_fast.gelu, x[:n])
    check(gelu_fast.gelu, x[n:])
    check(gelu_fast.gelu, x[::2])


SHAPES = [
    ((3, 5), (3, 5)), ((3, 5), (5,)), ((5,), (3, 5)), ((3, 5), (1, 5)), ((4, 1, 5), (3, 5)),
    ((2, 3, 4, 5), (3, 1, 5)), ((0, 5), (5,)), ((1, 5), (4, 5)), ((3, 1), (3, 1)), ((3, 0), (0,)),
]  # fmt: skip
SHAPES_OF_ELEMENTS = [((3, 5), (3, 1)), ((3, 5), (1,)), ((2, 1, 5), (7, 1)), ((1, 1), (2, 3))]


@pytest.mark.parametrize(("shape", "other"), SHAPES)
@pytest.mark.parametrize("name", ["gelu_backward", "bias_gelu"])
def test_broadcasting(name, shape, other, rng):
    a, b = wide(rng, shape), wide(rng, other)
    with np.errstate(all="ignore"):
        check(getattr(gelu_fast, name), a, b)
        check(getattr(gelu_fast, name), np.asfortranarray(a), b[..., ::-1])


@pytest.mark.parametrize(("shape", "other"), SHAPES_OF_ELEMENTS)
def test_broadcasting_of_the_last_axis(shape, other, rng):
    """As in NumPy, elementwise ufuncs broadcast the last axis, and generalized ufuncs refuse."""
    a, b = wide(rng, shape), wide(rng, other)
    with np.errstate(all="ignore"):
        check(gelu_fast.gelu_backward, a, b)
    with pytest.raises(ValueError, match="core dimension"):
        gelu_fast.bias_gelu(a, b)
    with pytest.raises(ValueError, match=r"gelu_fast\.bias_gelu: the last axes differ in length"):
        compiled(gelu_fast.bias_gelu)(a, b)


def test_three_operands_and_two_results(rng):
    a, b, c = (wide(rng, shape) for shape in ((4, 1, 6), (3, 6), (6,)))
    with np.errstate(all="ignore"):
        check(gelu_fast.geglu_backward, a, b, c)
        check(gelu_fast.gelu_double_backward, c, a, b)
        check(gelu_fast.bias_gelu_backward, a, b, c)


@pytest.mark.parametrize("name", ["gelu_backward", "bias_gelu", "geglu"])
def test_numbers_beside_arrays(name, rng):
    ufunc, x = getattr(gelu_fast, name), wide(rng, (3, 7))
    number, zero_d = np.float32(0.5), np.array(-0.5, np.float32)
    with np.errstate(all="ignore"):
        check(ufunc, x, number)
        check(ufunc, number, x[:, ::2])
        check(ufunc, zero_d, x)
        check(ufunc, x[:, :1], zero_d)
        check(ufunc, zero_d, zero_d)
        check(ufunc, number, 2.0)


def test_numbers_are_those_of_numba():
    """In Numba a Python number is an int64 or float64; in NumPy it is weakly typed."""
    x = np.float32([[-1, 2]])
    result = compiled(gelu_fast.bias_gelu)(x, 2.0)
    assert_same(result, gelu_fast.bias_gelu(x, np.float64(2)))
    assert compiled(gelu_fast.gelu)(3) == gelu_fast.gelu(3)
    assert numba.njit(lambda: gelu_fast.gelu(3))() == gelu_fast.gelu(3)


@pytest.mark.parametrize("name", ["int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_integers(name):
    info = np.iinfo(name)
    x = np.array([[0, 1, 2, 3], [7, info.max, info.min, info.max - 1]], name)
    check(gelu_fast.gelu, x)
    if name.endswith("64"):
        check(gelu_fast.gelu, np.asfortranarray(x))
        check(gelu_fast.gelu_backward, x[:, ::-2], x[:, :2].astype(np.float32))
        number = x.dtype.type(2)
        assert compiled(gelu_fast.gelu)(number) == gelu_fast.gelu(number)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8"])
def test_what_would_be_float16(dtype):
    x = np.ones(3, dtype)
    assert gelu_fast.gelu(x).dtype == np.float16
    with pytest.raises(numba.TypingError, match=f"of {dtype} is float16.*convert to float32"):
        compiled(gelu_fast.gelu)(x)
    with pytest.raises(numba.TypingError, match="is float16"):
        compiled(gelu_fast.gelu)(True)
    check(gelu_fast.gelu_backward, x, np.float32([1, 2, 3]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_given_output(dtype, rng):
    x, bias = wide(rng, (6, 20), dtype), wide(rng, 20, dtype)
    for out in (np.empty_like(x), np.empty((6, 40), dtype)[:, ::2], np.empty((20, 6), dtype).T):
        result = compiled(gelu_fast.gelu)(x, out)
        assert result.ctypes.data == out.ctypes.data
        assert_same(out, gelu_fast.gelu(x))
        compiled(gelu_fast.bias_gelu)(x, bias, out)
        assert_same(out, gelu_fast.bias_gelu(x, bias))
    many = np.empty((3, 6, 20), dtype)
    compiled(gelu_fast.bias_gelu)(x, bias, many)
    assert_same(many, gelu_fast.bias_gelu(x, bias, np.empty_like(many)))
    value, grad = np.empty_like(x), np.empty_like(x)
    results = compiled(gelu_fast.gelu_value_and_grad)(x, value, grad)
    assert results[0].ctypes.data == value.ctypes.data
    assert_same((value, grad), gelu_fast.gelu_value_and_grad(x))
    zero_d = np.empty((), dtype)
    compiled(gelu_fast.gelu)(dtype(-1.5), zero_d)
    assert zero_d == gelu_fast.gelu(dtype(-1.5))


def test_output_of_another_dtype(rng):
    x = wide(rng, (3, 8), np.float64)
    for out in (np.empty((3, 8), np.float32), np.empty((3, 16), np.float32)[:, ::2]):
        compiled(gelu_fast.gelu)(x, out)
        assert_same(out, gelu_fast.gelu(x, np.empty_like(out)))
    out = np.empty((3, 8))
    compiled(gelu_fast.gelu)(x.astype(np.float32), out)
    assert_same(out, gelu_fast.gelu(x.astype(np.float32), np.empty_like(out)))


def test_in_place(rng):
    for x in (wide(rng, (5, 40)), wide(rng, (5, 40))[:, ::2], wide(rng, (5, 40)).T):
        expected = gelu_fast.gelu(x)
        compiled(gelu_fast.gelu)(x, x)
        assert_same(x, expected)
    gate, up = wide(rng, (5, 40)), wide(rng, (5, 40))
    expected = gelu_fast.geglu_backward(gate, gate, up)
    compiled(gelu_fast.geglu_backward)(gate, gate, up, gate, up)
    assert_same((gate, up), expected)
    gate, up = wide(rng, (5, 40)), wide(rng, (5, 80))[:, ::2]
    expected = gelu_fast.geglu_backward(up, gate, up)
    compiled(gelu_fast.geglu_backward)(up, gate, up, gate, up)
    assert_same((gate, up), expected)


@pytest.mark.parametrize("n", [300, 100_000])
@pytest.mark.parametrize(
    ("source", "target"),
    [
        (slice(0, -1), slice(1, None)), (slice(1, None), slice(0, -1)),
        (slice(None), slice(None, None, -1)), (slice(0, -8, 2), slice(4, None, 2)),
    ],
)  # fmt: skip
def test_overlap(source, target, n, rng):
    """The result is as if the input had been copied first, as NumPy promises."""
    memory = wide(rng, n)
    expected = gelu_fast.gelu(memory[source].copy())
    out = memory[target][: expected.size]
    compiled(gelu_fast.gelu)(memory[source], out)
    assert_same(out, expected)


def test_overlap_of_rows_and_of_two_outputs(rng):
    packed = wide(rng, (9, 32))
    x = packed[:, :16]
    expected = gelu_fast.geglu(x.copy(), packed[:, 16:].copy())
    compiled(gelu_fast.geglu)(x, packed[:, 16:], x)
    assert_same(x, expected)
    bias = packed[3, 16:]
    expected = gelu_fast.bias_gelu(packed[:, :16].copy(), bias.copy())
    compiled(gelu_fast.bias_gelu)(packed[:, :16], bias, packed[:, 16:])
    assert_same(packed[:, 16:], expected)
    both = np.empty(50, np.float32)
    x = wide(rng, 50)
    compiled(gelu_fast.gelu_value_and_grad)(x, both, both)
    assert_same(both, gelu_fast.gelu_value_and_grad(x)[1])


def test_odd_addresses(rng):
    memory = bytearray(4 * 100 + 1)
    x = np.frombuffer(memory, np.float32, offset=1)
    x[:] = wide(rng, 100)
    check(gelu_fast.gelu, x)
    check(gelu_fast.gelu, x[::-2])
    expected = gelu_fast.gelu(x)
    compiled(gelu_fast.gelu)(x, x)
    assert_same(x, expected)
    assert memory[0] == 0


def test_packed_records(rng):
    """Fields have odd addresses, and strides that are not multiples of their size."""
    records = np.zeros(100, [("a", "i1"), ("x", "f4"), ("y", "f8"), ("b", "i1")])
    records["x"], records["y"] = wide(rng, 100), wide(rng, 100, np.float64)
    fields = numba.njit(lambda r: (gelu_fast.gelu(r["x"]), gelu_fast.gelu(r["y"])))
    assert_same(fields(records), (gelu_fast.gelu(records["x"]), gelu_fast.gelu(records["y"])))
    expected = gelu_fast.gelu(records["y"])
    compiled(gelu_fast.gelu)(records["y"], records["y"])
    assert_same(records["y"].copy(), expected)
    assert not records["a"].any()
    assert not records["b"].any()


def test_shapes_that_do_not_fit():
    x = np.ones((3, 4))
    function = compiled(gelu_fast.gelu_backward)
    with pytest.raises(ValueError, match=r"gelu_fast\.gelu_backward: the shapes do not broadcast"):
        function(x, np.ones((2, 4)))
    for out in (np.ones((3, 5)), np.ones((1, 4)), np.ones((4, 3)).T[:1]):
        with pytest.raises(ValueError, match=r"gelu_fast\.gelu: "):
            compiled(gelu_fast.gelu)(x, out)
    with pytest.raises(ValueError, match="an output has not the shape of the result"):
        function(x, x, np.ones((1, 4)))
    with pytest.raises(ValueError, match="the last axes differ in length"):
        compiled(gelu_fast.bias_gelu)(np.ones((5, 1)), np.ones((5, 1)), np.ones((5, 3)))
    check(gelu_fast.gelu, np.ones((5, 1)), np.ones((5, 3)))


@pytest.mark.parametrize(
    ("operands", "message"),
    [
        ((1j,), "gelu_fast.gelu: ufunc 'gelu' not supported for the input types"),
        ((np.ones(3, complex),), "not supported for the input types"),
        (("text",), "gelu_fast.gelu takes numbers and arrays, not unicode_type"),
        (((1.0, 2.0),), "gelu_fast.gelu takes numbers and arrays, not UniTuple"),
        ((np.ones(3), 1.0), "an output of gelu_fast.gelu is a writable array, not float64"),
        ((np.ones(3), np.broadcast_to(1.0, 3)), "is a writable array, not "),
        ((np.ones(3), np.ones(3, int)), "Cannot cast ufunc 'gelu' output from .*float64"),
        ((np.ones((2, 3)), np.ones(3)), "number of dimensions of the result, not 1"),
        ((), "takes 1 inputs and then, if they are given, 1 output arrays, not 0"),
        ((np.ones(3), np.ones(3), np.ones(3)), "not 3 arguments"),
    ],
)
def test_what_is_refused(operands, message):
    with pytest.raises(numba.TypingError, match=message):
        compiled(gelu_fast.gelu)(*operands)


def test_one_of_two_outputs_is_refused():
    with pytest.raises(numba.TypingError, match="if they are given, 2 output arrays, not 2 arg"):
        compiled(gelu_fast.gelu_value_and_grad)(np.ones(3), np.ones(3))


def expressions_call_for_whole_arrays():
    import gelu_fast._numba

    def refuse(*_):
        raise AssertionError("called for one element after the other")

    gelu_fast._numba._call_on_scalars = refuse
    x = np.linspace(-9, 5, 999)
    for options in ({}, {"parallel": True}):

        @numba.njit(**options)
        def expression(x):
            return 2 * gelu_fast.gelu(x + 1) - gelu_fast.gelu_backward(x, x * x)

        expected = 2 * gelu_fast.gelu(x + 1) - gelu_fast.gelu_backward(x, x * x)
        assert np.array_equal(expression(x), expected)


def test_expressions_call_for_whole_arrays(run_function):
    """Numba's array expressions would call the function element by element, which is far slower."""
    run_function(expressions_call_for_whole_arrays)


@pytest.mark.filterwarnings("ignore:Could not find source:numba.NumbaDebugInfoWarning")
@pytest.mark.parametrize(
    "option", ["parallel", "fastmath", "nogil", "boundscheck", "debug", "forceobj"]
)
def test_options(option, rng):
    x, bias = wide(rng, (7, 33)), wide(rng, 33)

    def calls(x, bias):
        return gelu_fast.gelu(x) + bias, gelu_fast.bias_gelu(x[:, ::-1], bias)

    assert_same(numba.jit(calls, **{option: True})(x, bias), calls(x, bias))


def test_vectorize_and_guvectorize(rng):
    x = wide(rng, (30, 50))
    for options in ({}, {"target": "parallel"}):
        function = numba.vectorize(["float32(float32)"], **options)(lambda x: gelu_fast.gelu(x))
        assert_same(function(x), gelu_fast.gelu(x))

    @numba.guvectorize(["float32[:], float32[:], float32[:]"], "(n),(n)->(n)")
    def rows(x, bias, out):
        gelu_fast.bias_gelu(x, bias, out)

    assert_same(rows(x[:, ::2], x[3, ::2]), gelu_fast.bias_gelu(x[:, ::2], x[3, ::2]))


def call_inside_prange(layer, threads):
    numba.config.THREADING_LAYER = layer
    gelu_fast.set_num_threads(threads)

    @numba.njit(parallel=True)
    def rows(x, out):
        for i in numba.prange(x.shape[0]):
            gelu_fast.gelu(x[i], out[i])
            out[i] += gelu_fast.gelu(x[i]) + gelu_fast.gelu(x[i, 0])

    x = np.linspace(-9, 5, 1 << 19, dtype=np.float32).reshape(8, -1)
    expected = gelu_fast.gelu(x) + (gelu_fast.gelu(x) + gelu_fast.gelu(x[:, :1]))
    for _ in range(5):
        out = np.zeros_like(x)
        rows(x, out)
        assert np.array_equal(out, expected)
    assert numba.threading_layer() == layer


@pytest.mark.parametrize("layer", ["omp", "workqueue"])
@pytest.mark.parametrize("threads", [1, 3])
def test_prange(layer, threads, run_function):
    if layer == "omp" and sys.platform != "linux":
        pytest.skip("Numba has its GNU OpenMP layer only on Linux")
    run_function(call_inside_prange, layer, threads)


def test_several_threads_at_once(rng):
    function = compiled(gelu_fast.geglu, nogil=True)
    gate, up = wide(rng, (40, 2000)), wide(rng, (40, 2000))
    expected, wrong = gelu_fast.geglu(gate, up).tobytes(), []

    def call():
        for _ in range(20):
            if function(gate, up).tobytes() != expected:
                wrong.append(1)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def call_and_count_references():
    from numba.core.runtime import rtsys

    x, out = np.linspace(-9, 5, 40, dtype=np.float32), np.empty(40, np.float32)
    calls = [
        (gelu_fast.gelu, x), (gelu_fast.gelu, x, out), (gelu_fast.gelu, x, x[::-1]),
        (gelu_fast.gelu_value_and_grad, x), (gelu_fast.gelu_backward, x, x.astype(np.float64)),
    ]  # fmt: skip
    for ufunc, *operands in calls:
        function = compiled(ufunc)
        function(*operands)
        references = sys.getrefcount(x), sys.getrefcount(out)
        before = rtsys.get_allocation_stats()
        for _ in range(10):
            function(*operands)
        after = rtsys.get_allocation_stats()
        assert (sys.getrefcount(x), sys.getrefcount(out)) == references
        assert after.alloc - before.alloc == after.free - before.free >= 10 * (len(operands) == 1)


def test_references(run_function):
    """Arrays that the call allocates are freed; arrays passed to it are not."""
    run_function(call_and_count_references, env={"NUMBA_NRT_STATS": "1"})


CACHED = """
import numba
import gelu_fast

@numba.njit(cache=True)
def new(x):
    return gelu_fast.gelu(x)

@numba.njit(cache=True)
def given(x, bias, out):
    return gelu_fast.relaxed.bias_gelu(x, bias, out)

@numba.vectorize(["float32(float32)"], cache=True)
def vectorized(x):
    return gelu_fast.gelu(x)
"""

USES_CACHED = """
import sys
import numpy as np
import cached, gelu_fast

x = np.linspace(-9, 5, 60, dtype=np.float32).reshape(4, 15)
given = cached.given(x[:, ::2], x[0, :8], np.empty((4, 8), np.float32))
assert given.tobytes() == gelu_fast.relaxed.bias_gelu(x[:, ::2], x[0, :8]).tobytes()
assert cached.new(x).tobytes() == gelu_fast.gelu(x).tobytes()
assert cached.vectorized(x).tobytes() == gelu_fast.gelu(x).tobytes()
print(len(cached.new.stats.cache_hits), len(cached.given.stats.cache_hits))
"""


def test_cache_of_another_process(tmp_path):
    """The second process compiles nothing, but must find the C functions."""
    (tmp_path / "cached.py").write_text(CACHED)
    hits = []
    for _ in range(2):
        hits.append(
            subprocess.check_output(
                [sys.executable, "-c", USES_CACHED], cwd=tmp_path, text=True, timeout=120,
                env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")},
            ).split()
        )  # fmt: skip
    assert hits == [["0", "0"], ["1", "1"]]


def test_import_does_not_import_numba(run_python):
    result = run_python("import sys, gelu_fast; sys.exit('numba' in sys.modules)")
    assert result.returncode == 0, result.stderr


def test_numba_loads_nothing_of_ours_before_it_compiles(run_python):
    code = "import sys, numba; numba.njit(lambda x: x); sys.exit('gelu_fast' in sys.modules)"
    assert run_python(code).returncode == 0


def test_a_stale_cache_ends_with_a_sentence(run_python):
    """The stale function stands for one that Numba cached with another version of gelu_fast."""
    result = run_python(
        "import numba, gelu_fast\n"
        "stale = numba.types.ExternalFunction(\n"
        "    'gelu_fast_gelu_f32_strided', numba.types.void()\n"
        ")\n"
        "@numba.njit\n"
        "def f(x):\n"
        "    gelu_fast.gelu(x)\n"
        "    stale()\n"
        "f(1.0)\n"
    )
    assert result.returncode != 0
    assert "delete the cache" in result.stderr

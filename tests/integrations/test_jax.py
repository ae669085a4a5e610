"""gelu_fast.jax: values, derivatives, and how XLA compiles a call."""

import ctypes
import itertools
import os
import sys
import threading
from functools import partial

import numpy as np
import pytest

import gelu_fast

jax = pytest.importorskip("jax")
pytest.importorskip("jax.export")  # JAX 0.7 does not import it itself
import jax.numpy as jnp  # noqa: E402

import gelu_fast.jax as gelu_fast_jax  # noqa: E402

DTYPES = [jnp.float16, jnp.bfloat16, jnp.float32, jnp.float64]
FORMS = {True: "_tanh", False: "", "none": "", "tanh": "_tanh", "quick": "_quick"}


@pytest.fixture(autouse=True)
def _on_cpu_in_64_bits():
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    with jax.default_device(jax.devices("cpu")[0]):
        yield
    jax.config.update("jax_enable_x64", before)


def function_of_jax(approximate):
    if approximate == "quick":
        return lambda x: x * jax.nn.sigmoid(1.702 * x)
    return lambda x: jax.nn.gelu(x, approximate in (True, "tanh"))


def numbers(rng, dtype, shape):
    """Return inputs of all magnitudes, some with subnormal results, and special values."""
    x = rng.standard_normal(shape) * rng.choice([1e-30, 1e-3, 1.0, 6.0, 13.0, 1e4], shape)
    flat = x.reshape(-1)
    special = [0.0, -0.0, np.inf, -np.inf, np.nan, -13.3, -12.9]
    flat[: len(special)] = special[: flat.size]
    return x.astype(dtype)


def assert_same_bits(actual, expected):
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    unsigned = np.dtype(f"u{actual.dtype.itemsize}")
    is_nan = np.isnan(actual)
    np.testing.assert_array_equal(is_nan, np.isnan(expected))
    np.testing.assert_array_equal(actual.view(unsigned)[~is_nan], expected.view(unsigned)[~is_nan])


def assert_equal(actual, expected):
    """Equal except subnormal numbers, which XLA flushes when it multiplies by the tangent."""
    assert actual.dtype == expected.dtype
    tiny = float(jnp.finfo(actual.dtype).tiny)
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
    np.testing.assert_array_equal(actual, np.where(np.abs(expected) < tiny, actual, expected))
    assert np.all(~(np.abs(expected) < tiny) | (np.abs(actual) < tiny))


@pytest.mark.parametrize("approximate", FORMS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_bits_are_those_of_the_ufuncs(rng, dtype, approximate):
    suffix = FORMS[approximate]
    x, up = numbers(rng, dtype, (7, 100)), numbers(rng, dtype, (7, 100))
    bias = numbers(rng, dtype, 100)
    for call in (gelu_fast_jax.gelu, jax.jit(gelu_fast_jax.gelu, static_argnums=1)):
        assert_same_bits(call(x, approximate), getattr(gelu_fast, f"gelu{suffix}")(x))
    ufunc = getattr(gelu_fast, f"bias_gelu{suffix}")
    assert_same_bits(gelu_fast_jax.bias_gelu(x, bias, approximate), ufunc(x, bias))
    ufunc = getattr(gelu_fast, f"geglu{suffix}")
    assert_same_bits(gelu_fast_jax.geglu(x, up, approximate), ufunc(x, up))

    def value(x):
        return gelu_fast_jax.gelu(x, approximate)

    ones = jnp.ones_like(x)
    ufunc = getattr(gelu_fast, f"gelu{suffix}_value_and_grad")
    for actual, expected in zip(jax.jvp(value, (x,), (ones,)), ufunc(x), strict=True):
        assert_equal(actual, expected)
    second = jax.vmap(jax.vmap(jax.grad(jax.grad(value))))(x)
    assert_equal(second, getattr(gelu_fast, f"gelu{suffix}_grad2")(x))


@pytest.mark.parametrize("x64", [False, True])
@pytest.mark.parametrize(
    "x",
    [
        1, True, 1.5, np.int8(3), np.arange(3), np.arange(3, dtype=np.uint64), np.float64(2),
        np.ones((0, 3), np.float16), np.array([True]), np.zeros((2, 1, 0)), np.float32(-1),
    ],
    ids=repr,
)  # fmt: skip
def test_promotes_as_jax_does(x, x64):
    jax.config.update("jax_enable_x64", x64)
    for value, approximate in itertools.product((x, jnp.asarray(x)), (True, False)):
        actual = gelu_fast_jax.gelu(value, approximate)
        expected = jax.nn.gelu(value, approximate)
        assert (actual.dtype, actual.shape) == (expected.dtype, expected.shape)
        assert actual.weak_type == expected.weak_type
        np.testing.assert_allclose(actual, expected, rtol=1e-2)


def test_default_is_that_of_jax(rng):
    x = rng.standard_normal(100)
    np.testing.assert_allclose(gelu_fast_jax.gelu(x), jax.nn.gelu(x), rtol=1e-12)
    assert_same_bits(gelu_fast_jax.gelu(x), gelu_fast_jax.gelu(x, approximate=True))


class HoldsAnArray:
    def __jax_array__(self):
        return jnp.ones(3, jnp.float32)


def test_takes_objects_that_hold_an_array():
    expected = gelu_fast.bias_gelu_tanh(np.ones(3, np.float32), np.ones(3, np.float32))
    assert_same_bits(gelu_fast_jax.bias_gelu(HoldsAnArray(), HoldsAnArray()), expected)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1.0], "takes arrays and numbers, not list"),
        ("one", "takes arrays and numbers, not str"),
        ("float32", "takes arrays and numbers, not str"),
        (None, "takes arrays and numbers, not NoneType"),
        (np.array(["a"]), "<U1 is not a valid JAX array type"),
        (jax.random.key(0), "takes arrays and numbers, not key<fry>"),
        (np.ones(2, np.complex64), "float16, bfloat16, float32 and float64, not complex"),
    ],
)
def test_refuses_what_is_no_real_array(x, message):
    for function in (
        gelu_fast_jax.gelu,
        lambda x: gelu_fast_jax.bias_gelu(jnp.ones(2), x),
        lambda x: gelu_fast_jax.geglu(x, x),
    ):
        with pytest.raises(TypeError, match=message):
            function(x)
        if isinstance(x, jax.Array):
            with pytest.raises(TypeError, match=message):
                jax.jit(function)(x)


def test_refuses_small_floats():
    with pytest.raises(
        TypeError, match="float16, bfloat16, float32 and float64, not float8_e4m3fn"
    ):
        gelu_fast_jax.gelu(jnp.ones(2, jnp.float8_e4m3fn))


@pytest.mark.parametrize("approximate", ["erf", None, 1, "True"])
def test_refuses_other_forms(approximate):
    for call in (gelu_fast_jax.gelu, lambda x, form: gelu_fast_jax.geglu(x, x, form)):
        with pytest.raises(ValueError, match="'none', 'tanh' or 'quick', not"):
            call(1.0, approximate)


def test_refuses_shapes_that_do_not_fit():
    x = jnp.ones((3, 4))
    for shape in ((3,), (2, 3, 4), (4, 1)):
        with pytest.raises(ValueError, match="does not broadcast to x of shape"):
            gelu_fast_jax.bias_gelu(x, jnp.ones(shape))
    with pytest.raises(ValueError, match=r"one shape, not \(3, 4\) and \(4,\)"):
        gelu_fast_jax.geglu(x, x[0])


def test_two_dtypes_are_promoted(rng):
    x, bias = rng.standard_normal((2, 9)).astype(np.float16), rng.standard_normal(9)
    for call in (gelu_fast_jax.bias_gelu, jax.jit(gelu_fast_jax.bias_gelu)):
        assert_same_bits(call(x, bias), gelu_fast.bias_gelu_tanh(x.astype(float), bias))
    assert gelu_fast_jax.bias_gelu(x, 2).dtype == jnp.float16


def assert_same_derivatives(approximate, x, tolerances):
    """Compare the value and the derivatives, one per absolute tolerance, with JAX's."""
    actual = partial(gelu_fast_jax.gelu, approximate=approximate)
    expected = function_of_jax(approximate)
    for tolerance in tolerances:
        np.testing.assert_allclose(
            jax.jit(jax.vmap(actual))(x), jax.jit(jax.vmap(expected))(x), rtol=0, atol=tolerance
        )
        actual, expected = jax.grad(actual), jax.grad(expected)


@pytest.mark.parametrize("approximate", [True, False, "quick"])
def test_derivatives_up_to_the_fourth(approximate):
    x = jnp.linspace(-6, 6, 1001)
    assert_same_derivatives(approximate, x, [2e-15 * 20**order for order in range(5)])


@pytest.mark.parametrize("approximate", [True, False, "quick"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_derivatives_at_the_ends(dtype, approximate):
    x = jnp.array([np.inf, -np.inf, 300, -300, 60000, -60000, np.nan], dtype)
    derivative = partial(gelu_fast_jax.gelu, approximate=approximate)
    for limits in ([1, 0, 1, 0, 1, 0, np.nan], [0] * 6 + [np.nan], [0] * 6 + [np.nan]):
        derivative = jax.grad(derivative)
        np.testing.assert_allclose(jax.vmap(derivative)(x), np.array(limits, dtype), atol=1e-100)


def functions_and_jaxs(approximate):
    """Yield each function, JAX's equivalent, and the number of operands."""
    gelu = function_of_jax(approximate)
    ours = (gelu_fast_jax.gelu, gelu_fast_jax.bias_gelu, gelu_fast_jax.geglu)
    theirs = (gelu, lambda x, bias: gelu(x + bias), lambda gate, up: gelu(gate) * up)
    for actual, expected, operands in zip(ours, theirs, (1, 2, 2), strict=True):
        yield partial(actual, approximate=approximate), expected, operands


@pytest.mark.parametrize("x64", [False, True])
@pytest.mark.parametrize("approximate", [True, False, "quick"])
def test_derivatives_under_strict_promotion(rng, approximate, x64):
    jax.config.update("jax_enable_x64", x64)
    for dtype, (function, _, operands) in itertools.product(
        DTYPES if x64 else DTYPES[:3], functions_and_jaxs(approximate)
    ):
        x = [jnp.asarray(rng.standard_normal(2), dtype)] * operands
        third = jax.jit(jax.jacfwd(jax.hessian(lambda *operands, f=function: f(*operands).sum())))
        expected = third(*x)
        with jax.numpy_dtype_promotion("strict"):
            assert_same_bits(third(*x), expected)


@pytest.mark.parametrize("approximate", [True, False, "quick"])
def test_jet(rng, approximate):
    from jax.experimental.jet import jet

    for actual, expected, operands in functions_and_jaxs(approximate):
        primals = tuple(jnp.asarray(rng.standard_normal((operands, 5))))
        series = tuple(map(list, jnp.asarray(rng.standard_normal((operands, 3, 5)))))

        for wrap in (lambda f: f, jax.jit, jax.vmap, jax.jacfwd):
            values, expectations = (
                jax.jit(partial(jet, wrap(f)))(primals, series) for f in (actual, expected)
            )
            jax.tree.map(
                lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9),
                values, expectations,
            )  # fmt: skip


def check_that_it_replaces_jaxs():
    expected = jax.nn.gelu(1.0), jax.nn.gelu(jnp.float16(1)), jax.grad(jax.nn.gelu)(1.0)
    jax.nn.gelu = gelu_fast_jax.gelu
    x = jax.ShapeDtypeStruct((3,), jnp.float32)
    for function, operands in (("gelu", 1), ("bias_gelu", 2), ("geglu", 2)):
        value = getattr(gelu_fast_jax, function)(*[1.0] * operands)
        assert value.shape == ()
        third = jax.jacfwd(jax.jacfwd(jax.jacfwd(getattr(gelu_fast_jax, function))))
        for platform in ("cpu", "cuda"):
            checks = [jax.export.DisabledSafetyCheck.custom_call("gelu_fast")]
            jax.export.export(jax.jit(third), platforms=[platform], disabled_checks=checks)(
                *[x] * operands
            )
    actual = jax.nn.gelu(1.0), jax.nn.gelu(jnp.float16(1)), jax.grad(jax.nn.gelu)(1.0)
    for a, b in zip(actual, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-3)


def test_replaces_jaxs(run_function):
    run_function(check_that_it_replaces_jaxs)


def test_without_jit():
    with jax.disable_jit():
        x = jnp.linspace(-3, 3, 7)
        assert_same_bits(gelu_fast_jax.gelu(x), gelu_fast.gelu_tanh(np.asarray(x)))
        second = jax.vmap(jax.grad(jax.grad(gelu_fast_jax.gelu)))(x)
        assert_same_bits(second, gelu_fast.gelu_tanh_grad2(np.asarray(x)))


def test_transformations_of_derivatives(rng):
    x, bias = jnp.asarray(rng.standard_normal((2, 5))), jnp.asarray(rng.standard_normal(5))
    pairs = [
        (gelu_fast_jax.bias_gelu, lambda x, b: jax.nn.gelu(x + b), (x, bias)),
        (gelu_fast_jax.geglu, lambda x, b: jax.nn.gelu(x) * b, (x[0], bias)),
    ]
    transforms = (
        lambda f: jax.hessian(lambda *operands: jnp.sin(f(*operands)).sum(), argnums=(0, 1)),
        lambda f: jax.jacfwd(jax.jacrev(f, argnums=1)),
        lambda f: jax.jacrev(jax.jacfwd(f, argnums=1)),
        lambda f: jax.grad(lambda x, b: jax.checkpoint(f)(f(x, b), b).sum()),
        lambda f: lambda x, b: jax.vjp(f, x, b)[1](x),
        lambda f: lambda x, b: jax.linearize(f, x, b)[1](x, b),
    )
    for (actual, expected, operands), transform in itertools.product(pairs, transforms):
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12),
            jax.jit(transform(actual))(*operands),
            jax.jit(transform(expected))(*operands),
        )


def test_scan_and_its_gradient(rng):
    x = jnp.asarray(rng.standard_normal(50))

    def loss(gelu):
        return lambda x: jax.lax.scan(lambda y, _: (2 * gelu(y), None), x, None, length=7)[0].sum()

    np.testing.assert_allclose(
        jax.grad(loss(gelu_fast_jax.gelu))(x), jax.grad(loss(jax.nn.gelu))(x), rtol=1e-10
    )


@pytest.mark.parametrize("axes", [(0, None), (1, None), (0, 0), (1, 0), (2, None), (None, 0)])
def test_vmap_of_two_operands(rng, axes):
    x = rng.standard_normal((3, 3, 4))
    bias = rng.standard_normal({None: 3 if axes[0] == 2 else 4, 0: (3, 4)}[axes[1]])
    actual = jax.vmap(gelu_fast_jax.bias_gelu, axes)(x, bias)
    expected = jax.vmap(lambda x, bias: jax.nn.gelu(x + bias), axes)(x, bias)
    np.testing.assert_allclose(actual, expected, rtol=1e-9)


def test_vmap_of_vmap(rng):
    x, bias = rng.standard_normal((5, 3, 4)), rng.standard_normal((2, 4))

    def both(function):
        return jax.vmap(jax.vmap(function, (0, None)), (None, 0))

    np.testing.assert_allclose(
        both(gelu_fast_jax.bias_gelu)(x, bias),
        both(lambda x, bias: jax.nn.gelu(x + bias))(x, bias),
        rtol=1e-9,
    )


def test_debug_nans():
    with jax.debug_nans(True):
        gelu_fast_jax.gelu(jnp.array([-np.inf, np.inf, 1e300, -1e300, 0.0])).block_until_ready()
        with pytest.raises(FloatingPointError):
            gelu_fast_jax.gelu(jnp.nan)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_lengths_and_threads(rng, threads):
    gelu_fast.set_num_threads(threads)
    call = jax.jit(gelu_fast_jax.gelu)
    for n in (1, 2, 63, 1000, 32767, 32768, 65537, 300_001):
        x = numbers(rng, np.float32, n)
        assert_same_bits(call(x), gelu_fast.gelu_tanh(x))


def test_many_threads_at_once(rng):
    x = [rng.standard_normal(100_000 + 1000 * k).astype(np.float32) for k in range(4)]
    call = jax.jit(lambda x: [gelu_fast_jax.gelu(x * k, False) for k in range(1, 5)])
    results = [[] for _ in x]

    def run(k):
        results[k] = [call(x[k]) for _ in range(20)]

    threads = [threading.Thread(target=run, args=(k,)) for k in range(len(x))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k, y in enumerate(results):
        for values in y:
            for factor, value in enumerate(values, start=1):
                assert_same_bits(value, gelu_fast.gelu(x[k] * np.float32(factor)))


def test_compiled_program_is_the_call_alone():
    x, bias = jnp.ones((64, 32)), jnp.ones(32)
    for function, operands in (
        (gelu_fast_jax.gelu, (x,)),
        (gelu_fast_jax.bias_gelu, (x, bias)),
        (gelu_fast_jax.geglu, (x, x)),
        (jax.vmap(gelu_fast_jax.gelu), (x,)),
        (jax.vmap(gelu_fast_jax.bias_gelu, (0, None)), (x, bias)),
    ):
        compiled = jax.jit(function).lower(*operands).compile()
        program = compiled.as_text().partition("ENTRY")[2]
        assert program.count(" custom-call(") == 1
        for what in (" copy(", " broadcast(", " select(", "fusion", "conditional"):
            assert what not in program
        assert compiled.memory_analysis().temp_size_in_bytes == 0


class Buffer(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_size_t),
        ("extension", ctypes.c_void_p),
        ("dtype", ctypes.c_int),
        ("data", ctypes.c_void_p),
    )


class Buffers(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_size_t),
        ("extension", ctypes.c_void_p),
        ("size", ctypes.c_int64),
        ("types", ctypes.c_void_p),
        ("buffers", ctypes.POINTER(ctypes.POINTER(Buffer))),
    )


class CallFrame(ctypes.Structure):
    _fields_ = (
        ("struct_size", ctypes.c_size_t),
        ("extension", ctypes.c_void_p),
        ("api", ctypes.c_void_p),
        ("context", ctypes.c_void_p),
        ("stage", ctypes.c_int),
        ("operands", Buffers),
        ("results", Buffers),
    )


HANDLER = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(CallFrame))


def check_pointers():
    """Run in its own process, because a target cannot be unregistered."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    handler = HANDLER(pointer(gelu_fast._core.xla_ffi_handler(), None))
    seen = []

    @HANDLER
    def note(frame):
        call = frame.contents
        if not call.extension:  # with an extension, XLA asks for the handler's version
            seen.append(
                tuple(
                    operands.buffers[i].contents.data
                    for operands in (call.operands, call.results)
                    for i in range(operands.size)
                )
            )
        return handler(frame)

    jax.ffi.register_ffi_target("note", jax.ffi.pycapsule(note), platform="cpu")
    gelu_fast_jax._TARGET = "note"
    x, bias = jnp.linspace(-5, 5, 1 << 20).reshape(1024, 1024), jnp.ones(1024)
    for function, operands in (
        (gelu_fast_jax.gelu, (x,)),
        (gelu_fast_jax.bias_gelu, (x, bias)),
        (gelu_fast_jax.geglu, (x, x)),
        (jax.vmap(gelu_fast_jax.bias_gelu, (0, None)), (x, bias)),
    ):
        y = jax.jit(function)(*operands).block_until_ready()
        assert seen[-1] == tuple(a.unsafe_buffer_pointer() for a in (*operands, y))
    # With a donated buffer, the result is in that buffer.
    z = x + 0
    where = z.unsafe_buffer_pointer()
    y = jax.jit(gelu_fast_jax.gelu, donate_argnums=0)(z).block_until_ready()
    assert y.unsafe_buffer_pointer() == where
    assert_same_bits(y, gelu_fast.gelu_tanh(np.asarray(x)))


def test_kernels_get_the_arrays_themselves(run_function):
    run_function(check_pointers)


def ffi_call(results, *operands, **attributes):
    return jax.ffi.ffi_call("gelu_fast", results)(*operands, **attributes)


def test_broadcasting_of_any_dimensions(rng):
    for dims in ((4,), (3, 4), (2, 3, 4), (2, 3, 2, 70), (3, 1, 2, 2, 5), (0, 3), (3, 0)):
        for ones in itertools.product((False, True), repeat=len(dims)):
            x = rng.standard_normal(dims)
            shape = [1 if one else n for n, one in zip(dims, ones, strict=True)]
            bias = rng.standard_normal(shape)
            y = ffi_call(jax.typeof(jnp.asarray(x)), x, bias, function="bias_gelu")
            assert_same_bits(y, gelu_fast.gelu(x + bias))


def test_every_function(rng):
    for name, ufunc in gelu_fast._ufuncs.items():
        x = [jnp.asarray(rng.standard_normal((6, 70))) for _ in range(ufunc.nin)]
        actual = ffi_call([jax.typeof(x[0])] * ufunc.nout, *x, function=name)
        expected = ufunc(*map(np.asarray, x))
        for a, b in zip(actual, expected if ufunc.nout > 1 else (expected,), strict=True):
            assert_same_bits(a, b)


@pytest.mark.parametrize(
    ("results", "operands", "attributes", "message"),
    [
        ([(3,)], [(3,)], {}, 'no attribute "function"'),
        ([(3,)], [(3,)], {"function": 1}, 'no attribute "function"'),
        ([(3,)], [(3,)], {"function": "gel"}, 'no function "gel"'),
        ([(3,)], [(3,)], {"function": "gelu" * 200}, "no function"),
        ([(3,)], [(3,), (3,)], {"function": "gelu"}, "1 operands and 1 results, not 2 and 1"),
        ([(3,)], [], {"function": "gelu"}, "1 operands and 1 results, not 0 and 1"),
        ([(3,)] * 2, [(3,)], {"function": "gelu"}, "1 operands and 1 results, not 1 and 2"),
        ([(3,)], [(3, 1)], {"function": "gelu"}, "one number of dimensions"),
        ([(3,)], [(2,)], {"function": "gelu"}, "dimension 0 of operand 0 of gelu is 2, where"),
        ([(3,), (1,)], [(3,)], {"function": "gelu_value_and_grad"}, "dimension 0 of result 1"),
        ([(4, 3)], [(4, 3), (2, 3)], {"function": "bias_gelu"}, "dimension 0 of operand 1"),
    ],
)
def test_calls_that_are_wrong(results, operands, attributes, message):
    types = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in results]
    arrays = [jnp.ones(shape, jnp.float32) for shape in operands]
    with pytest.raises(jax.errors.JaxRuntimeError, match=message):
        jax.block_until_ready(ffi_call(types, *arrays, **attributes))


def test_calls_of_wrong_dtype():
    x = jnp.ones(3, jnp.float32)
    for y, message in ((x.astype(int), "float16, bfloat16, float32"), (x, "one dtype")):
        result = jax.ShapeDtypeStruct(y.shape, jnp.int64)
        with pytest.raises(jax.errors.JaxRuntimeError, match=message):
            ffi_call(result, y, function="gelu").block_until_ready()


def check_shardings():
    from jax.sharding import NamedSharding, PartitionSpec

    mesh = jax.make_mesh((2, 2), ("a", "b"), axis_types=(jax.sharding.AxisType.Auto,) * 2)
    x, bias = jnp.linspace(-5, 5, 64 * 64).reshape(64, 64), jnp.linspace(-1, 1, 64)
    loss = jax.grad(lambda x: gelu_fast_jax.gelu(x).sum())
    for axes in (("a",), ("a", "b"), (None, "b"), (("a", "b"),)):
        spec = PartitionSpec(*axes)
        sharded = jax.device_put(x, NamedSharding(mesh, spec))
        for function, operands in (
            (gelu_fast_jax.gelu, (sharded,)),
            (loss, (sharded,)),
            (jax.vmap(gelu_fast_jax.gelu), (sharded,)),
            (gelu_fast_jax.bias_gelu, (sharded, bias)),
            (gelu_fast_jax.geglu, (sharded, sharded)),
        ):
            compiled = jax.jit(function).lower(*operands).compile()
            assert "all-gather" not in compiled.as_text()
            assert "all-to-all" not in compiled.as_text()
            y = compiled(*operands)
            assert y.sharding.is_equivalent_to(sharded.sharding, 2)
            np.testing.assert_allclose(
                y, function(*map(np.asarray, operands)), rtol=1e-6, atol=1e-6
            )
        y = jax.shard_map(
            gelu_fast_jax.bias_gelu, mesh=mesh, in_specs=(spec, PartitionSpec()), out_specs=spec
        )(x, jnp.ones(()))
        np.testing.assert_allclose(y, jax.nn.gelu(x + 1), rtol=1e-5, atol=1e-6)
    # The first operand is the same on all devices, the second is not; then XLA chooses the axes.
    y = jax.shard_map(
        gelu_fast_jax.geglu, mesh=mesh, in_specs=(PartitionSpec(), PartitionSpec("b")),
        out_specs=PartitionSpec("b"),
    )(x[:32], x)  # fmt: skip
    np.testing.assert_allclose(y[32:], jax.nn.gelu(x[:32]) * x[32:], rtol=1e-5, atol=1e-5)
    y = jax.jit(
        jax.shard_map(
            gelu_fast_jax.gelu, mesh=mesh, in_specs=PartitionSpec("a"),
            out_specs=PartitionSpec("a"), axis_names={"a"},
        )
    )(x)  # fmt: skip
    np.testing.assert_allclose(y, jax.nn.gelu(x), rtol=1e-5, atol=1e-5)
    explicit = jax.make_mesh((2, 2), ("a", "b"), axis_types=(jax.sharding.AxisType.Explicit,) * 2)
    with jax.set_mesh(explicit):
        sharded = jax.device_put(x, NamedSharding(explicit, PartitionSpec("a", "b")))
        for function in (gelu_fast_jax.gelu, loss, jax.vmap(gelu_fast_jax.gelu)):
            y = jax.jit(function)(sharded)
            assert jax.typeof(y).sharding.spec == PartitionSpec("a", "b")


def test_shardings_are_kept(run_function):
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=4"
    run_function(check_shardings, env={"XLA_FLAGS": flags})


def compile_with_cache(directory, approximate, sharded, look_no_further):
    from jax.sharding import NamedSharding, PartitionSpec

    jax.config.update("jax_compilation_cache_dir", directory)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_remove_custom_partitioning_ptr_from_cache_key", look_no_further)
    x = np.ones((4, 3), np.float32)
    mesh = jax.make_mesh((2,), ("a",), axis_types=(jax.sharding.AxisType.Auto,))
    axes = PartitionSpec("a") if sharded else PartitionSpec()
    y = jax.device_put(x, NamedSharding(mesh, axes) if sharded else jax.devices()[0])
    function = jax.jit(lambda x: gelu_fast_jax.gelu(x, approximate))
    hits = []
    jax.monitoring.register_event_listener(
        lambda event, **_: hits.append(event == "/jax/compilation_cache/cache_hits")
    )
    compiled = function.lower(y).compile()
    print(any(hits))
    ufunc = getattr(gelu_fast, f"gelu{FORMS[approximate]}")
    assert_same_bits(compiled(y), ufunc(x))


@pytest.mark.parametrize(
    ("sharded", "look_no_further", "hits"),
    [(False, False, [False, True]), (True, False, [False, False]), (True, True, [False, True])],
)
def test_compilation_cache(run_function, tmp_path, sharded, look_no_further, hits):
    flags = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count=2"

    def compile_in_a_process(approximate):
        output = run_function(
            compile_with_cache, str(tmp_path), approximate, sharded, look_no_further,
            env={"XLA_FLAGS": flags},
        )  # fmt: skip
        return output.split() == ["True"]

    assert [compile_in_a_process("tanh") for _ in hits] == hits
    assert not compile_in_a_process("quick")  # the cache must not confuse it with "tanh"


def check_number_of_threads():
    """Call from every thread of XLA's pool, and count the threads."""
    x = jnp.linspace(-5, 5, 1 << 20, dtype=jnp.float32)

    def program(gelu):
        return jax.jit(lambda x: [gelu(x * k) for k in range(1, 20)])

    call = program(gelu_fast_jax.gelu).lower(x).compile()
    for _ in range(5):
        jax.block_until_ready(program(jax.nn.tanh)(x))
    before = len(os.listdir("/proc/self/task"))
    for _ in range(20):
        jax.block_until_ready(call(x))
    after = len(os.listdir("/proc/self/task"))
    assert after < before + 30, (before, after)  # one OpenMP team would add 39


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_starts_no_threads(run_function):
    run_function(check_number_of_threads, env={"OMP_NUM_THREADS": "40"})


def test_lowers_to_the_formula_elsewhere():
    x = jax.ShapeDtypeStruct((8, 4), jnp.float32)
    function = jax.vmap(jax.grad(lambda x: gelu_fast_jax.gelu(x).sum()))
    for platform in ("cuda", "tpu"):
        exported = jax.export.export(jax.jit(function), platforms=[platform])(x)
        assert "custom_call" not in exported.mlir_module()


def test_export():
    pytest.importorskip("flatbuffers")
    check = jax.export.DisabledSafetyCheck.custom_call("gelu_fast")
    shape = jax.export.symbolic_shape("n, 4")
    export = jax.export.export(jax.jit(gelu_fast_jax.gelu), disabled_checks=[check])
    exported = export(jax.ShapeDtypeStruct(shape, jnp.float32))
    x = np.linspace(-3, 3, 12, dtype=np.float32).reshape(3, 4)
    assert_same_bits(jax.export.deserialize(exported.serialize()).call(x), gelu_fast.gelu_tanh(x))


def check_formulas():
    """Compile the formulas by XLA, as on a GPU."""
    jax.lax.platform_dependent = lambda *operands, cpu, default: default(*operands)
    x = jnp.linspace(-6, 6, 101)
    for approximate in (True, False, "quick"):
        assert_same_derivatives(approximate, x, [2e-5 * 5**order for order in range(3)])
        y = gelu_fast_jax.bias_gelu(x, x[0], approximate)
        np.testing.assert_allclose(y, function_of_jax(approximate)(x + x[0]), atol=1e-5)
        y = gelu_fast_jax.geglu(x, x, approximate)
        np.testing.assert_allclose(y, function_of_jax(approximate)(x) * x, atol=1e-4)


def test_formulas(run_function):
    run_function(check_formulas)


def check_refusal():
    def refuse(*arguments, **options):
        raise ValueError("no such version")

    del sys.modules["gelu_fast.jax"]
    jax.ffi.register_ffi_target = refuse
    with pytest.raises(ImportError, match=r"refuses gelu_fast's kernels.*no such version"):
        import gelu_fast.jax  # noqa: F401


def test_refusal_by_jaxlib(run_function):
    run_function(check_refusal)

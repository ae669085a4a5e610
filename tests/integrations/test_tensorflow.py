"""gelu_fast.tensorflow: eager and in tf.function, derivatives, and no copies."""

import importlib
import sys
import threading

import numpy as np
import pytest

import gelu_fast
from gelu_fast._ufuncs import form

tf = pytest.importorskip("tensorflow")
integration = importlib.import_module("gelu_fast.tensorflow")
gelu = integration.gelu

DTYPES = [tf.float16, tf.bfloat16, tf.float32, tf.float64]
FORMS = ["none", "tanh", "quick"]
SHAPES = [(), (0,), (3, 0), (1,), (7,), (2, 3, 5), (100_003,)]
X = np.float64([-12.0, -3.0, -1.0, -0.5, -0.0, 0.0, 0.3, 1.0, 2.0, 40.0])

eager_and_function = pytest.mark.parametrize(
    "wrap", [lambda f: f, tf.function], ids=["eager", "function"]
)


def values(rng, shape, dtype):
    return tf.cast(tf.constant(rng.normal(0, 4, shape)), dtype)


def assert_same_bits(tensor, array):
    result = tensor.numpy()
    assert result.dtype == array.dtype
    assert result.shape == array.shape
    assert result.tobytes() == array.tobytes()


@eager_and_function
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
def test_bits_are_those_of_the_ufunc(dtype, shape, wrap, rng):
    x = values(rng, shape, dtype)
    for approximate in FORMS:
        y = wrap(lambda x, approximate=approximate: gelu(x, approximate))(x)
        assert_same_bits(y, np.asarray(form(approximate, "gelu")(x.numpy())))


@eager_and_function
def test_special_values(wrap):
    x = np.float32([np.inf, -np.inf, np.nan, 0.0, -0.0, -14.0, 1e-45, 3e38])
    assert_same_bits(wrap(gelu)(x), gelu_fast.gelu(x))


def test_approximate_is_a_bool_too():
    for approximate, name in ((False, "none"), (True, "tanh"), (np.True_, "tanh")):
        assert_same_bits(gelu(X, approximate=approximate), form(name, "gelu")(X))
    assert_same_bits(gelu(X), gelu_fast.gelu(X))
    for approximate in ("exact", 1, None, ["tanh"]):
        with pytest.raises(
            ValueError, match="approximate is True, False, 'none', 'tanh' or 'quick'"
        ):
            gelu(X, approximate=approximate)


def test_close_to_tensorflow():
    for approximate in (False, True):
        ours, theirs = gelu(X, approximate), tf.nn.gelu(X, approximate)
        np.testing.assert_allclose(
            ours, theirs, rtol=0, atol=1e-7
        )  # tf.nn.gelu computes 1/sqrt(2) in float32


@pytest.mark.parametrize("features", [[1, 2], True, "text", 1j, np.int8([1])], ids=str)
def test_other_dtypes_are_refused(features):
    with pytest.raises(
        TypeError, match=r"of dtype \w+, not of float16, bfloat16, float32, float64"
    ):
        gelu(features)


def test_inputs_that_are_no_tensors():
    expected = gelu_fast.gelu(np.float32([1.0, 2.0]))
    for features in ([1.0, 2.0], np.float32([9.0, 1.0, 9.0, 2.0])[1::2], tf.Variable([1.0, 2.0])):
        assert_same_bits(gelu(features), expected)
    ragged = gelu(tf.ragged.constant([[1.0], [], [2.0, -3.0]]))
    assert ragged.row_lengths().numpy().tolist() == [1, 0, 2]
    assert_same_bits(ragged.flat_values, gelu_fast.gelu(np.float32([1.0, 2.0, -3.0])))


def test_static_shape_is_kept():
    for shape in (None, [None, 4], [2, 4], []):
        function = tf.function(gelu, input_signature=[tf.TensorSpec(shape, tf.float16)])
        output = function.get_concrete_function().outputs[0]
        assert output.shape.as_list() == shape if shape is not None else output.shape.rank is None
        assert output.dtype == tf.float16


def test_name():
    with tf.Graph().as_default():
        assert gelu(tf.constant([1.0]), name="mine").op.name.startswith("mine/")
        assert gelu(tf.constant([1.0])).op.name.startswith("gelu_fast/")


# Derivatives


def gradient(x, grad, approximate):
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = gelu(x, approximate)
    return tape.gradient(y, x, grad)


@eager_and_function
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
def test_gradient_has_the_bits_of_the_ufunc(dtype, shape, wrap, rng):
    x, grad = values(rng, shape, dtype), values(rng, shape, dtype)
    for approximate in FORMS:
        result = wrap(lambda x, grad, a=approximate: gradient(x, grad, a))(x, grad)
        expected = form(approximate, "gelu_backward")(grad.numpy(), x.numpy())
        assert_same_bits(result, np.asarray(expected))


def differentiate_twice(activation, x, grad, grad_grad):
    with tf.GradientTape() as outer:
        outer.watch([x, grad])
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = activation(x)
        dx = inner.gradient(y, x, grad)
    return outer.gradient(dx, [x, grad], grad_grad)


@pytest.mark.parametrize("shape", [(), (0,), (2, 3, 5), (20_001,)], ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
@pytest.mark.parametrize("tapes", ["eager", "in the function", "around the function"])
def test_second_derivative_has_the_bits_of_the_ufuncs(tapes, dtype, shape, rng):
    x, grad, grad_grad = (values(rng, shape, dtype) for _ in range(3))
    arrays = [tensor.numpy() for tensor in (grad_grad, grad, x)]
    for approximate in FORMS:

        def activation(x, approximate=approximate):
            return gelu(x, approximate)

        if tapes == "around the function":
            activation = tf.function(activation)
        twice = lambda *tensors, f=activation: differentiate_twice(f, *tensors)  # noqa: E731
        if tapes == "in the function":
            twice = tf.function(twice)
        dx, dgrad = twice(x, grad, grad_grad)
        double_backward = form(approximate, "gelu_double_backward")
        expected = double_backward(*map(np.atleast_1d, arrays)).reshape(shape)
        # Around a function, TensorFlow adds zeros, which flushes subnormal numbers to 0.
        atol = 1.2e-38 if tapes == "around the function" else 0
        np.testing.assert_allclose(dx.numpy(), expected, rtol=0, atol=atol)
        expected = form(approximate, "gelu_backward")(arrays[0], arrays[2])
        np.testing.assert_allclose(dgrad.numpy(), expected, rtol=0, atol=atol)


def test_second_derivative_is_tensorflows():
    x = tf.constant(X)
    for approximate in (False, True):
        ours, theirs = (
            differentiate_twice(lambda x, f=f, a=approximate: f(x, a), x, x + 1, x - 2)
            for f in (gelu, tf.nn.gelu)
        )
        np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-6, atol=1e-6)


def by_tape(function):
    def derivative(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)
        return tape.gradient(y, x)

    return derivative


def forward(function):
    def derivative(x):
        with tf.autodiff.ForwardAccumulator(x, tf.sin(x)) as accumulator:
            y = function(x)
        return accumulator.jvp(y)

    return derivative


def by_vector(function):
    """Return the derivative of a Hessian-vector product with respect to the vector."""

    def derivative(x):
        vector = tf.cos(x)
        return by_tape(lambda vector: by_tape(lambda x: by_tape(function)(x) * vector)(x))(vector)

    return derivative


@eager_and_function
@pytest.mark.parametrize(
    "transforms",
    [
        (by_tape, forward), (forward, forward), (by_vector,), (by_tape, by_tape, by_tape),
        (by_tape, by_tape, forward),
    ],
    ids=lambda transforms: " ".join(transform.__name__ for transform in transforms),
)  # fmt: skip
def test_derivatives_of_any_order_and_mode(transforms, wrap):
    def exact(x):
        return x * tf.math.erfc(-np.sqrt(0.5) * x) / 2

    x, results = tf.constant(np.linspace(-2, 2, 7)), []
    for activation in (wrap(gelu), exact):
        function = lambda x, f=activation: f(tf.sin(x))  # noqa: E731
        for transform in transforms:
            function = transform(function)
        results.append(function(x))
    np.testing.assert_allclose(*results, rtol=1e-9, atol=1e-9)


@eager_and_function
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
def test_third_derivative_at_the_ends(dtype, wrap):
    x = tf.cast(tf.constant([np.inf, -np.inf, 300, -300, 60000, -60000, np.nan]), dtype)
    for approximate in FORMS:
        third = by_tape(by_tape(by_tape(lambda x, a=approximate: gelu(x, a))))
        result = wrap(third)(x).numpy().astype(float)
        np.testing.assert_allclose(result, [0] * 6 + [np.nan], atol=1e-100)


@eager_and_function
def test_overflow_does_not_warn(wrap):
    x, grad = tf.constant([1.5, -np.inf], tf.float16), tf.constant([65504, np.inf], tf.float16)
    result = wrap(lambda x, grad: gradient(x, grad, False))(x, grad)
    np.testing.assert_array_equal(result, [np.inf, np.nan])


@pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices:UserWarning")
@eager_and_function
def test_gradient_of_gathered_rows(wrap):
    def gathered(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            rows = tf.gather(gelu(x), [1, 1, 2])
        return tape.gradient(rows, x)

    counts = np.float64([0, 2, 1] + [0] * 7)
    assert_same_bits(wrap(gathered)(tf.constant(X)), gelu_fast.gelu_backward(counts, X))


@eager_and_function
def test_gradient_of_a_variable(wrap):
    variable = tf.Variable(X)

    def gradient_of_variable():
        with tf.GradientTape() as tape:
            y = gelu(variable)
        return tape.gradient(y, variable)

    assert_same_bits(wrap(gradient_of_variable)(), gelu_fast.gelu_grad(X))


@eager_and_function
def test_jacobian_and_hessian(wrap):
    def both(x):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape(persistent=True) as inner:
                inner.watch(x)
                y = gelu(x)
            first = inner.gradient(y, x)
        return inner.jacobian(y, x), outer.jacobian(first, x)

    jacobian, hessian = wrap(both)(tf.constant(X))
    np.testing.assert_array_equal(jacobian, np.diag(gelu_fast.gelu_grad(X)))
    np.testing.assert_array_equal(hessian, np.diag(gelu_fast.gelu_grad2(X)))


def test_forward_mode_eagerly():
    x = tf.constant(X)
    for activation in (gelu, tf.function(gelu)):
        with tf.autodiff.ForwardAccumulator(x, tf.ones_like(x)) as accumulator:
            y = activation(x)
        assert_same_bits(accumulator.jvp(y), gelu_fast.gelu_grad(X))


def test_vectorized_map_and_map_fn():
    x = tf.reshape(tf.constant(X), [2, 5])
    for mapped in (tf.vectorized_map, tf.map_fn):
        assert_same_bits(mapped(gelu, x), gelu_fast.gelu(x.numpy()))


def test_dataset():
    dataset = tf.data.Dataset.from_tensor_slices(X).batch(3).map(gelu, num_parallel_calls=2)
    assert_same_bits(tf.concat(list(dataset), 0), gelu_fast.gelu(X))


def test_graph_and_session_of_version_1():
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.compat.v1.placeholder(tf.float64)
        y = gelu(x)
        first = tf.gradients(y, x)[0]
        results = session.run([y, first, tf.gradients(first, x)[0]], {x: X})
    functions = (gelu_fast.gelu, gelu_fast.gelu_grad, gelu_fast.gelu_grad2)
    for result, function in zip(results, functions, strict=True):
        np.testing.assert_array_equal(result, function(X))


# Copies: none


def address(array):
    return array.__array_interface__["data"][0]


@eager_and_function
@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
@pytest.mark.parametrize("dtype", DTYPES, ids=lambda dtype: dtype.name)
def test_nothing_is_copied(dtype, size, wrap, monkeypatch, rng):
    calls = []

    def spying_form(approximate, name):
        def spy(*arrays, out):
            calls.append((name, [address(array) for array in arrays], address(out)))
            return form(approximate, name)(*arrays, out=out)

        return spy

    monkeypatch.setattr(integration, "form", spying_form)
    x, grad, grad_grad = (values(rng, (size,), dtype) for _ in range(3))

    def all_three(x, grad, grad_grad):
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = gelu(x)
            dx = inner.gradient(y, x, grad)
        return y, dx, outer.gradient(dx, x, grad_grad)

    results = wrap(all_three)(x, grad, grad_grad)
    at = [address(np.asarray(memoryview(tensor)) if dtype != tf.bfloat16 else np.asarray(tensor))
          for tensor in (x, grad, grad_grad)]  # fmt: skip
    seen = {}
    for name, operands, out in calls:
        seen.setdefault(name, (operands, out))  # gelu_backward's first call is the inner tape's
    assert seen["gelu"][0] == [at[0]]
    assert seen["gelu_backward"][0] == [at[1], at[0]]
    assert seen["gelu_double_backward"][0] == [at[2], at[1], at[0]]
    names = ("gelu", "gelu_backward", "gelu_double_backward")
    for name, result in zip(names, results, strict=True):
        assert address(np.asarray(result)) == seen[name][1], name
        assert seen[name][1] % 64 == 0


def grow() -> None:
    import resource

    x = tf.ones([1 << 20])
    function = tf.function(lambda x: gradient(gelu(x), x, False))
    for call in range(320):
        gradient(gelu(x), x, False)
        function(x)
        if call == 19:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no module resource")
def test_memory_of_the_process_does_not_grow(run_function):
    grown = int(run_function(grow)) * (1 if sys.platform == "darwin" else 1024)
    assert grown < 64 << 20  # 300 rounds of 6 results of 4 MiB are 7 GiB


def test_results_outlive_what_they_were_made_of():
    results = [gelu(tf.fill([1000], float(k))) for k in range(50)]
    results += [tf.function(gelu)(tf.fill([1000], 50.0))]
    for k, result in enumerate(results):
        np.testing.assert_array_equal(result, gelu_fast.gelu(np.full(1000, k, np.float32)))


def test_threads():
    x = [tf.random.stateless_normal([40_000], [k, 0]) for k in range(4)]
    expected = [gelu_fast.gelu(tensor.numpy()).tobytes() for tensor in x]
    function, wrong = tf.function(gelu), []

    def work(k):
        for _ in range(30):
            for activation in (gelu, function):
                if activation(x[k]).numpy().tobytes() != expected[k]:
                    wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# What TensorFlow does not let Python functions do


def test_xla_refuses_it():
    with pytest.raises(tf.errors.InvalidArgumentError, match="PyFuncStateless"):
        tf.function(gelu, jit_compile=True)(X)


def load_in_another_process(path) -> None:
    module = tf.saved_model.load(path)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Could not find callback"):
        module.function(X)


def test_saved_model_does_not_contain_it(tmp_path, run_function):
    module = tf.Module()
    module.function = tf.function(gelu, input_signature=[tf.TensorSpec([None], tf.float64)])
    tf.saved_model.save(module, str(tmp_path))
    run_function(load_in_another_process, str(tmp_path))


def use_two_devices() -> None:
    cpu = tf.config.list_physical_devices("CPU")[0]
    two = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, two)
    with tf.device("CPU:1"):
        x = tf.constant(X)
        assert x.device.endswith("CPU:1")
        for function in (gelu, tf.function(gelu)):
            assert_same_bits(function(x) + x, gelu_fast.gelu(x.numpy()) + x.numpy())
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    results = strategy.run(tf.function(gelu), (x,))
    for result in strategy.experimental_local_results(results):
        assert_same_bits(result, gelu_fast.gelu(x.numpy()))


def test_two_devices(run_function):
    run_function(use_two_devices)

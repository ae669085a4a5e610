"""gelu_fast.keras on each Keras backend, which an environment variable chooses at import."""

import os
import sys
from importlib.util import find_spec

import numpy as np
import pytest

import gelu_fast
from gelu_fast._ufuncs import form

# Not importorskip: Keras would import its default backend, which may not be installed.
pytestmark = pytest.mark.skipif(find_spec("keras") is None, reason="needs keras")

BACKENDS = ["numpy", "jax", "torch", "tensorflow"]
FORMS = {False: "none", True: "tanh", "none": "none", "tanh": "tanh", "quick": "quick"}
X = np.random.default_rng(5).normal(0, 3, (64, 8)).astype(np.float32)
TARGET = np.sin(X).sum(axis=1, keepdims=True)


def skip_without(*backends) -> None:
    for backend in backends:
        if find_spec(backend) is None:
            pytest.skip(f"needs {backend}")


@pytest.fixture
def run(run_function):
    def run(function, *arguments, backend):
        skip_without(backend)
        env = {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "2"}
        return run_function(function, *arguments, env=env)

    return run


every_backend = pytest.mark.parametrize("backend", BACKENDS)
training_backends = pytest.mark.parametrize("backend", BACKENDS[1:])


def flat_array(x) -> np.ndarray:
    import keras

    return keras.ops.convert_to_numpy(keras.ops.reshape(x, -1))  # TensorFlow has no 0-d bfloat16


def bits(x) -> bytes:
    return flat_array(x).tobytes()


def check_values() -> None:
    import keras

    from gelu_fast.keras import GELU, gelu

    assert keras.backend.backend() == os.environ["KERAS_BACKEND"]
    dtypes = ["float16", "bfloat16", "float32", "float64"]
    if keras.backend.backend() == "jax":
        dtypes.remove("float64")  # JAX needs jax_enable_x64 for it
    for dtype in dtypes:
        for shape in ((), (0, 3), (8,), (2, 4, 8)):
            x = keras.ops.cast(np.resize(X, shape), dtype)
            array = flat_array(x)
            for approximate, name in FORMS.items():
                y = gelu(x, approximate)
                assert keras.backend.standardize_dtype(y.dtype) == dtype
                assert tuple(y.shape) == shape
                expected = form(name, "gelu")(array).tobytes()
                assert bits(y) == expected, (dtype, shape, approximate)
                assert bits(GELU(approximate, dtype=dtype)(x)) == expected
        symbolic = gelu(keras.Input((None, 3), dtype=dtype))
        assert keras.backend.is_keras_tensor(symbolic)
        assert (symbolic.shape, symbolic.dtype) == ((None, None, 3), dtype)
    assert bits(gelu(X)) == gelu_fast.gelu(X).tobytes()  # exact by default, like Keras's gelu
    for x in ([-1.0, 2.0], keras.Variable([-1.0, 2.0])):
        assert bits(gelu(x)) == gelu_fast.gelu(np.float32([-1, 2])).tobytes()


def check_errors() -> None:
    import keras

    from gelu_fast.keras import GELU, gelu

    for x in ([1, 2], np.array([True]), keras.Input((3,), dtype="int32")):
        with pytest.raises(TypeError, match="not of float16, bfloat16, float32, float64"):
            gelu(x)
    for approximate in ("exact", 1, None):
        for function in (GELU, lambda approximate: gelu(X, approximate)):
            with pytest.raises(ValueError, match="approximate is True, False, 'none', 'tanh' or"):
                function(approximate)


def check_mixed_precision() -> None:
    import keras

    from gelu_fast.keras import GELU

    keras.mixed_precision.set_global_policy("mixed_bfloat16")
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(4), GELU()])
    assert model.outputs[0].dtype == "bfloat16"
    assert predict(model).dtype == "bfloat16"


def check_functions() -> None:
    check_values()
    check_errors()
    check_mixed_precision()


@every_backend
def test_functions(backend, run):
    run(check_functions, backend=backend)


def check_that_numpy_copies_no_input() -> None:
    import tracemalloc

    from gelu_fast.keras import GELU, gelu

    x = np.ones(1 << 20, np.float32)
    layer = GELU()
    for function in (gelu, layer):
        function(x)
        tracemalloc.start()
        result = function(x)
        assert tracemalloc.get_traced_memory()[1] < 1.1 * result.nbytes
        tracemalloc.stop()


def test_numpy_copies_no_input(run):
    run(check_that_numpy_copies_no_input, backend="numpy")


def build(kind, activation):
    """Return a model with the activation in one of the places where Keras accepts one."""
    import keras

    keras.utils.set_random_seed(3)
    x = keras.Input((8,))
    if kind == "activation of a layer":
        hidden = keras.layers.Dense(16, activation=activation)(x)
    elif kind == "Activation":
        hidden = keras.layers.Activation(activation)(keras.layers.Dense(16)(x))
    else:  # on a KerasTensor
        hidden = activation(keras.layers.Dense(16)(x))
    return keras.Model(x, keras.layers.Dense(1)(hidden))


def each_model():
    import keras

    from gelu_fast.keras import GELU, gelu

    def tanh(x):
        return keras.activations.gelu(x, approximate=True)

    def quick(x):
        return x * keras.ops.sigmoid(1.702 * x)

    for kind in ("activation of a layer", "Activation", "function"):
        yield build(kind, gelu), build(kind, keras.activations.gelu)
    yield build("activation of a layer", GELU("tanh")), build("function", tanh)
    yield build("function", GELU("quick")), build("function", quick)
    yield build("function", lambda x: gelu(x, "quick")), build("function", quick)


def predict(model):
    return model.predict(X, verbose=0)


def check_models(path) -> None:
    import keras

    for ours, theirs in each_model():
        np.testing.assert_allclose(predict(ours), predict(theirs), rtol=1e-5, atol=1e-5)
        ours.save(path)
        loaded = keras.models.load_model(path)
        np.testing.assert_allclose(predict(loaded), predict(ours), rtol=1e-5, atol=1e-5)
        assert loaded.to_json() == ours.to_json()
        keras.models.clone_model(ours)


@every_backend
def test_models_are_saved_and_loaded(backend, run, tmp_path):
    run(check_models, str(tmp_path / "model.keras"), backend=backend)


def check_training() -> None:
    import keras

    for ours, theirs in each_model():
        losses = []
        for model in (ours, theirs):
            model.compile(keras.optimizers.SGD(0.01), "mse")
            history = model.fit(X, TARGET, epochs=4, batch_size=16, shuffle=False, verbose=0)
            losses.append(history.history["loss"])
        assert losses[0][-1] < 0.9 * losses[0][0]
        np.testing.assert_allclose(*losses, rtol=1e-4)
        for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


@training_backends
def test_training_is_that_of_keras(backend, run):
    run(check_training, backend=backend)


def save_model(path) -> None:
    import keras

    from gelu_fast.keras import GELU, gelu

    keras.utils.set_random_seed(3)
    x = keras.Input((8,))
    hidden = GELU("quick")(keras.layers.Dense(16, activation=gelu)(x))
    model = keras.Model(x, keras.layers.Dense(1)(hidden))
    model.save(path)
    np.save(path + ".npy", predict(model))


def load_model(path) -> None:
    import keras

    import gelu_fast.keras  # noqa: F401

    expected = np.load(path + ".npy")
    np.testing.assert_allclose(
        predict(keras.models.load_model(path)), expected, rtol=1e-5, atol=1e-5
    )


def test_model_of_one_backend_loads_on_the_others(run, tmp_path):
    path = str(tmp_path / "model.keras")
    run(save_model, path, backend="numpy")
    for backend in BACKENDS[1:]:
        if find_spec(backend) is not None:
            run(load_model, path, backend=backend)


def save_activation(path) -> None:
    from gelu_fast.keras import gelu

    model = build("activation of a layer", gelu)
    model.save(path)
    np.save(path + ".npy", predict(model))


def load_without_gelu_fast(path) -> None:
    import keras

    own = {"gelu_fast>gelu": keras.activations.gelu}
    model = keras.models.load_model(path, custom_objects=own)
    assert "gelu_fast.keras" not in sys.modules
    np.testing.assert_allclose(predict(model), np.load(path + ".npy"), rtol=1e-5, atol=1e-6)


def test_model_loads_without_gelu_fast(run, tmp_path):
    path = str(tmp_path / "model.keras")
    for function in (save_activation, load_without_gelu_fast):
        run(function, path, backend="tensorflow")


def check_xla() -> None:
    import tensorflow as tf

    from gelu_fast.keras import GELU, gelu

    model = build("activation of a layer", gelu)
    model.compile("sgd", "mse", jit_compile=True)
    with pytest.raises(tf.errors.InvalidArgumentError, match="PyFuncStateless"):
        model.fit(X, TARGET, verbose=0)
    model = build("activation of a layer", GELU())
    with pytest.warns(UserWarning, match="doesn't support `jit_compile=True`"):
        model.compile("sgd", "mse", jit_compile=True)
    model.fit(X, TARGET, verbose=0)


def test_xla_on_tensorflow(run):
    run(check_xla, backend="tensorflow")

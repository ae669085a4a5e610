"""examples/train_mlp.py: its gradients, its measures, and a tiny run from end to end."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "train_mlp.py"
ACTIVATIONS = ("GELU", "tanh-GELU", "quick-GELU", "ReLU")

for _module in ("sklearn", "matplotlib", "tqdm"):
    if importlib.util.find_spec(_module) is None:
        pytest.skip(
            f"{_module} is missing: pip install scikit-learn matplotlib tqdm",
            allow_module_level=True,
        )


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("train_mlp", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclass resolves annotations there
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_backward_is_the_derivative_of_the_loss(example, name):
    rng = np.random.default_rng(0)
    network = example.Network(example.ACTIVATIONS[name], [5, 4, 4, 3], example.HE, rng)
    network.weights = [w.astype(np.float64) for w in network.weights]
    network.biases = [rng.normal(0, 0.5, b.shape) for b in network.biases]
    x, labels = rng.normal(size=(7, 5)), rng.integers(3, size=7)

    def loss():
        return -network.forward(x)[np.arange(7), labels].mean()

    weights, biases, sums = network.backward(network.forward(x), labels)
    for parameters, gradients in ((network.weights, weights), (network.biases, biases)):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            assert gradient.shape == parameter.shape
            for place in np.ndindex(parameter.shape):
                value, losses = parameter[place], []
                for step in (1e-6, -1e-6):
                    parameter[place] = value + step
                    losses.append(loss())
                parameter[place] = value
                slope = (losses[0] - losses[1]) / 2e-6
                np.testing.assert_allclose(gradient[place], slope, rtol=1e-6, atol=1e-8)
    # The bias is added to the sums of each image.
    for gradient, bias in zip(sums, biases, strict=False):
        np.testing.assert_allclose(gradient.sum(axis=0), bias, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gradient_norms_are_relative_to_the_last_hidden_layer(example, name):
    network = example.create(example.ACTIVATIONS[name], 4, example.HE, 0)
    x, _, labels, _ = example.load()
    sums = network.backward(network.forward(x), labels)[2]
    norms = network.gradient_norms(x, labels)
    assert norms.shape == (4,)
    assert norms[-1] == 1
    np.testing.assert_allclose(
        norms[0], np.linalg.norm(sums[0]) / np.linalg.norm(sums[3]), rtol=1e-6
    )


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_dead_units_are_counted(example, name):
    network = example.create(example.ACTIVATIONS[name], 2, example.HE, 0)
    x = np.linspace(-1, 1, 20 * 64, dtype=np.float32).reshape(20, 64)
    for weights, bias in zip(network.weights, network.biases, strict=True):
        weights[:] = 0
        bias[:] = 1
    assert network.share_of_dead_units(x) == 0
    network.biases[0][:6] = -20  # flat in every activation
    network.biases[1][:3] = -20
    assert network.share_of_dead_units(x) == 9 / 96
    network.weights[0][0, 0] = 40  # from -60 to 20: alive for some images
    assert network.share_of_dead_units(x) == 8 / 96


def test_a_negative_sum_is_dead_in_relu_alone(example):
    x = np.zeros((3, 64), np.float32)
    for name in ACTIVATIONS:
        network = example.create(example.ACTIVATIONS[name], 1, example.HE, 0)
        network.biases[0][:] = -2
        assert network.share_of_dead_units(x) == (name == "ReLU")


def test_a_seed_gives_every_activation_the_same_start_and_the_same_batches(example, monkeypatch):
    data = example.load()
    started, seen = {}, {}
    for name in ACTIVATIONS:
        network = example.create(example.ACTIVATIONS[name], 3, example.HE, 5)
        started[name] = np.concatenate([p.ravel() for p in network.weights + network.biases])
        seen[name] = []
        monkeypatch.setattr(
            network, "step", lambda _, labels, rate, name=name: seen[name].append(labels)
        )
        example.train(network, data, 5, 2, 0.01)
        seen[name] = np.concatenate(seen[name])
    for name in ACTIVATIONS:
        np.testing.assert_array_equal(started[name], started["GELU"])
        np.testing.assert_array_equal(seen[name], seen["GELU"])
    other = example.create(example.ACTIVATIONS["GELU"], 3, example.HE, 6)
    assert not np.array_equal(other.weights[0].ravel(), started["GELU"][: other.weights[0].size])


def test_the_rate_with_the_lowest_loss_is_taken_and_nan_is_not(example):
    fine, broken = (example.History([2.0, last], [0.0], np.ones(1)) for last in (1.0, np.nan))
    assert example.last_loss([fine]) == 1
    assert example.last_loss([broken]) > 1e300


def test_main_draws_and_prints_every_activation(example, capsys, monkeypatch, tmp_path):
    path = tmp_path / "plot.png"
    options = "--seeds 1 --epochs 2 --depths 2 3 --rates 0.01 0.003 --save"
    monkeypatch.setattr("sys.argv", ["train_mlp.py", *options.split(), str(path)])
    example.main()
    assert path.read_bytes().startswith(b"\x89PNG")
    lines = capsys.readouterr().out.splitlines()
    for depth in ("2", "3"):
        for name in ACTIVATIONS:
            assert sum(line.split()[:2] == [depth, name] for line in lines) == 1

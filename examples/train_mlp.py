"""Train the same deep network with GELU, its two approximations, and ReLU, in plain NumPy.

    pip install -e ".[examples]" && python examples/train_mlp.py

The data are scikit-learn's 1,797 handwritten digits. The network has many narrow layers and no
normalization, so that the activation has to carry the gradient. Saves docs/train_mlp.png:
loss, gradient norm by layer at the start, dead units, and test accuracy, over several seeds. What
they show: docs/train_mlp.md.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

from gelu_fast import BiasGELU

WIDTH, BATCH, MOMENTUM = 48, 64, 0.9
# A unit is dead if its derivative stays below this for every training image: nothing moves it.
DEAD = 1e-3


class BiasReLU:
    """max(x + bias, 0), with the methods of BiasGELU."""

    def __call__(self, x, bias):
        self._is_positive = x + bias > 0
        return np.where(self._is_positive, x + bias, np.float32(0))

    def backward(self, grad):
        dx = grad * self._is_positive
        return dx, dx.sum(axis=0)


ACTIVATIONS = {
    "GELU": BiasGELU,
    "tanh-GELU": lambda: BiasGELU("tanh"),
    "quick-GELU": lambda: BiasGELU("quick"),
    "ReLU": BiasReLU,
}
COLORS = dict(zip(ACTIVATIONS, ("#c1272d", "#e08a5b", "#8d6cab", "#3b6ea5"), strict=True))


@dataclass
class History:
    loss: list[float] = field(default_factory=list)  # of each epoch
    dead: list[float] = field(default_factory=list)  # share of units, after each epoch
    first_norms: list[float] = field(default_factory=list)  # of the weights' gradients, by layer
    accuracy: float = 0.0


class Network:
    """Linear layers with an activation between them, and softmax cross-entropy at the end."""

    def __init__(self, activation, sizes, rng):
        # He's initialization (arXiv:1502.01852) for all four: it is made for ReLU.
        self.weights = [
            rng.normal(0, np.sqrt(2 / n), (n, m)).astype(np.float32)
            for n, m in zip(sizes, sizes[1:], strict=False)
        ]
        self.biases = [np.zeros(m, np.float32) for m in sizes[1:]]
        self.layers = [activation() for _ in sizes[2:]]
        self.velocities = [np.zeros_like(p) for p in self.weights + self.biases]

    def forward(self, x):
        self.inputs = [x]
        for weights, bias, layer in zip(self.weights, self.biases, self.layers, strict=False):
            self.inputs.append(layer(self.inputs[-1] @ weights, bias))
        logits = self.inputs[-1] @ self.weights[-1] + self.biases[-1]
        logits -= logits.max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def backward(self, log_probabilities, labels):
        """Return the gradients of the mean loss, of the weights and of the biases."""
        grad = np.exp(log_probabilities)
        grad[np.arange(len(labels)), labels] -= 1
        grad /= len(labels)
        weights, biases = [self.inputs[-1].T @ grad], [grad.sum(axis=0)]
        for k in reversed(range(len(self.layers))):
            grad, bias = self.layers[k].backward(grad @ self.weights[k + 1].T)
            weights.insert(0, self.inputs[k].T @ grad)
            biases.insert(0, bias)
        return weights + biases

    def step(self, gradients, rate):
        parameters = self.weights + self.biases
        for p, v, g in zip(parameters, self.velocities, gradients, strict=True):
            v *= MOMENTUM
            v -= rate * g
            p += v

    def share_of_dead_units(self, x):
        self.forward(x)
        ones = np.ones((len(x), WIDTH), np.float32)
        largest = [np.abs(layer.backward(ones)[0]).max(axis=0) for layer in self.layers]
        return float(np.mean(np.concatenate(largest) < DEAD))


def train(activation, seed, depth, epochs, rate):
    digits = load_digits()
    images = ((digits.data - 8) / 8).astype(np.float32)
    x, x_test, y, y_test = train_test_split(
        images, digits.target, test_size=0.25, random_state=0, stratify=digits.target
    )
    rng = np.random.default_rng(seed)
    network = Network(activation, [x.shape[1], *[WIDTH] * depth, 10], rng)
    history = History()
    gradients = network.backward(network.forward(x), y)
    history.first_norms = [float(np.linalg.norm(g)) for g in gradients[: depth + 1]]
    for _ in range(epochs):
        losses = []
        for batch in np.array_split(rng.permutation(len(x)), len(x) // BATCH):
            log_probabilities = network.forward(x[batch])
            losses.append(-log_probabilities[np.arange(len(batch)), y[batch]].mean())
            network.step(network.backward(log_probabilities, y[batch]), rate)
        history.loss.append(float(np.mean(losses)))
        history.dead.append(network.share_of_dead_units(x))
    history.accuracy = float((network.forward(x_test).argmax(axis=1) == y_test).mean())
    return history


def plot(histories, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=(11, 8), layout="constrained")
    for name, runs in histories.items():
        color = COLORS[name]
        for axis, attribute in ((axes[0, 0], "loss"), (axes[0, 1], "first_norms"),
                                (axes[1, 0], "dead")):  # fmt: skip
            lines = np.array([getattr(run, attribute) for run in runs])
            places = np.arange(1, lines.shape[1] + 1)
            axis.plot(places, np.median(lines, axis=0), color=color, label=name)
            axis.fill_between(places, lines.min(axis=0), lines.max(axis=0), color=color, alpha=0.12)
        accuracies = [100 * run.accuracy for run in runs]
        position = list(histories).index(name)
        axes[1, 1].scatter([position] * len(runs), accuracies, color=color, alpha=0.6)
        axes[1, 1].hlines(np.median(accuracies), position - 0.3, position + 0.3, color=color)
    for axis, title, label in (
        (axes[0, 0], "training loss", "epoch"),
        (axes[0, 1], "norm of the weights' gradients before training", "layer, from the input"),
        (axes[1, 0], "share of dead units", "epoch"),
    ):
        axis.set(title=title, xlabel=label)
        axis.grid(alpha=0.3)
    axes[0, 0].set_yscale("log")
    axes[0, 1].set_yscale("log")
    axes[1, 1].set(title="test accuracy, %: each seed, and the median")
    axes[1, 1].set_xticks(range(len(histories)), list(histories))
    axes[1, 1].grid(alpha=0.3, axis="y")
    axes[0, 0].legend(title="median; band: all seeds")
    figure.savefig(path, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--depth", type=int, default=16, help="hidden layers")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--rate", type=float, default=0.005)
    parser.add_argument("--save", type=Path, default=Path("docs/train_mlp.png"))
    arguments = parser.parse_args()
    jobs = [(name, seed) for seed in range(arguments.seeds) for name in ACTIVATIONS]
    histories: dict[str, list[History]] = {name: [] for name in ACTIVATIONS}
    for name, seed in tqdm(jobs, unit="run"):
        histories[name].append(
            train(ACTIVATIONS[name], seed, arguments.depth, arguments.epochs, arguments.rate)
        )
    print(f"{arguments.depth} hidden layers, {arguments.epochs} epochs, {arguments.seeds} seeds")
    print("            last loss        dead units      test accuracy   gradient, first / last layer")
    for name, runs in histories.items():
        ratio = np.median([run.first_norms[0] / run.first_norms[-1] for run in runs])
        print(
            f"{name:11} {np.median([run.loss[-1] for run in runs]):10.4f} "
            f"{100 * np.median([run.dead[-1] for run in runs]):14.1f} % "
            f"{100 * np.median([run.accuracy for run in runs]):14.1f} % {ratio:22.3g}"
        )
    plot(histories, arguments.save)
    print("written:", arguments.save)


if __name__ == "__main__":
    main()

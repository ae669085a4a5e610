"""Train the same deep network with GELU, its two approximations, and ReLU, in plain NumPy.

    pip install -e ".[examples]" && python examples/train_mlp.py

The data are scikit-learn's 1,797 handwritten digits. The network has narrow layers and neither
normalization nor shortcuts. For each seed all activations start from the same weights and see the
same batches; each has that rate of three with which its loss ends lowest. See docs/train_mlp.md.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tqdm import tqdm

from gelu_fast import BiasGELU

WIDTH, BATCH, MOMENTUM = 48, 64, 0.9
HE = np.sqrt(2)  # arXiv:1502.01852: the gain that ReLU needs for signals to keep their size
# A unit is dead if its slope stays below this for all training images: almost nothing moves it.
# GELU is that flat below -3.1, quick-GELU below -3.7, ReLU below 0.
DEAD = 0.01


class BiasReLU:
    """max(x + bias, 0), with the methods of BiasGELU."""

    def __call__(self, x, bias):
        y = np.maximum(x + bias, 0)
        self._is_positive = y > 0
        return y

    def backward(self, grad):
        dx = grad * self._is_positive
        return dx, dx.sum(axis=0)


ACTIVATIONS = {
    "GELU": BiasGELU,
    "tanh-GELU": lambda: BiasGELU("tanh"),
    "quick-GELU": lambda: BiasGELU("quick"),
    "ReLU": BiasReLU,
}
# tanh-GELU often lies on GELU: dots let both be seen.
COLORS = dict(zip(ACTIVATIONS, ("#d55e00", "black", "#009e73", "#0072b2"), strict=True))
LINES = dict(zip(ACTIVATIONS, ("-", ":", "--", "-"), strict=True))


class Network:
    """Linear layers with an activation between them, and softmax cross-entropy at the end."""

    def __init__(self, activation, sizes, gain, rng):
        self.weights = [
            rng.normal(0, gain / np.sqrt(n), (n, m)).astype(np.float32) for n, m in pairwise(sizes)
        ]
        self.biases = [np.zeros(m, np.float32) for m in sizes[1:]]
        self.layers = [activation() for _ in sizes[2:]]
        self.velocities = [np.zeros_like(p) for p in self.weights + self.biases]

    def forward(self, x):
        """Return the logarithms of the classes' probabilities."""
        self.inputs = [x]
        for weights, bias, layer in zip(self.weights, self.biases, self.layers, strict=False):
            self.inputs.append(layer(self.inputs[-1] @ weights, bias))
        logits = self.inputs[-1] @ self.weights[-1] + self.biases[-1]
        logits -= logits.max(axis=1, keepdims=True)
        return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))

    def backward(self, log_probabilities, labels):
        """Return the gradients of the mean loss by the weights, the biases, and the hidden sums."""
        grad = np.exp(log_probabilities)
        grad[np.arange(len(labels)), labels] -= 1
        grad /= len(labels)
        weights, biases, sums = [self.inputs[-1].T @ grad], [grad.sum(axis=0)], []
        for k in reversed(range(len(self.layers))):
            grad, bias = self.layers[k].backward(grad @ self.weights[k + 1].T)
            weights.append(self.inputs[k].T @ grad)
            biases.append(bias)
            sums.append(grad)
        return weights[::-1], biases[::-1], sums[::-1]

    def step(self, log_probabilities, labels, rate):
        weights, biases, _ = self.backward(log_probabilities, labels)
        parameters, gradients = self.weights + self.biases, weights + biases
        for p, v, g in zip(parameters, self.velocities, gradients, strict=True):
            v *= MOMENTUM
            v -= rate * g
            p += v

    def gradient_norms(self, x, labels):
        """Return the norms of the gradients by the hidden layers' sums over that of the last."""
        norms = [np.linalg.norm(g) for g in self.backward(self.forward(x), labels)[2]]
        return np.array(norms) / max(norms[-1], np.finfo(np.float32).tiny)

    def share_of_dead_units(self, x):
        self.forward(x)
        ones = np.ones_like(self.inputs[1])
        slopes = [np.abs(layer.backward(ones)[0]) for layer in self.layers]
        return np.mean([slope.max(axis=0) < DEAD for slope in slopes])


@dataclass
class History:
    loss: list[float]  # of each epoch
    dead: list[float]  # share of units: at first, after each epoch
    norms_before: np.ndarray  # by layer
    norms_after: np.ndarray | None = None
    accuracy: float = 0.0


def load():
    """Return training images, test images, training labels, test labels."""
    images, labels = load_digits(return_X_y=True)
    images = ((images - 8) / 8).astype(np.float32)
    return train_test_split(images, labels, test_size=0.25, random_state=0, stratify=labels)


def create(activation, depth, gain, seed):
    """Return a network whose first weights depend on the seed, not on the activation."""
    return Network(activation, [64, *[WIDTH] * depth, 10], gain, np.random.default_rng(seed))


def train(network, data, seed, epochs, rate):
    x, x_test, y, y_test = data
    batches = np.random.default_rng([seed, 1])
    history = History([], [network.share_of_dead_units(x)], network.gradient_norms(x, y))
    # A rate that is too large lets the weights overflow: the loss says so, by NaN.
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(epochs):
            losses = []
            for batch in np.array_split(batches.permutation(len(x)), len(x) // BATCH):
                log_probabilities = network.forward(x[batch])
                losses.append(-log_probabilities[np.arange(len(batch)), y[batch]].mean())
                network.step(log_probabilities, y[batch], rate)
            history.loss.append(float(np.mean(losses)))
            history.dead.append(network.share_of_dead_units(x))
        history.norms_after = network.gradient_norms(x, y)
        history.accuracy = np.mean(network.forward(x_test).argmax(axis=1) == y_test)
    return history


def last_loss(runs):
    # NaN, of a rate that is too large, must not be the smallest.
    return np.median(np.nan_to_num([run.loss[-1] for run in runs], nan=np.inf))


def plot(results, path):
    figure = Figure(figsize=(4.7 * len(results), 12.5), layout="constrained")
    grid = figure.subplots(5, len(results), squeeze=False)
    panels = (  # attribute, factor, first place, label of y, label of x
        ("loss", 1, 1, "training loss", "epoch"),
        ("norms_before", 1, 1, "gradient before training\n(last layer: 1)", "hidden layer"),
        ("norms_after", 1, 1, "gradient after training\n(last layer: 1)", "hidden layer"),
        ("dead", 100, 0, "dead units, %", "epoch"),
    )
    for axes, (depth, runs_of) in zip(grid.T, results.items(), strict=True):
        axes[0].set_title(f"{depth} hidden layers")
        for axis, left, panel in zip(axes, grid[:, 0], panels, strict=False):
            attribute, factor, first, y_label, x_label = panel
            axis.sharey(left)
            for name, (_, runs) in runs_of.items():
                lines = factor * np.array([getattr(run, attribute) for run in runs])
                places = np.arange(first, first + lines.shape[1])
                low, high = lines.min(axis=0), lines.max(axis=0)
                middle, color = np.median(lines, axis=0), COLORS[name]
                axis.plot(places, middle, LINES[name], color=color, label=name)
                axis.fill_between(places, low, high, color=color, alpha=0.12, lw=0)
            axis.set(xlabel=x_label, yscale="linear" if attribute == "dead" else "log")
            axis.grid(alpha=0.3)
            left.set_ylabel(y_label)
        for place, (name, (_, runs)) in enumerate(runs_of.items()):
            accuracies, color = [100 * run.accuracy for run in runs], COLORS[name]
            axes[4].scatter([place] * len(runs), accuracies, color=color, alpha=0.6)
            axes[4].hlines(np.median(accuracies), place - 0.3, place + 0.3, color=color)
        axes[4].grid(axis="y", alpha=0.3)
        axes[4].set_xticks(range(len(runs_of)), list(runs_of))
        grid[4, 0].set_ylabel("test accuracy, %")
    title, lines = "line: median; band and points: all seeds", grid[0, 0].lines
    figure.legend(handles=lines, title=title, loc="outside upper center", ncols=len(lines))
    figure.savefig(path, dpi=110)


def print_table(results):
    print("layers  activation   rate  last loss  gradient at layer 1  dead units  test accuracy")
    for depth, runs_of in results.items():
        for name, (rate, runs) in runs_of.items():
            gradient = np.median([run.norms_before[0] for run in runs])
            dead = 100 * np.median([run.dead[-1] for run in runs])
            low, median, high = np.percentile([100 * run.accuracy for run in runs], (0, 50, 100))
            print(
                f"{depth:6}  {name:10} {rate:6}  {last_loss(runs):9.4f}  {gradient:19.3f}  "
                f"{dead:8.1f} %  {median:.1f} % ({low:.1f} to {high:.1f})"
            )
    print("Medians of the seeds; in brackets, the range. Gradient: before training, last layer 1.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--depths", type=int, nargs="+", default=[8, 32], help="hidden layers")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--rates", type=float, nargs="+", default=[0.001, 0.003, 0.01])
    parser.add_argument("--gain", type=float, default=HE, help="of the weights; He's by default")
    parser.add_argument("--save", type=Path, default=Path("docs/train_mlp.png"))
    arguments = parser.parse_args()
    results: dict = {depth: {} for depth in arguments.depths}
    jobs = list(product(arguments.depths, ACTIVATIONS, arguments.rates, range(arguments.seeds)))
    data = load()
    trials: dict = {job[:3]: [] for job in jobs}
    for depth, name, rate, seed in tqdm(jobs, unit="run"):
        network = create(ACTIVATIONS[name], depth, arguments.gain, seed)
        trials[depth, name, rate].append(train(network, data, seed, arguments.epochs, rate))
    for (depth, name, rate), runs in trials.items():
        if name not in results[depth] or last_loss(runs) < last_loss(results[depth][name][1]):
            results[depth][name] = rate, runs
    print_table(results)
    plot(results, arguments.save)
    print("written:", arguments.save)


if __name__ == "__main__":
    main()

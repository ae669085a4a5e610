"""tests/typing_sample.py, which .ci/lint type-checks, runs and uses every public name."""

import ast
import runpy
from pathlib import Path

import pytest

import gelu_fast

SAMPLE = Path(__file__).resolve().parents[1] / "typing_sample.py"


def test_sample_runs():
    runpy.run_path(str(SAMPLE))


@pytest.mark.parametrize(
    "module",
    [gelu_fast, gelu_fast.relaxed, gelu_fast.correctly_rounded],
    ids=["gelu_fast", "relaxed", "correctly_rounded"],
)
def test_sample_uses_every_public_name(module):
    name = module.__name__.rpartition(".")[2]
    used = {
        node.attr
        for node in ast.walk(ast.parse(SAMPLE.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    # The sample imports both by name.
    assert set(module.__all__) - used <= {"relaxed", "correctly_rounded"}

"""Run the examples in the README and the docstrings."""

import doctest
from importlib import import_module
from pathlib import Path

import oracle
import pytest

import gelu_fast

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.skipif(not README.exists(), reason="only a checkout has README.md beside the tests")
def test_readme():
    failed, attempted = doctest.testfile(str(README), module_relative=False)
    assert attempted > 0
    assert failed == 0


@pytest.mark.parametrize(
    "module", ["_runtime", "jax", "layers", "onnx", "quantized", "tensorflow", "torch"]
)
def test_docstrings(module):
    if module in ("jax", "onnx", "tensorflow", "torch"):
        pytest.importorskip(module)
    failed, attempted = doctest.testmod(import_module(f"gelu_fast.{module}"))
    assert attempted > 0
    assert failed == 0


@pytest.mark.parametrize("name", oracle.ORACLE)
def test_ufunc_docstrings(name):
    text = getattr(gelu_fast, name).__doc__
    test = doctest.DocTestParser().get_doctest(text, {}, name, None, None)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0

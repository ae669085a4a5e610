"""tools/refine_coefficients.py builds and judges the coefficients that are there."""

import importlib.util
import shutil
from pathlib import Path

import pytest

import gelu_fast

TOOL = Path(__file__).resolve().parents[2] / "tools/refine_coefficients.py"
pytestmark = [
    pytest.mark.skipif(not TOOL.exists(), reason="only a checkout has tools"),
    pytest.mark.skipif(shutil.which("gcc") is None, reason="no GCC"),
    pytest.mark.skipif("avx2" not in gelu_fast.available_isas(), reason="no AVX2"),
]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    spec = importlib.util.spec_from_file_location("refine_coefficients", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    monkeypatch.setattr(tool, "REFINED", tmp_path / "refined.json")

    def run(*arguments):
        """Return what a search of no time prints."""
        options = ["--seconds", "0", "--seeds", "1"]
        monkeypatch.setattr("sys.argv", [TOOL.name, *arguments, *options])
        tool.main()
        return capsys.readouterr().out.split("\n")

    return run


def test_no_16_bit_input_is_misrounded(run):
    lines = run("--precision", "narrow")
    assert [line for line in lines if line.startswith("fitted")] == ["fitted: worst 0.000"] * 3


def test_worst_error_of_the_sample(run):
    worst = float(run("gelu_grad", "--precision", "f64")[1].split()[-1])
    assert 2 < worst < 4


def test_unknown_function(run, capsys):
    with pytest.raises(SystemExit):
        run("gelu_grad2")
    assert "must be one of gelu, gelu_grad" in capsys.readouterr().err

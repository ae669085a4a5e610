"""The comparison of instruction counts in .ci/run, without running callgrind."""

import copy
import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools/count_instructions.py"
pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="only a checkout has tools")

SAVED = {
    "avx2": {"gelu": {"float32": 5.5, "float64": 20.0}, "gelu_grad": {"float32": 6.0}},
    "baseline": {"gelu": {"float32": 40.0}},
}
DUMP = """
desc: Timerange: Basic block 0 - 54516
desc: Trigger: Client Request: avx2 gelu float32 {length}

events: Ir
summary: {total}
fn=(1) gelu_f32
58 4403
totals: {total}
"""


@pytest.fixture
def tool():
    spec = importlib.util.spec_from_file_location("count_instructions", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tool, tmp_path, monkeypatch):
    """Run the tool on made-up counts; return its exit status."""

    def run(saved, measured, *arguments, compiler="gcc 12", saved_compiler="gcc 12"):
        monkeypatch.setattr(tool, "ROOT", tmp_path)
        monkeypatch.setattr(tool, "SAVED", tmp_path / "instructions.json")
        monkeypatch.setattr(tool, "compiler", lambda: compiler)
        monkeypatch.setattr(tool, "measure", lambda: measured)
        monkeypatch.setattr("sys.argv", ["count_instructions.py", *arguments])
        if saved is not None:
            contents = {"compiler": saved_compiler, "instructions_per_element": saved}
            tool.SAVED.write_text(tool.json.dumps(contents))
        return tool.main()

    return run


@pytest.fixture
def measured():
    return copy.deepcopy(SAVED)


def test_equal_counts_pass(run, measured, capsys):
    assert run(SAVED, measured) == 0
    assert "4 kernels (avx2, baseline)" in capsys.readouterr().out


@pytest.mark.parametrize("factor", [0.5, 1.029])
def test_less_or_little_growth_passes(factor, run, measured):
    measured["avx2"]["gelu"]["float64"] *= factor
    assert run(SAVED, measured) == 0


def test_growth_fails_with_a_table(run, measured, capsys):
    measured["avx2"]["gelu"]["float64"] = 20.7
    measured["baseline"]["gelu"]["float32"] = 60.0
    assert run(SAVED, measured) == 1
    rows = capsys.readouterr().err.splitlines()
    assert rows[1].split() == ["baseline", "gelu", "float32", "40", "60", "+50.0%"]
    assert rows[2].split() == ["avx2", "gelu", "float64", "20", "20.7", "+3.5%"]


def test_growth_under_another_compiler_is_not_compared(run, measured, capsys):
    measured["avx2"]["gelu"]["float64"] = 99
    assert run(SAVED, measured, compiler="gcc 13") == 0
    assert "NOT COMPARED: the counts are of gcc 12; this is gcc 13" in capsys.readouterr().out


def test_a_kernel_that_the_file_lacks_fails(run, measured, capsys):
    measured["avx2"]["gelu_new"] = {"float32": 1.0}
    assert run(SAVED, measured) == 1
    message = capsys.readouterr().err
    assert "avx2 gelu_new float32: not in the file" in message
    assert "--update" in message


def test_a_kernel_that_is_gone_fails(run, measured, capsys):
    del measured["avx2"]["gelu_grad"]
    assert run(SAVED, measured) == 1
    assert "avx2 gelu_grad float32: in the file alone" in capsys.readouterr().err


def test_an_isa_that_does_not_run_here_is_named(run, measured, capsys):
    del measured["avx2"]
    assert run(SAVED, measured) == 0
    assert "NOT COMPARED: avx2" in capsys.readouterr().out


def test_a_missing_file_fails_until_it_is_written(run, measured):
    assert run(None, measured) == 1
    assert run(None, measured, "--update") == 0
    assert run(None, measured) == 0


def test_the_difference_of_two_lengths_cancels_the_cost_of_a_call(tool):
    dumps = DUMP.format(length=1024, total=100 + 1024 * 3) + DUMP.format(
        length=2048, total=100 + 2048 * 3
    )
    assert tool.parse(dumps) == {"avx2": {"gelu": {"float32": 3.0}}}

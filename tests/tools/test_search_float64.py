"""When tools/search_float64.py fails, without running the search."""

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("gmpy2")
TOOL = Path(__file__).resolve().parents[2] / "tools/search_float64.py"
pytestmark = pytest.mark.skipif(not TOOL.exists(), reason="only a checkout has tools")

X, ERROR = "-0x1.c5b94742b4a07p+2", 3.15  # of gelu_tanh


@pytest.fixture
def run(monkeypatch, capsys):
    spec = importlib.util.spec_from_file_location("search_float64", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    def run(claimed=ERROR, differences=0, bound=4, reference=0.001):
        """Return the exit code and the failures for one input that the search found."""
        record = {
            "function": "gelu_tanh", "fma": False, "isa": "baseline", "inputs": 10**9,
            "differences": differences, "worst": [["0x1p+0", 0.5], [X, claimed]],
        }  # fmt: skip
        record["worst"].sort(key=lambda found: -found[1])
        monkeypatch.setattr("sys.argv", ["search_float64.py", "--quick", "gelu_tanh"])
        for name in ("build", "prepare"):
            monkeypatch.setattr(tool, name, lambda *_: None)
        monkeypatch.setattr(tool, "doubtful", lambda *_: tool.np.zeros(1))
        monkeypatch.setattr(tool, "search", lambda *_: [record])
        monkeypatch.setattr(tool, "reference_error", lambda *_: (reference, 1.0))
        monkeypatch.setattr(tool, "ulp_bound", lambda *_: bound)
        code = tool.main()
        return code, [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]

    return run


def test_all_is_well(run):
    assert run() == (0, [])


def test_failures(run):
    """The error that counts is mpmath's, not the search's."""
    assert run(bound=3) == (1, ["above 3 ULP"])
    assert run(claimed=2.9) == (1, ["other bits elsewhere"])
    assert run(differences=1) == (1, ["other bits elsewhere"])
    assert run(reference=0.02) == (1, ["above 0.01 ULP"])

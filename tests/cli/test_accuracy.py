"""``gelu-fast accuracy``: what it measures, and that it detects a broken bound."""

import json
import re
import sys

import numpy as np
import pytest

import gelu_fast
from gelu_fast import __main__
from gelu_fast._bench import exact, reference
from gelu_fast._bench.peers import PEERS
from gelu_fast._cli import accuracy

pytest.importorskip("mpmath", reason="mpmath not installed")


def command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gelu-fast", "accuracy", *arguments])
    return __main__.main()


def test_every_function_keeps_its_bound(monkeypatch, capsys):
    assert command(monkeypatch, "--count", "400") == 0
    text = capsys.readouterr().out
    for dtype in ("float16", "float32", "float64"):
        assert re.search(rf"^{dtype}, [\d,]+ inputs", text, re.M)
    for name in accuracy.FUNCTIONS:
        assert len(re.findall(rf"^  {name} ", text, re.M)) >= 3
    assert "BROKEN" not in text


def test_a_broken_bound(monkeypatch, capsys):
    monkeypatch.setattr(gelu_fast, "gelu", np.square)
    assert command(monkeypatch, "--count", "400", "--dtype", "float32") == 1
    lines = capsys.readouterr().out.splitlines()
    broken = [line.split()[0] for line in lines if "BROKEN" in line]
    assert broken == ["gelu"]


def test_json_and_peers(monkeypatch, capsys):
    assert command(
        monkeypatch, "--count", "400", "--dtype", "float32", "--json", "--peers", "relaxed"
    ) == 0  # fmt: skip
    report = json.loads(capsys.readouterr().out)
    assert report["isa"] == gelu_fast.isa()
    ours = [row for row in report["rows"] if row["of"] == "gelu_fast"]
    assert [row["function"] for row in ours] == list(accuracy.FUNCTIONS)
    for row in ours:
        assert row["inputs"] == 405
        assert row["worst"] == max(row["by_range"]) <= row["bound"]
    relaxed = {row["function"]: row for row in report["rows"] if row["of"] == "gelu_fast.relaxed"}
    assert list(relaxed) == ["gelu", "gelu_tanh", "gelu_quick"]
    assert relaxed["gelu"]["worst"] > 1e6
    assert relaxed["gelu"]["bound"] is None


def test_errors_in_units_in_the_last_place():
    x = np.array([-10.0, -1.0, 0.5, 3.0])
    for dtype in ("float32", "float64"):
        exact = accuracy.true_values("gelu", dtype, x.astype(dtype))
        right = exact.astype(dtype)
        assert accuracy.errors(dtype, exact, right).max() <= 0.5
        above = np.nextafter(right, right.dtype.type(np.inf))
        error = accuracy.errors(dtype, exact, above)
        assert ((error >= 0.5) & (error <= 1.5)).all()


def test_what_is_no_number_is_an_infinite_error():
    x = np.array([1.0, 2.0, -np.inf, np.nan, np.inf])
    exact = accuracy.true_values("gelu", "float64", x)
    error = accuracy.errors("float64", exact, np.array([np.nan, np.inf, np.nan, np.nan, np.inf]))
    assert error.tolist() == [np.inf, np.inf, np.inf, 0, 0]


def test_roots_are_judged_by_mpmath():
    x = np.float32([reference._ROOTS["gelu_grad"]])
    (value,) = accuracy.true_values("gelu_grad", "float32", x)
    assert value == float(exact.exact("gelu_grad", float(x[0])))
    assert reference.fast_references()["gelu_grad"](np.float64(x))[0] != value


def test_ranges():
    x = np.array([-np.inf, -6, -5.5, -2, -0.0, 7, np.nan])
    error = np.array([1.0, 2, 3, 4, 5, 6, 7])
    found = [worst for worst, _ in accuracy.worst_by_range(x, error)]
    assert found == [2, 3, 4, 0, 7]


@pytest.mark.parametrize("arguments", [["--count", "3"], ["--dtype", "int8"], ["--peers", "x"]])
def test_bad_arguments(monkeypatch, capsys, arguments):
    with pytest.raises(SystemExit) as raised:
        command(monkeypatch, *arguments)
    assert raised.value.code == 2
    assert arguments[0] in capsys.readouterr().err


def test_a_peer_that_is_not_installed(monkeypatch, capsys):
    monkeypatch.setattr(type(PEERS["numba"]), "missing", lambda self: "numba not installed")
    assert command(monkeypatch, "--peers", "numba") == 1
    assert capsys.readouterr().err == "gelu-fast accuracy: Numba: numba not installed\n"

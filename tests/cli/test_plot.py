"""``gelu-fast plot``: files of each format, and curves that show the computed values."""

import sys

import numpy as np
import pytest

import gelu_fast
from gelu_fast import __main__
from gelu_fast._cli import plot

pytest.importorskip("matplotlib", reason="matplotlib not installed")
pytest.importorskip("mpmath", reason="mpmath not installed")

BEGINNINGS = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gelu-fast", "plot", *map(str, arguments)])
    return __main__.main()


@pytest.mark.parametrize("suffix", BEGINNINGS)
def test_forms(monkeypatch, capsys, tmp_path, suffix):
    path = tmp_path / f"forms{suffix}"
    assert command(monkeypatch, "forms", path) == 0
    assert path.read_bytes().startswith(BEGINNINGS[suffix])
    assert capsys.readouterr().out == f"written: {path}\n"


def test_what_forms_draws():
    values, differences, first, second = plot.draw_forms().axes
    labels = [line.get_label() for line in values.lines[:5]]
    assert labels == ["gelu, exact", "gelu_tanh", "gelu_quick", *labels[3:]]
    assert labels[3].startswith("SiLU")
    assert labels[4].startswith("ReLU")
    for axes, names in ((values, ""), (first, "_grad"), (second, "_grad2")):
        for line, form in zip(axes.lines, ("", "_tanh", "_quick"), strict=False):
            x, y = line.get_data()
            np.testing.assert_array_equal(y, getattr(gelu_fast, f"gelu{form}{names}")(x))
    # Each derivative is the slope of the curve before it.
    for curve, slope in ((values, first), (first, second)):
        for line, derivative in list(zip(curve.lines, slope.lines, strict=False))[:4]:
            x, y = line.get_data()
            np.testing.assert_allclose(np.gradient(y, x), derivative.get_ydata(), atol=0.01)
    assert max(abs(differences.lines[1].get_ydata())) == pytest.approx(0.0203, abs=1e-4)


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_what_errors_draws(monkeypatch, tmp_path, dtype):
    monkeypatch.setattr(plot, "_PER_BIN_FLOAT64", 2)
    drawn = []
    draw = plot.draw_errors
    monkeypatch.setattr(plot, "draw_errors", lambda *a: drawn.append(draw(*a)) or drawn[0])
    path = tmp_path / "errors.png"
    options = ["--dtype", dtype, "--peers", "numpy", "--function", "gelu_backward"]
    assert command(monkeypatch, "errors", path, *options) == 0
    assert path.read_bytes().startswith(BEGINNINGS[".png"])
    upper, lower = drawn[0].axes
    lines = {line.get_label(): line.get_ydata() for line in upper.lines}
    assert max(lines["gelu_fast"]) < 4
    if dtype == "float32":
        assert max(lines["NumPy, SciPy"]) > 10
    assert "gelu_grad" in lower.get_title(loc="left")
    tail = lower.lines[1].get_xdata(), lower.lines[1].get_ydata()
    shown = tail[1] > min(tail[1])
    expected = np.abs(gelu_fast.gelu_grad(np.asarray(tail[0], dtype)))[shown]
    np.testing.assert_array_equal(tail[1][shown], expected)


@pytest.mark.parametrize("name", ["forms.gif", "forms", "forms.npy"])
def test_other_formats_are_refused(monkeypatch, capsys, tmp_path, name):
    with pytest.raises(SystemExit) as raised:
        command(monkeypatch, "forms", tmp_path / name)
    assert raised.value.code == 2
    assert "the name ends with .png, .svg, .pdf" in capsys.readouterr().err


def test_a_directory_that_is_missing(monkeypatch, capsys, tmp_path):
    assert command(monkeypatch, "forms", tmp_path / "nowhere" / "forms.png") == 1
    error = capsys.readouterr().err
    assert error.startswith("gelu-fast plot: ")
    assert "nowhere" in error

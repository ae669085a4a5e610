"""``gelu-fast plot``: the functions, or the errors of gelu_fast and every peer that is installed.

    gelu-fast plot forms forms.png
    gelu-fast plot errors errors.svg --function gelu_tanh --peers torch jax

`errors` needs those packages, mpmath, and ml_dtypes for bfloat16. It draws the largest error in
each bin of x, in units in the last place (ULP) of the true value.
"""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import gelu_fast
from gelu_fast._bench.errors import errors, judged, peer_values, true_values
from gelu_fast._bench.machine import available_cpus
from gelu_fast._bench.peers import (
    DTYPES,
    FUNCTIONS,
    PEERS,
    Array,
    UnavailableError,
    installed,
    numpy_dtype,
)
from gelu_fast._bench.reference import FORMATS
from gelu_fast._bench.report import styled_pyplot
from gelu_fast._optional import require

_SUFFIXES = (".png", ".svg", ".pdf")
# Okabe and Ito's colours for the colour-blind, and dashes for black and white.
_BLACK, _ORANGE, _SKY, _GREEN, _BLUE, _RED, _PURPLE = (
    "#000000", "#e69f00", "#56b4e9", "#009e73", "#0072b2", "#d55e00", "#cc79a7",
)  # fmt: skip
_OURS = {"color": _RED, "linewidth": 2.6, "zorder": 3}
# Lines may coincide, so wide light ones lie below narrow dark ones.
_OTHERS: dict[str, dict[str, Any]] = {
    "relaxed": {"color": _ORANGE, "linewidth": 1.8},
    "numpy": {"color": "#bbbbbb", "linewidth": 5},
    "litert": {"color": _SKY, "linewidth": 3},
    "torch": {"color": _GREEN, "linewidth": 1.8, "linestyle": (0, (5, 2))},
    "onnxruntime": {"color": _BLUE, "linewidth": 1.5},
    "jax": {"color": _PURPLE, "linewidth": 1.8},
    "numba": {"color": _BLACK, "linewidth": 1.5, "linestyle": ":"},
    "numexpr": {"color": _BLACK, "linewidth": 1, "linestyle": (0, (7, 3))},
}
_RANGE = (-13.0, 6.0)
_BINS = 380
_PER_BIN, _PER_BIN_FLOAT64 = 250, 25  # mpmath takes 0.2 ms per number
_TAIL = (-13.0, -4.0)
_TAIL_POINTS = 1_801


def draw_forms() -> Any:
    """Return a figure of the three forms and their derivatives, beside ReLU and SiLU."""
    figure, panels = styled_pyplot().subplots(2, 2, figsize=(9, 7), layout="constrained")
    x = np.linspace(-4, 4, 1601)
    sigmoid = 1 / (1 + np.exp(-x))
    sigmoid_grad = sigmoid * (1 - sigmoid)
    silu = {"label": "SiLU, x sigmoid(x)", "color": _GREEN, "linestyle": "-."}
    relu = {"label": "ReLU, max(x, 0)", "color": _BLACK, "linestyle": ":"}
    forms: tuple[tuple[str, dict[str, Any]], ...] = (
        ("", _OURS | {"label": "gelu, exact"}),
        ("_tanh", {"label": "gelu_tanh", "color": _BLUE, "linestyle": (0, (5, 2)), "zorder": 4}),
        ("_quick", {"label": "gelu_quick", "color": _ORANGE, "linestyle": "-"}),
    )
    others = {
        "": (np.maximum(x, 0), x * sigmoid),
        "_grad": (np.where(x < 0, 0.0, 1.0), sigmoid + x * sigmoid_grad),
        "_grad2": (None, sigmoid_grad * (2 + x * (1 - 2 * sigmoid))),
    }
    titles = {"": "Values", "_grad": "First derivatives", "_grad2": "Second derivatives"}
    places = {"": panels[0, 0], "_grad": panels[1, 0], "_grad2": panels[1, 1]}
    for order, axes in places.items():
        for form, style in forms:
            axes.plot(x, getattr(gelu_fast, f"gelu{form}{order}")(x), **style)
        of_relu, of_silu = others[order]
        axes.plot(x, of_silu, **silu)
        if of_relu is not None:
            axes.plot(x, of_relu, **relu)
        axes.set_title(titles[order], loc="left")
    axes = panels[0, 1]
    exact = gelu_fast.gelu(x)
    for form, style in forms[1:]:
        axes.plot(x, getattr(gelu_fast, f"gelu{form}")(x) - exact, **style)
    axes.set_title("The approximations less gelu", loc="left")
    panels[0, 0].set_ylim(-0.5, 3)
    for axes in panels.flat:
        axes.axhline(0, color="#999999", linewidth=0.8, zorder=1)
        axes.set_xlim(-4, 4)
        axes.set_xlabel("x")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=5, frameon=False)
    return figure


def draw_errors(
    function: str,
    dtype: str,
    results: Mapping[str, tuple[Array, Array]],
    inputs: tuple[Array, Array],
) -> Any:
    """Return a figure of errors in ULP by x, and of the negative tail.

    Parameters
    ----------
    function, dtype : str
        What was called.
    results : mapping
        By the name of a peer, what it gave for each of the inputs.
    inputs : pair of ndarray
        Numbers for the errors, a whole number of bins, and for the tail.
    """
    figure, (upper, lower) = styled_pyplot().subplots(2, 1, figsize=(9, 8.5), layout="constrained")
    x, tail = inputs
    name = judged(function)
    exact = true_values(name, dtype, x)
    bits, smallest = FORMATS[dtype]
    lost = 2.0**bits
    middles = x.astype(np.float64).reshape(_BINS, -1).mean(axis=1)
    true_tail = np.abs(true_values(name, dtype, tail).astype(np.float64))
    zero = max(true_tail.min(), 2.0 ** (smallest - bits)) / 1e3
    for peer, style in {**_OTHERS, "gelu_fast": _OURS}.items():
        if peer not in results:
            continue
        y, tail_y = results[peer]
        worst = errors(dtype, exact, y).reshape(_BINS, -1).max(axis=1)
        upper.plot(middles, np.minimum(worst, 2 * lost), label=PEERS[peer].label, **style)
        lower.plot(tail, np.maximum(np.abs(tail_y.astype(np.float64)), zero), **style)
    upper.axhline(lost, color="#999999", linewidth=0.8)
    note = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "ha": "right"}
    upper.annotate("as large as the value", (0.99, lost), (0, 3), color="#666666", **note)
    upper.set(yscale="log", xlim=_RANGE, ylim=(0.1, 6 * lost), xlabel="x", xticks=range(-12, 7, 2))
    upper.set_title(f"{name}, {dtype}: largest error in a bin of x, ULP", loc="left")
    lower.axhline(zero, color="#999999", linewidth=0.8)
    lower.annotate("result 0", (0.99, zero), (0, 5), color="#666666", **note)
    lower.set(yscale="log", xlim=_TAIL, xlabel="x")
    lower.set_title(f"The negative tail: |{name}(x)|", loc="left")
    handles, labels = upper.get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=5, frameon=False)
    return figure


def _draw_errors_of_installed(arguments: argparse.Namespace) -> Any:
    require("mpmath", "cli")
    if arguments.dtype == "bfloat16":
        require("ml_dtypes", "bfloat16")
    kind = numpy_dtype(arguments.dtype)
    per_bin = _PER_BIN_FLOAT64 if arguments.dtype == "float64" else _PER_BIN
    x = np.linspace(*_RANGE, _BINS * per_bin, endpoint=False).astype(kind)
    tail = np.linspace(*_TAIL, _TAIL_POINTS).astype(kind)
    results = {}
    for peer in (PEERS["gelu_fast"], *installed(arguments.peers)):
        if (arguments.function, arguments.dtype) in peer.offers:
            try:
                y = peer_values(peer, arguments.function, np.append(x, tail), len(available_cpus()))
            except UnavailableError:
                continue
            results[peer.name] = y[: x.size], y[x.size :]
    return draw_errors(arguments.function, arguments.dtype, results, (x, tail))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("forms", "errors"))
    parser.add_argument("output", type=Path, help=", ".join(_SUFFIXES))
    parser.add_argument("--function", choices=FUNCTIONS, default="gelu", help="(default: gelu)")
    parser.add_argument("--dtype", choices=DTYPES, default="float32", help="(default: float32)")
    parser.add_argument(
        "--peers", nargs="+", choices=PEERS, default=[], metavar="PEER",
        help="(default: all that are installed)",
    )  # fmt: skip


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    if arguments.output.suffix not in _SUFFIXES:
        parser.error(f"{arguments.output}: the name ends with {', '.join(_SUFFIXES)}")
    require("matplotlib", "cli")
    figure = draw_forms() if arguments.what == "forms" else _draw_errors_of_installed(arguments)
    figure.savefig(arguments.output, dpi=100)
    print(f"written: {os.fspath(arguments.output)}")
    return 0

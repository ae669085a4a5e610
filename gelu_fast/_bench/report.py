"""The report of a benchmark run: tables for the terminal and for Markdown, JSON, plots."""

import importlib
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

from gelu_fast._bench.reference import FORMATS

Row: TypeAlias = Mapping[str, Any]
Report: TypeAlias = Mapping[str, Any]

COLUMNS = ("peer", "ns/element", "GB/s", "ratio", "worst error, ULP", "for |x| <= 6, absolute")

_OURS, _RELAXED, _PEER, _ROOFLINE = "#c1272d", "#e08a5b", "#8a949e", "#3b6ea5"
_DASHES = {"memcpy": "--", "fma": ":"}
_CUT = 6  # times gelu_fast's
_LINES = ("#3b6ea5", "#5a9367", "#8d6cab", "#c28f2c", "#4fa3a5", "#a0616a", "#6b7480")


def describe(case: Row) -> str:
    """Describe a case: function, dtype, size, threads."""
    threads = f"{case['threads']} thread{'s' if case['threads'] > 1 else ''}"
    name, size = f"{case['function']} {case['dtype']}", f"{case['elements']:,} elements"
    if columns := case.get("columns"):
        size = f"{case['elements'] // columns:,} x {columns:,}"
    return ", ".join((name, size, case["title"], threads))


def ulp_text(row: Row) -> str:
    """Return the worst error; "lost" if it is as large as the value, and a mark for NaN at -inf."""
    ulp = row.get("ulp")
    if ulp is None:
        text = "-"
    elif ulp >= 1 << FORMATS[row["dtype"]][0]:
        text = "lost"
    else:
        text = f"{ulp:.2f}" if ulp < 1000 else f"{ulp:,.0f}"
    return f"{text}, NaN at -inf" if row.get("nan_at_minus_inf") else text


def cells(row: Row) -> list[str]:
    """Return the texts of a row, in the order of `COLUMNS`."""
    ratio, absolute = row["ratio"], row.get("absolute")
    return [
        row["label"],
        f"{row['nanoseconds']:.3f}",
        f"{row['gigabytes_per_second']:.1f}",
        "-" if ratio is None else f"{ratio:.2f}",
        ulp_text(row),
        "-" if absolute is None else f"{absolute:.1e}",
    ]


def by_time(rows: Iterable[Row]) -> list[Row]:
    """Sort the rows of a case: the peers from the fastest on, then the rooflines."""
    return sorted(rows, key=lambda row: (row["roofline"], row["nanoseconds"]))


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for first, *others in table:
        padded = (f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        lines.append(f"  {first:{widths[0]}}  {'  '.join(padded)}")
    return lines


def _cases(rows: Iterable[Row]) -> list[list[Row]]:
    return [list(group) for _, group in groupby(rows, key=lambda row: row["case"])]


def _by_size(rows: Sequence[Row]) -> list[list[str]]:
    names = list(dict.fromkeys(row["peer"] for row in rows))
    table = [["elements", *names]]
    for case in _cases(rows):
        times = {row["peer"]: f"{row['nanoseconds']:.3f}" for row in case}
        table.append([f"{case[0]['elements']:,}", *(times.get(name, "-") for name in names)])
    return table


def text(report: Report) -> str:
    """Return the tables for the terminal, and the missing peers."""
    machine = report["machine"]
    lines = [f"{machine['cpu']}, ISA {machine['isa']}; median; ratio: the time over gelu_fast's"]
    for rows in _cases(report["rows"]):
        if rows[0]["group"] != "sweep":
            lines += ["", describe(rows[0])]
            lines += aligned([COLUMNS, *map(cells, by_time(rows))])
    sweep = [row for row in report["rows"] if row["group"] == "sweep"]
    if sweep:
        lines += ["", "gelu float32, 1 thread, ns/element by number of elements"]
        lines += aligned(_by_size(sweep))
    if report["missing"]:
        lines += ["", "Not compared:"]
        lines += [f"  {label}: {reason}" for label, reason in report["missing"].items()]
    return "\n".join(lines)


def markdown(rows: Iterable[Row], heading: str, name: Callable[[Row], str]) -> list[str]:
    """Return the lines of a Markdown table whose first column is the name of each case."""
    headings = " | ".join((heading, *COLUMNS)).replace("|x|", "\\|x\\|")
    lines = [f"| {headings} |", "|---|---|" + "---:|" * (len(COLUMNS) - 1)]
    for case in _cases(rows):
        first = name(case[0])
        for row in by_time(case):
            texts = cells(row)
            if row["peer"] == "gelu_fast":
                texts = [f"**{text}**" for text in texts]
            lines.append(f"| {' | '.join((first, *texts))} |")
            first = ""
    return lines


def save(report: Report, directory: Path) -> list[Path]:
    """Write speed.json, and the plots for which the report has rows; return the paths."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [directory / "speed.json"]
    written[0].write_text(json.dumps(report, indent=1) + "\n")
    for name, group, plot in (("speed", "sweep", plot_sizes), ("peers", "l2", plot_peers)):
        rows = [row for row in report["rows"] if row["group"] == group]
        if rows:
            written.append(directory / f"{name}.png")
            plot(rows, report["machine"], written[-1])
    return written


def styled_pyplot() -> Any:
    matplotlib = importlib.import_module("matplotlib")
    matplotlib.use("Agg")
    pyplot = importlib.import_module("matplotlib.pyplot")
    pyplot.rcParams.update(
        {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True,
         "grid.color": "#e6e6e6", "axes.axisbelow": True}
    )  # fmt: skip
    return pyplot


def plot_sizes(rows: Sequence[Row], machine: Mapping[str, Any], path: Path) -> None:
    """Draw time per element against the number of elements, a line for each peer."""
    pyplot = styled_pyplot()
    ticker = importlib.import_module("matplotlib.ticker")
    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["peer"], []).append(row)
    styles = iter([(colour, dash) for dash in ("-", "-.") for colour in _LINES])
    for name, line in lines.items():
        style: dict[str, Any]
        if name == "gelu_fast":
            style = {"color": _OURS, "linewidth": 2.8, "zorder": 3}
        elif name == "relaxed":
            style = {"color": _RELAXED, "linewidth": 2.0, "zorder": 3}
        elif line[0]["roofline"]:
            style = {"color": "#333333", "linewidth": 1.1, "linestyle": _DASHES[name]}
        else:
            colour, dash = next(styles)
            style = {"color": colour, "linestyle": dash, "linewidth": 1.3}
        sizes = [row["elements"] for row in line]
        axes.plot(sizes, [row["nanoseconds"] for row in line], label=line[0]["label"], **style)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_minor_locator(ticker.NullLocator())
    axes.set_xlabel("elements, float32")
    axes.set_ylabel("nanoseconds per element")
    axes.set_title(f"gelu, one thread, {machine['cpu']} ({machine['isa']})", loc="left")
    for level in ("l2", "l3"):
        if machine[f"{level}_bytes"]:
            # The size at which x and the result, 4 bytes each, fill the cache.
            elements = machine[f"{level}_bytes"] / 8
            axes.axvline(elements, color="#999999", linewidth=0.8, linestyle=":")
            axes.annotate(
                level.upper(), (elements, 1), xycoords=("data", "axes fraction"), xytext=(3, -3),
                textcoords="offset points", va="top", color="#666666",
            )  # fmt: skip
    figure.legend(loc="outside right center", frameon=False)
    figure.savefig(path, dpi=150)
    pyplot.close(figure)


def plot_peers(rows: Sequence[Row], machine: Mapping[str, Any], path: Path) -> None:
    """Draw bars of the time per element, a panel for each function."""
    pyplot = styled_pyplot()
    cases = [by_time(case) for case in _cases(rows)]
    columns = min(2, len(cases))
    lengths = [len(case) for case in cases]
    heights = [max(lengths[k : k + columns]) for k in range(0, len(cases), columns)]
    figure, panels = pyplot.subplots(
        math.ceil(len(cases) / columns), columns, squeeze=False, layout="constrained",
        figsize=(5 * columns, 0.6 * len(heights) + 0.26 * sum(heights) + 0.4),
        height_ratios=heights,
    )  # fmt: skip
    colours = {"gelu_fast": _OURS, "relaxed": _RELAXED}
    for case, axes in zip(cases, panels.flat, strict=False):
        times = [row["nanoseconds"] for row in case]
        # The bars of the slowest are cut, to leave room for the others.
        ours = next(row["nanoseconds"] for row in case if row["peer"] == "gelu_fast")
        end = min(max(times), _CUT * ours)
        bars = axes.barh(
            [row["label"] for row in case], [min(time, end) for time in times], height=0.7,
            color=[
                colours.get(row["peer"], _ROOFLINE if row["roofline"] else _PEER) for row in case
            ],
        )  # fmt: skip
        texts = [f"{time:.2f}{' (cut)' if time > end else ''}" for time in times]
        axes.bar_label(bars, texts, padding=3)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
        axes.set_xlim(0, 1.3 * end)
        axes.set_title(case[0]["function"], loc="left", fontweight="bold")
    for axes in list(panels.flat)[len(cases) :]:
        axes.set_visible(False)
    figure.supxlabel("nanoseconds per element", fontsize="medium")
    figure.suptitle(f"float32 in L2, one thread, {machine['cpu']} ({machine['isa']})", x=0.01,
                    ha="left")  # fmt: skip
    figure.savefig(path, dpi=150)
    pyplot.close(figure)

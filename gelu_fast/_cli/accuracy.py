"""``gelu-fast accuracy``: the largest errors of every function, by dtype and range of x.

Errors are in units in the last place (ULP) of the true value, which is computed in double
precision, or by mpmath for float64 and near the root of a derivative. The inputs are all numbers of
a 16-bit dtype; for a wider one they are a fixed random sample of the range where the functions are
neither 0 nor the identity. The exit code is 1 if gelu_fast exceeds a bound.
"""

import argparse
import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

import gelu_fast
from gelu_fast._bench.errors import errors, judged, peer_values, true_values
from gelu_fast._bench.machine import available_cpus
from gelu_fast._bench.peers import PEERS, Array, Peer, UnavailableError, installed, numpy_dtype
from gelu_fast._bench.reference import FORMATS, references, ulp_bound
from gelu_fast._bench.report import aligned, ulp_text
from gelu_fast._optional import is_installed, require

Row: TypeAlias = dict[str, Any]

EDGES = [-np.inf, -5.5, -3.0, -1.0, 0.0, np.inf]
RANGES = [f"[{low:g}, {high:g})" for low, high in pairwise(EDGES)]
FUNCTIONS = (
    *references(math.erfc),
    *(f"gelu{form}_value_and_grad" for form in ("", "_tanh", "_quick")),
)
_COUNTS = {"float32": 1_000_000, "float64": 5_000}  # mpmath takes 0.2 ms per number
_SPECIAL = [-np.inf, -0.0, 0.0, np.inf, np.nan]


def random_inputs(count: int, seed: int) -> Array:
    """Draw inputs from the whole range in which the functions are neither 0 nor the identity."""
    rng = np.random.default_rng(seed)
    quarter = count // 4
    tail = rng.choice([9.0, 22.0, 38.6, 440.0], quarter)
    sign = rng.choice([-1.0, 1.0], quarter)
    return np.concatenate([
        rng.uniform(-3, 3, quarter), rng.normal(0, 4, quarter), -tail * rng.random(quarter),
        sign * np.exp(rng.uniform(-745, 6, quarter)),
    ])  # fmt: skip


def sample(dtype: str, count: int | None) -> Array:
    """Return every number of a 16-bit dtype, or about `count` of a wider one."""
    kind = numpy_dtype(dtype)
    if kind.itemsize == 2:
        return np.arange(1 << 16, dtype=np.uint16).view(kind)
    drawn = random_inputs(count or _COUNTS[dtype], 0)
    return np.concatenate([_SPECIAL, drawn]).astype(kind)


def worst_by_range(x: Array, error: Array) -> list[tuple[float, float]]:
    """Return the largest error and its x in each interval of EDGES; NaN belongs to the last."""
    found = []
    for low, high in pairwise(EDGES):
        inside = np.flatnonzero(
            ~(x < low) & ~(x >= high) if high == np.inf else (x >= low) & (x < high)
        )
        if len(inside) == 0:
            found.append((0.0, 0.0))
            continue
        i = inside[np.argmax(error[inside])]
        found.append((float(error[i]), float(x[i])))
    return found


def _number(value: float) -> float | str:
    """Return a number for JSON; infinities and NaN as strings."""
    return value if math.isfinite(value) else str(value)


def _row(dtype: str, name: str, label: str, x: Array, error: Array) -> Row:
    with np.errstate(all="ignore"):
        ranges = worst_by_range(x.astype(np.float64), error)
    worst, at = max(ranges)
    ours = label == "gelu_fast"
    return {
        "dtype": dtype,
        "function": name,
        "of": label,
        "inputs": x.size,
        "bound": ulp_bound(name, dtype) if ours else None,
        "worst": worst,
        "x": at,
        "by_range": [error for error, _ in ranges],
        "kept": worst <= ulp_bound(name, dtype) if ours else None,
    }


def measure(dtype: str, count: int | None, peers: Sequence[Peer]) -> list[Row]:
    """Return a row for each function of gelu_fast, and for those that peers have."""
    x = sample(dtype, count)
    rows = []
    true: dict[str, Array] = {}
    for name in FUNCTIONS:
        if judged(name) not in true:
            true[judged(name)] = true_values(judged(name), dtype, x)
        exact = true[judged(name)]
        result = getattr(gelu_fast, name)(x)
        y = result[-1] if isinstance(result, tuple) else result
        rows.append(_row(dtype, name, "gelu_fast", x, errors(dtype, exact, y)))
        if name.endswith("_and_grad"):
            continue
        offered = name.replace("_grad", "_backward") if name.endswith("_grad") else name
        for peer in peers:
            if (offered, dtype) not in peer.offers:
                continue
            try:
                y = peer_values(peer, offered, x, len(available_cpus()))
            except UnavailableError:
                continue
            rows.append(_row(dtype, name, peer.label, x, errors(dtype, exact, y)))
    return rows


def _table(rows: list[Row]) -> list[str]:
    table = [["", "bound", "worst", "at x", *RANGES]]
    for row in rows:
        ours = row["of"] == "gelu_fast"
        table.append([
            row["function"] if ours else f"  {row['of']}",
            f"{row['bound']:g}" if ours else "",
            ulp_text(row | {"ulp": row["worst"]}) + ("" if row["kept"] is not False else " BROKEN"),
            f"{row['x']:.6g}",
            *(ulp_text(row | {"ulp": error}) for error in row["by_range"]),
        ])  # fmt: skip
    return aligned(table)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--dtype", nargs="+", choices=FORMATS, help="(default: all, bfloat16 with ml_dtypes)"
    )
    parser.add_argument(
        "--count", type=int, help="of inputs (default: float32 1,000,000, float64 5,000)"
    )
    parser.add_argument(
        "--peers", nargs="*", choices=PEERS, metavar="PEER",
        help="beside gelu_fast, those that are installed; all if none is named",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="as a JSON object")


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    require("mpmath", "cli")
    if arguments.count is not None and arguments.count < 4:
        parser.error(f"--count is 4 or more, not {arguments.count}")
    dtypes = arguments.dtype or [d for d in FORMATS if d != "bfloat16" or is_installed("ml_dtypes")]
    if "bfloat16" in dtypes:
        require("ml_dtypes", "bfloat16")
    peers = [] if arguments.peers is None else installed(arguments.peers)
    rows = []
    for dtype in dtypes:
        found = measure(dtype, arguments.count, peers)
        rows += found
        if not arguments.json:
            print(f"{dtype}, {found[0]['inputs']:,} inputs: largest errors in ULP")
            print("\n".join(_table(found)) + "\n")
    if arguments.json:
        config = gelu_fast.show_config("dicts") or {}
        for row in rows:
            for key in ("worst", "x"):
                row[key] = _number(row[key])
            row["by_range"] = [_number(error) for error in row["by_range"]]
        report = {
            "version": config["version"],
            "isa": config["isa"],
            "ranges": RANGES,
            "rows": rows,
        }
        print(json.dumps(report, indent=1, allow_nan=False))
    return 0 if all(row["kept"] is not False for row in rows) else 1

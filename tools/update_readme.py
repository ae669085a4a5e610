#!/usr/bin/env python3
"""Write the accuracy table of README.md from the saved sweeps.

python tools/sweep_accuracy.py --save docs/accuracy_float32.json
python tools/sweep_accuracy.py --dtype float64 --save docs/accuracy_float64.json
python tools/update_readme.py [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- accuracy: tools/update_readme.py -->\n", "<!-- end of accuracy -->\n"


def worst(ranges: list[list[float]]) -> tuple[float, float]:
    error, x = max(ranges)
    return error, x


def table() -> str:
    float32 = json.loads((ROOT / "docs" / "accuracy_float32.json").read_text())
    float64 = json.loads((ROOT / "docs" / "accuracy_float64.json").read_text())
    edges = float32["edges"]
    isas = [isa for isa in next(iter(float32["functions"].values())) if isa != "differences"]
    ranges = [f"[{low}, {high})" for low, high in pairwise(edges)]
    lines = [
        f"Float32 over {float32['inputs']:,} inputs ({float32['date']}), float64 over "
        f"{float64['inputs']:,} ({float64['date']}); the largest of {', '.join(isas)}:",
        "",
        f"| function | float32, worst ULP | at x | {' | '.join(ranges)} | float64, worst ULP |",
        "|---|---|---|" + "---|" * (len(ranges) + 1),
    ]
    for name, found in float32["functions"].items():
        by_range = [max(found[isa][k] for isa in isas) for k in range(len(ranges))]
        error, x = worst(by_range)
        error64, _ = worst([worst(float64["functions"][name][isa]) for isa in isas])
        cells = " | ".join(f"{e:.2f}" for e, _ in by_range)
        lines.append(f"| `{name}` | {error:.2f} | {x:.6g} | {cells} | {error64:.2f} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    text = README.read_text()
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    updated = before + BEGIN + table() + END + after
    if arguments.check:
        return int(updated != text)
    README.write_text(updated)
    return 0


if __name__ == "__main__":
    sys.exit(main())

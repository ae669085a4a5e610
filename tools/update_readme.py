#!/usr/bin/env python3
"""Write the tables of README.md from saved runs.

python tools/sweep_accuracy.py --save docs/accuracy_float32.json
python tools/search_float64.py
python -m gelu_fast bench --save docs             (a machine with AVX2)
python -m gelu_fast bench --save docs/avx512      (a machine with AVX-512)
python tools/update_readme.py [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path

from gelu_fast._bench.reference import ulp_bound
from gelu_fast._bench.report import describe, markdown

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"


def load(name: str) -> dict:
    return json.loads((ROOT / "docs" / name).read_text())


def accuracy() -> str:
    float32, float64 = load("accuracy_float32.json"), load("accuracy_float64.json")
    isas = [isa for isa in float32["functions"]["gelu"] if isa != "differences"]
    ranges = [f"[{low}, {high})" for low, high in pairwise(float32["edges"])]
    lines = [
        f"Float32 over {float32['inputs']:,} inputs ({float32['date']}); the largest of "
        f"{', '.join(isas)}:",
        "",
        f"| function | float32, worst | at x | {' | '.join(ranges)} |",
        "|---|---|---|" + "---|" * len(ranges),
    ]
    for name, found in float32["functions"].items():
        by_range = [max(found[isa][k] for isa in isas) for k in range(len(ranges))]
        error, x = max(by_range)
        cells = " | ".join(f"{e:.2f}" for e, _ in by_range)
        lines.append(f"| `{name}` | {error:.2f} | {x:.6g} | {cells} |")
    counts = [k["inputs"] for kinds in float64["functions"].values() for k in kinds.values()]
    lines += [
        "",
        f"Float64, the largest that a search came upon in {min(counts):,} inputs or more of each "
        f"function ({float64['date']}); of a value_and_grad the derivative's:",
        "",
        "| function | bound | with a hardware fma | at x | without | at x |",
        "|---|---|---|---|---|---|",
    ]
    for name, kinds in float64["functions"].items():
        cells = " | ".join(
            f"{kinds[kind]['worst']:.2f} | {float.fromhex(kinds[kind]['x'])!r}"
            for kind in ("with fma", "without fma")
        )
        lines.append(f"| `{name}` | {ulp_bound(name, 'float64'):g} | {cells} |")
    return "\n".join(lines) + "\n"


def speed() -> str:
    run = load("speed.json")
    machine, rows = run["machine"], run["rows"]
    in_l2 = [row for row in rows if row["group"] == "l2"]
    others = [row for row in rows if row["group"] not in ("l2", "sweep")]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    lines = [
        f"{machine['cpu']}, ISA {machine['isa']}, {run['date']}; {versions}. Float32, "
        f"{in_l2[0]['elements']:,} elements, which x and the result need half of the second-level "
        "cache for, one thread:",
        "",
        *markdown(in_l2, "function", lambda row: f"`{row['function']}`"),
        "",
        "Other cases:",
        "",
        *markdown(others, "case", describe),
    ]
    if run["missing"]:
        lines += ["", "Not compared: " + "; ".join(map(": ".join, run["missing"].items())) + "."]
    return "\n".join(lines) + "\n"


def avx512() -> str:
    run = load("avx512/speed.json")
    rows = [row for row in run["rows"] if row["group"] != "sweep" and not row["roofline"]]
    ours = {row["case"]: row for row in rows if row["peer"] == "gelu_fast"}
    peers = {row["peer"]: row["label"] for row in rows if row["peer"] != "gelu_fast"}
    ratios = {(row["case"], row["peer"]): f"{row['ratio']:.2f}" for row in rows}
    lines = [
        f"{run['machine']['cpu']}, ISA {run['machine']['isa']}, {run['date']}; each peer's time "
        "over gelu_fast's:",
        "",
        f"| case | gelu_fast, ns/element | {' | '.join(peers.values())} |",
        "|---|" + "---:|" * (len(peers) + 1),
    ]
    for case, row in ours.items():
        found = " | ".join(ratios.get((case, peer), "-") for peer in peers)
        lines.append(f"| {describe(row)} | {row['nanoseconds']:.3f} | {found} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    text = README.read_text()
    updated = text
    for section in (accuracy, speed, avx512):
        begin, end = (f"<!-- {word} {section.__name__} -->\n" for word in ("begin", "end"))
        before, rest = updated.split(begin)
        updated = before + begin + section() + end + rest.split(end)[1]
    if not arguments.check:
        README.write_text(updated)
    elif updated != text:
        print("README.md differs from what this tool generates", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

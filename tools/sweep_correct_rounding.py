#!/usr/bin/env python3
"""Prove that gelu_fast.correctly_rounded rounds every float32 input correctly.

    python tools/sweep_correct_rounding.py                 # all, to docs/correct_rounding.json
    python tools/sweep_correct_rounding.py gelu_grad       # saves its hard cases alone
    python tools/sweep_correct_rounding.py --stride 256    # one input in 256; saves nothing

The judge is that of search_float64.py: Taylor polynomials of the function itself in sums of two
doubles, which have nothing in common with the kernels and an error below 2^-58. Where that cannot
tell on which side of the middle of two floats the true value lies, mpmath decides. Below 2^-64 the
true value is x / 2 + c x^2 + ..., just above x / 2. Each function is swept with a hardware fma and
without; .ci/check_isas holds all ISAs to the same bits.

A whole sweep also writes the inputs whose true value lies within 2^-47 of such a middle, and their
results, to tests/hard_cases: the tests check them on every ISA.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import mpmath
import numpy as np
from search_float64 import ROOT, build, prepare

import gelu_fast
from gelu_fast import correctly_rounded
from gelu_fast._bench.exact import DIGITS, exact

SAVED = ROOT / "docs/correct_rounding.json"
HARD_CASES = ROOT / "tests/hard_cases"


def nearest_float(name: str, x: float) -> np.float32:
    """Return the float32 number nearest to the true value at x, by mpmath."""
    with mpmath.workdps(DIGITS):
        value = exact(name, x)
        near = np.float32(float(value))
        candidates = (
            near,
            np.nextafter(near, np.float32(-np.inf)),
            np.nextafter(near, np.float32(np.inf)),
        )
        return min(candidates, key=lambda y: abs(mpmath.mpf(float(y)) - value))


def sweep(
    program: Path, directory: Path, names: list[str], stride: int, fma: bool
) -> dict[str, dict]:
    """Return what was found, by function; `near` holds the hard cases."""
    command = [program, "round", directory, str(stride), str(int(fma)), *names]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, dict] = {}
    near: list[tuple[float, float]] = []
    undecided, wrong = 0, []
    for line in text.splitlines():
        word, *numbers = line.split()
        if word not in names:
            x, y = map(float.fromhex, numbers)
            near.append((x, y))
            undecided += word == "undecided"
            if word == "wrong":
                wrong.append(x)
            continue
        wrong += [x for x, y in near if x not in wrong and nearest_float(word, x) != np.float32(y)]
        found[word] = {"inputs": int(numbers[0]), "misrounded": max(len(wrong), int(numbers[1])),
                       "undecided by the judge": undecided, "near": sorted(near)}  # fmt: skip
        print(f"{word:10} {'with' if fma else 'without'} fma: {found[word]['misrounded']} of "
              f"{found[word]['inputs']:,} misrounded; {len(near)} within 2^-47 of a middle, "
              f"{undecided} of them decided by mpmath; wrong: {wrong[:3]}", flush=True)  # fmt: skip
        near, undecided, wrong = [], 0, []
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("functions", nargs="*", metavar="function")
    parser.add_argument("--stride", type=int, default=1, help="take one input in STRIDE")
    arguments = parser.parse_args()
    names = arguments.functions or correctly_rounded.__all__
    if unknown := {*names} - {*correctly_rounded.__all__}:
        parser.error(f"no function of gelu_fast.correctly_rounded: {', '.join(unknown)}")
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        program = build(directory)
        prepare(directory, names)
        kinds = {
            "with fma": sweep(program, directory, names, arguments.stride, fma=True),
            "without fma": sweep(program, directory, names, arguments.stride, fma=False),
        }
    if arguments.stride == 1:
        HARD_CASES.mkdir(exist_ok=True)
        for name, found in kinds["with fma"].items():
            lines = [f"{x.hex()} {y.hex()}\n" for x, y in found["near"]]
            (HARD_CASES / f"{name}.txt").write_text(
                f"# float32 inputs whose {name} lies within 2^-47 of the middle of two floats,\n"
                "# and the correctly rounded results. Written by tools/sweep_correct_rounding.py.\n"
                + "".join(lines)
            )
    if arguments.stride == 1 and not arguments.functions:
        commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
        report = {
            "date": date.today().isoformat(), "version": gelu_fast.__version__, "commit": commit,
            "machine": gelu_fast.show_config("dicts")["cpu"],
            "functions": {
                name: {
                    kind: {k: v for k, v in found[name].items() if k != "near"}
                    for kind, found in kinds.items()
                }
                for name in names
            },
        }  # fmt: skip
        SAVED.write_text(json.dumps(report, indent=1) + "\n")
    return int(any(f["misrounded"] for kind in kinds.values() for f in kind.values()))


if __name__ == "__main__":
    sys.exit(main())

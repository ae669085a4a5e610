#!/usr/bin/env python3
"""Search coefficients near the fitted ones for a smaller worst error.

    python tools/refine_coefficients.py gelu --seconds 150 --seeds 11 12
    python tools/refine_coefficients.py gelu_grad --precision f64

Writes tools/refined_coefficients.json, which fit_coefficients.py uses instead of its own rounding.
Run that tool next, and then tools/sweep_accuracy.py, which judges over all inputs, or
tools/search_float64.py. Needs GCC and an x86-64 CPU with AVX2.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
SOURCE = TOOLS.parent / "src"
REFINED = TOOLS / "refined_coefficients.json"

# By function: the tables that may change, the largest t = -x, and the function's root or -1. For a
# value_and_grad, the derivative's error counts. gelu_tanh_grad comes before gelu_quick_grad, with
# which it shares pivot_linear and pivot_rest.
FUNCTIONS = {
    "gelu": (["exact_two_and_rest", "exact_upper", "exact_asymptote"], 13.5, "-1"),
    "gelu_grad": (["exact_grad_numerator", "exact_grad_denominator"], 13.5, "exact_root"),
    "gelu_tanh_value_and_grad": (
        ["tanh_near", "tanh_slope_constant_low", "tanh_slope_square"], 10.0, "tanh_root",
    ),
    "gelu_tanh_grad": (
        ["tanh_pivot_square", "tanh_pivot_linear", "tanh_pivot_constant", "tanh_pivot_slope",
         "pivot_linear", "pivot_rest"], 10.0, "tanh_root",
    ),
    "gelu_quick_grad": (
        ["quick_pivot_square", "quick_pivot_linear", "quick_pivot_constant", "quick_pivot_slope"],
        50.0, "quick_root",
    ),
}  # fmt: skip
SCALARS = {"f32": "float", "f64": "double"}


def tables(header: str) -> dict[str, list[str]]:
    """Return every constant of coefficients.h as a list of literals."""
    found = {}
    for name, body in re.findall(r"static const \w+ (\w+)(?:\[\])? = ([^;]+);", header):
        found[name] = re.findall(r"-?0x[^,;{}\s]+", body)
    return found


def movable(literals: list[str]) -> list[int]:
    """Return the indices of the coefficients that are not fixed at 1 or 2."""
    return [k for k, c in enumerate(literals) if float.fromhex(c.rstrip("f")) not in (1, 2)]


def names_of(function: str, precision: str) -> list[str]:
    return [f"{precision}_{name}" for name in FUNCTIONS[function][0]]


def build(function: str, precision: str, header: str, directory: Path) -> Path:
    _, largest, root = FUNCTIONS[function]
    names = names_of(function, precision)
    scalar = SCALARS[precision]
    pointers = [
        f"&{name}[{k}]" if len(tables(header)[name]) > 1 else f"&{name}"
        for name in names
        for k in movable(tables(header)[name])
    ]
    (directory / "math").mkdir()
    for path in (SOURCE / "math").glob("*.inc"):
        (directory / "math" / path.name).write_text(path.read_text())
    mutable = header
    for name in names:
        mutable = mutable.replace(f"static const {scalar} {name}", f"static {scalar} {name}")
    (directory / "math" / "coefficients.h").write_text(mutable)
    (directory / "kernels.inc").write_text((SOURCE / "kernels.inc").read_text())
    program = directory / "refine.c"
    program.write_text(
        '#pragma GCC target("avx2,fma,f16c")\n#include "isa/avx2.h"\n'
        '#define ISA_NAME refined\n#include "kernels.inc"\n'
        f"typedef {scalar} real;\n#define DTYPE DTYPE_{precision}\n"
        f"#define FUNCTION FUNCTION_{function}\n#define LARGEST {largest}\n"
        f"#define ROOT {root if root == '-1' else f'{precision}_{root}'}\n"
        f"#define CANDIDATES {len(pointers)}\n"
        f"static real *const candidates[] = {{{', '.join(pointers)}}};\n"
        + (TOOLS / "refine_coefficients.c").read_text()
    )
    subprocess.run(
        ["gcc", "-std=gnu11", "-O3", "-ffp-contract=off", f"-I{directory}", f"-I{SOURCE}",
         program, "-o", directory / "refine", "-lm"],
        check=True,
    )  # fmt: skip
    return directory / "refine"


def search(program: Path, seconds: float, seed: int) -> tuple[float, list[str], str]:
    run = subprocess.run(
        [program, str(seconds), str(seed)], check=True, capture_output=True, text=True
    )
    worst = float(re.findall(r"refined: .* ([\d.]+) ULP", run.stderr)[0])
    return worst, run.stdout.split(), run.stderr


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("functions", nargs="*", choices=[[], *FUNCTIONS], metavar="function")
    parser.add_argument("--precision", choices=list(SCALARS), default="f32")
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    arguments = parser.parse_args()
    header = (SOURCE / "math" / "coefficients.h").read_text()
    refined = json.loads(REFINED.read_text()) if REFINED.exists() else {}
    for function in arguments.functions or FUNCTIONS:
        with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor() as pool:
            program = build(function, arguments.precision, header, Path(directory))
            runs = list(
                pool.map(lambda seed: search(program, arguments.seconds, seed), arguments.seeds)  # noqa: B023
            )
        _, values, log = min(runs)
        print(f"{function}\n{log}", end="", flush=True)
        for name in names_of(function, arguments.precision):
            literals = tables(header)[name]
            for k in movable(literals):
                literals[k] = values.pop(0)
            refined[name] = [float.fromhex(c.rstrip("f")).hex() for c in literals]
        REFINED.write_text(json.dumps(refined, indent=1) + "\n")


if __name__ == "__main__":
    main()

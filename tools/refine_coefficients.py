#!/usr/bin/env python3
"""Search float32 coefficients near the fitted ones for a smaller worst error.

    python tools/refine_coefficients.py gelu --seconds 150 --seeds 11 12

Writes tools/refined_coefficients.json, which fit_coefficients.py puts in the
place of its own rounding; run that, and then tools/sweep_accuracy.py, which is
the judge over all inputs. Needs GCC and an x86-64 CPU with AVX2.
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

# The tables that may move, the end of the range of t, and the root of the function.
FUNCTIONS = {
    "gelu": (["f32_exact_two_and_rest", "f32_exact_upper", "f32_exact_asymptote"], 13.5, "-1"),
    "gelu_grad": (
        ["f32_exact_grad_numerator", "f32_exact_grad_denominator"], 13.5, "f32_exact_root",
    ),
    "gelu_tanh_grad": (
        ["f32_tanh_near", "f32_tanh_slope_constant_low", "f32_tanh_slope_square"], 10.0,
        "f32_tanh_root",
    ),
    "gelu_quick_grad": (["f32_quick_near", "f32_quick_slope_low"], 50.0, "f32_quick_root"),
}  # fmt: skip


def tables(header: str) -> dict[str, list[str]]:
    """Return every float32 constant of coefficients.h as a list of literals."""
    found = {}
    for name, body in re.findall(r"static const float (\w+)(?:\[\])? = ([^;]+);", header):
        found[name] = re.findall(r"-?0x[^,;{}\s]+", body)
    return found


def movable(literals: list[str]) -> list[int]:
    """Return the indices of the coefficients that are not fixed at 1 or 2."""
    return [k for k, c in enumerate(literals) if float.fromhex(c.rstrip("f")) not in (1, 2)]


def build(function: str, header: str, directory: Path) -> Path:
    names, largest, root = FUNCTIONS[function]
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
        mutable = mutable.replace(f"static const float {name}", f"static float {name}")
    (directory / "math" / "coefficients.h").write_text(mutable)
    (directory / "kernels.inc").write_text((SOURCE / "kernels.inc").read_text())
    program = directory / "refine.c"
    program.write_text(
        '#pragma GCC target("avx2,fma,f16c")\n#include "isa/avx2.h"\n'
        '#define ISA_NAME refined\n#include "kernels.inc"\n'
        f"#define FUNCTION FUNCTION_{function}\n#define LARGEST {largest}\n#define ROOT {root}\n"
        f"#define CANDIDATES {len(pointers)}\n"
        f"static float *const candidates[] = {{{', '.join(pointers)}}};\n"
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
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    arguments = parser.parse_args()
    header = (SOURCE / "math" / "coefficients.h").read_text()
    refined = json.loads(REFINED.read_text()) if REFINED.exists() else {}
    for function in arguments.functions or FUNCTIONS:
        with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor() as pool:
            program = build(function, header, Path(directory))
            runs = list(
                pool.map(lambda seed: search(program, arguments.seconds, seed), arguments.seeds)  # noqa: B023
            )
        _, values, log = min(runs)
        print(f"{function}\n{log}", end="", flush=True)
        for name in FUNCTIONS[function][0]:
            literals = tables(header)[name]
            for k in movable(literals):
                literals[k] = values.pop(0)
            refined[name] = [float.fromhex(c.rstrip("f")).hex() for c in literals]
        REFINED.write_text(json.dumps(refined, indent=1) + "\n")


if __name__ == "__main__":
    main()

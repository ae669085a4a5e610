#!/usr/bin/env python3
"""Search coefficients near the fitted ones for a smaller worst error.

    python tools/refine_coefficients.py gelu --seconds 150 --seeds 11 12
    python tools/refine_coefficients.py gelu_grad --precision f64
    python tools/refine_coefficients.py --precision narrow

For the narrow precision the error is the number of float16 and bfloat16 inputs that are not
correctly rounded, and the search ends at 0.

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

import ml_dtypes
import mpmath as mp
import numpy as np

from gelu_fast._bench.exact import DIGITS, exact
from gelu_fast._bench.reference import fast_references, is_near_root

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
# For 16 bits, by a function: the functions that share tables, and the tables.
NARROW = {
    "gelu": (
        ["gelu"],
        ["exact_two_and_rest", "exact_upper", "exact_asymptote", "exact_exponential"],
    ),
    "gelu_grad": (
        ["gelu_grad", "gelu_grad2"],
        ["exact_grad_numerator", "exact_grad_denominator", "exact_grad_exponential",
         "exact_density", "exact_root", "exact_root_low"],
    ),
    "gelu_tanh": (
        ["gelu_tanh", "gelu_quick", "gelu_tanh_grad", "gelu_quick_grad", "gelu_tanh_grad2",
         "gelu_quick_grad2"],
        ["tanh_linear", "tanh_cubic", "quick_linear", "exp2_polynomial",
         "tanh_shift", "quick_shift", "pivot_linear", "pivot_rest",
         "tanh_pivot_square", "tanh_pivot_linear", "tanh_pivot_constant", "tanh_pivot_slope",
         "quick_pivot_square", "quick_pivot_linear", "quick_pivot_constant", "quick_pivot_slope",
         "tanh_grad2_near", "tanh_grad2_sum_constant", "tanh_grad2_sum_square",
         "tanh_grad2_slope_constant", "tanh_grad2_slope_square",
         "quick_grad2_near", "quick_grad2_sum", "quick_grad2_slope"],
    ),
}  # fmt: skip
SCALARS = {"f32": "float", "f64": "double", "narrow": "float"}


def tables(header: str) -> dict[str, list[str]]:
    """Return every constant of coefficients.h as a list of literals."""
    found = {}
    for name, body in re.findall(r"static const \w+ (\w+)(?:\[\])? = ([^;]+);", header):
        found[name] = re.findall(r"-?0x[^,;{}\s]+", body)
    return found


def with_values(header: str, name: str, literals: list[str]) -> str:
    """Return coefficients.h with other values of a constant."""
    value = ", ".join(literals)
    return re.sub(
        rf"(static const \w+ {name})(\[\])? = [^;]+;",
        lambda found: f"{found[1]}[] = {{{value}}};" if found[2] else f"{found[1]} = {value};",
        header,
    )


def movable(literals: list[str], precision: str) -> list[int]:
    """Return the indices of the coefficients that are not fixed at 1 or 2."""
    fixed = () if precision == "narrow" else (1, 2)
    return [k for k, c in enumerate(literals) if float.fromhex(c.rstrip("f")) not in fixed]


def names_of(function: str, precision: str) -> list[str]:
    names = NARROW[function][1] if precision == "narrow" else FUNCTIONS[function][0]
    return [f"{precision}_{name}" for name in names]


def inputs(name: str, kind: np.dtype) -> np.ndarray:
    """Return the inputs of a 16-bit dtype that a few thousand ULP of float32 could round wrongly.

    Three rows of int32: float32 inputs, and the least and the greatest right results, as ordered
    integers (see refine_16_bits.inc).
    """
    bits = np.arange(1 << 16, dtype=np.uint16)
    with np.errstate(invalid="ignore"):  # signaling NaNs
        numbers = bits.view(kind).astype(np.float64)
    numbers = numbers[: np.flatnonzero(~np.isfinite(numbers))[0]]  # not negative
    middles = (numbers + np.append(numbers[1:], 2 * numbers[-1] - numbers[-2])) / 2
    x = np.concatenate([numbers, -numbers])
    y = fast_references()[name](x)

    def bounds(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.where(chosen > 0, middles[chosen - 1], -np.inf), middles[chosen]

    nearest = np.searchsorted(middles, np.abs(y))
    below, above = bounds(nearest)
    distance = np.minimum(np.abs(y) - below, above - np.abs(y))
    for i in np.flatnonzero((distance <= 1e-9 * np.abs(y)) | is_near_root(name, x)):
        value = exact(name, float(x[i]))
        y[i] = float(value)
        with mp.workdps(DIGITS):
            magnitude = abs(value)
        while middles[nearest[i]] < magnitude:
            nearest[i] += 1
        while nearest[i] > 0 and middles[nearest[i] - 1] > magnitude:
            nearest[i] -= 1
    below, above = bounds(nearest)
    is_negative = np.signbit(y)
    # A float32 result in the middle is rounded to the even number; for bfloat16 see dtypes.def.
    is_odd = nearest % 2 == 1
    rises, falls = (is_odd, is_odd) if kind == np.float16 else (is_negative, ~is_negative)
    least = np.maximum(below, 0).astype(np.float32).view(np.int32) + (rises & (nearest > 0))
    greatest = above.astype(np.float32).view(np.int32) - falls
    rows = np.array([
        x.astype(np.float32).view(np.int32),
        np.where(is_negative, -1 - greatest, least), np.where(is_negative, -1 - least, greatest),
    ], np.int32)  # fmt: skip
    distance = np.minimum(np.abs(y) - below, above - np.abs(y))
    return rows[:, distance <= 5000 * np.spacing(np.abs(y).astype(np.float32))]


def write_inputs(functions: list[str], path: Path) -> None:
    with path.open("wb") as file:
        for name in functions:
            kinds = [np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)]
            rows = np.concatenate([inputs(name, kind) for kind in kinds], axis=1)
            file.write(np.int32(rows.shape[1]).tobytes() + rows.tobytes())


def measure(function: str, precision: str, directory: Path) -> str:
    """Return the C definitions of what refine_coefficients.c measures."""
    if precision == "narrow":
        functions = NARROW[function][0]
        write_inputs(functions, directory / "inputs")
        applied = " ".join(f"APPLY({name})" for name in functions)
        return (
            f'#define MEASURE "refine_16_bits.inc"\n#define FUNCTIONS {applied}\n'
            f'#define INPUTS "{directory / "inputs"}"\n'
        )
    _, largest, root = FUNCTIONS[function]
    return (
        f'#define MEASURE "refine_ulp.inc"\n#define DTYPE DTYPE_{precision}\n'
        f"#define FUNCTION FUNCTION_{function}\n#define LARGEST {largest}\n"
        f"#define ROOT {root if root == '-1' else f'{precision}_{root}'}\n"
    )


def build(function: str, precision: str, header: str, directory: Path) -> Path:
    names = names_of(function, precision)
    scalar = SCALARS[precision]
    pointers = [
        f"&{name}[{k}]" if f"{name}[]" in header else f"&{name}"
        for name in names
        for k in movable(tables(header)[name], precision)
    ]
    (directory / "math").mkdir()
    for path in (SOURCE / "math").glob("*.inc"):
        (directory / "math" / path.name).write_text(path.read_text())
    mutable = header
    for name in names:
        mutable = re.sub(rf"static const {scalar} {name}\b", f"static {scalar} {name}", mutable)
    (directory / "math" / "coefficients.h").write_text(mutable)
    (directory / "kernels.inc").write_text((SOURCE / "kernels.inc").read_text())
    program = directory / "refine.c"
    program.write_text(
        '#pragma GCC target("avx2,fma,f16c")\n#include "isa/avx2.h"\n'
        '#define ISA_NAME refined\n#include "kernels.inc"\n'
        f"typedef {scalar} real;\n#define CANDIDATES {len(pointers)}\n"
        f"static real *const candidates[] = {{{', '.join(pointers)}}};\n"
        + measure(function, precision, directory)
        + (TOOLS / "refine_coefficients.c").read_text()
    )
    subprocess.run(
        ["gcc", "-std=gnu11", "-O3", "-ffp-contract=off",
         f"-I{directory}", f"-I{SOURCE}", f"-I{TOOLS}", program, "-o", directory / "refine", "-lm"],
        check=True,
    )  # fmt: skip
    return directory / "refine"


def search(program: Path, seconds: float, seed: int) -> tuple[float, list[str], str]:
    run = subprocess.run(
        [program, str(seconds), str(seed)], check=True, capture_output=True, text=True
    )
    worst = float(re.findall(r"refined: worst ([\d.]+)", run.stderr)[0])
    return worst, run.stdout.split(), run.stderr


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("functions", nargs="*", metavar="function")
    parser.add_argument("--precision", choices=list(SCALARS), default="f32")
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12])
    arguments = parser.parse_args()
    header = (SOURCE / "math" / "coefficients.h").read_text()
    refined = json.loads(REFINED.read_text()) if REFINED.exists() else {}
    choices = NARROW if arguments.precision == "narrow" else FUNCTIONS
    if not {*arguments.functions} <= {*choices}:
        parser.error(f"a function must be one of {', '.join(choices)}")
    for function in arguments.functions or choices:
        with tempfile.TemporaryDirectory() as directory, ThreadPoolExecutor() as pool:
            program = build(function, arguments.precision, header, Path(directory))
            runs = list(
                pool.map(lambda seed: search(program, arguments.seconds, seed), arguments.seeds)  # noqa: B023
            )
        _, values, log = min(runs)
        print(f"{function}\n{log}", end="", flush=True)
        for name in names_of(function, arguments.precision):
            literals = tables(header)[name]
            for k in movable(literals, arguments.precision):
                literals[k] = values.pop(0)
            refined[name] = [float.fromhex(c.rstrip("f")).hex() for c in literals]
            header = with_values(header, name, literals)
        REFINED.write_text(json.dumps(refined, indent=1) + "\n")


if __name__ == "__main__":
    main()

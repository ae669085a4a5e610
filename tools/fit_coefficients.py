#!/usr/bin/env python3
"""Fit every constant of the kernels and write src/math/coefficients.h.

    python tools/fit_coefficients.py            # rewrite the header
    python tools/fit_coefficients.py --check    # fail if it would change

Each approximation is a minimax rational function or polynomial, found by the Remez exchange
algorithm at 50 digits (mpmath). Its coefficients are rounded to the nearest numbers of the working
precision, then moved by ULPs as long as the largest approximation error falls. The float32
coefficients that refine_coefficients.py has moved further, with the rounding errors of the
evaluation in view, replace these.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import mpmath as mp
import numpy as np

HEADER = Path(__file__).resolve().parents[1] / "src" / "math" / "coefficients.h"
REFINED = json.loads(Path(__file__).with_name("refined_coefficients.json").read_text())
Function = Callable[[mp.mpf], mp.mpf]


@dataclass(frozen=True)
class Precision:
    """What differs between the float32 and the float64 kernels."""

    prefix: str
    scalar: str
    bits: int
    mantissa_shift: int
    # power_unscale = 2^-scale_bits: see src/math/exponential.inc.
    scale_bits: int
    exp2_degree: int
    pivot_degree: int
    exact_exponential_degree: int
    exact_grad_exponential_degree: int
    exact_degrees: tuple[int, int]
    # The grid's stretch, chosen so that the exchange converges: see grid_on.
    exact_stretch: int
    exact_grad_degrees: tuple[int, int]
    tanh_near_degree: int
    quick_near_degree: int
    tanh_grad2_near_degree: int
    quick_grad2_near_degree: int
    # |x| beyond which even the form's largest function underflows to zero.
    exact_limit: int
    tanh_limit: int
    quick_limit: int
    # Bits that leave `linear - w` exact: see src/math/tanh.inc.
    tanh_linear_bits: int
    # Whether products and constants are held in two parts.
    has_low_parts: bool = True
    # The weight of errors at large t, relative to t = 0: of the exact form and of its derivative.
    # Beyond 6, where float16's results are zero, bfloat16 has only some 200 numbers.
    tail_weight: float = 1.0
    # Second derivatives, and the first beside the value.
    has_further_derivatives: bool = True
    # Whether one multiply-add more is spent on fewer roundings: see src/math/exact.inc.
    rounds_less: bool = False
    # t^2 is exact in double precision if t is a float.
    square_has_low_part: bool = True
    # Factors that cancel: see docs/correct_rounding.md.
    exact_scale: str = "1"
    exp2_scale: str = "1"
    # Of some hundred, those with the smallest worst error: over all float32 inputs with a result
    # just below a power of two, and over a million such float64 inputs.
    tanh_pivot_factor: str = "1"
    quick_pivot_factor: str = "1"

    @property
    def pivot_scale_bits(self) -> int:
        return self.scale_bits * 3 // 4

    def weight(self, t: mp.mpf) -> mp.mpf:
        return self.tail_weight + (1 - self.tail_weight) * mp.exp(-((t / 6) ** 8))


FLOAT32 = Precision(
    prefix="f32", scalar="float", bits=24, mantissa_shift=23, scale_bits=64,
    exp2_degree=6, pivot_degree=6, exact_exponential_degree=6, exact_grad_exponential_degree=6,
    exact_degrees=(3, 4), exact_stretch=5, exact_grad_degrees=(4, 4),
    tanh_near_degree=7, quick_near_degree=6,
    tanh_grad2_near_degree=13, quick_grad2_near_degree=8,
    exact_limit=15, tanh_limit=11, quick_limit=66, tanh_linear_bits=20,
    tanh_pivot_factor="1.065400004387", quick_pivot_factor="0.940874993801",
)  # fmt: skip
FLOAT64 = Precision(
    prefix="f64", scalar="double", bits=53, mantissa_shift=52, scale_bits=512,
    exp2_degree=11, pivot_degree=11, exact_exponential_degree=11, exact_grad_exponential_degree=11,
    exact_degrees=(9, 10), exact_stretch=3, exact_grad_degrees=(9, 9),
    tanh_near_degree=14, quick_near_degree=13,
    tanh_grad2_near_degree=28, quick_grad2_near_degree=19,
    exact_limit=39, tanh_limit=22, quick_limit=468, tanh_linear_bits=48,
    tanh_pivot_factor="1.2675338983535767", quick_pivot_factor="1.2067373991012573",
    rounds_less=True,
)  # fmt: skip
# For float16 and bfloat16, where the relative error counts. gelu_fast.relaxed also uses the quick
# form's value, where the absolute error counts.
NARROW = replace(
    FLOAT32, prefix="narrow", exp2_degree=5, pivot_degree=5, exact_exponential_degree=5,
    tanh_pivot_factor="1", quick_pivot_factor="1",
    exact_grad_exponential_degree=5, exact_degrees=(2, 3), exact_stretch=2,
    exact_grad_degrees=(3, 3), tanh_near_degree=5, quick_near_degree=4,
    tanh_grad2_near_degree=6, quick_grad2_near_degree=6, has_low_parts=False,
    tail_weight=0.01, exact_scale="1.5", tanh_linear_bits=24,
)  # fmt: skip
# The values and first derivatives of float32 in float64, correctly rounded to float32.
CORRECTLY_ROUNDED = replace(
    FLOAT64, prefix="correctly_rounded", exact_degrees=(7, 8), exact_stretch=1, exact_limit=15,
    exact_grad_degrees=(8, 8), tanh_limit=11, quick_limit=66, has_further_derivatives=False,
    square_has_low_part=False, rounds_less=False, exact_scale="1.2", exp2_scale="1.46",
    tanh_pivot_factor="1.335", quick_pivot_factor="1.6633",
)  # fmt: skip
# By how many ULP the first coefficient of a table is moved, so that the last inputs next to the
# middle of two floats are rounded to the right side: see docs/correct_rounding.md.
MOVED = {
    "correctly_rounded_exact_grad_numerator": -2,
    "correctly_rounded_quick_pivot_square": -3,
    "correctly_rounded_quick_pivot_constant": 3,
}


def rounded(x: mp.mpf, bits: int) -> mp.mpf:
    with mp.workprec(bits):
        return +x


def ulp(x: mp.mpf, bits: int) -> mp.mpf:
    return mp.ldexp(1, mp.frexp(x)[1] - bits)


def evaluate(coefficients: Sequence[mp.mpf], x: mp.mpf) -> mp.mpf:
    return mp.polyval(list(reversed(coefficients)), x)


@dataclass
class Rational:
    numerator: list[mp.mpf]
    denominator: list[mp.mpf]

    def __call__(self, x: mp.mpf) -> mp.mpf:
        return evaluate(self.numerator, x) / evaluate(self.denominator, x)


def grid_on(low: mp.mpf, high: mp.mpf, stretch: float | None, points: int) -> list[mp.mpf]:
    """Return Chebyshev points; with `stretch` s, in the variable (x - s) / (x + s)."""
    to_z = (lambda x: (x - stretch) / (x + stretch)) if stretch else (lambda x: x)
    to_x = (lambda z: stretch * (1 + z) / (1 - z)) if stretch else (lambda z: z)
    z_low, z_high = to_z(mp.mpf(low)), to_z(mp.mpf(high))
    middle, radius = (z_low + z_high) / 2, (z_high - z_low) / 2
    inner = [to_x(middle - radius * mp.cos(mp.pi * i / points)) for i in range(1, points)]
    return [mp.mpf(low), *inner, mp.mpf(high)]


def local_extremes(errors: Sequence[mp.mpf]) -> list[int]:
    """Return the index of the largest error in each run of equal signs."""
    extremes: list[int] = []
    for i, error in enumerate(errors):
        if error == 0:
            continue
        if extremes and (error > 0) == (errors[extremes[-1]] > 0):
            if abs(error) > abs(errors[extremes[-1]]):
                extremes[-1] = i
        else:
            extremes.append(i)
    return extremes


def remez(
    values: list[mp.mpf], weights: list[mp.mpf], grid: list[mp.mpf],
    numerator_degree: int, denominator_degree: int,
    asymptote: mp.mpf | None = None, constant: mp.mpf | int = 0,
) -> tuple[Rational, mp.mpf]:  # fmt: skip
    """Return the minimax N/D of weights * (values - N/D) on the grid; D's constant term is 1.

    With an `asymptote` to start from, fit a x + N/D, where N's constant term is `constant`.
    Return N/D and a.
    """
    slope = mp.mpf(0) if asymptote is None else asymptote
    first = 0 if asymptote is None else 1
    unknown_n = numerator_degree + 1 - first
    size = unknown_n + denominator_degree + first + 1
    reference = [round((len(grid) - 1) * i / (size - 1)) for i in range(size)]
    error, fit = mp.mpf(0), Rational([mp.mpf(1)], [mp.mpf(1)])
    if asymptote is not None:
        straightened = [v - slope * x for x, v in zip(grid, values, strict=True)]
        fit, _ = remez(straightened, weights, grid, numerator_degree, denominator_degree)
    for _ in range(40):
        for _ in range(30):  # Newton's method, because the levelled error and the slope multiply D
            matrix, right = mp.matrix(size, size), mp.matrix(size, 1)
            for row, i in enumerate(reference):
                x, sign = grid[i], (-1) ** row
                target = values[i] - slope * x - sign * error / weights[i]
                bottom = evaluate(fit.denominator, x)
                columns = [x**k for k in range(first, numerator_degree + 1)]
                columns += [-target * x**k for k in range(1, denominator_degree + 1)]
                columns += [x * bottom] * first
                columns.append(sign * bottom / weights[i])
                for column, entry in enumerate(columns):
                    matrix[row, column] = entry
                right[row] = target - constant
            solution = list(mp.lu_solve(matrix, right))
            n, d = solution[:unknown_n], solution[unknown_n : unknown_n + denominator_degree]
            fit = Rational([mp.mpf(constant)] * first + n, [mp.mpf(1), *d])
            error += solution[-1]
            slope += solution[-2] * first
            if max(abs(solution[-1]), abs(solution[-2]) * first) <= abs(error) * mp.mpf("1e-8"):
                break
        errors = [
            w * (v - slope * x - fit(x)) for x, v, w in zip(grid, values, weights, strict=True)
        ]
        largest = max(map(abs, errors))
        if largest <= abs(error) * mp.mpf("1.002"):
            return fit, slope
        extremes = local_extremes(errors)
        if len(extremes) < size:
            raise ArithmeticError(f"{len(extremes)} extremes where {size} are needed")
        while len(extremes) > size:  # drop the smallest, keeping the alternation
            if len(extremes) == size + 1:
                first_is_smaller = abs(errors[extremes[0]]) < abs(errors[extremes[-1]])
                extremes.pop(0 if first_is_smaller else -1)
            else:
                pairs = range(len(extremes) - 1)
                j = min(pairs, key=lambda j: max(abs(errors[k]) for k in extremes[j : j + 2]))
                del extremes[j : j + 2]
        reference = extremes
    raise ArithmeticError("the Remez exchange does not converge")


def round_coefficients(
    fit: Rational, values: list[mp.mpf], weights: list[mp.mpf], grid: list[mp.mpf], bits: int
) -> tuple[Rational, float]:
    """Round the coefficients; return them and their error in units of 2^-bits.

    The error is linear in such small moves, so the search over neighbours uses a matrix of
    sensitivities.
    """
    start = Rational(
        [rounded(c, bits) for c in fit.numerator], [rounded(c, bits) for c in fit.denominator]
    )
    unit = mp.ldexp(1, -bits)
    error = np.empty(len(grid))
    moves = np.empty((len(start.numerator) + len(start.denominator), len(grid)))
    for i, (x, value, weight) in enumerate(zip(grid, values, weights, strict=True)):
        n, d = evaluate(start.numerator, x), evaluate(start.denominator, x)
        error[i] = weight * (n / d - value) / unit
        effects = [weight * x**k * ulp(c, bits) / d for k, c in enumerate(start.numerator)]
        effects += [
            -weight * n * x**k * ulp(c, bits) / d**2 for k, c in enumerate(start.denominator)
        ]
        moves[:, i] = [effect / unit for effect in effects]
    # Coefficients that the kernels' structure or the fit fix, such as 1 and 2, need no rounding.
    free = [k for k, c in enumerate([*fit.numerator, *fit.denominator]) if rounded(c, bits) != c]
    steps = [{k: s} for k in free for s in (-1, 1)]
    steps += [
        {j: s, k: r} for j, k in itertools.combinations(free, 2) for s in (-1, 1) for r in (-1, 1)
    ]
    effects = np.array([sum(s * moves[k] for k, s in step.items()) for step in steps])
    chosen = np.zeros(len(moves), dtype=int)
    best = np.abs(error).max()
    while len(steps):
        largest = np.abs(error + effects).max(axis=1)
        j = int(largest.argmin())
        if largest[j] >= best * (1 - 1e-9):
            break
        best, error = largest[j], error + effects[j]
        for k, s in steps[j].items():
            chosen[k] += s
    moved = [
        c + int(s) * ulp(c, bits)
        for c, s in zip([*start.numerator, *start.denominator], chosen, strict=True)
    ]
    split = len(start.numerator)
    return Rational(moved[:split], moved[split:]), float(best)


def fit_rounded(
    function: Function, weight: Callable[[mp.mpf, mp.mpf], mp.mpf], low: mp.mpf, high: mp.mpf,
    degrees: tuple[int, int], bits: int, stretch: float | None = None,
) -> tuple[Rational, float]:  # fmt: skip
    grid = grid_on(low, high, stretch, points=801)
    values = [function(x) for x in grid]
    weights = [weight(x, v) for x, v in zip(grid, values, strict=True)]
    fit, _ = remez(values, weights, grid, *degrees)
    return round_coefficients(fit, values, weights, grid, bits)


def relative(_: mp.mpf, value: mp.mpf) -> mp.mpf:
    return 1 / value


def normal_density(t: mp.mpf) -> mp.mpf:
    return mp.exp(-t * t / 2) / mp.sqrt(2 * mp.pi)


def upper_tail(t: mp.mpf) -> mp.mpf:
    return mp.erfc(t / mp.sqrt(2)) / 2


class Writer:
    """Collects the C definitions of one precision."""

    def __init__(self, precision: Precision) -> None:
        self.precision = precision
        self.lines: list[str] = []

    def literal(self, value: mp.mpf) -> str:
        suffix = "f" if self.precision.scalar == "float" else ""
        return float(value).hex().replace("0000000p", "p") + suffix

    def comment(self, text: str) -> None:
        self.lines += ["", f"/* {text} */"]

    def refined(self, name: str, values: Sequence[mp.mpf]) -> list[mp.mpf]:
        """Return a table's refined values if there are any, otherwise those given."""
        name = f"{self.precision.prefix}_{name}"
        found = REFINED.get(name)
        if found is None:
            moved = MOVED.get(name, 0) * ulp(values[0], self.precision.bits)
            return [values[0] + moved, *values[1:]]
        refined = [mp.mpf(float.fromhex(text)) for text in found]
        if len(refined) != len(values) or any(
            abs(a - b) > 4096 * ulp(b, self.precision.bits)
            for a, b in zip(refined, values, strict=True)
        ):
            raise SystemExit(f"the refined {name} are of another fit: run refine_coefficients.py")
        return refined

    def constant(self, name: str, value: mp.mpf, digits: int = 12) -> None:
        (value,) = self.refined(name, [value])
        if float(value) != value:
            raise ValueError(f"{name} is not a {self.precision.scalar}")
        self.lines.append(
            f"static const {self.precision.scalar} {self.precision.prefix}_{name} = "
            f"{self.literal(value)}; /* {float(value):.{digits}g} */"
        )

    def split_constant(self, name: str, value: mp.mpf, bits: int | None = None) -> mp.mpf:
        high = rounded(value, bits or self.precision.bits)
        self.constant(name, high)
        self.constant(f"{name}_low", rounded(value - high, self.precision.bits), digits=6)
        return high

    def array(self, name: str, values: Sequence[mp.mpf]) -> None:
        body = "".join(f"    {self.literal(v)},\n" for v in self.refined(name, values))
        self.lines.append(
            f"static const {self.precision.scalar} {self.precision.prefix}_{name}[] = {{\n{body}}};"
        )


def write_power_of(
    w: Writer,
    name: str,
    base: mp.mpf,
    limit: mp.mpf,
    degree: int,
    formula: str,
    scale: mp.mpf | int = 1,
) -> None:
    """Fit scale base^f for |f| <= limit, with the constant coefficient scale."""
    log_base = mp.log(base)
    scale = rounded(mp.mpf(scale), w.precision.bits)

    def q(f: mp.mpf) -> mp.mpf:
        return scale * (mp.expm1(f * log_base) / f if f else log_base)

    fit, error = fit_rounded(
        q, lambda f, _: abs(f) / base**f / scale + mp.mpf("1e-9"), -limit, limit, (degree - 1, 0),
        w.precision.bits,
    )  # fmt: skip
    factor = "" if scale == 1 else f"{float(scale):.5g} "
    w.comment(f"{factor}{formula}; error {error:.2f} units of 2^-{w.precision.bits} of it")
    w.array(name, [scale, *fit.numerator])


def magic(p: Precision, bias: int) -> mp.mpf:
    return mp.mpf(3) * 2 ** (p.mantissa_shift - 1) + bias


def write_pivot_power(w: Writer) -> None:
    """Write 2^-r - 1, whose relative error counts next to the root."""
    p = w.precision

    def phi(r: mp.mpf) -> mp.mpf:
        return mp.expm1(-r * mp.log(2)) / r if r else -mp.log(2)

    fit, error = fit_rounded(
        phi, lambda r, _: abs(r) * mp.mpf(2) ** r + mp.mpf("0.1"),
        mp.mpf("-0.501"), mp.mpf("0.501"), (p.pivot_degree - 1, 0), p.bits,
    )  # fmt: skip
    w.comment("logistic.inc: the same for the derivative")
    w.constant("pivot_magic", magic(p, p.pivot_scale_bits), 20)
    w.constant("pivot_scale", mp.ldexp(1, p.pivot_scale_bits))
    w.constant("pivot_unscale", mp.ldexp(1, -2 * p.pivot_scale_bits))
    w.comment(f"2^-r - 1 = r linear + r^2 rest; error {error:.2f} * 2^-{p.bits}")
    w.constant("pivot_linear", fit.numerator[0])
    w.array("pivot_rest", fit.numerator[1:])


def write_exponential(w: Writer) -> None:
    p = w.precision
    w.comment("exponential.inc: the magic number rounds at 1 and carries the bias of the power")
    w.constant("power_magic", magic(p, p.scale_bits), 20)
    w.constant("power_unscale", mp.ldexp(1, -p.scale_bits))
    w.comment("whether products and constants are held in two parts")
    w.lines.append(f"enum {{ {p.prefix}_has_low_parts = {int(p.has_low_parts)} }};")
    low_part = p.has_low_parts and p.square_has_low_part
    w.lines.append(f"enum {{ {p.prefix}_square_has_low_part = {int(low_part)} }};")
    w.lines.append(f"enum {{ {p.prefix}_rounds_less = {int(p.rounds_less)} }};")
    write_power_of(
        w, "exp2_polynomial", mp.mpf(2), mp.mpf("0.501"), p.exp2_degree, "2^f", mp.mpf(p.exp2_scale)
    )
    write_pivot_power(w)


def write_exact(w: Writer) -> None:
    p = w.precision
    unit = rounded(2 * mp.log(2), p.bits)
    h = 1 / unit
    w.comment("exact.inc: 2 ln 2 and one over it")
    w.constant("exact_limit", mp.mpf(p.exact_limit))
    w.constant("exact_unit", unit)
    w.constant("exact_per_unit", rounded(h, p.bits))
    scale = rounded(mp.mpf(p.exact_scale), p.bits)

    def write_exponential_of(name: str, degree: int, scale: mp.mpf | int = 1) -> None:
        base, limit = mp.mpf(2) ** -h, unit * mp.mpf("0.501")
        write_power_of(w, name, base, limit, degree, "2^-(f / unit)", scale)

    write_exponential_of("exact_exponential", p.exact_exponential_degree, scale)

    def tail(t: mp.mpf) -> mp.mpf:
        return upper_tail(t) * mp.mpf(2) ** (h * t * t)

    grid = grid_on(mp.mpf(0), mp.mpf(p.exact_limit), stretch=p.exact_stretch, points=801)
    tails = [tail(t) for t in grid]
    inverse = [1 / value for value in tails]
    start = mp.sqrt(2 * mp.pi)
    weights = [p.weight(t) * value for t, value in zip(grid, tails, strict=True)]
    fit, slope = remez(inverse, weights, grid, *p.exact_degrees, asymptote=start, constant=2)
    fit = Rational([scale * c for c in fit.numerator], fit.denominator)
    asymptote = rounded(scale * slope, p.bits)
    rest = [scale * value - asymptote * t for t, value in zip(grid, inverse, strict=True)]
    weights = [weight / scale for weight in weights]
    fit, error = round_coefficients(fit, rest, weights, grid, p.bits)
    w.constant("exact_asymptote", asymptote)
    factor = "" if scale == 1 else f"{float(scale):.5g} times: "
    w.comment(
        f"{factor}2^-(t^2 / unit) / Phi(-t) = asymptote t + (2 + t rest) / (1 + t upper); "
        f"error {error:.2f} * 2^-{p.bits}"
    )
    w.array("exact_two_and_rest", fit.numerator)
    w.array("exact_upper", fit.denominator[1:])

    write_exponential_of("exact_grad_exponential", p.exact_grad_exponential_degree)
    if p.has_further_derivatives:
        w.comment("exp(-t^2/2) = (1 + correction t^2) 2^-(t^2 / unit), and phi(0)")
        w.constant("exact_correction", rounded(mp.log(2) * h - mp.mpf(1) / 2, p.bits))
        w.constant("exact_density", rounded(1 / mp.sqrt(2 * mp.pi), p.bits))

    root = mp.findroot(lambda t: upper_tail(t) - t * normal_density(t), 0.75)
    high = rounded(root, p.bits)
    # gelu''(x) = (2 - x^2) phi(x), so this is 2 gelu'(-t) 2^(t^2 / unit) / (root - t) at the root.
    at_root = 2 * (2 - root**2) * normal_density(root) * mp.mpf(2) ** (h * root**2)
    w.comment("the root of the derivative is -root; what rounding took, times (1 + p / q) there")
    w.constant("exact_root", high)
    w.constant("exact_root_low", rounded((root - high) * at_root, p.bits), digits=6)

    def grad(t: mp.mpf) -> mp.mpf:
        return (upper_tail(t) - t * normal_density(t)) * mp.mpf(2) ** (h * t * t) / (root - t)

    offset = mp.mpf(p.rounds_less) / 8
    fit, error = fit_rounded(
        lambda t: 2 * grad(t) - 1 + offset, lambda t, _: p.weight(t) / (2 * grad(t)),
        mp.mpf(0), mp.mpf(p.exact_limit), p.exact_grad_degrees, p.bits, stretch=2,
    )  # fmt: skip
    w.comment(
        f"2 gelu'(-t) 2^(t^2 / unit) / (root - t) = 1 + numerator / denominator - offset; "
        f"error {error:.2f} * 2^-{p.bits}"
    )
    w.constant("exact_grad_offset", offset)
    w.array("exact_grad_numerator", fit.numerator)
    w.array("exact_grad_denominator", fit.denominator)


def write_pivot(
    w: Writer, name: str, cancelling: str, k: Function, z: Function, slope: Sequence[mp.mpf]
) -> None:
    """Write the constants of the derivative about its root: see src/math/logistic.inc.

    k is K, and z(t) is in units of ln 2. slope are the coefficients of z'(t), in units of 1.
    `cancelling` is the factor that cancels, which the precision chooses.
    """
    p = w.precision
    root = mp.findroot(k, 0.75)
    # With three bits less, pivot - t is exact for 1/4 < t < 8. rounds_less adds what it rounds off.
    has_all_bits = p.rounds_less or not p.has_low_parts
    pivot = rounded(root, p.bits if has_all_bits else p.bits - 3)
    exponential = rounded(mp.mpf(2) ** -z(pivot), p.bits)
    factor = rounded(mp.mpf(cancelling), p.bits)
    ratio = factor if p.rounds_less else mp.mpf(1)  # of K's factor to that of e
    unit = 4 * exponential / factor
    scale = mp.ldexp(1, p.pivot_scale_bits)
    w.constant(f"{name}_pivot", pivot)
    w.comment("2 + log2(M)")
    w.split_constant(f"{name}_shift", 2 + mp.log(exponential, 2), p.bits - 3)
    w.constant(f"{name}_pivot_factor", factor)
    w.constant(f"{name}_pivot_square", rounded(ratio * ratio / factor, p.bits) / scale**2)
    w.constant(f"{name}_pivot_linear", rounded(ratio * 2 / (unit * factor), p.bits) / scale)
    w.constant(f"{name}_pivot_constant", rounded(1 / (unit * unit * factor), p.bits))
    low = 1 + exponential - pivot * evaluate(slope, pivot)
    w.constant(f"{name}_pivot_low", scale * rounded(low / unit, p.bits), digits=6)
    w.comment("(p z'(p) - t z'(t)) / (p - t) / u")
    quotient = [
        sum(c * pivot ** (j - i) for j, c in enumerate(slope) if j >= i) for i in range(len(slope))
    ]
    coefficients = [scale * rounded(c / unit, p.bits) for c in quotient]
    if len(slope) == 1:
        w.constant(f"{name}_pivot_slope", coefficients[0])
    else:
        w.array(f"{name}_pivot_slope", coefficients)


def write_near_root(
    w: Writer, name: str, k: Function, start: float, degree: int, after: float, before: float
) -> mp.mpf:
    """Write K near its root, for -after < root - t < before: see src/math/logistic.inc."""
    p = w.precision
    root = mp.findroot(k, start)
    w.comment("the root is that of -t" if start < 1 else "the roots are those of t and -t")
    w.split_constant(f"{name}_root", root)

    k_slope = mp.diff(k, root)
    scale = rounded(-1 / k_slope, p.bits)
    w.comment("one over the slope of K(root - d) at d = 0")
    w.constant(f"{name}_scale", scale)

    def curvature(d: mp.mpf) -> mp.mpf:
        if abs(d) < mp.mpf("1e-20"):
            return -mp.diff(k, root, 2) / (2 * k_slope)
        return (-k(root - d) / k_slope / d - 1) / d

    fit, error = fit_rounded(
        curvature, lambda d, value: abs(d) / (1 + d * value) + mp.mpf("1e-9"),
        mp.mpf(-after), mp.mpf(before), (degree, 0), p.bits,
    )  # fmt: skip
    w.comment(
        f"scale K(root - d) = d + d^2 near(d) for (d + {after}) (d - {before}) < 0; "
        f"error {error:.2f} * 2^-{p.bits}"
    )
    w.constant(f"{name}_near_linear", mp.mpf(after - before))
    w.constant(f"{name}_near_bound", mp.mpf(after * before))
    w.array(f"{name}_near", fit.numerator)
    return scale


def write_tanh(w: Writer) -> None:
    p = w.precision
    linear = 2 * mp.sqrt(2 / mp.pi)
    cubic = linear * mp.mpf("0.044715")

    def z(t: mp.mpf) -> mp.mpf:
        return t * (linear + cubic * t * t)

    def slope(t: mp.mpf) -> mp.mpf:
        return linear + 3 * cubic * t * t

    w.comment("tanh.inc: z = linear t + cubic t^3, the first four constants in units of ln 2")
    w.constant("tanh_limit", mp.mpf(p.tanh_limit))
    w.split_constant("tanh_linear", linear / mp.log(2), p.tanh_linear_bits)
    w.split_constant("tanh_cubic", cubic / mp.log(2))

    def k(t: mp.mpf) -> mp.mpf:
        return 1 + mp.exp(-z(t)) - t * slope(t)

    slopes = [linear, 0, 3 * cubic]
    write_pivot(w, "tanh", p.tanh_pivot_factor, k, lambda t: z(t) / mp.log(2), slopes)
    if not p.has_further_derivatives:
        return
    scale = write_near_root(
        w, "tanh", k, 0.75, p.tanh_near_degree,
        after=0.75, before=0.5,
    )  # fmt: skip
    w.comment("scale z' = slope_constant + slope_square t^2")
    w.split_constant("tanh_slope_constant", scale * linear, p.tanh_linear_bits)
    w.constant("tanh_slope_square", rounded(scale * 3 * cubic, p.bits))
    scale = write_near_root(
        w, "tanh_grad2",
        lambda t: 2 * linear + 12 * cubic * t * t - t * slope(t) ** 2 * mp.tanh(z(t) / 2),
        1.4, p.tanh_grad2_near_degree, after=1.0, before=0.75,
    )  # fmt: skip
    w.comment("t z'^2 keeps it from underflow for longer")
    w.constant("tanh_grad2_limit", mp.mpf(p.tanh_limit) + mp.mpf(1) / 2)
    w.comment("scale (2 z' + t z'') = sum_constant + sum_square t^2")
    w.constant("tanh_grad2_sum_constant", rounded(scale * 2 * linear, p.bits))
    w.constant("tanh_grad2_sum_square", rounded(scale * 12 * cubic, p.bits))
    w.comment("sqrt(scale) z' = slope_constant + slope_square t^2")
    w.constant("tanh_grad2_slope_constant", rounded(mp.sqrt(scale) * linear, p.bits))
    w.constant("tanh_grad2_slope_square", rounded(mp.sqrt(scale) * 3 * cubic, p.bits))


def write_quick(w: Writer) -> None:
    p = w.precision
    c = mp.mpf("1.702")
    w.comment("quick.inc: z = 1.702 t, the first two constants in units of ln 2")
    w.constant("quick_limit", mp.mpf(p.quick_limit))
    w.split_constant("quick_linear", c / mp.log(2))

    def k(t: mp.mpf) -> mp.mpf:
        return 1 + mp.exp(-c * t) - c * t

    write_pivot(w, "quick", p.quick_pivot_factor, k, lambda t: c * t / mp.log(2), [c])
    if not p.has_further_derivatives:
        return
    scale = write_near_root(
        w, "quick", k, 0.75, p.quick_near_degree,
        after=0.5, before=0.5,
    )  # fmt: skip
    w.comment("scale z'")
    w.split_constant("quick_slope", scale * c)
    scale = write_near_root(
        w, "quick_grad2", lambda t: c * (2 - c * t * mp.tanh(c * t / 2)), 1.4,
        p.quick_grad2_near_degree, after=1.0, before=0.5,
    )  # fmt: skip
    w.comment("scale 2 z' and scale z'^2")
    w.constant("quick_grad2_sum", rounded(2 * scale * c, p.bits))
    w.constant("quick_grad2_slope", rounded(scale * c * c, p.bits))


def write_relaxed(w: Writer) -> None:
    """Write p(t) with t / p(t)^8 = t sigma(-t) to a small absolute error: see relaxed.inc."""
    linear = 2 * mp.sqrt(2 / mp.pi)
    cubic = linear * mp.mpf("0.044715")
    w.comment("relaxed.inc: p(t)^8 is infinite at the limit")
    w.constant("limit", mp.ldexp(1, 20))
    first = rounded(mp.mpf(2) ** (mp.mpf(1) / 8), w.precision.bits)
    for name, tail, degree in (
        ("exact", upper_tail, 8),
        ("tanh", lambda t: 1 / (1 + mp.exp(t * (linear + cubic * t * t))), 9),
    ):

        def slope(t: mp.mpf, tail: Function = tail) -> mp.mpf:
            return (tail(t) ** (mp.mpf(-1) / 8) - first) / t

        def weight(t: mp.mpf, value: mp.mpf, tail: Function = tail) -> mp.mpf:
            return 8 * t * t * tail(t) / (first + value * t)

        # Below 0.01 the error falls with t.
        fit, error = fit_rounded(
            slope, weight, mp.mpf("0.01"), mp.mpf(6), (degree - 1, 0), w.precision.bits, stretch=4
        )
        w.comment(f"absolute error of t / p^8: {float(mp.ldexp(error, -w.precision.bits)):.1e}")
        w.array(name, [first, *fit.numerator])


def header() -> str:
    lines = [
        "/* Generated by tools/fit_coefficients.py: change that, not this. */",
        "#ifndef GELU_FAST_MATH_COEFFICIENTS_H",
        "#define GELU_FAST_MATH_COEFFICIENTS_H",
    ]
    for precision in (FLOAT32, NARROW, FLOAT64, CORRECTLY_ROUNDED):
        writer = Writer(precision)
        writer.lines += ["", f"/* ---- {precision.prefix} ---- */"]
        for section in (write_exponential, write_exact, write_tanh, write_quick):
            section(writer)
        lines += writer.lines
    writer = Writer(replace(FLOAT32, prefix="relaxed"))
    writer.lines += ["", "/* ---- relaxed ---- */"]
    write_relaxed(writer)
    lines += writer.lines
    return "\n".join([*lines, "", "#endif", ""])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    mp.mp.dps = 50
    text = header()
    if not arguments.check:
        HEADER.write_text(text)
        return 0
    if HEADER.read_text() != text:
        print(f"{HEADER.name} differs from what this tool generates", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

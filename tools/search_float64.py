#!/usr/bin/env python3
"""Search for the largest float64 errors, in ULP, of every function with one operand.

    python tools/search_float64.py            # writes docs/accuracy_float64.json
    python tools/search_float64.py gelu --count 1e8 --quick
    python tools/search_float64.py --quick    # a minute

The search tries to break the bounds of src/functions.def, and fails if it does. search_float64.c
explains its method and its reference. It looks around the points where a formula of src/math
changes: the k of the exponential, the exponent of the result, the limits, the roots. Every function
is searched twice: with a hardware fma, and without (the portable kernels on x86). avx512, avx2 and
neon have the same bits, which a share of the batches checks.

mpmath checks the reference where it could be worst: at the ends of its segments, next to roots,
where results are subnormal, and at the worst inputs, for which mpmath's error is recorded. For a
value_and_grad, the derivative's error is searched; the value must have the bits of the function
that returns only the value.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import gmpy2
import mpmath
import numpy as np

import gelu_fast
from gelu_fast._bench.errors import judged
from gelu_fast._bench.exact import DIGITS, UNARY, exact, ulp_error
from gelu_fast._bench.reference import FORMATS, ulp_bound
from gelu_fast._cli.accuracy import FUNCTIONS

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "docs/accuracy_float64.json"
FLAGS = [  # the same as in .ci/check_isas, so that objects are shared
    *("-std=c11", "-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"),
    *("-Isrc", "-Itests/c"),
]
PRECISION = 250  # bits of the series
ACCURATE, TERMS = 3, 16  # as in search_float64.c
ROW = 10 + ACCURATE + TERMS  # doubles in one of its segments
SERIES = TERMS + 2  # two more for the derivatives
SMALLEST = -6  # |x| below 2^-6 is left to the series at 0
REFERENCE_BOUND = 0.01  # ULP
FORMS = ("gelu", "gelu_tanh", "gelu_quick")

Real = gmpy2.mpfr
Series = list[Real]


def product(a: Series, b: Series) -> Series:
    return [sum(a[j] * b[k - j] for j in range(k + 1)) for k in range(SERIES)]


def linear_z(form: str) -> tuple[Real, Real]:
    """Return the coefficients of x and x^3 in z, where f(x) = x sigmoid(z)."""
    if form == "gelu_quick":
        return Real("1.702"), Real(0)
    slope = 2 * gmpy2.sqrt(2 / gmpy2.const_pi())
    return slope, slope * Real("0.044715")


def sigma(form: str, c: Real) -> Series:
    """Return the Taylor series at c <= 0 of sigma, where f(x) = x sigma(x)."""
    if form == "gelu":
        density = [gmpy2.exp(-c * c / 2) / gmpy2.sqrt(2 * gmpy2.const_pi())]
        for k in range(SERIES):
            previous = density[k - 1] if k > 0 else Real(0)
            density.append(-(c * density[k] + previous) / (k + 1))
        return [gmpy2.erfc(-c / gmpy2.sqrt(Real(2))) / 2] + [
            density[k] / (k + 1) for k in range(SERIES - 1)
        ]
    linear, cubic = linear_z(form)
    z_slope = [linear + 3 * cubic * c * c, 6 * cubic * c, 3 * cubic]
    s = [1 / (1 + gmpy2.exp(-(linear * c + cubic * c**3)))]
    bell: Series = []
    for k in range(SERIES - 1):  # s' = s (1 - s) z'
        bell.append(s[k] - sum(s[j] * s[k - j] for j in range(k + 1)))
        s.append(sum(bell[k - j] * z_slope[j] for j in range(min(k, 2) + 1)) / (k + 1))
    return s


def series(form: str, c: Real) -> dict[str, Series]:
    """Return the Taylor series of f, f' and f'' at c <= 0."""
    s = sigma(form, c)
    value = [c * s[0]] + [c * s[k] + s[k - 1] for k in range(1, SERIES)]
    slope = [(k + 1) * value[k + 1] for k in range(SERIES - 1)]
    curvature = [(k + 1) * slope[k + 1] for k in range(SERIES - 2)]
    return {form: value, f"{form}_grad": slope, f"{form}_grad2": curvature}


def root_of(name: str) -> Real:
    near = -1.4 if name.endswith("2") else -0.75
    with mpmath.workdps(DIGITS):
        return Real(str(mpmath.findroot(UNARY[name], near)))


def rate(form: str, t: float) -> float:
    """Return how fast the tail's logarithm may change at -t, and more near 0, where poles are."""
    linear, cubic = map(float, linear_z(form))
    return 5 / (1 + t * t / 4) + (t if form == "gelu" else linear + 3 * cubic * t * t)


def splits(form: str) -> list[tuple[float, float]]:
    """Return the segments of t = -x between 2^-6 and where every result is zero."""
    linear, cubic = map(float, linear_z(form))
    found, start = [], 2.0**SMALLEST
    while (start * start / 2 if form == "gelu" else start * (linear + cubic * start**2)) < 780:
        width = 2.0 ** math.floor(math.log2(0.44 / rate(form, start + 0.1)))
        while start % width:
            width /= 2
        found.append((start, start + width))
        start += width
    return found


def parts(value: Real, count: int) -> list[float]:
    found = []
    for _ in range(count):
        found.append(float(value))
        value -= Real(found[-1])
    return found


def power(exponent: int) -> list[float]:
    """Return a power of two as a product of two doubles."""
    return [math.ldexp(1, exponent // 2), math.ldexp(1, exponent - exponent // 2)]


def row(first: float, last: float, exponent: int, centre: Real, terms: Series) -> list[float]:
    """Return a segment of search_float64.c: x in units of 2^exponent; `terms` are not scaled."""
    scaled = [c * gmpy2.exp2(k * exponent) for k, c in enumerate(terms[:TERMS])]
    largest = max(map(abs, scaled[:2]))
    y = min(1 - gmpy2.frexp(largest)[0], 1074) if largest else 1074
    scaled = [c * gmpy2.exp2(y) for c in scaled]
    high_low = [parts(c, 2) for c in scaled[:ACCURATE]]
    return [
        first, last, *power(-exponent), *parts(centre * gmpy2.exp2(-exponent), 3), *power(y), y + 1,
        *(high for high, _ in high_low), *(low for _, low in high_low),
        *map(float, scaled[ACCURATE:]),
    ]  # fmt: skip


def positive(name: str, centre: Real, terms: Series) -> Series:
    """Return the series at -centre from that at centre: f(x) = x + f(-x), and so on."""
    if name.endswith("_grad2"):
        return [c * (-1) ** k for k, c in enumerate(terms)]
    if name.endswith("_grad"):
        return [(k == 0) - c * (-1) ** k for k, c in enumerate(terms)]
    return [c * (-1) ** k + (-centre if k == 0 else k == 1) for k, c in enumerate(terms)]


def segments(form: str) -> dict[str, list[list[float]]]:
    """Return every function's segments of all finite x but 0, in order."""
    rows: dict[str, list[list[float]]] = {name: [] for name in series(form, Real(0))}
    zero = series(form, Real(0))
    tail = splits(form)
    for exponent in range(-1074, SMALLEST):
        low, high = math.ldexp(1, exponent), math.ldexp(1, exponent + 1)
        for name, terms in zero.items():
            rows[name].append(row(-high, -low, exponent, Real(0), terms))
            rows[name].append(row(low, high, exponent, Real(0), terms))
    roots = {name: -root_of(name) for name in rows if name != form}
    for start, end in tail:
        width, centre = end - start, (start + end) / 2
        terms_at = series(form, Real(-centre))
        for name, terms in terms_at.items():
            exponent, middle = round(math.log2(width / 2)), Real(centre)
            if name in roots and start <= roots[name] < end:
                middle = roots[name]
                terms = series(form, -middle)[name]
                terms[0] = Real(0)
            rows[name].append(row(-end, -start, exponent, -middle, terms))
            if name.endswith("_grad2") or terms[0]:
                rows[name].append(row(start, end, exponent, middle, positive(name, -middle, terms)))
            else:  # the root is only at x < 0, so x > 0 keeps the series at the middle
                terms = positive(name, Real(-centre), terms_at[name])
                rows[name].append(row(start, end, exponent, Real(centre), terms))
    last, exponent = tail[-1][1], math.frexp(tail[-1][1])[1] - 1
    while exponent < 1024:
        end = math.ldexp(1, exponent + 1) if exponent < 1023 else sys.float_info.max
        middle = Real(math.ldexp(1.5, exponent))
        for name in rows:
            zero_terms = [Real(0)] * SERIES
            rows[name].append(row(-end, -last, exponent, -middle, zero_terms))
            rows[name].append(row(last, end, exponent, middle, positive(name, -middle, zero_terms)))
        last, exponent = end, exponent + 1
    return {name: sorted(found) for name, found in rows.items()}


def constants() -> dict[str, float]:
    header = (ROOT / "src/math/coefficients.h").read_text()
    found = re.findall(r"static const double f64_(\w+) = ([^;]+);", header)
    return {name: float.fromhex(value) for name, value in found}


def changes(key: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """Return the first x of each new value of `key`, by bisection between points of a grid."""
    before = key(x)
    at = np.flatnonzero(before[1:] != before[:-1])
    low, high, old = x[at], x[at + 1], before[at]
    for _ in range(64):
        middle = low + (high - low) / 2
        same = key(middle) == old
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return high


def points(name: str) -> np.ndarray:
    """Return where a formula of src/math, or the exponent of a number in it, changes."""
    form = name.removesuffix("2").removesuffix("_grad")
    constant, kind = constants(), {"gelu": "exact"}.get(form, form[5:])
    linear, cubic = map(float, linear_z(form))
    limits = [value for key, value in constant.items() if key.startswith(kind) and "limit" in key]

    def z(x: np.ndarray) -> np.ndarray:
        t = np.abs(x)
        return (t * t / 2 if form == "gelu" else t * (linear + cubic * t * t)) / math.log(2)

    def exponent(x: np.ndarray) -> np.ndarray:
        return np.frexp(x)[1]

    keys = [
        lambda x: np.rint(z(x)),
        lambda x: np.floor(z(x)),
        lambda x: exponent(z(x)),
        lambda x: exponent(x * x),
        lambda x: exponent(getattr(gelu_fast, name)(x)),
    ]
    for root in (kind, f"{kind}_grad2"):
        if f"{root}_near_bound" in constant:

            def is_near(x: np.ndarray, root: str = root) -> np.ndarray:
                d = constant[f"{root}_root"] - np.abs(x)
                return d * d + constant[f"{root}_near_linear"] * d < constant[f"{root}_near_bound"]

            keys.append(is_near)
    grid = np.linspace(-max(limits) - 1, max(limits) + 1, (1 << 18) + 1) + 1e-9
    near = np.linspace(-4, 4, (1 << 16) + 1) + 1e-9
    found = [changes(key, x) for key in keys for x in (grid, near)]
    roots = [float(root_of(n)) for n in (f"{form}_grad", f"{form}_grad2")]
    binades = 2.0 ** np.arange(-1074, 1024)
    singles = np.array([*limits, *(-root for root in roots)])
    return np.unique(np.concatenate([*found, singles, -singles, binades, -binades]))


def build(directory: Path) -> Path:
    """Compile the search for this CPU. The portable kernels get vectors, which keep their bits."""
    baseline = ROOT / "src/kernels_baseline.c"
    sources = set(ROOT.glob("src/*.c")) - {baseline}
    vectors = ["-mavx2", "-mno-fma"] if "avx2" in gelu_fast.available_isas() else []
    objects: list[str] = []
    for flags, paths in (
        ([], sources),
        (vectors, {baseline}),
        (["-march=native", "-fopenmp"], {ROOT / "tools/search_float64.c"}),
    ):
        names = sorted(str(path.relative_to(ROOT)) for path in paths)
        command = [ROOT / ".ci/compile", "gcc", *FLAGS, *flags, "--", *names]
        objects += subprocess.check_output(command, text=True).split()
    program = directory / "search"
    subprocess.run(["gcc", "-fopenmp", *objects, "-lm", "-o", program], cwd=ROOT, check=True)
    return program


def prepare(directory: Path, names: list[str]) -> None:
    """Write the reference's tables and the points."""
    with gmpy2.context(precision=PRECISION):
        for form in FORMS:
            wanted = {judged(name) for name in names} & {form, f"{form}_grad", f"{form}_grad2"}
            tables = segments(form) if wanted else {}
            for name in wanted:
                flat = array("d", (number for line in tables[name] for number in line))
                (directory / f"{name}.segments").write_bytes(flat.tobytes())
                (directory / f"{name}.points").write_bytes(points(name).tobytes())


def doubtful(directory: Path, name: str, count: int) -> np.ndarray:
    """Return where the reference may be worst: at the ends of its segments, and next to roots."""
    rng = np.random.default_rng(0)
    segments = np.fromfile(directory / f"{name}.segments").reshape(-1, ROW)[:, :2]
    size = np.abs(segments).max(axis=1)
    drawn = rng.choice(segments[(size > 2.0**SMALLEST) & (size < 1e3)], count)
    x = [drawn[:, 0], np.nextafter(drawn[:, 1], -np.inf), rng.uniform(drawn[:, 0], drawn[:, 1])]
    x.append(rng.choice(segments, count // 4).mean(axis=1))
    if "_grad" in name:
        root = float(root_of(name))
        off = np.exp2(-rng.uniform(3, 52, count // 4)) * rng.choice([-1, 1], count // 4)
        x += [root + off, root + np.spacing(root) * np.arange(-50, 51)]
    found = np.concatenate(x)
    return np.concatenate([found, -found]) if name.endswith("_grad2") else found


def reference_error(
    program: Path, directory: Path, name: str, inputs: list[float]
) -> tuple[float, float]:
    """Return the reference's largest error in ULP, by mpmath, and its input."""
    text = subprocess.run(
        [program, "reference", directory, name],
        input="".join(f"{x.hex()}\n" for x in inputs),
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    worst = (0.0, 0.0)
    for x, line in zip(inputs, text.splitlines(), strict=True):
        high, low, *scale = map(float.fromhex, line.split())
        with mpmath.workdps(DIGITS):
            value, true = (mpmath.mpf(high) + low) / scale[0] / scale[1], exact(name, x)
            error = ulp_error(0.0, true, *FORMATS["float64"]) * float(abs(value / true - 1))
        worst = max(worst, (error, x))
    return worst


def worst_of(name: str, isa: str, inputs: list[float]) -> tuple[float, float]:
    """Return the largest error of these inputs, by mpmath, and its input."""
    gelu_fast.set_isa(isa)
    results = getattr(gelu_fast, name)(np.array(inputs))
    results = results[1] if isinstance(results, tuple) else results
    bits = FORMATS["float64"]
    return max(
        (ulp_error(y, exact(judged(name), x), *bits) if math.isfinite(y) else math.inf, x)
        for x, y in zip(inputs, map(float, results), strict=True)
    )


def search(program: Path, directory: Path, names: list[str], count: int) -> Iterator[dict]:
    """Yield what is found for each function with a hardware fma, then for each without."""
    for fma in "10":
        command = [program, "run", directory, str(count), fma, *names]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or []:
                yield json.loads(line)
        if process.returncode != 0:
            raise SystemExit(f"the search ended with {process.returncode}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("functions", nargs="*", metavar="function", help=", ".join(FUNCTIONS))
    parser.add_argument("--count", type=float, help="inputs per function (2e9; with --quick 4e6)")
    parser.add_argument("--quick", action="store_true", help="save nothing")
    arguments = parser.parse_args()
    names = arguments.functions or list(FUNCTIONS)
    for name in names:
        if name not in FUNCTIONS:
            parser.error(f"no function {name!r}; there are {', '.join(FUNCTIONS)}")
    count = int(arguments.count or (4e6 if arguments.quick else 2e9))
    saved: dict[str, dict] = {name: {} for name in names}
    found: dict[str, list[float]] = {judged(name): [] for name in names}
    reference, failures = 0.0, []
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        program = build(directory)
        prepare(directory, names)
        for record in search(program, directory, names, count):
            name, fma = record["function"], "with fma" if record["fma"] else "without fma"
            inputs = [float.fromhex(x) for x, _ in record["worst"]]
            found[judged(name)] += inputs
            error, x = worst_of(name, record["isa"], inputs)
            saved[name][fma] = {
                "isa": record["isa"], "inputs": record["inputs"], "worst": error, "x": x.hex(),
            }  # fmt: skip
            line = f"{name:26} {fma:11} {error:6.3f} ULP at {x!r} of {record['inputs']:,}"
            print(line, flush=True)
            if error > ulp_bound(name, "float64"):
                failures.append(f"above {ulp_bound(name, 'float64')} ULP: {line}")
            if record["differences"] or abs(error - record["worst"][0][1]) > 2 * REFERENCE_BOUND:
                failures.append(f"other bits elsewhere: {line}")
        for name, inputs in found.items():
            inputs += doubtful(directory, name, 50 if arguments.quick else 2000).tolist()
            error, x = reference_error(program, directory, name, inputs)
            line = f"{name:26} reference   {error:6.4f} ULP at {x!r} of {len(inputs):,}"
            print(line, flush=True)
            reference = max(reference, error)
            if error > REFERENCE_BOUND:
                failures.append(f"above {REFERENCE_BOUND} ULP: {line}")
    if not arguments.quick:
        commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=ROOT, text=True).strip()
        report = {
            "date": date.today().isoformat(), "version": gelu_fast.__version__, "commit": commit,
            "machine": gelu_fast.show_config("dicts")["cpu"], "reference": reference,
            "functions": saved,
        }  # fmt: skip
        SAVED.write_text(json.dumps(report, indent=1) + "\n")
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())

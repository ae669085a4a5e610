#!/usr/bin/env python3
"""Instructions per element of every kernel, counted by callgrind: a speed gate without noise.

    python tools/count_instructions.py             # fails if a kernel grew by more than 3 %
    python tools/count_instructions.py --update    # rewrites tests/c/instructions.json

Counts depend on the compiler, so they are compared only for the compiler that the file names.
Valgrind does not run AVX-512, so those kernels are not counted.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAVED = ROOT / "tests/c/instructions.json"
COMPILER = "gcc"
FLAGS = [  # the same as in .ci/check_isas, so that objects are shared
    *("-std=c11", "-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"),
    *("-Isrc", "-Itests/c"),
]
ALLOWED_GROWTH = 0.03

Counts = dict[str, dict[str, dict[str, float]]]  # by ISA, function and dtype


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def compiler() -> str:
    version = output_of(COMPILER, "--version").splitlines()[0]
    return f"{version} for {output_of(COMPILER, '-dumpmachine')}"


def parse(dumps: str) -> Counts:
    """Return the instructions per element from callgrind's dumps of both lengths."""
    pattern = r"^desc: Trigger: Client Request: (\w+) (\w+) (\w+) (\d+)$.*?^totals: (\d+)$"
    totals: dict[tuple[str, str, str], dict[int, int]] = {}
    for *kernel, length, total in re.findall(pattern, dumps, re.MULTILINE | re.DOTALL):
        totals.setdefault(tuple(kernel), {})[int(length)] = int(total)
    counts: Counts = {}
    for (isa, function, dtype), by_length in totals.items():
        (short, few), (long, many) = sorted(by_length.items())
        per_element = round((many - few) / (long - short), 4)
        counts.setdefault(isa, {}).setdefault(function, {})[dtype] = per_element
    return counts


def measure() -> Counts:
    sources = [*sorted(ROOT.glob("src/*.c")), ROOT / "tests/c/count_instructions.c"]
    names = [str(path.relative_to(ROOT)) for path in sources]
    objects = output_of(str(ROOT / ".ci/compile"), COMPILER, *FLAGS, "--", *names).split()
    with tempfile.TemporaryDirectory() as directory:
        program, dumps = f"{directory}/count", Path(directory, "dumps")
        command = [COMPILER, *objects, "-lm", "-pthread", "-o", program]
        subprocess.run(command, cwd=ROOT, check=True)
        options = ["--tool=callgrind", "--combine-dumps=yes", f"--callgrind-out-file={dumps}"]
        subprocess.run(["valgrind", "-q", *options, program], check=True)
        counts = parse(dumps.read_text())
    if not counts:
        raise SystemExit("callgrind counted nothing: are its dumps of another format?")
    return counts


def flat(counts: Counts) -> dict[str, float]:
    return {
        f"{isa} {function} {dtype}": count
        for isa, functions in counts.items()
        for function, dtypes in functions.items()
        for dtype, count in dtypes.items()
    }


def compare(saved: Counts, measured: Counts) -> list[str]:
    """Return the problems, one line each."""
    before = flat({isa: functions for isa, functions in saved.items() if isa in measured})
    now = flat(measured)
    problems = [f"{kernel}: not in the file" for kernel in now if kernel not in before]
    problems += [f"{kernel}: in the file alone" for kernel in before if kernel not in now]
    grown = [k for k in now if k in before and now[k] > before[k] * (1 + ALLOWED_GROWTH)]
    if grown:
        problems.append(f"{'grown by more than 3 %':46} {'before':>9} {'now':>9}")
    for kernel in sorted(grown, key=lambda k: before[k] / now[k]):
        growth = now[kernel] / before[kernel] - 1
        problems.append(f"{kernel:46} {before[kernel]:9.4g} {now[kernel]:9.4g} {growth:+8.1%}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="write the file, compare nothing")
    arguments = parser.parse_args()
    here = compiler()
    if arguments.update:
        contents = {"compiler": here, "instructions_per_element": measure()}
        SAVED.write_text(json.dumps(contents, indent=2) + "\n")
        return 0
    if not SAVED.exists():
        print(f"{SAVED.relative_to(ROOT)} is missing: run with --update", file=sys.stderr)
        return 1
    saved = json.loads(SAVED.read_text())
    if here != saved["compiler"]:
        print(f"NOT COMPARED: the counts are of {saved['compiler']}; this is {here}")
        return 0
    measured = measure()
    for isa in saved["instructions_per_element"].keys() - measured.keys():
        print(f"NOT COMPARED: {isa}, which this machine under valgrind does not run")
    problems = compare(saved["instructions_per_element"], measured)
    if problems:
        print(*problems, "If that is meant: run with --update.", sep="\n", file=sys.stderr)
        return 1
    print(f"{len(flat(measured))} kernels ({', '.join(measured)}): none grew by more than 3 %")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Count the operations of every kernel for one vector, and write gelu_fast/_bench/operations.json.

    python tools/count_operations.py            # rewrite the file
    python tools/count_operations.py --check    # fail if it would change

"fma" counts multiplications and fused multiply-adds, "other" the vocabulary's remaining names
(src/isa/README.md), each of one to four instructions. `python -m gelu_fast bench` divides the
multiply-adds, and the divisions as what they cost the same pipes, by their measured throughput,
which gives the bound in its tables.
Needs a C compiler.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "gelu_fast" / "_bench" / "operations.json"


def count() -> dict[str, dict[str, dict[str, int]]]:
    with tempfile.TemporaryDirectory() as directory:
        program = Path(directory, "count")
        subprocess.run(
            [os.environ.get("CC", "gcc"), "-std=c11", "-O1", "-ffp-contract=off",
             f"-I{ROOT / 'src'}", ROOT / "tools" / "count_operations.c", "-o", program, "-lm"],
            check=True,
        )  # fmt: skip
        lines = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    counted: dict[str, dict[str, dict[str, int]]] = {}
    for line in lines.splitlines():
        function, dtype, *numbers = line.split(",")
        keys = ("fma", "add", "divide", "other")
        counted.setdefault(function, {})[dtype] = dict(zip(keys, map(int, numbers), strict=True))
    return counted


def text(counted: dict[str, dict[str, dict[str, int]]]) -> str:
    lines = [
        f" {json.dumps(function)}: {{\n"
        + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in by_dtype.items())
        + "\n }"
        for function, by_dtype in counted.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    found = text(count())
    if not arguments.check:
        TABLE.write_text(found)
    elif not TABLE.exists() or TABLE.read_text() != found:
        print(f"{TABLE.name} differs: run tools/count_operations.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

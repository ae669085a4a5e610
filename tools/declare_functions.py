#!/usr/bin/env python3
"""Write the declarations of the C and Cython interfaces, from src/functions.def.

    python tools/declare_functions.py            # rewrite the files
    python tools/declare_functions.py --check    # fail if one would change

src/gelu_fast.h gets its prototypes and the version, gelu_fast/_core.pxd what other Cython modules
cimport, gelu_fast/_c_functions.pxi the functions behind that. The definitions in
src/api.c are made by the preprocessor; the compiler compares them with the header. Needs a C
compiler and the installed package.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from gelu_fast._docstrings import operand_names
from gelu_fast._version import __version__

ROOT = Path(__file__).resolve().parents[1]
ELEMENTS = {
    "f16": "uint16_t", "bf16": "uint16_t", "f32": "float", "f32_relaxed": "float", "f64": "double",
}  # fmt: skip

SOURCE = "# Written by tools/declare_functions.py from src/functions.def."


@dataclass
class Function:
    """A function for one dtype, contiguous or strided."""

    name: str  # without the prefix of C
    element: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    is_strided: bool

    @property
    def parameters(self) -> str:
        pointers = [f"const {self.element} *{name}" for name in self.inputs]
        pointers += [f"{self.element} *{name}" for name in self.outputs]
        if not self.is_strided:
            return ", ".join(["size_t n", *pointers])
        names = self.inputs + self.outputs
        steps = [f"const ptrdiff_t {name}_steps[2]" for name in names]
        pairs = [text for pair in zip(pointers, steps, strict=True) for text in pair]
        return ", ".join(["size_t rows", "size_t columns", *pairs])

    @property
    def arguments(self) -> str:
        return ", ".join(re.findall(r"(\w+)(?:\[2\])?(?:,|$)", self.parameters))


def rows() -> list[tuple[str, int, int, bool, str]]:
    """Return name, number of inputs and outputs, has_relaxed and formula of each row."""
    macro = "#define FUNCTION(n, i, o, g, r, h, ...) #n i o h __VA_ARGS__;\n"
    text = subprocess.run(
        [os.environ.get("CC", "gcc"), "-E", "-P", f"-I{ROOT / 'src'}", "-"],
        input=f'{macro}#include "functions.def"\n', capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = re.findall(r'"(\w+)" (\d) (\d) (\d) ((?:"[^"]*"\s*)+);', text)
    return [
        (n, int(i), int(o), h == "1", re.sub(r'"\s*"|"|\s+$', "", formula))
        for n, i, o, h, formula in found
    ]


def functions(name: str, inputs: int, outputs: int, has_relaxed: bool) -> list[Function]:
    operands = operand_names(name)
    assert tuple(map(len, operands)) == (inputs, outputs), name
    return [
        Function(f"{name}_{dtype}{suffix}", element, *operands, bool(suffix))
        for dtype, element in ELEMENTS.items()
        if has_relaxed or dtype != "f32_relaxed"
        for suffix in ("", "_strided")
    ]


def header() -> str:
    path = ROOT / "src" / "gelu_fast.h"
    major, minor, micro = re.findall(r"\d+", __version__)[:3]
    version = (
        f"#define GELU_FAST_VERSION_MAJOR {major}\n"
        f"#define GELU_FAST_VERSION_MINOR {minor}\n"
        f"#define GELU_FAST_VERSION_MICRO {micro}\n"
        f'#define GELU_FAST_VERSION "{__version__}"\n'
    )
    prototypes = "".join(
        f"\n/* {formula} */\n"
        + "".join(
            f"GELU_FAST_API void gelu_fast_{f.name}({f.parameters});\n"
            for f in functions(name, inputs, outputs, has_relaxed)
        )
        for name, inputs, outputs, has_relaxed, formula in rows()
    )
    prototypes = f"/* clang-format off */\n{prototypes}/* clang-format on */\n"
    text = path.read_text()
    for marker, content in (("version", version), ("functions", prototypes)):
        pattern = rf"(/\* begin {marker}\b.*?\*/\n).*?(/\* end {marker} \*/)"
        text, count = re.subn(
            pattern, lambda match, c=content: match[1] + c + match[2], text, flags=re.DOTALL
        )
        assert count == 1, marker
    return text


def files() -> dict[Path, str]:
    every = [f for *row, _ in rows() for f in functions(*row)]
    types = "from libc.stddef cimport ptrdiff_t\nfrom libc.stdint cimport uint16_t\n"
    declarations = "".join(f"cdef void {f.name}({f.parameters}) noexcept nogil\n" for f in every)
    externals = "".join(f"    void gelu_fast_{f.name}({f.parameters}) nogil\n" for f in every)
    definitions = "".join(
        f"\n\ncdef void {f.name}({f.parameters}) noexcept nogil:\n"
        f"    gelu_fast_{f.name}({f.arguments})\n"
        for f in every
    )
    controls = (
        "cpdef int get_num_threads() noexcept nogil\n"
        "cpdef int set_num_threads(int count) noexcept nogil\n"
        "cpdef int set_thread_local_num_threads(int count) noexcept nogil\n"
    )
    package = ROOT / "gelu_fast"
    return {
        ROOT / "src" / "gelu_fast.h": header(),
        package / "_core.pxd": f"{SOURCE}\n{types}\n{controls}{declarations}",
        package / "_c_functions.pxi": f"{SOURCE}\n"
        f'cdef extern from "gelu_fast.h":\n{externals}{definitions}',
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    stale = 0
    for path, text in files().items():
        if not arguments.check:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            print(f"{path.name} differs: run tools/declare_functions.py", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Write out the lists of functions that Python and Cython need, from src/functions.def.

    python tools/list_functions.py            # rewrite them
    python tools/list_functions.py --check    # fail if one would change

Each list stands between two comments in gelu_fast/__init__.py, relaxed.py, correctly_rounded.py or
_core.pxd. Needs the installed package.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from gelu_fast import _core

PACKAGE = Path(__file__).resolve().parents[1] / "gelu_fast"


def attributes(names: list[str]) -> str:
    values = "".join(f'{name}: np.ufunc = _ufuncs["{name}"]\n' for name in names)
    exports = "".join(f'    "{name}",\n' for name in names)
    return f"{values}\n__all__ += [\n{exports}]\n"


def inline_function(function: _core.Function) -> str:
    operands = [*function.inputs, *function.outputs]
    pointers = [f"const element *{name}" for name in function.inputs]
    pointers += [f"element *{name}" for name in function.outputs]
    return (
        f"\ncdef inline void {function.name}(size_t n, {', '.join(pointers)}) noexcept nogil:\n"
        f"    compute({function.name.upper()}, dtype_of[element]({operands[0]}), DEFAULT, 1, n, "
        f"[{', '.join(f'contiguous({name})' for name in operands)}])\n"
    )


def lists() -> dict[str, str]:
    """Return each file's list."""
    functions = _core.functions()
    numbers = "".join(f"    {f.name.upper()} = {f.number}\n" for f in functions)
    return {
        "__init__.py": attributes(sorted(f.name for f in functions)),
        "relaxed.py": attributes(sorted(f.name for f in functions if f.relaxed)),
        "correctly_rounded.py": attributes(
            sorted(f.name for f in functions if f.correctly_rounded)
        ),
        "_core.pxd": f"cdef enum:\n{numbers}{''.join(map(inline_function, functions))}",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    stale = 0
    for name, content in lists().items():
        path = PACKAGE / name
        old = path.read_text()
        pattern = r"(# begin functions: written by [^\n]*\n).*?(# end functions\n)"
        new, count = re.subn(
            pattern, lambda match, c=content: match[1] + c + match[2], old, flags=re.DOTALL
        )
        assert count == 1, path
        if not arguments.check:
            path.write_text(new)
        elif new != old:
            print(f"{name} differs: run tools/list_functions.py", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())

"""src/xla_ffi_abi.h against XLA's header: the installed jaxlib's, or the file XLA_FFI_HEADER."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

OURS = Path(__file__).resolve().parents[2] / "src" / "xla_ffi_abi.h"
CC = os.environ.get("CC", "gcc").split()
pytestmark = pytest.mark.skipif(
    not (OURS.exists() and shutil.which(CC[0])), reason="needs the sources and a C compiler"
)


def their_header() -> Path:
    if path := os.environ.get("XLA_FFI_HEADER"):
        return Path(path)
    jaxlib = find_spec("jaxlib")
    if jaxlib is None:
        pytest.skip("jaxlib is not installed")
    return Path(jaxlib.submodule_search_locations[0], "include/xla/ffi/api/c_api.h")


def numbers(header: Path, expressions: list[str], directory: Path) -> dict[str, int]:
    """Return the values of constant expressions, computed by a compiled program."""
    lines = "\n".join(f'    printf("%s=%lld\\n", "{x}", (long long)({x}));' for x in expressions)
    source = directory / "numbers.c"
    source.write_text(
        f'#include "{header}"\n#include <stdio.h>\nint main(void) {{\n{lines}\n    return 0;\n}}\n'
    )
    subprocess.run([*CC, "-w", source, "-o", directory / "numbers"], check=True)
    output = subprocess.run(
        [directory / "numbers"], check=True, capture_output=True, text=True
    ).stdout
    return {name: int(value) for name, value in re.findall("(.*)=(.*)", output)}


def declared() -> tuple[list[str], list[str], list[str]]:
    """Return the constants, fields and structs that our header declares."""
    text = re.sub(r"/\*.*?\*/", "", OURS.read_text(), flags=re.DOTALL)
    constants = re.findall(r"\b(XLA_FFI_\w+) = \d+", text)
    fields, structs = [], []
    for body, name in re.findall(r"typedef struct[^{;]*\{(.*?)\} (\w+);", text, re.DOTALL):
        structs.append(name)
        for declaration in body.split(";")[:-1]:
            pointer = re.search(r"\(\*(\w+)\)", declaration)
            names = [pointer[1]] if pointer else re.findall(r"(\w+)(?=\s*(?:,|$))", declaration)
            fields += [f"offsetof({name}, {field})" for field in names]
            fields += [f"sizeof((({name} *)0)->{field})" for field in names]
    return constants, fields, structs


def test_declarations_are_those_of_xla(tmp_path):
    constants, fields, structs = declared()
    assert len(constants) == 12
    assert len(structs) == 15
    expressions = [*constants, *(field for field in fields if "unused" not in field)]
    expressions = [x for x in expressions if not x.startswith("XLA_FFI_API_M")]
    ours = numbers(OURS, expressions, tmp_path)
    assert ours == numbers(their_header(), expressions, tmp_path)


def test_version_is_not_older_than_xlas(tmp_path):
    """A newer version may have changed our declarations: compare them, then raise our number."""
    version = ["XLA_FFI_API_MAJOR", "XLA_FFI_API_MINOR"]
    ours, theirs = (numbers(header, version, tmp_path) for header in (OURS, their_header()))
    assert ours["XLA_FFI_API_MAJOR"] == theirs["XLA_FFI_API_MAJOR"]
    assert ours["XLA_FFI_API_MINOR"] >= theirs["XLA_FFI_API_MINOR"]

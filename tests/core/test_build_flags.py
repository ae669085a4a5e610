"""Compiling src directly with flags that break IEEE 754 arithmetic is an error.

.ci/check_flags shows that setup.py and CMake override such flags.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "src"
CC = os.environ.get("CC", "gcc").split()

pytestmark = [
    pytest.mark.skipif(not SOURCES.exists(), reason="only a checkout has src beside the tests"),
    pytest.mark.skipif(not shutil.which(CC[0]), reason="needs a C compiler"),
]


def errors(*flags: str) -> str:
    """Compile the header that all arithmetic code includes; return the compiler's messages."""
    return subprocess.run(
        [*CC, *flags, "-fsyntax-only", f"-I{SOURCES}", "-x", "c", "-"],
        input='#include "loops.h"\n', capture_output=True, text=True, check=False,
    ).stderr  # fmt: skip


def is_gcc() -> bool:
    if not shutil.which(CC[0]):
        return False
    version = subprocess.run([*CC, "--version"], capture_output=True, text=True, check=True).stdout
    return "clang" not in version


@pytest.mark.parametrize("flags", [[], ["-O0"], ["-fno-math-errno"], ["-frounding-math"]], ids=str)
def test_harmless_flags(flags):
    assert errors(*flags) == ""


@pytest.mark.parametrize("flag", ["-ffast-math", "-Ofast", "-ffinite-math-only"])
def test_refused_by_every_compiler(flag):
    assert "gelu_fast needs IEEE 754" in errors(flag)


@pytest.mark.parametrize(
    "flags",
    [
        ["-funsafe-math-optimizations"],
        ["-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math"],
        ["-freciprocal-math"],
        ["-fno-signed-zeros"],
        ["-fsingle-precision-constant"],
        ["-std=c11", "-ffp-contract=fast"],
    ],
    ids=" ".join,
)
@pytest.mark.skipif("not is_gcc()", reason="only GCC has macros for these flags")
def test_refused_by_gcc(flags):
    assert "gelu_fast needs IEEE 754" in errors(*flags)


@pytest.mark.skipif("not is_gcc()", reason="clang has no such flag")
def test_x87_is_refused():
    text = errors("-mfpmath=387")
    if "unrecognized" in text:
        pytest.skip("the processor has none")
    assert "-mfpmath=sse" in text

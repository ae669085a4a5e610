"""gelu_fast.h: every function by its address, the static library in C and C++ programs."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast._core import __pyx_capi__ as capsules
from gelu_fast._docstrings import operand_names

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "c"
DTYPES = {"f16": np.float16, "f32": np.float32, "f32_relaxed": np.float32, "f64": np.float64}
try:
    import ml_dtypes
except ImportError:
    pass
else:
    DTYPES["bf16"] = ml_dtypes.bfloat16
FUNCTIONS = [
    (name, dtype)
    for dtype in DTYPES
    for name in (gelu_fast.relaxed.__all__ if dtype == "f32_relaxed" else oracle.ORACLE)
]

CC = os.environ.get("CC", "gcc").split()
CXX = os.environ.get("CXX", "g++").split()
needs_compilers = pytest.mark.skipif(
    not (shutil.which(CC[0]) and shutil.which(CXX[0])), reason="needs a C and a C++ compiler"
)


def find(name: str) -> ctypes._CFuncPtr:
    """Return a function of the C interface, by the address that Cython modules get."""
    capsule = capsules[name]
    python = ctypes.pythonapi
    python.PyCapsule_GetName.argtypes = [ctypes.py_object]
    python.PyCapsule_GetName.restype = ctypes.c_char_p
    python.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    python.PyCapsule_GetPointer.restype = ctypes.c_void_p
    address = python.PyCapsule_GetPointer(capsule, python.PyCapsule_GetName(capsule))
    return ctypes.CFUNCTYPE(None)(address)


def steps(x: np.ndarray) -> ctypes.Array[ctypes.c_ssize_t]:
    return (ctypes.c_ssize_t * 2)(*(step // x.itemsize for step in x.strides))


def call_strided(name: str, rows: int, columns: int, operands: list[np.ndarray]) -> None:
    arguments: list[object] = [ctypes.c_size_t(rows), ctypes.c_size_t(columns)]
    for x in operands:
        arguments += [ctypes.c_void_p(x.ctypes.data), steps(x)]
    find(f"{name}_strided")(*arguments)


def ufunc(name: str, dtype: str) -> np.ufunc:
    return getattr(gelu_fast.relaxed if dtype == "f32_relaxed" else gelu_fast, name)


def bits(results: Iterable[np.ndarray]) -> list[bytes]:
    return [np.ascontiguousarray(y).tobytes() for y in results]


@pytest.mark.parametrize(("name", "dtype"), FUNCTIONS)
def test_contiguous(name, dtype, rng):
    inputs, outputs = map(len, operand_names(name))
    operands = [(rng.standard_normal(1000) * 4).astype(DTYPES[dtype]) for _ in range(inputs)]
    results = [np.full(1001, 7, DTYPES[dtype]) for _ in range(outputs)]
    pointers = [ctypes.c_void_p(x.ctypes.data) for x in operands + results]
    find(f"{name}_{dtype}")(ctypes.c_size_t(1000), *pointers)
    assert all(y[1000] == 7 for y in results)
    expected = ufunc(name, dtype)(*operands)
    got = [y[:1000] for y in results]
    assert bits(got) == bits(expected if outputs > 1 else [expected])


@pytest.mark.parametrize(("name", "dtype"), FUNCTIONS)
def test_strided(name, dtype, rng):
    """Columns backward, a transposed matrix, one row for all; the result in every other column."""
    inputs, outputs = map(len, operand_names(name))
    rows, columns = 70, 90
    operands = [
        (rng.standard_normal((rows, columns)) * 4).astype(DTYPES[dtype])[:, ::-1],
        (rng.standard_normal((columns, rows)) * 4).astype(DTYPES[dtype]).T,
        np.broadcast_to((rng.standard_normal(columns) * 4).astype(DTYPES[dtype]), (rows, columns)),
    ][3 - inputs :]
    wide = [np.full((rows, 2 * columns), 7, DTYPES[dtype]) for _ in range(outputs)]
    results = [y[:, ::2] for y in wide]
    call_strided(f"{name}_{dtype}", rows, columns, operands + results)
    assert all(np.all(y[:, 1::2] == 7) for y in wide)
    expected = ufunc(name, dtype)(*operands)
    assert bits(results) == bits(expected if outputs > 1 else [expected])


@pytest.mark.parametrize("columns", [1, 90])
def test_in_place(columns, rng):
    x = rng.standard_normal((70, columns))
    expected = gelu_fast.gelu(x)
    call_strided("gelu_f64", 70, columns, [x, x])
    np.testing.assert_array_equal(x, expected)


def test_large_arrays_get_threads(rng):
    x = rng.standard_normal(300_000).astype(np.float32)
    y = np.empty_like(x)
    with gelu_fast.num_threads(3):
        find("gelu_tanh_f32")(
            ctypes.c_size_t(x.size), *(ctypes.c_void_p(a.ctypes.data) for a in (x, y))
        )
    np.testing.assert_array_equal(y, gelu_fast.gelu_tanh(x))


def test_nothing_is_read_of_no_elements():
    null, zero, three = ctypes.c_void_p(None), ctypes.c_size_t(0), ctypes.c_size_t(3)
    contiguous = (ctypes.c_ssize_t * 2)(0, 1)
    find("gelu_f32")(zero, null, null)
    find("gelu_f32_strided")(zero, three, null, contiguous, null, contiguous)
    find("gelu_f32_strided")(three, zero, null, contiguous, null, contiguous)
    find("gelu_f32_strided")(three, zero, null, null, null, null)


@pytest.mark.parametrize("count", [-1, 1025])
def test_impossible_numbers_of_threads_change_nothing(count):
    before = gelu_fast.get_num_threads()
    assert gelu_fast._core.set_num_threads(count) == -1
    assert gelu_fast._core.set_thread_local_num_threads(count) == -1
    assert gelu_fast.get_num_threads() == before


def test_version_of_the_header():
    header = Path(gelu_fast.get_include(), "gelu_fast.h").read_text("utf-8")
    assert re.search('#define GELU_FAST_VERSION "(.*)"', header)[1] == gelu_fast.__version__


def link_flags() -> list[str]:
    config = gelu_fast.show_config("dicts")
    return [gelu_fast.get_library(), *(["-fopenmp"] if config["openmp"] else []), "-lm"]


def build(compiler: list[str], source: Path, program: Path) -> None:
    strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{gelu_fast.get_include()}"]
    subprocess.run([*compiler, *strict, source, *link_flags(), "-o", program], check=True)


def run(*command: object, **options: object) -> str:
    result = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=300, **options
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout


def check_mlp(program: Path) -> None:
    text = run(program)
    first = f"gelu_fast {gelu_fast.__version__}, ISA {gelu_fast.available_isas()[0]}, "
    assert text.startswith(first)
    values = [float(y) for y in re.findall(r"gelu\(.*\) = (.*)", text)]
    assert values == gelu_fast.gelu(np.float64([-12, -3, -1, 0, 1, 3])).tolist()
    # NumPy sums in another order.
    assert np.abs(np.float32(re.search("= (.*) (.*) (.*)", text).groups()) - mlp()).max() < 1e-3


def mlp() -> np.ndarray:
    """Return what examples/c/mlp.c prints of y, computed here."""

    def numbers(shape: tuple[int, ...], seed: int) -> np.ndarray:
        x = np.empty(np.prod(shape), np.float32)
        for i in range(x.size):
            seed = (seed * 1664525 + 1013904223) % 2**32
            x[i] = np.float32(seed >> 8) / np.float32(8388608) - 1
        return x.reshape(shape).astype(np.float64)

    hidden = gelu_fast.bias_gelu(numbers((128, 96), 1) @ numbers((96, 384), 3), numbers((384,), 4))
    return (hidden @ numbers((384, 96), 5))[0, :3]


@needs_compilers
def test_c_program(tmp_path, monkeypatch):
    monkeypatch.delenv("GELU_FAST_ISA", raising=False)
    build([*CC, "-std=c99"], EXAMPLES / "mlp.c", tmp_path / "mlp")
    check_mlp(tmp_path / "mlp")


@needs_compilers
def test_environment_chooses_the_isa_of_a_c_program(tmp_path):
    build([*CC, "-std=c99"], EXAMPLES / "mlp.c", tmp_path / "mlp")
    for isa in gelu_fast.available_isas():
        assert f"ISA {isa}," in run(tmp_path / "mlp", env={**os.environ, "GELU_FAST_ISA": isa})
    best = gelu_fast.available_isas()[0]
    unknown = run(tmp_path / "mlp", env={**os.environ, "GELU_FAST_ISA": "vax"})
    assert f"ISA {best}," in unknown


@needs_compilers
@pytest.mark.skipif(sys.platform == "win32", reason="has no POSIX threads")
def test_smallest_stack_of_a_thread(tmp_path):
    build([*CC, "-std=c99"], Path(__file__).parent / "c/small_stack.c", tmp_path / "small_stack")
    assert run(tmp_path / "small_stack").split() == [*gelu_fast.available_isas()]


CPP_OUTPUT = "-0.158808 -1.000000 -0.158808 -1.000000\n" * 3


@needs_compilers
def test_cpp_program(tmp_path):
    build([*CXX, "-std=c++17"], EXAMPLES / "activation.cpp", tmp_path / "activation")
    assert run(tmp_path / "activation") == CPP_OUTPUT


@needs_compilers
@pytest.mark.skipif(not shutil.which("cmake"), reason="needs CMake")
def test_cmake_finds_the_package(tmp_path, monkeypatch):
    monkeypatch.delenv("GELU_FAST_ISA", raising=False)
    package = Path(gelu_fast.get_library()).parent / "cmake" / "gelu_fast"
    run("cmake", "-S", EXAMPLES, "-B", tmp_path, f"-Dgelu_fast_DIR={package}")
    run("cmake", "--build", tmp_path)
    check_mlp(tmp_path / "mlp")
    assert run(tmp_path / "activation") == CPP_OUTPUT


@needs_compilers
@pytest.mark.skipif(not shutil.which("pkg-config"), reason="needs pkg-config")
def test_pkg_config_finds_the_package(tmp_path, monkeypatch):
    monkeypatch.delenv("GELU_FAST_ISA", raising=False)
    directory = Path(gelu_fast.get_library()).parent / "pkgconfig"
    flags = run(
        "pkg-config", "--cflags", "--libs", "gelu_fast",
        env={**os.environ, "PKG_CONFIG_PATH": str(directory)},
    ).split()  # fmt: skip
    run(*CC, EXAMPLES / "mlp.c", *flags, "-o", tmp_path / "mlp")
    check_mlp(tmp_path / "mlp")


@needs_compilers
@pytest.mark.skipif(sys.platform == "win32", reason="nm lists other symbols there")
def test_library_has_what_the_header_declares_and_keeps_its_prefix():
    header = Path(gelu_fast.get_include(), "gelu_fast.h").read_text("utf-8")
    declared = set(re.findall(r"GELU_FAST_API .*?\b(gelu_fast_\w+)\(", header))
    assert len(declared) == 7 + 2 * (4 * len(oracle.ORACLE) + len(gelu_fast.relaxed.__all__))
    symbols = run("nm", "-g", "--defined-only", gelu_fast.get_library())
    defined = {name.lstrip("_") for name in re.findall(r"[0-9a-f]+ [A-Z] (\w+)", symbols)}
    assert declared <= defined
    assert all(name.startswith("gelu_fast_") for name in defined)

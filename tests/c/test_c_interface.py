"""gelu_fast.h: every function by its address, and the static library in C and C++ programs."""

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
import pytest

import gelu_fast
from gelu_fast._core import __pyx_capi__ as capsules

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "c"
SOURCES = EXAMPLES.parents[1] / "src"
FUNCTIONS = {function.name: function for function in gelu_fast._core.functions()}
# Indexed by the dtype's number.
DTYPES = [np.dtype(np.float16), None, np.dtype(np.float32), np.dtype(np.float64)]
try:
    import ml_dtypes
except ImportError:
    pass
else:
    DTYPES[1] = np.dtype(ml_dtypes.bfloat16)
TIERS = [gelu_fast, gelu_fast.relaxed, gelu_fast.correctly_rounded]
CASES = [
    pytest.param(name, dtype, tier, id=f"{name}-{DTYPES[dtype]}-{TIERS[tier].__name__}")
    for name in FUNCTIONS
    for dtype in range(4)
    for tier in range(3)
    if DTYPES[dtype] is not None and hasattr(TIERS[tier], name) and (dtype, tier) != (3, 2)
]
GELU, F32, F64, DEFAULT, RELAXED, CORRECTLY_ROUNDED = 0, 2, 3, 0, 1, 2
# Programs and caches contain these numbers: a release adds names at the end and moves none.
NAMES = """
    gelu gelu_grad gelu_backward gelu_grad2 gelu_double_backward bias_gelu bias_gelu_backward
    geglu geglu_backward gelu_value_and_grad
    gelu_tanh gelu_tanh_grad gelu_tanh_backward gelu_tanh_grad2 gelu_tanh_double_backward
    bias_gelu_tanh bias_gelu_tanh_backward geglu_tanh geglu_tanh_backward gelu_tanh_value_and_grad
    gelu_quick gelu_quick_grad gelu_quick_backward gelu_quick_grad2 gelu_quick_double_backward
    bias_gelu_quick bias_gelu_quick_backward geglu_quick geglu_quick_backward
    gelu_quick_value_and_grad
"""
NUMBERS = NAMES.split()

CC = os.environ.get("CC", "gcc").split()
CXX = os.environ.get("CXX", "g++").split()
needs_compilers = pytest.mark.skipif(
    not (shutil.which(CC[0]) and shutil.which(CXX[0])), reason="needs a C and a C++ compiler"
)


class Operand(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("row_step", ctypes.c_ssize_t),
        ("step", ctypes.c_ssize_t),
    )


def compute_function() -> ctypes._CFuncPtr:
    """Return gelu_fast_compute from the address that Cython modules get."""
    capsule = capsules["compute"]
    python = ctypes.pythonapi
    python.PyCapsule_GetName.argtypes = [ctypes.py_object]
    python.PyCapsule_GetName.restype = ctypes.c_char_p
    python.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    python.PyCapsule_GetPointer.restype = ctypes.c_void_p
    address = python.PyCapsule_GetPointer(capsule, python.PyCapsule_GetName(capsule))
    integers = [ctypes.c_int] * 3 + [ctypes.c_size_t] * 2
    return ctypes.CFUNCTYPE(ctypes.c_int, *integers, ctypes.POINTER(Operand))(address)


compute = compute_function()


def operands_of(arrays: list[np.ndarray]) -> ctypes.Array[Operand]:
    """Return arrays of rows and columns as operands."""
    return (Operand * len(arrays))(
        *(Operand(x.ctypes.data, *(step // x.itemsize for step in x.strides)) for x in arrays)
    )


def bits(results: Iterable[np.ndarray]) -> list[bytes]:
    return [np.ascontiguousarray(y).tobytes() for y in results]


@pytest.mark.parametrize(("name", "dtype", "tier"), CASES)
def test_rows(name, dtype, tier, rng):
    """Reversed columns, a transposed matrix, a repeated row; results in every other column."""
    function, kind = FUNCTIONS[name], DTYPES[dtype]
    rows, columns = 70, 90
    operands = [
        (rng.standard_normal((rows, columns)) * 4).astype(kind)[:, ::-1],
        (rng.standard_normal((columns, rows)) * 4).astype(kind).T,
        np.broadcast_to((rng.standard_normal(columns) * 4).astype(kind), (rows, columns)),
    ][3 - len(function.inputs) :]
    wide = [np.full((rows, 2 * columns), 7, kind) for _ in function.outputs]
    results = [y[:, ::2] for y in wide]
    arrays = operands_of(operands + results)
    assert compute(function.number, dtype, tier, rows, columns, arrays) == 0
    assert all(np.all(y[:, 1::2] == 7) for y in wide)
    expected = getattr(TIERS[tier], name)(*operands)
    assert bits(results) == bits(expected if len(results) > 1 else [expected])


@pytest.mark.parametrize("columns", [1, 90])
def test_in_place(columns, rng):
    x = rng.standard_normal((70, columns))
    expected = gelu_fast.gelu(x)
    assert compute(GELU, F64, DEFAULT, 70, columns, operands_of([x, x])) == 0
    np.testing.assert_array_equal(x, expected)


def test_large_arrays_get_threads(rng):
    x = rng.standard_normal((1, 300_000)).astype(np.float32)
    y = np.empty_like(x)
    with gelu_fast.num_threads(3):
        assert compute(GELU, F32, DEFAULT, 1, x.size, operands_of([x, y])) == 0
    np.testing.assert_array_equal(y, gelu_fast.gelu(x))


def test_nothing_is_read_of_no_elements():
    null = (Operand * 2)()
    for rows, columns in ((0, 3), (3, 0), (0, 0)):
        assert compute(GELU, F32, DEFAULT, rows, columns, null) == 0
        assert compute(GELU, F32, DEFAULT, rows, columns, None) == 0


@pytest.mark.parametrize(
    ("function", "dtype", "tier"),
    [
        *[(function, F32, DEFAULT) for function in (-1, len(FUNCTIONS), 2**31 - 1)],
        *[(GELU, dtype, DEFAULT) for dtype in (-1, 4)],
        *[(GELU, F32, tier) for tier in (-1, 3)],
        (GELU, F64, CORRECTLY_ROUNDED),
        (FUNCTIONS["gelu_backward"].number, F32, CORRECTLY_ROUNDED),
        *[(f.number, F32, RELAXED) for f in FUNCTIONS.values() if not f.relaxed],
    ],
)
def test_what_is_no_function_gives_an_error_and_writes_nothing(function, dtype, tier):
    x = np.ones((1, 8))
    assert compute(function, dtype, tier, 1, 8, operands_of([x] * 5)) == -1
    assert np.all(x == 1)


def test_numbers_are_frozen():
    numbers = [(f.number, f.name) for f in FUNCTIONS.values()]
    assert numbers[: len(NUMBERS)] == [*enumerate(NUMBERS)]
    assert [number for number, _ in numbers] == [*range(len(numbers))]


def test_header_has_every_row_of_functions_def():
    header = Path(gelu_fast.get_include(), "gelu_fast.h").read_text("utf-8")
    numbers = re.search(r"enum gelu_fast_function \{(.*?)\}", header, re.DOTALL)[1]
    assert re.findall(r"GELU_FAST_(\w+) = (\d+)", numbers) == [
        (f.name.upper(), str(f.number)) for f in FUNCTIONS.values()
    ]
    typed = (
        r"^GELU_FAST(_\w+)?_TYPED\((?:(\d_\d), )?gelu_fast_(\w+), GELU_FAST_(\w+)\) /\* (.*) \*/"
    )
    assert re.findall(typed, header, re.MULTILINE) == [
        (
            {(1, 1): "_VALUE", (0, 1): "_DERIVATIVE", (1, 0): "_RELAXED", (0, 0): ""}[
                f.relaxed, f.correctly_rounded
            ],
            "" if f.correctly_rounded else f"{len(f.inputs)}_{len(f.outputs)}",
            f.name, f.name.upper(), ", ".join(f.inputs + f.outputs),
        )
        for f in FUNCTIONS.values()
    ]  # fmt: skip


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
    # NumPy sums in a different order.
    assert np.abs(np.float32(re.search("= (.*) (.*) (.*)", text).groups()) - mlp()).max() < 1e-3


def mlp() -> np.ndarray:
    """Return the values of y that examples/c/mlp.c prints, computed here."""

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
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no POSIX threads")
def test_smallest_stack_of_a_thread(tmp_path):
    build([*CC, "-std=c99"], Path(__file__).with_name("small_stack.c"), tmp_path / "small_stack")
    assert run(tmp_path / "small_stack").split() == [*gelu_fast.available_isas()]


TYPED_NAMES = """
#include <gelu_fast.h>
#include <string.h>
enum {{ N = 20 }};
static double in[3][N], typed[2][N], computed[2][N];
static int differs(int number, int dtype, int tier, int inputs, int outputs) {{
    gelu_fast_operand operands[5];
    for (int k = 0; k < inputs + outputs; k++) {{
        operands[k].data = k < inputs ? in[k] : computed[k - inputs];
        operands[k].row_step = 0, operands[k].step = 1;
    }}
    return gelu_fast_compute(number, dtype, tier, 1, N, operands) != 0 ||
           memcmp(typed, computed, sizeof typed) != 0;
}}
int main(void) {{
    for (int k = 0; k < 3; k++) /* bytes of small numbers, which differ from operand to operand */
        for (unsigned i = 0; i < sizeof in[0]; i++)
            ((unsigned char *)in[k])[i] = (unsigned char)(i * (k + 1) % 53);
{calls}
    return 0;
}}
"""


@needs_compilers
def test_typed_names(tmp_path):
    """Each name stands for its dtype and tier, and takes the operands in order."""
    elements = {"f16": "uint16_t", "bf16": "uint16_t", "f32": "float", "f64": "double"}
    calls, names = [], []
    for f in FUNCTIONS.values():
        tiers = [tier for tier in ("relaxed", "correctly_rounded") if getattr(f, tier)]
        for suffix in [*elements, *(f"f32_{tier}" for tier in tiers)]:
            dtype, _, tier = suffix.partition("_")
            pointers = [*["in[0]", "in[1]", "in[2]"][: len(f.inputs)], "typed[0]", "typed[1]"]
            pointers = [f"({elements[dtype]} *){x}" for x in pointers]
            names.append(f"gelu_fast_{f.name}_{suffix}")
            calls.append(
                f"    {names[-1]}(N, {', '.join(pointers[: len(f.inputs) + len(f.outputs)])});\n"
                f"    if (differs(GELU_FAST_{f.name.upper()}, GELU_FAST_{dtype.upper()}, "
                f"GELU_FAST_{tier.upper() or 'DEFAULT'}, {len(f.inputs)}, {len(f.outputs)}))\n"
                f"        return {len(names)};"
            )
    source = tmp_path / "typed_names.c"
    source.write_text(TYPED_NAMES.format(calls="\n".join(calls)))
    build([*CC, "-std=c99"], source, tmp_path / "typed_names")
    status = subprocess.run([tmp_path / "typed_names"], timeout=60, check=False).returncode
    assert status == 0, names[status - 1]


@needs_compilers
@pytest.mark.skipif(not shutil.which("cmake"), reason="needs CMake")
@pytest.mark.skipif(sys.platform != "linux", reason="expects Linux's library names")
@pytest.mark.skipif(not SOURCES.exists(), reason="only a checkout has src")
def test_shared_library_by_ctypes(tmp_path):
    run(
        "cmake", "-S", SOURCES, "-B", tmp_path, "-DBUILD_SHARED_LIBS=ON", "-DCMAKE_BUILD_TYPE=Debug"
    )
    run("cmake", "--build", tmp_path, "--parallel", "2")
    text = run(sys.executable, EXAMPLES / "bind.py", tmp_path / "libgelu_fast.so")
    assert text == "0.0000 0.8413 1.9545\n" * 2


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
@pytest.mark.skipif(sys.platform == "win32", reason="nm lists other symbols on Windows")
def test_library_has_what_the_header_declares_and_keeps_its_prefix():
    header = Path(gelu_fast.get_include(), "gelu_fast.h").read_text("utf-8")
    declared = set(re.findall(r"GELU_FAST_API .*?\b(gelu_fast_\w+)\(", header))
    assert len(declared) == 9
    symbols = run("nm", "-g", "--defined-only", gelu_fast.get_library())
    defined = {name.lstrip("_") for name in re.findall(r"[0-9a-f]+ [A-Z] (\w+)", symbols)}
    assert declared <= defined
    assert all(name.startswith("gelu_fast_") for name in defined)

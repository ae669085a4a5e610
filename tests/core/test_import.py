"""Importing gelu_fast imports NumPy, ml_dtypes and the standard library, and nothing else.

To time the import without NumPy's: python -X importtime -c "import numpy, gelu_fast"
"""

import os
import shutil
import subprocess
import sys
from modulefinder import ModuleFinder
from pathlib import Path

import numpy as np
import pytest

import gelu_fast

IMPORT = """
import sys
import numpy

class Recorder:
    asked = set()

    def find_spec(self, name, path=None, target=None):
        self.asked.add(name.partition(".")[0])

sys.meta_path.insert(0, Recorder())
import gelu_fast
print(*sorted(Recorder.asked - sys.stdlib_module_names))
"""


def test_import_asks_for_no_optional_package(run_python):
    """An attempted import counts even if the package is missing."""
    result = run_python(IMPORT)
    assert result.returncode == 0, result.stderr
    asked = set(result.stdout.split())
    assert "gelu_fast" in asked
    assert asked <= {"gelu_fast", "ml_dtypes", "numpy", "org"}  # copy.py tries Jython's org


@pytest.fixture
def import_checkout(tmp_path):
    """Import an unbuilt checkout, and return the lines of the error message."""
    package = tmp_path / "gelu_fast"
    package.mkdir()
    for path in Path(gelu_fast.__file__).parent.glob("*.py"):
        (package / path.name).write_bytes(path.read_bytes())

    def run(*arguments):
        # -S: an editable install's finder would find the built module elsewhere.
        result = subprocess.run(
            [sys.executable, "-S", *arguments], capture_output=True, text=True, check=False,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(Path(np.__file__).parents[1])},
        )  # fmt: skip
        assert result.returncode == 1
        return result.stderr.splitlines()

    return run


def test_a_checkout_that_is_not_built_says_what_to_run(import_checkout, tmp_path):
    message = f"ImportError: {tmp_path / 'gelu_fast'} is not built for this Python: "
    message += "run pip install -e . beside it"
    assert import_checkout("-c", "import gelu_fast.layers")[-1] == message
    (line,) = import_checkout("-m", "gelu_fast")
    assert message in line


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise ImportError('libgomp: no such file')", "ImportError: libgomp: no such file"),
    ],
)
def test_an_error_inside_the_extension_stays(import_checkout, tmp_path, code, message):
    (tmp_path / "gelu_fast" / "_core.py").write_text(code)
    assert import_checkout("-c", "import gelu_fast")[-1] == message


SUBNORMAL = """
import numpy as np
import gelu_fast
print(np.float64(5e-324) * np.float64(1), np.float32(1e-45) * np.float32(1))
"""


def test_import_leaves_subnormal_numbers_alone(run_python):
    """With -ffast-math, GCC links start-up code that flushes subnormal numbers to zero."""
    assert run_python(SUBNORMAL).stdout == "5e-324 1e-45\n"


@pytest.fixture
def find_modules(tmp_path):
    """Return the modules of gelu_fast that a program needs, judging by import statements."""
    package = Path(gelu_fast.__file__).parent
    shutil.copytree(package, tmp_path / "gelu_fast", ignore=lambda *_: ["include", "lib"])

    def find(program):
        (tmp_path / "program.py").write_text(program)
        finder = ModuleFinder(path=[str(tmp_path)])
        finder.run_script(str(tmp_path / "program.py"))
        return {name for name in finder.modules if name.startswith("gelu_fast.")}

    return find


def test_frozen_program_finds_what_is_imported(find_modules, run_python):
    """PyInstaller and similar tools do not see imports by compiled code or by computed names."""
    imported = run_python("import sys, gelu_fast; print(*sys.modules)").stdout.split()
    imported = {name for name in imported if name.startswith("gelu_fast.")}
    assert imported - find_modules("import gelu_fast") <= {"gelu_fast._core"}


def test_every_module_is_found_by_import_statements(find_modules):
    package = Path(gelu_fast.__file__).parent
    paths = [path.relative_to(package.parent).with_suffix("") for path in package.rglob("*.py")]
    modules = {".".join(path.parts) for path in paths if path.name != "__init__"}
    public = {name for name in modules if "._" not in name} | {"gelu_fast.__main__"}
    found = find_modules("".join(f"import {name}\n" for name in public))
    assert modules - found == {"gelu_fast._numba"}  # Numba imports it by an entry point

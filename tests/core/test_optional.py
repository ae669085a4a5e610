"""The errors for missing packages."""

import sys

import pytest

from gelu_fast._optional import require


def test_installed_package():
    assert require("json", "none") is sys.modules["json"]


def test_missing_package_names_the_command():
    with pytest.raises(ImportError, match=r"pip install 'gelu_fast\[jax\]'") as caught:
        require("no_such_package", "jax")
    assert caught.value.name == "no_such_package"


@pytest.mark.parametrize("package", ["jax", "keras", "onnx", "tensorflow", "torch"])
def test_module_about_a_missing_package(package, run_python):
    result = run_python(
        f"import sys; sys.modules[{package!r}] = None\n"
        f"try:\n    import gelu_fast.{package}\n"
        "except ImportError as error:\n    print(error)"
    )
    assert result.stdout.endswith(f"pip install 'gelu_fast[{package}]'\n"), result.stderr


def test_package_that_is_broken_says_so_itself(tmp_path, monkeypatch):
    (tmp_path / "half_installed.py").write_text("import what_it_needs")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError, match="what_it_needs"):
        require("half_installed", "jax")

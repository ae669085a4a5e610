"""``gelu-fast info``: versions, the kernels and threads chosen for this machine, and why.

For C programs it prints one path alone: ``gcc -I"$(gelu-fast info --include)" ...``
"""

import argparse
import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import gelu_fast
from gelu_fast._runtime import config_text

_PATHS: dict[str, Callable[[], object]] = {
    "include": gelu_fast.get_include,
    "library": gelu_fast.get_library,
    "cmake": lambda: Path(gelu_fast.get_library()).parent / "cmake" / "gelu_fast",
}


def information() -> dict[str, Any]:
    """Return the configuration, and the Python, NumPy and system it runs on."""
    return {
        **(gelu_fast.show_config("dicts") or {}),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "numpy": np.__version__,
        "system": platform.platform(),
        "package": str(Path(gelu_fast.__file__).parent),
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--json", action="store_true", help="as a JSON object")
    for name, text in (
        ("include", "the directory of gelu_fast.h"),
        ("library", "the path of the static C library"),
        ("cmake", "the directory of gelu_fastConfig.cmake"),
    ):
        one.add_argument(
            f"--{name}", dest="path", action="store_const", const=name, help=f"print {text}"
        )


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    if arguments.path is not None:
        print(_PATHS[arguments.path]())
        return 0
    found = information()
    print(json.dumps(found, indent=1) if arguments.json else config_text(found))
    return 0

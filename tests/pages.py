"""Run a page of docs: its shell commands, then its Python as one session.

python tests/pages.py docs/integrations/jax.md

Comments in a page, invisible to its readers:

<!-- requires: torch, numba -->    test_pages.py skips the page without these packages and programs
<!-- file: layer.pyx -->           the next code block is written to that file
<!-- run -->                       bash runs the next block; a "text" block after it is its output,
                                   with "..." for what varies
"""

import doctest
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import gelu_fast

BLOCK = re.compile(
    r"""<!--\ (run|file:\ (?P<file>\S+))\ -->\n+
        ```\w+\n(?P<code>.*?)```\n
        (\n*```text\n(?P<output>.*?)```)?""",
    re.DOTALL | re.VERBOSE,
)

# `gelu-fast` and Cython's commands are in this Python's folder. Cython looks for gelu_fast on
# Python's path, which lacks an editable install.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
PYTHONPATH = str(Path(gelu_fast.__file__).parents[1])


def run_session(path: str) -> None:
    failed, attempted = doctest.testfile(path, module_relative=False, optionflags=doctest.ELLIPSIS)
    assert attempted > 0
    assert failed == 0


def run_commands(text: str, directory: Path) -> None:
    environment = {**os.environ, "PATH": PATH, "PYTHONPATH": PYTHONPATH}
    for block in BLOCK.finditer(text):
        if block["file"]:
            (directory / block["file"]).write_text(block["code"], "utf-8")
            continue
        result = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block["code"]], cwd=directory, capture_output=True,
            text=True, timeout=300, env=environment,
        )  # fmt: skip
        assert result.returncode == 0, f"{block['code']}\n{result.stdout}{result.stderr}"
        assert block["output"] is None or doctest.OutputChecker().check_output(
            block["output"], result.stdout, doctest.ELLIPSIS
        ), f"{block['code']}\nprints\n{result.stdout}\nnot\n{block['output']}"


if __name__ == "__main__":
    page = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)  # where a page may write files
        run_commands(page.read_text("utf-8"), Path(directory))
        if ">>> " in page.read_text("utf-8"):
            run_session(str(page))
        os.chdir(page.parent)

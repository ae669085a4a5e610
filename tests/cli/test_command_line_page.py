"""The shell commands of docs/command_line.md in their order, and the exit codes it documents."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "command_line.md"


@pytest.mark.skipif(not PAGE.exists(), reason="only a checkout has docs beside the tests")
@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_commands(tmp_path):
    text = PAGE.read_text("utf-8")
    for package in re.search(r"<!-- requires: (.*) -->", text)[1].split(", "):
        pytest.importorskip(package)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, arguments in (("python", ""), ("gelu-fast", " -m gelu_fast")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{arguments} "$@"\n')
        program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    commands = "".join(re.findall(r"```sh\n(.*?)```", text, re.S)).splitlines()
    assert len(commands) > 10
    for command in commands:
        result = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        expected = re.search(r"# exit code (\d+)", command)
        assert result.returncode == (int(expected[1]) if expected else 0), (
            f"{command}\n{result.stdout}{result.stderr}"
        )
        assert "Traceback" not in result.stderr
    made = {path.name for path in tmp_path.iterdir()} - {"bin"}
    named = set(re.findall(r"\b(\w+\.(?:npy|png|svg|pdf))\b", "\n".join(commands)))
    assert made == named - {"missing.npy", "new.npy"}

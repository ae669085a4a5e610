"""python -m gelu_fast, as the README shows it."""

import re
import subprocess
import sys

import gelu_fast


def test_main_job():
    result = subprocess.run(
        [sys.executable, "-m", "gelu_fast"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    text = result.stdout
    assert re.search(rf"ISA: +{gelu_fast.available_isas()[0]} ", text)
    assert re.search(r"threads: +\d+", text)
    for x in (-3, -1, 0, 1, 3):
        assert re.search(rf"^ *{x}\b", text, re.MULTILINE)
    assert "0.8413447460685429" in text
    assert re.search(r"worst error .* ULP", text)
    assert "FAILED" not in text
    assert re.search(r"gelu_fast.* ns", text)


def test_arguments_are_refused():
    result = subprocess.run(
        [sys.executable, "-m", "gelu_fast", "nonsense"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "nonsense" in result.stderr

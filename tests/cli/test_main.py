"""python -m gelu_fast, as the README shows it, and what its commands have in common."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import gelu_fast
from gelu_fast import __main__

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


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


def command(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["gelu-fast", *arguments])
    return __main__.main()


def test_info(monkeypatch, capsys):
    assert command(monkeypatch, "info") == 0
    lines = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert lines["version"] == gelu_fast.__version__
    assert lines["isa"] == gelu_fast.isa()
    assert command(monkeypatch, "info", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    config = gelu_fast.show_config("dicts")
    assert found.keys() == lines.keys()
    assert found["available_isas"] == list(config["available_isas"])
    assert found["num_threads"] == config["num_threads"]


@pytest.mark.parametrize(
    ("option", "name"),
    [("include", "gelu_fast.h"), ("cmake", "gelu_fastConfig.cmake"), ("library", "")],
)
def test_paths_for_c_programs(monkeypatch, capsys, option, name):
    assert command(monkeypatch, "info", f"--{option}") == 0
    assert Path(capsys.readouterr().out.removesuffix("\n"), name).exists()


@pytest.mark.parametrize("name", __main__._COMMANDS)
def test_help(monkeypatch, capsys, name):
    with pytest.raises(SystemExit) as raised:
        command(monkeypatch, name, "--help")
    assert raised.value.code == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: gelu-fast {name} ")
    assert re.search(r"^  -h, --help", text, re.M)


def test_only_what_a_command_needs_is_imported(run_python):
    result = run_python(
        "import sys; sys.argv = ['gelu-fast', 'info']\n"
        "from gelu_fast.__main__ import main; main()\n"
        "print([name for name in ('gelu_fast._bench', 'gelu_fast._cli.accuracy',"
        " 'gelu_fast._cli.check', 'mpmath', 'matplotlib', 'tqdm', 'scipy', 'torch')"
        " if name in sys.modules])"
    )
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


@pytest.mark.parametrize(
    ("arguments", "package"), [(["accuracy"], "mpmath"), (["plot", "forms", "x.png"], "matplotlib")]
)
def test_missing_packages_are_named(monkeypatch, capsys, arguments, package):
    monkeypatch.setitem(sys.modules, package, None)
    assert command(monkeypatch, *arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"gelu-fast {arguments[0]}: ")
    assert package in error


def shell(text, **environment):
    """Run a shell line in which GELU_FAST stands for the program, with buffered output."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **environment}
    return subprocess.run(
        text.replace("GELU_FAST", f"{shlex.quote(sys.executable)} -m gelu_fast"), shell=True,
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@posix
@pytest.mark.parametrize("arguments", ["info", "--help", "accuracy --help", "--version"])
def test_a_reader_that_has_enough(arguments):
    result = shell(f"(GELU_FAST {arguments}; echo $? >&2) | true")
    assert result.stderr == "1\n"


@posix
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", ["info", "--help", "info --include"])
def test_output_that_cannot_be_written(arguments):
    result = shell(f"GELU_FAST {arguments} > /dev/full")
    assert result.returncode == 1
    assert re.fullmatch(r"gelu-fast( info)?: .*No space left on device\n", result.stderr)


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize(
    ("arguments", "code"), [("info", 0), ("apply no.npy out.npy", 1), ("nonsense", 2)]
)
def test_closed_streams(arguments, code, closed):
    result = shell(f"GELU_FAST {arguments} {closed}")
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    if code and "2" in closed:
        assert result.stdout == ""


@pytest.mark.parametrize("name", ["vax", "\udcff"])
@pytest.mark.parametrize("arguments", [[], ["info"], ["apply", "in.npy", "out.npy"]])
def test_an_isa_that_is_not_there(tmp_path, name, arguments):
    program = tmp_path / "gelu-fast"  # as pip writes it
    program.write_text("import sys\nfrom gelu_fast.__main__ import main\nsys.exit(main())\n")
    environment = {**os.environ, "GELU_FAST_ISA": name}
    for command in ([program], ["-m", "gelu_fast"]):
        result = subprocess.run(
            [sys.executable, *command, *arguments],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert result.returncode == 1
        (line,) = result.stderr.splitlines()
        assert f"environment variable GELU_FAST_ISA: ISA {name!r} is not available here" in line


@pytest.mark.parametrize(
    ("script", "is_ours"),
    [
        ("gelu-fast", True), ("gelu-fast.exe", True), ("gelu-fast-script.py", True),
        ("gelu-fast.py", False), ("gelu-fast-server", False), ("gelu-fast-script", False),
    ],
)  # fmt: skip
def test_an_isa_that_is_not_there_ends_no_other_script(run_python, script, is_ours):
    code = f"import sys; sys.argv = ['/bin/{script}']\ntry: import gelu_fast\n"
    code += "except ImportError: print('goes on')"
    result = run_python(code, env={**os.environ, "GELU_FAST_ISA": "vax"})
    assert (result.returncode, result.stdout) == ((1, "") if is_ours else (0, "goes on\n"))


def test_version(monkeypatch, capsys):
    with pytest.raises(SystemExit) as raised:
        command(monkeypatch, "--version")
    assert raised.value.code == 0
    assert capsys.readouterr().out == f"gelu-fast {gelu_fast.__version__}\n"


def test_interrupted(monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr("gelu_fast._cli.check.main", interrupt)
    assert command(monkeypatch) == 130

from __future__ import annotations

import contextlib
import inspect
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import gelu_fast

try:
    from hypothesis import HealthCheck, settings
except ImportError:
    pass
else:
    # How many calls tests/core/test_fuzz.py makes, by --hypothesis-profile.
    for profile, examples in (("short", 100), ("ci", 2_000), ("long", 150_000)):
        settings.register_profile(
            profile, max_examples=examples, derandomize=profile != "long", deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
            **({} if profile == "long" else {"database": None}),
        )  # fmt: skip
    settings.load_profile("short")


@pytest.fixture(autouse=True)
def _restore_isa_and_threads() -> Iterator[None]:
    isa = gelu_fast.isa()
    yield
    gelu_fast.set_isa(isa)
    gelu_fast.set_num_threads(None)


@pytest.fixture(params=gelu_fast.available_isas())
def isa(request: pytest.FixtureRequest) -> str:
    """Run the test on each ISA of this CPU."""
    gelu_fast.set_isa(request.param)
    assert gelu_fast.isa() == request.param
    return request.param


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20161)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--load-seconds", type=float, default=1.0,
        help="how long each load test runs (default: 1; 60 to be sure)",
    )  # fmt: skip
    parser.addoption(
        "--large", action="store_true", help="test arrays over 2^31 elements: 9.5 GB of memory"
    )


@pytest.fixture
def load_seconds(request: pytest.FixtureRequest) -> float:
    return request.config.getoption("--load-seconds")


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a fresh interpreter. If it hangs, kill it and its children, and fail."""

    def run(code: str, timeout: float = 300, **options: object) -> subprocess.CompletedProcess[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True, **options,
        )  # fmt: skip
        try:
            stdout, stderr = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            if hasattr(os, "killpg"):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            stdout, stderr = process.communicate()
            pytest.fail(f"hangs: killed after {timeout} s\n{stdout}{stderr}")
        return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

    return run


@pytest.fixture
def run_function(run_python: Callable) -> Callable[..., str]:
    """Run a test module's function in a fresh interpreter, so that a crash or hang is reported."""

    def run(
        function: Callable, *arguments: object, env: dict | None = None, timeout: float = 300
    ) -> str:
        path = Path(inspect.getfile(function))
        environment = {**os.environ, **(env or {})}
        paths = [str(path.parent), str(path.parents[1])]
        environment["PYTHONPATH"] = os.pathsep.join(
            [*paths, *filter(None, [environment.get("PYTHONPATH")])]
        )
        # Also in the code, because the emulated Pythons override PYTHONPATH.
        code = f"import sys; sys.path[:0] = {paths!r}; import {path.stem}; "
        code += f"{path.stem}.{function.__name__}(*{arguments!r})"
        result = run_python(code, timeout=timeout, env=environment)
        assert result.returncode == 0, f"{result.returncode}\n{result.stdout}{result.stderr}"
        return result.stdout

    return run

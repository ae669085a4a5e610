from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import gelu_fast

try:
    from hypothesis import HealthCheck, settings
except ImportError:
    pass
else:
    # How many calls tests/test_fuzz.py makes: --hypothesis-profile chooses.
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
    gelu_fast._core.set_num_threads(0)


@pytest.fixture(params=gelu_fast.available_isas())
def isa(request: pytest.FixtureRequest) -> str:
    """Run the test on each ISA that this CPU has."""
    gelu_fast.set_isa(request.param)
    assert gelu_fast.isa() == request.param
    return request.param


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20161)


@pytest.fixture
def run_python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a fresh interpreter."""

    def run(code: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False,
            **options,
        )  # fmt: skip

    return run

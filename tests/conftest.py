from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

import gelu_fast


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

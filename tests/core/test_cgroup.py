"""Real cgroups, if this process may create them: a CPU quota, and a single CPU."""

import contextlib
import os
import sys
from pathlib import Path

import pytest

import gelu_fast

if not sys.platform.startswith("linux"):
    pytest.skip("only Linux has cgroups", allow_module_level=True)
if gelu_fast.show_config("dicts")["openmp"] is None:
    pytest.skip("built without OpenMP", allow_module_level=True)
ROOT = Path("/sys/fs/cgroup")

CODE = """
import os, sys
for group in sys.argv[1:]:
    with open(group + "/cgroup.procs", "w") as file:
        file.write(str(os.getpid()))
import numpy as np, gelu_fast
gelu_fast.show_config()
x = np.linspace(-20, 8, 1 << 20)
with gelu_fast.num_threads(1):
    expected = gelu_fast.gelu(x).tobytes()
for count in (None, 2, 8):
    if count:
        gelu_fast.set_num_threads(count)
    for _ in range(10):
        assert gelu_fast.gelu(x).tobytes() == expected
"""


def write(path, text):
    """Write to a file that must exist: the kernel creates a cgroup's files."""
    with open(path, "r+") as file:
        file.write(text)


@contextlib.contextmanager
def cgroup(controller, limit_v1, limit_v2):
    """Create a cgroup with these limits: version 2 if the system has it, else version 1."""
    name = f"gelu_fast_{os.getpid()}"
    group = None
    try:
        if (ROOT / "cgroup.controllers").exists():
            group = ROOT / name
            group.mkdir()
            limits = limit_v2
        else:
            group = ROOT / controller / name
            group.mkdir()
            limits = limit_v1
            if controller == "cpuset":  # a new cpuset has no memory nodes yet
                limits = {"cpuset.mems": (ROOT / "cpuset/cpuset.mems").read_text(), **limits}
        for file, text in limits.items():
            write(group / file, text)
    except OSError as error:
        with contextlib.suppress(OSError):
            group.rmdir()
        pytest.skip(f"this process may not create a cgroup with {controller}: {error}")
    try:
        yield str(group)
    finally:
        group.rmdir()


@pytest.mark.parametrize(("quota", "threads"), [(50_000, 1), (100_000, 1), (150_000, 2)])
def test_quota(quota, threads, run_python):
    version_1 = {"cpu.cfs_period_us": "100000", "cpu.cfs_quota_us": str(quota)}
    with cgroup("cpu", version_1, {"cpu.max": f"{quota} 100000"}) as group:
        result = run_in(group, run_python)
    cpus = len(os.sched_getaffinity(0))
    assert f"num_threads         {min(threads, cpus)}\n" in result
    assert ("the cgroup's CPU quota" in result) == (threads < cpus)


def test_cpuset_of_one_cpu(run_python):
    cpu = str(min(os.sched_getaffinity(0)))
    with cgroup("cpuset", {"cpuset.cpus": cpu}, {"cpuset.cpus": cpu}) as group:
        assert "num_threads         1\n" in run_in(group, run_python)


def run_in(group, run_python):
    environment = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    code = f"import sys; sys.argv = ['', {group!r}]\n{CODE}"
    result = run_python(code, env=environment)
    assert result.returncode == 0, result.stderr
    return result.stdout

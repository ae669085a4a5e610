import pytest

import gelu_fast
from gelu_fast._bench.machine import available_cpus, cpus_for, hold_to

CPUS = cpus_for(2)


@pytest.fixture(autouse=True, scope="session")
def _one_cpu():
    """Pin the process to one CPU before a peer starts a thread for each CPU."""
    cpus = available_cpus()
    hold_to(cpus_for(1))
    yield
    hold_to(cpus)


@pytest.fixture(autouse=True)
def _one_thread():
    with gelu_fast.num_threads(1):
        yield


@pytest.fixture(params=[1, 2], ids=["one thread", "two threads"])
def threads(request):
    """Run on as many CPUs as threads; tests tell their peers the number."""
    if request.param > len(CPUS):
        pytest.skip("one CPU")
    cpus = available_cpus()
    hold_to(CPUS[: request.param])
    with gelu_fast.num_threads(request.param):
        yield request.param
    hold_to(cpus)

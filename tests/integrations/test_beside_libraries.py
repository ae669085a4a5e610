"""Libraries with their own threads: imported before or after gelu_fast, also with forks.

PyTorch and Numba share libgomp.so.1 with a gelu_fast built by GCC; scikit-learn has its own copy. A
child forked after they used threads hangs in them, or is ended by Numba, so they get one thread
there. Each test imports them in a fresh interpreter; this module imports none of them.
"""

import importlib
import importlib.util
import os
import sys
import threading

import numpy as np
import pytest

ROUNDS = 8
LIBRARIES = ("torch", "sklearn", "numba")


class Torch:
    def __init__(self):
        import torch

        torch.set_num_threads(2)
        self.torch, self.x = torch, torch.linspace(-20, 8, 1 << 20)

    def call(self):
        return self.torch.exp(self.x).numpy()

    def use_one_thread(self):
        self.torch.set_num_threads(1)


class Sklearn:
    def __init__(self):
        import threadpoolctl
        from sklearn.metrics import pairwise_distances_argmin

        generator = np.random.default_rng(1)
        self.threadpoolctl, self.function = threadpoolctl, pairwise_distances_argmin
        self.points, self.centres = generator.random((20_000, 4)), generator.random((50, 4))

    def call(self):
        return self.function(self.points, self.centres)

    def use_one_thread(self):
        self.threadpoolctl.threadpool_limits(1)


class Numba:
    def __init__(self):
        import numba

        numba.config.THREADING_LAYER = "omp" if sys.platform == "linux" else "default"

        @numba.njit(parallel=True)
        def square(x, out):
            for i in numba.prange(x.size):
                out[i] = x[i] * x[i]

        self.x, self.square = np.linspace(-20, 8, 1 << 20), square

    def call(self):
        out = np.empty_like(self.x)
        self.square(self.x, out)
        return out

    def use_one_thread(self):
        """Use plain Python: Numba ends a forked child that uses its GNU OpenMP layer."""
        self.call = lambda: self.x * self.x


def prepare(name):
    return {"torch": Torch, "sklearn": Sklearn, "numba": Numba}[name]()


def alternate(name, is_first):
    """Call both in turn, concurrently, and in a forked child."""
    library = prepare(name) if is_first else None
    if library is not None:
        library.call()
    gelu_fast = importlib.import_module("gelu_fast")
    x = np.linspace(-20, 8, 1 << 20, dtype=np.float32)
    with gelu_fast.num_threads(1):
        expected = gelu_fast.gelu(x).tobytes()
    gelu_fast.set_num_threads(4)
    assert gelu_fast.gelu(x).tobytes() == expected
    library = library or prepare(name)
    theirs = library.call().tobytes()
    wrong = []

    def check_ours():
        if gelu_fast.gelu(x).tobytes() != expected:
            wrong.append("gelu_fast")

    def check_theirs():
        if library.call().tobytes() != theirs:
            wrong.append(name)

    for _ in range(ROUNDS):
        check_ours()
        check_theirs()
    # Several threads may call Numba's OpenMP layer at once only if each uses one thread.
    threads = [
        threading.Thread(target=lambda check=check: [check() for _ in range(ROUNDS)])
        for check in (check_ours, check_theirs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if hasattr(os, "fork"):
        child = os.fork()
        if child == 0:
            library.use_one_thread()
            for _ in range(3):
                check_ours()
                check_theirs()
            os._exit(len(wrong))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    check_ours()
    check_theirs()
    assert not wrong, wrong


@pytest.mark.parametrize("is_first", [True, False], ids=["first", "second"])
@pytest.mark.parametrize("name", LIBRARIES)
def test_alternating_calls(name, is_first, run_function):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    run_function(alternate, name, is_first)


def import_after_fork(name):
    """Let the library use threads, then fork, and import gelu_fast only in the child."""
    prepare(name).call()
    assert "gelu_fast" not in sys.modules
    child = os.fork()
    if child == 0:
        gelu_fast = importlib.import_module("gelu_fast")
        x = np.linspace(-20, 8, 1 << 20)
        gelu_fast.set_num_threads(4)
        result = gelu_fast.gelu(x).tobytes()
        with gelu_fast.num_threads(1):
            os._exit(gelu_fast.gelu(x).tobytes() != result)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux and its libgomp")
# Not Numba: looking for extensions, it imports gelu_fast itself before the fork.
@pytest.mark.parametrize("name", [name for name in LIBRARIES if name != "numba"])
def test_import_in_a_forked_child(name, run_function):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    run_function(import_after_fork, name)

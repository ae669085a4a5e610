"""Fork, spawn and forkserver during and after threaded calls: no hang and the same bits."""

import multiprocessing
import os
import threading
import time
import warnings

import numpy as np
import pytest

import gelu_fast

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

X = np.linspace(-20, 8, 1 << 20, dtype=np.float32)
with gelu_fast.num_threads(1):
    EXPECTED = gelu_fast.gelu(X).tobytes()
OPENMP = gelu_fast.show_config("dicts")["openmp"] is not None


def is_right(_=None):
    return gelu_fast.gelu(X).tobytes() == EXPECTED


def fork(work):
    """Fork; the child exits with 0 if work returns true. Return the child's process id."""
    with warnings.catch_warnings():
        # Python 3.12 and newer warn about a fork with threads, which is what is tested here.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 2
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return child


def wait(child, seconds=30):
    """Return the child's exit status, or end this process if the child hangs."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(2e-3)
    raise TimeoutError("the child hangs")  # run_function then kills it


def fork_during_calls(seconds):
    """Fork a child and a grandchild during long calls; compute in threads of both."""
    large = np.resize(X, 1 << 24)
    stop = threading.Event()
    in_call = [False, False]
    wrong = []

    def call(number):
        out = np.empty_like(large)
        while not stop.is_set():
            with gelu_fast.num_threads(2 + number):
                in_call[number] = True
                gelu_fast.gelu(large, out=out)
                in_call[number] = False
            for k in range(0, out.size, X.size):
                if out[k : k + X.size].tobytes() != EXPECTED:
                    wrong.append(k)

    def in_child():
        gelu_fast.set_num_threads(4)
        serial = gelu_fast.get_num_threads() == 1
        seen = []
        threads = [threading.Thread(target=lambda: seen.append(is_right())) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return serial and seen == [True, True] and is_right() and wait(fork(is_right)) == 0

    callers = [threading.Thread(target=call, args=(i,)) for i in range(2)]
    for thread in callers:
        thread.start()
    end = time.monotonic() + seconds
    forks = during = 0
    try:
        while forks < 3 or during == 0 or time.monotonic() < end:
            during += any(in_call)
            assert wait(fork(in_child)) == 0
            assert is_right()  # the parent still works
            forks += 1
    finally:
        stop.set()
        for thread in callers:
            thread.join()
    assert not wrong
    print(f"{forks} forks, {during} of them during a call")


def test_fork_during_threaded_calls(run_function, load_seconds):
    print(run_function(fork_during_calls, load_seconds, timeout=load_seconds + 300))


def fork_workers():
    """Fork workers after a threaded call, as servers do; all compute at once, several times."""
    gelu_fast.set_num_threads(4)
    assert is_right()
    workers = [fork(lambda: all(is_right() for _ in range(5))) for _ in range(4)]
    assert is_right()
    assert [wait(worker) for worker in workers] == [0] * 4


def test_workers_forked_after_a_call(run_function):
    run_function(fork_workers)


def use_multiprocessing(method, preload):
    context = multiprocessing.get_context(method)
    if preload:
        context.set_forkserver_preload(["gelu_fast", "test_fork"])
    assert is_right()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with context.Pool(2) as pool:
            for _ in range(2):
                results = pool.map_async(is_right, range(8), chunksize=1)
                assert is_right()
                assert all(results.get(30))
            threads = pool.apply(gelu_fast.get_num_threads)
    print(threads, gelu_fast.get_num_threads())


@pytest.mark.parametrize(
    ("method", "preload"),
    [("fork", False), ("spawn", False), ("forkserver", False), ("forkserver", True)],
)
def test_multiprocessing(method, preload, run_function):
    in_worker, here = run_function(use_multiprocessing, method, preload).split()
    if method == "fork":
        assert in_worker == "1"
    if method == "spawn":  # a fresh process, not a fork
        assert in_worker == here


IMPORT_IN_CHILD = """
import ctypes, os, sys
import numpy as np

def use_openmp():
    '''What a library does that has used the runtime before: a region, here of free(NULL).'''
    try:
        runtime = ctypes.CDLL("libgomp.so.1", mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    free = ctypes.cast(ctypes.CDLL(None).free, ctypes.c_void_p)
    runtime.GOMP_parallel(free, None, 4, 0)
    return True

used = {used} and use_openmp()
child = os.fork()
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
import gelu_fast
x = np.linspace(-20, 8, 1 << 20)
gelu_fast.set_num_threads(4)
result = gelu_fast.gelu(x).tobytes()
with gelu_fast.num_threads(1):
    assert gelu_fast.gelu(x).tobytes() == result
print("used" if used else "unused", gelu_fast.get_num_threads(), flush=True)
"""


@pytest.mark.skipif(
    not os.path.exists("/proc/self/stat"), reason="the fork is detected through Linux's /proc"
)
@pytest.mark.parametrize("used", [True, False])
def test_first_import_in_a_forked_child(used, run_python):
    """Another library may have used the OpenMP runtime before the fork."""
    result = run_python(IMPORT_IN_CHILD.format(used=used))
    assert result.returncode == 0, result.stderr
    state, threads = result.stdout.split()
    if used and state == "unused":
        pytest.skip("there is no libgomp.so.1")
    if OPENMP and not used:
        assert threads == "4", "threads are safe where the runtime was not there before the fork"

"""Many concurrent calls while thread counts change: no hang, no crash and the same bits.

pytest -s tests/core/test_load.py tests/core/test_fork.py --load-seconds 60    # 3 minutes
"""

import os
import random
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl

import gelu_fast
from gelu_fast import relaxed

SIZE = 300_007
THREAD_COUNTS = (1, 2, 3, 5, 16)


class Case:
    """A call, and its result on one thread."""

    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments
        with gelu_fast.num_threads(1):
            self.expected = function(*arguments).tobytes()

    def is_right(self):
        return self.function(*self.arguments).tobytes() == self.expected


def in_place(x):
    copy = x.copy()
    return gelu_fast.gelu_tanh(copy, out=copy)


def make_cases():
    x = np.linspace(-20, 8, SIZE)
    single, half = x.astype(np.float32), x.astype(np.float16)
    rows = np.resize(single, (8, SIZE // 8, 2))
    return [
        Case(gelu_fast.gelu, single),
        Case(gelu_fast.gelu, half),
        Case(gelu_fast.gelu_tanh_grad, x),
        Case(relaxed.gelu_quick, single),
        Case(gelu_fast.gelu_backward, single[::-1], single),
        Case(gelu_fast.gelu_quick, rows[..., 1]),
        Case(gelu_fast.gelu, x[::3]),
        Case(gelu_fast.gelu, single[:1000]),
        Case(in_place, single),
    ]


def call_while_counts_change(seconds, python_threads=8):
    cases = make_cases()
    wrong, calls = [], [0] * python_threads
    end = time.monotonic() + seconds

    def work(number):
        choose = random.Random(number)
        while time.monotonic() < end:
            case, count = choose.choice(cases), choose.choice((None, *THREAD_COUNTS))
            if count is None:  # the process's count, which changes meanwhile
                right = case.is_right()
            else:
                with gelu_fast.num_threads(count):
                    right = case.is_right()
            calls[number] += 1
            if not right:
                wrong.append((case.function, count))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(python_threads)]
    for thread in threads:
        thread.start()
    choose = random.Random(20161)
    while any(thread.is_alive() for thread in threads):
        gelu_fast.set_num_threads(choose.choice(THREAD_COUNTS))
        with threadpoolctl.threadpool_limits(choose.choice((1, 2, None))):
            if not choose.choice(cases).is_right():
                wrong.append("under threadpoolctl")
        time.sleep(1e-3)
    assert not wrong, wrong
    assert min(calls) > 0, calls
    print(f"{sum(calls)} calls by {python_threads} threads in {seconds:g} s")


def test_eight_threads_while_counts_change(run_function, load_seconds):
    print(run_function(call_while_counts_change, load_seconds, timeout=load_seconds + 300))


def call_in_short_lived_threads(seconds):
    """Each calling Python thread gets its own OpenMP threads, which must end with it."""
    case = make_cases()[0]
    wrong, peak = [], 0
    end = time.monotonic() + seconds

    def work():
        with gelu_fast.num_threads(3):
            if not case.is_right():
                wrong.append(1)

    while time.monotonic() < end:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if os.path.exists("/proc/self/task"):
            peak = max(peak, len(os.listdir("/proc/self/task")))
    assert not wrong
    assert peak < 100, f"{peak} threads are left over"


def test_short_lived_threads(run_function, load_seconds):
    run_function(call_in_short_lived_threads, load_seconds / 2, timeout=load_seconds + 300)


def call_with_threads(count):
    """Request this many threads from four Python threads at once."""
    cases = make_cases()
    gelu_fast.set_num_threads(count)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert all(pool.map(Case.is_right, cases))
    print(gelu_fast.get_num_threads())


@pytest.mark.parametrize("count", [4 * (os.cpu_count() or 1), 1024])
def test_more_threads_than_cores(count, run_function):
    assert run_function(call_with_threads, count).split() in ([str(count)], ["1"])


def test_thread_limit_of_openmp(run_function):
    """get_num_threads returns what a call will use, not what was requested."""
    assert run_function(call_with_threads, 4, env={"OMP_THREAD_LIMIT": "1"}).split() == ["1"]


needs_affinity = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity"), reason="this system has no sched_setaffinity"
)


@needs_affinity
@pytest.mark.parametrize("when", ["before the import", "after a call"])
def test_one_cpu(when, run_python):
    limit = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    first = f"{limit}; import gelu_fast"
    if when == "after a call":
        first = f"import gelu_fast; gelu_fast.gelu(np.ones(1 << 20)); {limit}"
    code = f"""
import os, numpy as np
{first}
x = np.linspace(-20, 8, 1 << 20)
with gelu_fast.num_threads(1):
    expected = gelu_fast.gelu(x).tobytes()
for count in (None, 2, 8):
    if count:
        gelu_fast.set_num_threads(count)
    for _ in range(20):
        assert gelu_fast.gelu(x).tobytes() == expected
"""
    result = run_python(code)
    assert result.returncode == 0, result.stderr


def test_thread_pool():
    cases = make_cases()
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(Case.is_right, cases * 3))


@pytest.mark.parametrize("backend", ["threading", "loky", "multiprocessing"])
def test_joblib(backend, run_function):
    pytest.importorskip("joblib")
    if backend == "multiprocessing" and not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    run_function(call_through_joblib, backend)


def call_through_joblib(backend):
    import joblib  # an optional dependency

    x = np.linspace(-20, 8, SIZE, dtype=np.float32)
    with gelu_fast.num_threads(1):
        expected = [gelu_fast.gelu(x * i).tobytes() for i in range(8)]
    gelu_fast.gelu(x)  # start the threads before joblib forks
    with joblib.Parallel(n_jobs=2, backend=backend) as parallel:
        for _ in range(2):
            results = parallel(joblib.delayed(gelu_fast.gelu)(x * i) for i in range(8))
            assert [result.tobytes() for result in results] == expected
    assert gelu_fast.gelu(x * 7).tobytes() == expected[7]


def interrupt_a_long_call(threads):
    # A shell's background jobs inherit an ignored SIGINT; undo that here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gelu_fast.set_isa("baseline")  # the slowest
    pattern = np.linspace(-20, 8, 65_537)
    x = np.resize(pattern, 1 << 24)  # 128 MiB, as is the result
    with gelu_fast.num_threads(1):
        expected = np.resize(gelu_fast.gelu(pattern), x.size)
    gelu_fast.set_num_threads(threads)
    out = np.full_like(x, np.nan)
    was_unfinished = []

    def interrupt():
        while np.isnan(out[:1000]).any():  # until the call has begun
            time.sleep(1e-3)
        was_unfinished.append(bool(np.isnan(out[-1])))
        os.kill(os.getpid(), signal.SIGINT)

    def call():
        gelu_fast.gelu(x, out=out)
        sender.join()

    sender = threading.Thread(target=interrupt)
    sender.start()
    with pytest.raises(KeyboardInterrupt):
        call()
    sender.join()
    assert was_unfinished == [True], "the call was too short"
    assert np.array_equal(out, expected)  # the call ran to its end
    assert gelu_fast.gelu(x[: 1 << 20]).tobytes() == expected[: 1 << 20].tobytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send SIGINT to one process")
@pytest.mark.parametrize("threads", [1, 2])
def test_keyboard_interrupt(threads, run_function):
    run_function(interrupt_a_long_call, threads)

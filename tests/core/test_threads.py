"""Thread counts, forks, and the GIL."""

import asyncio
import functools
import gc
import multiprocessing
import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl

import gelu_fast

OPENMP = gelu_fast.show_config("dicts")["openmp"] is not None
needs_openmp = pytest.mark.skipif(not OPENMP, reason="built without OpenMP")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
LARGE = np.linspace(-5, 5, 1 << 20, dtype=np.float32)


@needs_openmp
def test_set_and_get():
    for n in (1, 2, 5, 1):
        gelu_fast.set_num_threads(n)
        assert gelu_fast.get_num_threads() == n
    assert gelu_fast.show_config("dicts")["num_threads_reason"] == "set_num_threads"


@needs_openmp
def test_none_undoes_set_num_threads():
    before = gelu_fast.get_num_threads()
    gelu_fast.set_num_threads(before + 1)
    gelu_fast.set_num_threads(None)
    assert gelu_fast.get_num_threads() == before


@needs_openmp
def test_context_manager_nests_and_restores():
    before = gelu_fast.get_num_threads()
    with gelu_fast.num_threads(3):
        assert gelu_fast.get_num_threads() == 3
        with gelu_fast.num_threads(1):
            assert gelu_fast.get_num_threads() == 1
        gelu_fast.set_num_threads(2)
        assert gelu_fast.get_num_threads() == 3
    assert gelu_fast.get_num_threads() == 2
    gelu_fast.set_num_threads(None)
    with pytest.raises(KeyError), gelu_fast.num_threads(4):
        raise KeyError
    assert gelu_fast.get_num_threads() == before


@needs_openmp
def test_context_manager_is_of_its_thread():
    seen = []
    with gelu_fast.num_threads(7):
        thread = threading.Thread(target=lambda: seen.append(gelu_fast.get_num_threads()))
        thread.start()
        thread.join()
    assert seen != [7]


@needs_openmp
def test_blocks_are_left_in_any_order():
    """Blocks of several tasks overlap: the most recent one still open counts."""
    before = gelu_fast.get_num_threads()

    async def task(n, seconds, found):
        with gelu_fast.num_threads(n):
            await asyncio.sleep(seconds)
        assert gelu_fast.get_num_threads() == found

    async def tasks():
        await asyncio.gather(task(before + 1, 0.02, before + 2), task(before + 2, 0.04, before))

    asyncio.run(tasks())
    assert gelu_fast.get_num_threads() == before


def generator(n):
    with gelu_fast.num_threads(n):
        yield


def in_a_thread(function):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


@needs_openmp
def test_another_thread_leaves():
    before = gelu_fast.get_num_threads()
    first, second, third = blocks = [generator(before + i) for i in (1, 2, 3)]
    for block in blocks:
        next(block)
    in_a_thread(second.close)
    assert gelu_fast.get_num_threads() == before + 3
    in_a_thread(third.close)
    assert gelu_fast.get_num_threads() == before + 1
    gelu_fast._core.set_thread_local_num_threads(before + 4)  # replaces the open block's count
    assert gelu_fast.get_num_threads() == before + 4
    in_a_thread(first.close)
    assert gelu_fast.get_num_threads() == before


@needs_openmp
def test_a_block_outlives_its_thread():
    before = gelu_fast.get_num_threads()
    block = generator(before + 1)
    in_a_thread(lambda: next(block))
    block.close()
    assert gelu_fast.get_num_threads() == before


@needs_openmp
def test_garbage_is_left():
    before = gelu_fast.get_num_threads()
    block, cycle = gelu_fast.num_threads(before + 1), [generator(before + 2)]
    block.__enter__()
    next(cycle[0])
    cycle.append(cycle)
    assert gelu_fast.get_num_threads() == before + 2
    del cycle
    gc.collect()
    assert gelu_fast.get_num_threads() == before + 1
    del block
    gc.collect()
    assert gelu_fast.get_num_threads() == before


@needs_openmp
def test_one_object_more_than_once():
    before = gelu_fast.get_num_threads()
    block = gelu_fast.num_threads(before + 1)

    @block
    def recursive(depth):
        assert gelu_fast.get_num_threads() == before + 1
        return depth and recursive(depth - 1)

    for _ in range(2):
        with block:
            assert recursive(3) == 0
            with pytest.raises(RuntimeError, match="entered already"), block:
                pass
            assert gelu_fast.get_num_threads() == before + 1
        assert gelu_fast.get_num_threads() == before


class Callable:
    async def __call__(self):
        pass


async def asynchronous_generator():
    yield


@pytest.mark.parametrize(
    "function",
    [
        Callable().__call__, Callable(), generator, asynchronous_generator,
        staticmethod(generator), functools.partial(generator, 1),
    ],
)  # fmt: skip
def test_functions_that_run_later_are_not_decorated(function):
    with pytest.raises(TypeError, match="not coroutine or generator functions"):
        gelu_fast.num_threads(1)(function)


@pytest.mark.parametrize("n", [0, -1, 1025, 10**30])
def test_bad_count(n):
    with pytest.raises(ValueError, match="1 to 1024"):
        gelu_fast.set_num_threads(n)
    with pytest.raises(ValueError, match="1 to 1024"), gelu_fast.num_threads(n):
        pass


@pytest.mark.parametrize("n", [1.5, "2", None])
def test_count_is_an_integer(n):
    with pytest.raises(TypeError):
        gelu_fast.num_threads(n)
    if n is not None:
        with pytest.raises(TypeError):
            gelu_fast.set_num_threads(n)


@needs_openmp
def test_omp_num_threads(run_python):
    code = "import gelu_fast; print(gelu_fast.get_num_threads()); gelu_fast.show_config()"
    for n in ("1", "3"):
        result = run_python(code, env={**os.environ, "OMP_NUM_THREADS": n})
        assert result.stdout.split()[0] == n, result.stderr
        assert "OMP_NUM_THREADS" in result.stdout


@needs_openmp
def test_omp_num_threads_set_after_the_runtime_was_loaded(run_python):
    lines = [
        "import contextlib, ctypes, os",
        "with contextlib.suppress(OSError):",
        "    ctypes.CDLL('libgomp.so.1')",
        "os.environ['OMP_NUM_THREADS'] = '1'",
        "import gelu_fast; print(gelu_fast.get_num_threads())",
    ]
    assert run_python("\n".join(lines), env=environment_without_openmp()).stdout.split() == ["1"]


def environment_without_openmp(**more):
    names = ("OMP_", "GOMP_", "KMP_")
    return {k: v for k, v in os.environ.items() if not k.startswith(names)} | more


CPUS = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
needs_affinity = pytest.mark.skipif(
    not OPENMP or len(CPUS) < 2, reason="needs OpenMP, sched_getaffinity and two CPUs"
)
LIBGOMP = str(gelu_fast.show_config("dicts")["openmp"]).startswith("libgomp")


@needs_affinity
@pytest.mark.skipif(not LIBGOMP, reason="libomp accepts some of these values")
@pytest.mark.parametrize(
    ("value", "is_taken"),
    [
        *((f" {len(CPUS) + 1} ", True), (f"+{len(CPUS) + 1} , 2", True), ("5000", True)),
        *((value, False) for value in ("", " ", "0", "-3", "abc", "1e3", "0x4", "9" * 30)),
        *((f"{len(CPUS)}{rest}", False) for rest in ("abc", ",", ",0", ",,1", " 1", ",abc", ".0")),
    ],
)
def test_what_the_runtime_rejects_is_not_set(value, is_taken, run_python):
    """A rejected value does not count even if it starts with the runtime's default number."""
    code = "import os, gelu_fast; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
    code += "print(gelu_fast.get_num_threads())"
    result = run_python(code, env=environment_without_openmp(OMP_NUM_THREADS=value))
    expected = min(int(value.partition(",")[0]), 1024) if is_taken else 1
    assert result.stdout.split() == [str(expected)], result.stderr
    assert ("Invalid value" in result.stderr) is not is_taken


@needs_openmp
@pytest.mark.skipif(not LIBGOMP, reason="libomp aborts on such numbers")
@pytest.mark.parametrize("value", ["3000000000", "4294967296", "99999999999"])
def test_numbers_that_the_runtime_wraps(value, run_python):
    code = "import gelu_fast; print(gelu_fast.get_num_threads())"
    result = run_python(code, env=environment_without_openmp(OMP_NUM_THREADS=value))
    assert 1 <= int(result.stdout) <= (os.cpu_count() or 1)


@needs_affinity
def test_binding_is_no_limit(run_python):
    """Binding narrows this thread's affinity, not the number of CPUs available."""
    code = "import gelu_fast; print(gelu_fast.get_num_threads())"

    def count(name="", value="", **options):
        environment = environment_without_openmp(**({name: value} if name else {}))
        return int(run_python(code, env=environment, **options).stdout)

    expected = count()
    for value in ("true", "close", "spread", "master", "false"):
        assert count("OMP_PROC_BIND", value) == expected, value
    assert count("OMP_PLACES", "cores") == expected
    assert count("GOMP_CPU_AFFINITY", " ".join(map(str, CPUS))) == expected
    assert count("KMP_AFFINITY", "compact") == expected
    assert count("OMP_PLACES", f"{{{CPUS[0]}}}") == 1
    assert count("OMP_PLACES", f"{{{CPUS[0]}}},{{{CPUS[0]}}}") == 1
    assert count("OMP_PLACES", f"{{{CPUS[0]},{CPUS[1]}}},{{{CPUS[1]}}}") == 2
    assert count("GOMP_CPU_AFFINITY", f"{CPUS[0]} {CPUS[0]}") == 1

    def use_one_cpu():
        os.sched_setaffinity(0, CPUS[:1])

    assert count("OMP_PROC_BIND", "true", preexec_fn=use_one_cpu) == 1


def call_where_no_thread_can_be_created(threads):
    import resource

    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
    if os.getuid() == 0:  # the limit does not apply to root
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    with gelu_fast.num_threads(threads):
        gelu_fast.gelu(LARGE)


@pytest.mark.skipif(not os.path.exists("/proc/self/limits"), reason="needs Linux's RLIMIT_NPROC")
def test_one_thread_needs_no_other(run_function):
    """The remedy of docs/threads.md for processes that may not create threads works."""
    run_function(call_where_no_thread_can_be_created, 1)


@needs_openmp
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no sched_setaffinity")
def test_affinity(run_python):
    environment = environment_without_openmp()
    for when in ("before", "after"):
        lines = [
            "import os",
            "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})",
            "import gelu_fast",
        ]
        if when == "after":
            lines[1], lines[2] = lines[2], lines[1]
        lines.append("print(gelu_fast.get_num_threads())")
        assert run_python("\n".join(lines), env=environment).stdout.split() == ["1"]


@needs_openmp
def test_threadpoolctl():
    with gelu_fast.num_threads(2), threadpoolctl.threadpool_limits(1):
        assert gelu_fast.get_num_threads() == 1
    with threadpoolctl.threadpool_limits(1):
        assert gelu_fast.get_num_threads() == 1
        gelu_fast.gelu(LARGE)


def send_result(connection):
    connection.send((gelu_fast.get_num_threads(), gelu_fast.gelu(LARGE).tobytes()))
    connection.close()


@needs_fork
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_forked_child_after_a_threaded_call():
    with gelu_fast.num_threads(4):
        expected = gelu_fast.gelu(LARGE).tobytes()
        context = multiprocessing.get_context("fork")
        for _ in range(3):
            receiver, sender = context.Pipe(duplex=False)
            child = context.Process(target=send_result, args=(sender,))
            child.start()
            assert receiver.poll(60), "the child hangs"
            threads, result = receiver.recv()
            child.join(60)
            assert child.exitcode == 0
            assert threads == 1
            assert result == expected
        assert gelu_fast.gelu(LARGE).tobytes() == expected  # the parent still works


def test_gil_is_free_during_a_loop():
    x = np.resize(LARGE, 1 << 24)
    out = np.empty_like(x)
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(1e-3)

    thread = threading.Thread(target=tick)
    thread.start()
    gelu_fast.set_isa("baseline")  # the slowest: the call takes a few hundred milliseconds
    with gelu_fast.num_threads(1):
        start = time.perf_counter()
        gelu_fast.gelu(x, out=out)
        end = time.perf_counter()
    stop.set()
    thread.join()
    during = [t for t in ticks if start < t < end]
    assert len(during) >= 3, f"the other thread ran {len(during)} times in {end - start:.3f} s"


def test_many_python_threads_at_once():
    expected = gelu_fast.gelu(LARGE)
    wrong = []

    def work():
        for n in (1, 2, 3):
            with gelu_fast.num_threads(n):
                if not np.array_equal(gelu_fast.gelu(LARGE), expected):
                    wrong.append(n)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.skipif(
    not os.path.exists("/proc/self/statm") or "asan" in os.environ.get("LD_PRELOAD", ""),
    reason="needs Linux, and no AddressSanitizer, which holds on to freed memory",
)
def test_blocks_left_below_another_are_freed():
    """Blocks entered and left in any order, as by asyncio tasks, leak no memory."""

    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def overlap(count):
        last = gelu_fast.num_threads(1)
        last.__enter__()
        for _ in range(count):
            following = gelu_fast.num_threads(2)
            following.__enter__()
            last.__exit__(None, None, None)
            last = following
        last.__exit__(None, None, None)

    overlap(1000)
    before = resident()
    overlap(200_000)
    assert resident() - before < 3 << 20

"""Many Python threads at once: with the GIL, and without it on a free-threaded Python."""

import itertools
import json
import sys
import sysconfig
import threading

import numpy as np
import pytest

import gelu_fast

OPENMP = gelu_fast.show_config("dicts")["openmp"] is not None
THREADS = 4
# Some calls run on one thread, some start OpenMP threads, some are strided.
INPUTS = [
    np.linspace(-9, 9, 7),
    np.linspace(-9, 9, 3000, dtype=np.float32),
    np.linspace(-9, 9, 150_001, dtype=np.float32),
    np.linspace(-9, 9, 20_000, dtype=np.float16)[::-3],
    np.linspace(-9, 9, 200_000)[::2],
]


@pytest.fixture(autouse=True)
def _switch_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def run_at_once(*functions):
    """Run each function in its own thread, and raise the first exception of any of them."""
    barrier = threading.Barrier(len(functions))
    errors = []

    def run(function):
        try:
            barrier.wait(60)
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.mark.skipif(
    not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this Python is not free-threaded"
)
@pytest.mark.parametrize("others", ["", "import ml_dtypes"])
def test_import_leaves_the_gil_disabled(others, run_python):
    """With `others` empty ml_dtypes is blocked, because it might enable the GIL."""
    if others:
        pytest.importorskip("ml_dtypes")
    else:
        others = "sys.modules['ml_dtypes'] = None"
    result = run_python(
        "import sys, warnings; warnings.simplefilter('error')\n"
        f"import numpy; {others}\n"
        "before = sys._is_gil_enabled(); import gelu_fast.relaxed\n"
        "print(before, sys._is_gil_enabled())"
    )
    assert result.stdout.split() == ["False", "False"], result.stdout + result.stderr


def results():
    """Return the bytes of every function's results."""
    return [
        function(*[x] * function.nin).tobytes()
        for function in (gelu_fast.gelu, gelu_fast.gelu_tanh_backward, gelu_fast.relaxed.gelu)
        for x in INPUTS
    ]


def test_same_bits_while_others_set_isa_and_threads():
    isas = gelu_fast.available_isas()
    expected = []
    for isa in isas:
        gelu_fast.set_isa(isa)
        expected.append(results())
    allowed = [set(of_one_call) for of_one_call in zip(*expected, strict=True)]
    stop = threading.Event()

    def compute(n):
        for _ in range(10):
            with gelu_fast.num_threads(n):
                found = results()
                assert not OPENMP or gelu_fast.get_num_threads() == n
            for result, one_of in zip(found, allowed, strict=True):
                assert result in one_of

    def change():
        for isa, n in itertools.cycle(itertools.product(isas, (1, 2, 5))):
            if stop.is_set():
                break
            gelu_fast.set_isa(isa)
            gelu_fast.set_num_threads(n)
            config = gelu_fast.show_config("dicts")
            assert config["isa"] in isas
            assert not OPENMP or config["num_threads"] in (1, 2, 5)

    def compute_all():
        try:
            run_at_once(*(lambda n=n: compute(n % 4 + 1) for n in range(THREADS)))
        finally:
            stop.set()

    run_at_once(compute_all, change, change)


def test_first_imports_at_once(run_python):
    result = run_python(f"""
import threading, numpy as np
barrier, found = threading.Barrier({THREADS}), []
def work(k):
    barrier.wait(60)
    if k % 2:
        from gelu_fast import relaxed as module
    else:
        import gelu_fast as module
    x = np.linspace(-5, 5, 100_000, dtype=np.float32)
    found.append((k % 2, module.gelu(x).tobytes()))
    try:
        import ml_dtypes
    except ImportError:
        return
    if module.gelu(np.ones(3, ml_dtypes.bfloat16)).dtype != ml_dtypes.bfloat16:
        found.append("no bfloat16 loop")
threads = [threading.Thread(target=work, args=(k,)) for k in range({THREADS})]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(found), len(set(found)))
""")
    assert result.stderr == ""
    assert result.stdout.split() == [str(THREADS), "2"]


def test_first_call_does_not_undo_set_isa(run_python):
    """The first call chooses an ISA, but not over one that another thread sets meanwhile."""
    copies = 60
    result = run_python(f"""
import importlib.util, json, shutil, sys, tempfile, threading
from pathlib import Path
import numpy as np
import gelu_fast
sys.setswitchinterval(1e-6)
x = np.ones(3000)
left = []
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
    for k in range({copies}):  # each copy of the library makes its own first call
        path = Path(directory, str(k), Path(gelu_fast._core.__file__).name)
        path.parent.mkdir()
        shutil.copyfile(gelu_fast._core.__file__, path)
        spec = importlib.util.spec_from_file_location("gelu_fast._core", path)
        core = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(core)
        gelu = core.create_ufuncs(False, lambda *arguments: "")[0]["gelu"]
        barrier = threading.Barrier(2)
        def call():
            barrier.wait(60)
            gelu(x)
        thread = threading.Thread(target=call)
        thread.start()
        barrier.wait(60)
        core.set_isa("baseline")
        thread.join()
        left.append(core.isa())
print(json.dumps(left))
""")
    assert result.stderr == ""
    assert json.loads(result.stdout) == ["baseline"] * copies


def test_one_layer_in_many_threads():
    """A layer keeps the input of the last call by any thread, never a mixture of two."""
    layer = gelu_fast.GELU()
    x = np.linspace(-3, 3, 10)
    ones = np.ones_like(x)
    gradient = gelu_fast.gelu_backward(ones, x)

    def call():
        y = np.zeros(3)
        for _ in range(40_000):
            layer(x)
            layer(y, out=y)

    def differentiate():
        for _ in range(40_000):
            try:
                result = layer.backward(ones)
            except RuntimeError as error:
                assert "needs the input" in str(error)  # noqa: PT017
            else:
                assert np.array_equal(result, gradient)

    run_at_once(call, call, differentiate, differentiate)

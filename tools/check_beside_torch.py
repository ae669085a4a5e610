"""gelu_fast and PyTorch in one process: same results, threads of both at once, and what that costs.

    python tools/check_beside_torch.py gelu_fast     imported in this order
    python tools/check_beside_torch.py torch

Prints a hash of gelu_fast's results, the OpenMP runtimes that are loaded, and times per element.
"""

import argparse
import hashlib
import importlib
import statistics
import threading
import time
from collections.abc import Callable

import numpy as np
import threadpoolctl

SIZE = 1 << 20
TOLERANCE = 5e-6  # PyTorch's own error: 1.1e-6 at x = -3.47
THREADS, CALLS = 3, 8
TIMED_CALLS = 100


def sha(y: np.ndarray) -> str:
    return hashlib.sha256(y.tobytes()).hexdigest()[:16]


def nanoseconds(call: Callable[[], object], size: int) -> str:
    """Return the shortest and the median time per element."""
    times = []
    for _ in range(TIMED_CALLS):
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1e9 / size)
    return f"{min(times):.3f} (median {statistics.median(times):.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", choices=["gelu_fast", "torch"], help="what is imported first")
    first = parser.parse_args().first
    for name in (first, "torch", "gelu_fast"):
        importlib.import_module(name)
    import torch

    import gelu_fast

    x = (4 * np.random.default_rng(0).standard_normal(SIZE)).astype(np.float32)
    y = gelu_fast.gelu(x)
    expected = sha(y)
    x_torch = torch.from_numpy(x)

    def torch_gelu() -> np.ndarray:
        return torch.nn.functional.gelu(x_torch).numpy()

    np.testing.assert_allclose(torch_gelu(), y, rtol=0, atol=TOLERANCE)

    failures: list[str] = []

    def work() -> None:
        out = np.empty_like(x)
        for _ in range(CALLS):
            gelu_fast.gelu(x, out=out)
            if sha(out) != expected:
                failures.append("gelu_fast's bits changed")
            if np.abs(torch_gelu() - y).max() > TOLERANCE:
                failures.append("PyTorch's results changed")

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise SystemExit(f"{first} first: {sorted(set(failures))}")

    print(f"{first} first, gelu_fast's results {expected}")
    for pool in threadpoolctl.threadpool_info():
        if pool["user_api"] == "openmp":
            print(f"    {pool['filepath'].split('site-packages/')[-1]}")
    for size in (1 << 16, SIZE):
        x_numpy, x_part, out = x[:size], x_torch[:size], y[:size]
        ours = lambda x=x_numpy, out=out: gelu_fast.gelu(x, out=out)  # noqa: E731
        theirs = lambda x=x_part: torch.nn.functional.gelu(x)  # noqa: E731
        print(f"    {size:,} elements, ns each: gelu_fast {nanoseconds(ours, size)}", end=", ")
        print(f"PyTorch {nanoseconds(theirs, size)}", end=", ")
        print(f"one after the other {nanoseconds(lambda: (ours(), theirs()), size)}")  # noqa: B023


if __name__ == "__main__":
    main()

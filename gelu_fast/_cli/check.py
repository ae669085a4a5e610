"""``gelu-fast`` alone: what was chosen for this machine, a check, a short benchmark."""

import math
import time
from collections.abc import Callable

import numpy as np

import gelu_fast
from gelu_fast._bench.reference import FORMATS, is_near_root, references, ulp_bound, ulp_error


def _print_choices() -> None:
    config = gelu_fast.show_config("dicts") or {}
    print(f"gelu_fast {config['version']}")
    print(f"ISA:     {config['isa']} (available: {', '.join(config['available_isas'])})")
    print(f"threads: {config['num_threads']} ({config['num_threads_reason']})")


def _print_values() -> None:
    x = np.array([-3, -1, 0, 1, 3], np.float32)
    exact = references(np.frompyfunc(math.erfc, 1, 1))["gelu"](x.astype(np.float64))
    print("\n    x  gelu, float32   x * Phi(x)")
    for row in zip(x, gelu_fast.gelu(x), exact, strict=True):
        print("{:5g}  {:<14}  {}".format(*row))


def _check_accuracy() -> bool:
    print("\nAccuracy in float32, 100,000 inputs from -14 to 8:")
    x = np.linspace(-14, 8, 100_000, dtype=np.float32)
    passed = True
    for name, reference in references(np.frompyfunc(math.erfc, 1, 1)).items():
        error = ulp_error(
            getattr(gelu_fast, name)(x), reference(x.astype(np.float64)), *FORMATS["float32"]
        )
        error[is_near_root(name, x)] = 0
        i, bound = int(np.argmax(error)), ulp_bound(name, "float32")
        passed &= bool(error[i] <= bound)
        verdict = "ok" if error[i] <= bound else f"FAILED: above {bound}"
        print(f"  {name:16}  worst error {error[i]:.2f} ULP at x = {x[i]:.6g}  {verdict}")
    return passed


def _numpy_gelu_tanh(x: np.ndarray) -> object:
    return 0.5 * x * (1 + np.tanh(np.sqrt(np.float32(2 / np.pi)) * (x + 0.044715 * x * x * x)))


def _nanoseconds_per_element(function: Callable[[], object], count: int) -> float:
    times: list[float] = []
    deadline = time.perf_counter() + 0.3
    while len(times) < 5 or time.perf_counter() < deadline:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times) / count * 1e9


def _print_speed() -> None:
    x = np.random.default_rng(0).standard_normal(1 << 18, dtype=np.float32)
    out = np.empty_like(x)
    print(f"\nTime per element, float32, {x.size:,} elements, one thread:")
    with gelu_fast.num_threads(1):
        cases: list[tuple[str, Callable[[], object]]] = [
            ("gelu_fast.gelu(x, out=out)", lambda: gelu_fast.gelu(x, out=out)),
            ("gelu_fast.gelu_tanh(x, out=out)", lambda: gelu_fast.gelu_tanh(x, out=out)),
            ("the tanh form as a NumPy expression", lambda: _numpy_gelu_tanh(x)),
        ]
        for label, function in cases:
            print(f"  {label:36} {_nanoseconds_per_element(function, x.size):7.2f} ns")


def main() -> int:
    _print_choices()
    _print_values()
    passed = _check_accuracy()
    _print_speed()
    return 0 if passed else 1

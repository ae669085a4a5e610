"""One thread, float32, 262,144 elements, output buffer given: gelu_fast beside PyTorch and NumPy.

    pytest benchmarks
    pytest benchmarks --benchmark-json=docs/speed.json && python tools/update_readme.py

A group is one function; pytest-benchmark prints each rival's time relative to the fastest.
"""

import functools

import numpy as np
import pytest

import gelu_fast

COUNT = 262_144
FUNCTIONS = [
    "gelu",
    "gelu_backward",
    "gelu_tanh",
    "gelu_tanh_backward",
    "gelu_quick",
    "gelu_quick_backward",
]


def operands(name):
    rng = np.random.default_rng(1)
    x, grad = rng.standard_normal((2, COUNT), dtype=np.float32)
    return (grad, x) if name.endswith("_backward") else (x,)


def with_gelu_fast(name):
    out = np.empty(COUNT, np.float32)
    return functools.partial(getattr(gelu_fast, name), *operands(name), out=out)


def with_torch(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    torch.set_num_threads(1)
    arguments = [torch.from_numpy(operand) for operand in operands(name)]
    out = torch.empty(COUNT)
    if "quick" in name:
        pytest.skip("PyTorch has no quick form")
    approximate = "tanh" if "tanh" in name else "none"
    if name.endswith("_backward"):
        function = torch.ops.aten.gelu_backward.grad_input
        return functools.partial(function, *arguments, approximate=approximate, grad_input=out)
    return functools.partial(torch._C._nn.gelu, *arguments, approximate=approximate, out=out)


def with_numpy(name):
    """Call the expressions that people write, with scipy.special.erf for the exact form."""
    special = pytest.importorskip("scipy.special", reason="SciPy is not installed")
    root_half = np.float32(np.sqrt(0.5))
    linear, cubic = np.float32(np.sqrt(2 / np.pi)), np.float32(0.044715)

    def gelu(x):
        return 0.5 * x * (1 + special.erf(x * root_half))

    def gelu_tanh(x):
        return 0.5 * x * (1 + np.tanh(linear * (x + cubic * x * x * x)))

    def gelu_quick(x):
        return x / (1 + np.exp(np.float32(-1.702) * x))

    if name.endswith("_backward"):
        pytest.skip("no expression in common use")
    return functools.partial(locals()[name], *operands(name))


@pytest.mark.parametrize("rival", [with_gelu_fast, with_torch, with_numpy])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_speed(benchmark, name, rival):
    call = rival(name)
    benchmark.group = name
    benchmark.extra_info.update(
        function=name, rival=rival.__name__, isa=gelu_fast.isa(), elements=COUNT
    )
    benchmark(call)

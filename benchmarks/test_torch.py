"""gelu_fast.torch beside PyTorch's own GELU, both called as users call them.

pytest benchmarks/test_torch.py -k "1048576 and float32"

A group is a case; pytest-benchmark prints each library's time relative to the other's.
"""

import pytest

torch = pytest.importorskip("torch")
gelu_fast_torch = pytest.importorskip("gelu_fast.torch")

LIBRARIES = {"torch": torch.nn.functional.gelu, "gelu_fast": gelu_fast_torch.gelu}
TOLERANCES = {"float64": 1e-12, "float32": 1e-5, "bfloat16": 1e-1}
CASES = [
    *((1_048_576, dtype, approximate) for dtype in TOLERANCES for approximate in ("none", "tanh")),
    *((elements, "float32", "none") for elements in (1, 1024)),
]


def steps(function, x, grad):
    """Return what is timed, by name."""
    leaf = x.clone().requires_grad_()
    y = function(leaf)
    return {
        "forward": lambda: function(x),
        "backward": lambda: torch.autograd.grad(y, leaf, grad, retain_graph=True)[0],
        "both": lambda: torch.autograd.grad(function(leaf), leaf, grad)[0],
    }


@pytest.fixture(autouse=True)
def _torch_threads(threads):
    previous = torch.get_num_threads()
    torch.set_num_threads(threads)
    yield
    torch.set_num_threads(previous)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("step", ["forward", "backward", "both"])
@pytest.mark.parametrize(("elements", "dtype", "approximate"), CASES)
def test_torch(benchmark, elements, dtype, approximate, step, library, threads):
    generator = torch.Generator().manual_seed(0)
    x, grad = torch.randn(2, elements, generator=generator).to(getattr(torch, dtype))

    def call(library):
        function = LIBRARIES[library]
        return steps(lambda x: function(x, approximate=approximate), x, grad)[step]

    timed = call(library)
    wanted = call("torch")()
    torch.testing.assert_close(timed(), wanted, rtol=0, atol=TOLERANCES[dtype])
    benchmark.group = f"{step} {approximate} {dtype}, {elements} elements, {threads} threads"
    benchmark(timed)

"""Every function of every peer, on one thread, in the L2 cache.

pytest benchmarks -k float32

A group is a function and a dtype; pytest-benchmark prints each peer's time relative to the fastest.
The values are checked first, so that the right function is timed. The README's numbers come from
``python -m gelu_fast bench``, where the peers take turns.
"""

import numpy as np
import pytest

from gelu_fast._bench.cases import expected, l2_elements, operands
from gelu_fast._bench.peers import DTYPES, FUNCTIONS, FUSED, PEERS, Task, UnavailableError

# int8 results may be one step off: some peers compute them in float32.
TOLERANCES = {"float64": 1e-6, "float32": 2e-6, "float16": 3e-2, "bfloat16": 2e-1, "int8": 1}
COLUMNS = 256
CASES = [
    pytest.param(function, dtype, peer, id=f"{function}-{dtype}-{peer.name}")
    for function in (*FUNCTIONS, *FUSED)
    for dtype in (*DTYPES, "int8")
    for peer in PEERS.values()
    if (function, dtype) in peer.offers
]


@pytest.mark.parametrize(("function", "dtype", "peer"), CASES)
def test_speed(benchmark, function, dtype, peer):
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes", reason="ml_dtypes not installed")
    if reason := peer.missing():
        pytest.skip(f"{peer.label}: {reason}")
    x = operands(function, dtype, l2_elements(dtype), COLUMNS if function in FUSED else None)
    wanted = expected(function, x)
    for new in (True, False):
        try:
            prepared = peer.prepare(Task(function, x, new, threads=1))
        except UnavailableError as error:
            pytest.skip(f"{peer.label}: {error}")
        result = np.asarray(prepared.result())
        assert result.dtype == x[0].dtype
        wide = result.astype(np.float64)
        np.testing.assert_allclose(wide, wanted, rtol=0, atol=TOLERANCES[dtype])
    benchmark.group = f"{function} {dtype}"
    benchmark(prepared.call)

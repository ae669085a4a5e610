"""ONNX models with their own GELU, and with gelu_fast's in its place.

pytest benchmarks/test_onnx.py

magika's model is included if that package is installed.
"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
pytest.importorskip("onnxruntime_extensions")

from onnx.parser import parse_model  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402
from onnx.reference.op_run import OpRun  # noqa: E402

from gelu_fast.onnx import inference_session, reference_evaluator  # noqa: E402


class GlobalMaxPool(OpRun):
    """Replaces onnx 1.23.2's, which reduces the wrong one of three axes."""

    op_domain = ""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


def options(threads):
    found = onnxruntime.SessionOptions()
    found.intra_op_num_threads = threads
    return found


RUNNERS = {
    "ONNX Runtime": lambda model, threads: onnxruntime.InferenceSession(
        model.SerializeToString(), options(threads)
    ),
    "ONNX Runtime, gelu_fast": lambda model, threads: inference_session(model, options(threads)),
    "ReferenceEvaluator": lambda model, _: ReferenceEvaluator(model, new_ops=[GlobalMaxPool]),
    "ReferenceEvaluator, gelu_fast": lambda model, _: reference_evaluator(model, [GlobalMaxPool]),
}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("size", [1_000, 131_072, 1_000_000])
@pytest.mark.parametrize("approximate", ["none", "tanh"])
def test_gelu(benchmark, approximate, size, runner, threads):
    gelu = f'y = Gelu <approximate = "{approximate}"> (x)'
    header = '<ir_version: 8, opset_import: ["": 20]> gelu (float[n] x) => (float[n] y)'
    x = np.random.default_rng(0).standard_normal(size, np.float32)
    session = RUNNERS[runner](parse_model(f"{header} {{ {gelu} }}"), threads)
    benchmark.group = f"Gelu {approximate}, {size:,} elements, {threads} threads"
    benchmark(session.run, None, {"x": x})


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("files", [1, 8])
def test_magika(benchmark, files, runner, threads):
    if not (magika := find_spec("magika")):
        pytest.skip("magika not installed")
    (path,) = Path(magika.origin).parent.glob("models/*/model.onnx")
    x = np.random.default_rng(0).integers(0, 256, (files, 2048), np.int32)
    session = RUNNERS[runner](onnx.load(path), threads)
    benchmark.group = f"magika, {files} files, {threads} threads"
    benchmark(session.run, None, {"bytes": x})

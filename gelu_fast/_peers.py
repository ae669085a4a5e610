"""Every library that is compared with gelu_fast: one table, `PEERS`.

A peer is called in the form in which its users get the most out of it: compiled, warm, into a
buffer that is there already where the peer takes one. All peers read the same operands, and all
buffers that NumPy can give begin at a page, so that alignment favours nobody. Nothing is imported
before a peer is used.
"""

import functools
import importlib
import importlib.util
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

import gelu_fast
from gelu_fast._machine import available_cpus

Array: TypeAlias = NDArray[Any]

FUNCTIONS = ("gelu", "gelu_tanh", "gelu_quick", "gelu_backward", "gelu_tanh_backward")
DTYPES = ("float32", "float64", "float16", "bfloat16")

_PAGE = 4096
_ROOT_HALF = math.sqrt(0.5)
_LINEAR = math.sqrt(2 / math.pi)
_CUBIC = _LINEAR * 0.044715
_QUICK = 1.702
_DENSITY = 1 / math.sqrt(2 * math.pi)


class Task(NamedTuple):
    """What a peer is asked to do: `operands` are (x,) or (grad, x)."""

    function: str
    operands: tuple[Array, ...]
    new: bool
    threads: int


class Prepared(NamedTuple):
    """`call` is what is timed; `result` calls once and returns what came out."""

    call: Callable[[], object]
    result: Callable[[], Array]


class UnavailableError(Exception):
    """A peer that is installed cannot do what is asked on this machine."""


@dataclass(frozen=True)
class Peer:
    """A row of the table.

    Parameters
    ----------
    name, label : str
        For the command line, and for people.
    packages : tuple of str
        What has to be installed, by the names of import.
    offers : frozenset of (str, str)
        Pairs of function and dtype.
    prepare : callable
        Makes a `Prepared` of a `Task`; raises `UnavailableError`.
    """

    name: str
    label: str
    packages: tuple[str, ...]
    offers: frozenset[tuple[str, str]]
    prepare: Callable[[Task], Prepared]

    def missing(self) -> str | None:
        """Say which packages are not installed, or None."""
        names = [name for name in self.packages if not is_installed(name)]
        return f"{', '.join(names)} not installed" if names else None


def is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def dtype(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        name = importlib.import_module("ml_dtypes").bfloat16
    return np.dtype(name)


def page_aligned(count: int, kind: np.dtype[Any]) -> Array:
    """Return an uninitialized array that begins at a page."""
    memory = np.empty(count * kind.itemsize + _PAGE, np.uint8)
    start = -memory.ctypes.data % _PAGE
    return memory[start : start + count * kind.itemsize].view(kind)


def _like(x: Array) -> Array:
    return page_aligned(x.size, x.dtype)


def _approximate(function: str) -> str:
    return "tanh" if "tanh" in function else "none"


def _returning(call: Callable[[], Any]) -> Prepared:
    """Prepare a call that returns its result as an array."""
    return Prepared(call, call)


def _gelu_fast(module: str, task: Task) -> Prepared:
    gelu_fast.set_num_threads(task.threads)
    ufunc = getattr(importlib.import_module(module), task.function)
    if task.new:
        return _returning(functools.partial(ufunc, *task.operands))
    return _returning(functools.partial(ufunc, *task.operands, out=_like(task.operands[0])))


def _torch(task: Task) -> Prepared:
    torch = importlib.import_module("torch")
    torch.set_num_threads(task.threads)
    torch.set_grad_enabled(False)

    def tensor(array: Array) -> Any:
        if array.dtype.name == "bfloat16":  # which torch.from_numpy does not know
            return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
        return torch.from_numpy(array)

    def array(result: Any) -> Array:
        if result.dtype == torch.bfloat16:
            return np.asarray(result.view(torch.int16).numpy().view(dtype("bfloat16")))
        return np.asarray(result.numpy())

    operands = [tensor(operand) for operand in task.operands]
    out = tensor(_like(task.operands[0]))
    call: Callable[[], Any]
    if task.function == "gelu_quick":
        (x,) = operands

        def with_out() -> Any:
            torch.mul(x, _QUICK, out=out)
            return out.sigmoid_().mul_(x)

        call = (lambda: torch.sigmoid(x * _QUICK).mul_(x)) if task.new else with_out
    else:
        backward = task.function.endswith("_backward")
        if task.new:
            function = torch.ops.aten.gelu_backward if backward else torch._C._nn.gelu
            buffer = {}
        elif backward:
            function, buffer = torch.ops.aten.gelu_backward.grad_input, {"grad_input": out}
        else:
            function, buffer = torch._C._nn.gelu, {"out": out}
        approximate = _approximate(task.function)
        call = functools.partial(function, *operands, approximate=approximate, **buffer)
    return Prepared(call, lambda: array(call()))


# FastGelu is as fast as Gelu with approximate="tanh", and takes older models too.
_ONNX_OPERATORS: dict[str, tuple[str, str, dict[str, float]]] = {
    "gelu": ("Gelu", "", {}),
    "gelu_tanh": ("FastGelu", "com.microsoft", {}),
    "gelu_quick": ("QuickGelu", "com.microsoft", {"alpha": _QUICK}),
}


def _onnx_model(function: str, kind: np.dtype[Any]) -> bytes:
    onnx = importlib.import_module("onnx")
    helper = onnx.helper
    operator, domain, attributes = _ONNX_OPERATORS[function]
    node = helper.make_node(operator, ["x"], ["y"], domain=domain, **attributes)
    element = helper.np_dtype_to_tensor_dtype(kind)
    x, y = (helper.make_tensor_value_info(name, element, ["n"]) for name in "xy")
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    graph = helper.make_graph([node], "one operator", [x], [y])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return bytes(model.SerializeToString())


def _onnxruntime(task: Task) -> Prepared:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = task.threads
    options.inter_op_num_threads = 1
    (x,) = task.operands
    model = _onnx_model(task.function, x.dtype)
    session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    buffers = [runtime.OrtValue.ortvalue_from_numpy(array) for array in (x, _like(x))]
    binding.buffers = buffers  # it keeps addresses alone: the memory would go
    binding.bind_ortvalue_input("x", buffers[0])
    if task.new:
        binding.bind_output("y", "cpu")
    else:
        binding.bind_ortvalue_output("y", buffers[1])
    call = functools.partial(session.run_with_iobinding, binding)

    def result() -> Array:
        call()
        return np.array(binding.get_outputs()[0].numpy())  # a copy: the view keeps nothing alive

    return Prepared(call, result)


@functools.cache
def _jax_and_its_threads() -> tuple[Any, int]:
    """Start JAX, whose thread pool has a thread for every CPU of the affinity at this moment.

    Nothing else sizes the pool: --xla_cpu_multi_thread_eigen=false leaves it as it is. With a pool
    of one, XLA splits no loop either. On one CPU asynchronous dispatch would pay for a change of
    threads in every call, three times the work itself for 1,024 elements.
    """
    cpus = len(available_cpus())
    jax = importlib.import_module("jax")
    jax.config.update("jax_platforms", "cpu")
    jax.config.update("jax_cpu_enable_async_dispatch", cpus > 1)
    jax.config.update("jax_enable_x64", True)
    jax.devices()
    return jax, cpus


def _jax(task: Task) -> Prepared:
    jax, threads = _jax_and_its_threads()
    if threads != task.threads:
        raise UnavailableError(
            f"started with {threads} CPUs, cannot be held to {task.threads} threads"
        )

    def quick(x: Any) -> Any:
        return x * jax.nn.sigmoid(_QUICK * x)

    def function(x: Any) -> Any:
        if task.function == "gelu_quick":
            return quick(x)
        return jax.nn.gelu(x, approximate="tanh" in task.function)

    def backward(grad: Any, x: Any) -> Any:
        return jax.vjp(function, x)[1](grad)[0]

    compiled = jax.jit(backward if task.function.endswith("_backward") else function)
    operands = [jax.device_put(operand) for operand in task.operands]

    def call() -> Any:
        return compiled(*operands).block_until_ready()

    return Prepared(call, lambda: np.asarray(call()))


def _tflite_model(count: int, tanh: bool) -> bytes:
    """Return a TFLite model of one GELU, made without TensorFlow."""
    flatbuffers = importlib.import_module("flatbuffers")
    schema = importlib.import_module("ai_edge_litert.schema_py_generated")

    def tensor(name: str) -> Any:
        made = schema.TensorT()
        made.name, made.shape, made.type = name, [count], schema.TensorType.FLOAT32
        return made

    code = schema.OperatorCodeT()
    code.builtinCode = schema.BuiltinOperator.GELU
    # Old readers look here, where codes past 127 do not fit and 127 stands for all of them.
    code.deprecatedBuiltinCode = 127
    code.version = 1
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = [0], [1]
    operator.builtinOptionsType = schema.BuiltinOptions.GeluOptions
    operator.builtinOptions = schema.GeluOptionsT()
    operator.builtinOptions.approximate = tanh
    graph = schema.SubGraphT()
    graph.tensors, graph.operators = [tensor("x"), tensor("y")], [operator]
    graph.inputs, graph.outputs = [0], [1]
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes, model.subgraphs, model.buffers = [code], [graph], [schema.BufferT()]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _litert(task: Task) -> Prepared:
    """LiteRT owns its buffers: the operand lies in its input before the call is timed."""
    litert = importlib.import_module("ai_edge_litert.interpreter")
    (x,) = task.operands
    model = _tflite_model(x.size, "tanh" in task.function)
    interpreter = litert.Interpreter(model_content=model, num_threads=task.threads)
    interpreter.allocate_tensors()
    if not any(node["op_name"] == "DELEGATE" for node in interpreter._get_ops_details()):
        raise UnavailableError("XNNPACK does not take the operator in this build of LiteRT")
    interpreter.set_tensor(0, x)

    def result() -> Array:
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(1))

    return Prepared(result if task.new else interpreter.invoke, result)


_NUMEXPR_EXPRESSIONS = {
    "gelu_tanh": "half * x * (1 + tanh(x * (linear + cubic * x * x)))",
    "gelu_quick": "x / (1 + exp(minus_quick * x))",
    "gelu_tanh_backward": (
        "half * grad * (1 + tanh(x * (linear + cubic * x * x))"
        " + x * (1 - tanh(x * (linear + cubic * x * x)) ** 2) * (linear + slope * x * x))"
    ),
}
_NUMEXPR_CONSTANTS = {
    "half": 0.5,
    "linear": _LINEAR,
    "cubic": _CUBIC,
    "slope": 3 * _CUBIC,
    "minus_quick": -_QUICK,
}


def _numexpr(task: Task) -> Prepared:
    numexpr = importlib.import_module("numexpr")
    numexpr.set_num_threads(task.threads)
    expression = _NUMEXPR_EXPRESSIONS[task.function]
    real = task.operands[0].dtype
    # Operands, since a constant in the text would make the result float64.
    constants = {k: v for k, v in _NUMEXPR_CONSTANTS.items() if k in expression}
    names = [*(("grad", "x") if "grad" in expression else ("x",)), *constants]
    kind = float if real == np.float32 else np.float64  # numexpr's word for float32 is float
    compiled = numexpr.NumExpr(expression, [(name, kind) for name in names])
    operands = [*task.operands, *(np.array(value, real) for value in constants.values())]
    buffer = {} if task.new else {"out": _like(task.operands[0])}
    return _returning(functools.partial(compiled, *operands, ex_uses_vml=False, **buffer))


@functools.cache
def _numba_function(function: str, kind: str, parallel: bool) -> Any:
    numba = importlib.import_module("numba")
    real = np.dtype(kind).type
    # Constants of the operands' type: a Python float would turn float32 into float64.
    half, one, root_half = real(0.5), real(1), real(_ROOT_HALF)
    linear, cubic, slope = real(_LINEAR), real(_CUBIC), real(3 * _CUBIC)
    density, minus_half, minus_quick = real(_DENSITY), real(-0.5), real(-_QUICK)

    def gelu(x: Any) -> Any:
        return half * x * (one + math.erf(x * root_half))

    def gelu_tanh(x: Any) -> Any:
        return half * x * (one + math.tanh(x * (linear + cubic * x * x)))

    def gelu_quick(x: Any) -> Any:
        return x / (one + math.exp(minus_quick * x))

    def gelu_backward(grad: Any, x: Any) -> Any:
        bell = density * math.exp(minus_half * x * x)
        return grad * (half * (one + math.erf(x * root_half)) + x * bell)

    def gelu_tanh_backward(grad: Any, x: Any) -> Any:
        t = math.tanh(x * (linear + cubic * x * x))
        return half * grad * (one + t + x * (one - t * t) * (linear + slope * x * x))

    # error_model="numpy" leaves out the check for a division by zero.
    scalar = numba.njit(error_model="numpy")(locals()[function])

    def unary(x: Any, out: Any) -> Any:
        for i in numba.prange(x.size):
            out[i] = scalar(x[i])
        return out

    def binary(grad: Any, x: Any, out: Any) -> Any:
        for i in numba.prange(x.size):
            out[i] = scalar(grad[i], x[i])
        return out

    loop = binary if function.endswith("_backward") else unary
    return numba.njit(error_model="numpy", parallel=parallel)(loop)


def _numba(task: Task) -> Prepared:
    numba = importlib.import_module("numba")
    parallel = task.threads > 1
    if parallel:
        numba.set_num_threads(task.threads)
    x = task.operands[0]
    function = _numba_function(task.function, x.dtype.name, parallel)
    if task.new:
        return _returning(lambda: function(*task.operands, np.empty_like(x)))
    return _returning(functools.partial(function, *task.operands, _like(x)))


@functools.cache
def _numpy_function(function: str) -> Callable[..., Array]:
    erf = importlib.import_module("scipy.special").erf

    def tanh(x: Array, out: Array) -> None:
        np.multiply(x, x, out=out)
        out *= _CUBIC
        out += _LINEAR
        out *= x
        np.tanh(out, out=out)

    def gelu(x: Array, out: Array) -> Array:
        np.multiply(x, _ROOT_HALF, out=out)
        erf(out, out=out)
        out += 1
        out *= x
        out *= 0.5
        return out

    def gelu_tanh(x: Array, out: Array) -> Array:
        tanh(x, out)
        out += 1
        out *= x
        out *= 0.5
        return out

    def gelu_quick(x: Array, out: Array) -> Array:
        np.multiply(x, -_QUICK, out=out)
        np.exp(out, out=out)
        out += 1
        np.divide(x, out, out=out)
        return out

    def gelu_backward(grad: Array, x: Array, out: Array, bell: Array) -> Array:
        np.multiply(x, x, out=bell)
        bell *= -0.5
        np.exp(bell, out=bell)
        bell *= x
        bell *= _DENSITY
        np.multiply(x, _ROOT_HALF, out=out)
        erf(out, out=out)
        out += 1
        out *= 0.5
        out += bell
        out *= grad
        return out

    def gelu_tanh_backward(grad: Array, x: Array, out: Array, t: Array) -> Array:
        tanh(x, t)
        # x (linear + 3 cubic x^2), times 1 + t, times 1 - t, plus 1 + t: no third buffer.
        np.multiply(x, x, out=out)
        out *= 3 * _CUBIC
        out += _LINEAR
        out *= x
        t += 1
        out *= t
        np.subtract(2, t, out=t)
        out *= t
        np.subtract(2, t, out=t)
        out += t
        out *= grad
        out *= 0.5
        return out

    functions: dict[str, Callable[..., Array]] = {
        "gelu": gelu,
        "gelu_tanh": gelu_tanh,
        "gelu_quick": gelu_quick,
        "gelu_backward": gelu_backward,
        "gelu_tanh_backward": gelu_tanh_backward,
    }
    return functions[function]


def _numpy(task: Task) -> Prepared:
    """NumPy and SciPy run on one thread, whatever is asked."""
    function = _numpy_function(task.function)
    x = task.operands[0]
    work = [_like(x)] if task.function.endswith("_backward") else []
    out = _like(x)

    def call() -> Array:
        return function(*task.operands, np.empty_like(x) if task.new else out, *work)

    def result() -> Array:
        with np.errstate(all="ignore"):  # the expressions overflow at large |x|
            return call()

    return Prepared(call, result)


def _offers(*pairs: tuple[tuple[str, ...], tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    return frozenset((f, d) for functions, dtypes in pairs for f in functions for d in dtypes)


_VALUES = ("gelu", "gelu_tanh", "gelu_quick")
_REAL = ("float32", "float64")

PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "gelu_fast",
            "gelu_fast",
            (),
            _offers((FUNCTIONS, DTYPES)),
            functools.partial(_gelu_fast, "gelu_fast"),
        ),
        Peer(
            "relaxed",
            "gelu_fast.relaxed",
            ("gelu_fast.relaxed",),
            _offers((FUNCTIONS, DTYPES)),
            functools.partial(_gelu_fast, "gelu_fast.relaxed"),
        ),
        Peer(
            "litert",
            "LiteRT (XNNPACK)",
            ("ai_edge_litert", "flatbuffers"),
            _offers((("gelu", "gelu_tanh"), ("float32",))),
            _litert,
        ),
        Peer("torch", "PyTorch", ("torch",), _offers((FUNCTIONS, DTYPES)), _torch),
        Peer(
            "onnxruntime",
            "ONNX Runtime",
            ("onnxruntime", "onnx"),
            # Its exact form in float64 has no kernel.
            _offers((_VALUES, ("float32", "float16")), (_VALUES[1:], ("float64",))),
            _onnxruntime,
        ),
        Peer("jax", "JAX", ("jax",), _offers((FUNCTIONS, DTYPES)), _jax),
        Peer(
            "numexpr",
            "numexpr",
            ("numexpr",),
            _offers((tuple(_NUMEXPR_EXPRESSIONS), _REAL)),
            _numexpr,
        ),
        Peer("numba", "Numba", ("numba",), _offers((FUNCTIONS, _REAL)), _numba),
        Peer(
            "numpy",
            "NumPy, SciPy",
            ("scipy",),
            _offers((FUNCTIONS, (*_REAL, "float16"))),
            _numpy,
        ),
    )
}

"""The libraries that gelu_fast is compared with, in one table, `PEERS`.

A peer is called in the way that is fastest for its users: compiled, warm, and into an existing
buffer if it takes one. All peers read the same operands, and all buffers that NumPy allocates begin
at a page, so that alignment favours nobody. Nothing is imported before a peer is used.
"""

import ctypes
import functools
import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

import gelu_fast
from gelu_fast._bench.machine import available_cpus
from gelu_fast._optional import is_installed

Array: TypeAlias = NDArray[Any]

FUNCTIONS = ("gelu", "gelu_tanh", "gelu_quick", "gelu_backward", "gelu_tanh_backward")
FUSED = ("bias_gelu", "geglu", "gelu_value_and_grad")
DTYPES = ("float32", "float64", "float16", "bfloat16")
# Scale and zero point of the int8 input, then of the int8 result.
QUANTIZATION = (0.05, 3, 0.04, -7)

_PAGE = 4096
_ROOT_HALF = math.sqrt(0.5)
_LINEAR = math.sqrt(2 / math.pi)
_CUBIC = _LINEAR * 0.044715
_QUICK = 1.702
_DENSITY = 1 / math.sqrt(2 * math.pi)


class Task(NamedTuple):
    """What a peer is asked to do, with the operands of the function in gelu_fast.

    Those of `geglu` are the halves of one array, as a linear layer leaves them.
    """

    function: str
    operands: tuple[Array, ...]
    new: bool
    threads: int


class Prepared(NamedTuple):
    """`call` is timed; `result` calls once and returns the result, or a tuple of two."""

    call: Callable[[], object]
    result: Callable[[], Array | tuple[Array, ...]]


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
        What has to be installed, by the names of import, or of a distribution without a module.
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
        names = [
            name for name in self.packages
            if not (is_installed(name) or any(metadata.distributions(name=name)))
        ]  # fmt: skip
        return f"{', '.join(names)} not installed" if names else None


def installed(words: Sequence[str]) -> list[Peer]:
    """Return the peers that are named, or all that are installed if there are no words.

    Raises
    ------
    ImportError
        If one that is named is not installed.
    """
    named = [PEERS[word] for word in words]
    for peer in named:
        if reason := peer.missing():
            raise ImportError(f"{peer.label}: {reason}")
    return named or [p for p in PEERS.values() if p.packages and p.missing() is None]


def numpy_dtype(name: str) -> np.dtype[Any]:
    if name == "bfloat16":
        name = importlib.import_module("ml_dtypes").bfloat16
    return np.dtype(name)


def page_aligned(count: int, kind: np.dtype[Any]) -> Array:
    """Return an uninitialized array aligned to a page."""
    memory = np.empty(count * kind.itemsize + _PAGE, np.uint8)
    start = -memory.ctypes.data % _PAGE
    return memory[start : start + count * kind.itemsize].view(kind)


def quantize(x: Array, scale: float, zero_point: float) -> Array:
    """Return quantized numbers in the dtype of x."""
    return np.clip(np.rint(x / scale) + zero_point, -128, 127)


def outputs(function: str) -> int:
    """Return the number of results of a function."""
    return int(getattr(gelu_fast, function).nout)


def _like(x: Array) -> Array:
    return page_aligned(x.size, x.dtype).reshape(x.shape)


def _contiguous(x: Array) -> Array:
    made = _like(x)
    made[...] = x
    return made


def _approximate(function: str) -> str:
    return "tanh" if "tanh" in function else "none"


def _returning(call: Callable[[], Any]) -> Prepared:
    """Prepare a call that returns its result as an array."""
    return Prepared(call, call)


def _with_buffers(task: Task, function: Callable[..., Any], *work: Array) -> Callable[[], Any]:
    """Prepare function(*operands, *outs, *work), with new outs each time if the task says so."""
    x = task.operands[0]
    outs = [_like(x) for _ in range(outputs(task.function))]
    if task.new:
        return lambda: function(*task.operands, *(np.empty_like(out) for out in outs), *work)
    return functools.partial(function, *task.operands, *outs, *work)


def _gelu_fast(module: str, task: Task) -> Prepared:
    gelu_fast.set_num_threads(task.threads)
    x = task.operands[0]
    function: Callable[..., Any] = getattr(importlib.import_module(module), task.function)
    if x.dtype == np.int8:
        function = gelu_fast.QuantizedGELU(*QUANTIZATION)
    if task.new:
        return _returning(functools.partial(function, *task.operands))
    outs = tuple(_like(x) for _ in range(outputs(task.function)))
    out = outs if len(outs) > 1 else outs[0]
    return _returning(functools.partial(function, *task.operands, out=out))


def _unfused(task: Task) -> Prepared:
    """NumPy's additions and multiplications always run on one thread."""
    gelu_fast.set_num_threads(task.threads)

    def bias_gelu(x: Array, bias: Array, out: Array) -> Array:
        np.add(x, bias, out=out)
        gelu_fast.gelu(out, out=out)
        return out

    def geglu(gate: Array, up: Array, out: Array) -> Array:
        gelu_fast.gelu(gate, out=out)
        np.multiply(out, up, out=out)
        return out

    def gelu_value_and_grad(x: Array, value: Array, grad: Array) -> tuple[Array, ...]:
        gelu_fast.gelu(x, out=value)
        gelu_fast.gelu_grad(x, out=grad)
        return value, grad

    return _returning(_with_buffers(task, locals()[task.function]))


def _torch(task: Task) -> Prepared:
    torch = importlib.import_module("torch")
    torch.set_num_threads(task.threads)

    def tensor(array: Array) -> Any:
        if array.dtype.name == "bfloat16":  # which torch.from_numpy does not know
            return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
        return torch.from_numpy(array)

    def array(result: Any) -> Array:
        if result.dtype == torch.bfloat16:
            return np.asarray(result.view(torch.int16).numpy().view(numpy_dtype("bfloat16")))
        return np.asarray(result.numpy())

    operands = [tensor(operand) for operand in task.operands]
    out, *others = (tensor(_like(task.operands[0])) for _ in range(outputs(task.function)))
    call: Callable[[], Any]
    if task.function in FUSED:
        call = _torch_fused(task, operands, out, *others)
    elif task.function == "gelu_quick":
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
    if others:
        return Prepared(call, lambda: tuple(map(array, call())))
    return Prepared(call, lambda: array(call()))


def _torch_fused(task: Task, operands: list[Any], out: Any, *others: Any) -> Callable[[], Any]:
    """PyTorch has no fused functions; these are the expressions that its users write."""
    torch = importlib.import_module("torch")
    gelu, gelu_backward = torch._C._nn.gelu, torch.ops.aten.gelu_backward
    if task.function == "bias_gelu":
        x, bias = operands
        if task.new:
            return lambda: gelu(x + bias)
        return lambda: torch.ops.aten.gelu_(torch.add(x, bias, out=out))
    if task.function == "geglu":
        gate, up = operands
        return (lambda: gelu(gate) * up) if task.new else (lambda: gelu(gate, out=out).mul_(up))
    (x,) = operands
    ones = torch.ones_like(x)
    if task.new:
        return lambda: (gelu(x), gelu_backward(ones, x))
    return lambda: (gelu(x, out=out), gelu_backward.grad_input(ones, x, grad_input=others[0]))


class _Node(NamedTuple):
    """A node of an ONNX graph, each tensor named by one letter: x and b come in, y goes out."""

    operator: str
    inputs: str
    output: str
    domain: str = ""
    attributes: Mapping[str, float] = {}


# FastGelu is as fast as Gelu with approximate="tanh", and works in older models too.
_ONNX_GRAPHS = {
    "gelu": (_Node("Gelu", "x", "y"),),
    "gelu_tanh": (_Node("FastGelu", "x", "y", "com.microsoft"),),
    "gelu_quick": (_Node("QuickGelu", "x", "y", "com.microsoft", {"alpha": _QUICK}),),
    "bias_gelu": (_Node("BiasGelu", "xb", "y", "com.microsoft"),),
    "geglu": (_Node("Gelu", "x", "t"), _Node("Mul", "tb", "y")),
}
_ONNX_INT8 = (
    _Node("DequantizeLinear", "xsz", "t"),
    _Node("Gelu", "t", "u"),
    _Node("QuantizeLinear", "uSZ", "y"),
)


def _onnx_model(function: str, operands: Sequence[Array]) -> bytes:
    onnx = importlib.import_module("onnx")
    helper = onnx.helper
    x = operands[0]
    quantized = x.dtype == np.int8
    nodes = [
        helper.make_node(node.operator, [*node.inputs], [node.output], domain=node.domain,
                         **node.attributes)
        for node in (_ONNX_INT8 if quantized else _ONNX_GRAPHS[function])
    ]  # fmt: skip
    constants = zip("szSZ", QUANTIZATION, (np.float32, np.int8) * 2, strict=True)
    initializers = [
        onnx.numpy_helper.from_array(np.array(value, kind), name) for name, value, kind in constants
    ]
    element = helper.np_dtype_to_tensor_dtype(x.dtype)
    *inputs, y = (
        helper.make_tensor_value_info(name, element, [None] * array.ndim)
        for name, array in (*zip("xb", operands, strict=False), ("y", x))
    )
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
    graph = helper.make_graph(nodes, function, inputs, [y], initializers if quantized else [])
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    return bytes(model.SerializeToString())


def _onnxruntime(task: Task) -> Prepared:
    runtime = importlib.import_module("onnxruntime")
    options = runtime.SessionOptions()
    options.intra_op_num_threads = task.threads
    options.inter_op_num_threads = 1
    model = _onnx_model(task.function, task.operands)
    session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    # It takes no slices, so the halves of geglu's operand are copied untimed, which favours it.
    arrays = [*map(_contiguous, task.operands), _like(task.operands[0])]
    *inputs, out = map(runtime.OrtValue.ortvalue_from_numpy, arrays)
    binding.buffers = [*inputs, out]  # it keeps only the addresses, and the memory would be freed
    for name, value in zip("xb", inputs, strict=False):
        binding.bind_ortvalue_input(name, value)
    if task.new:
        binding.bind_output("y", "cpu")
    else:
        binding.bind_ortvalue_output("y", out)
    call = functools.partial(session.run_with_iobinding, binding)

    def result() -> Array:
        call()
        return np.array(
            binding.get_outputs()[0].numpy()
        )  # a copy, as the view does not keep the memory alive

    return Prepared(call, result)


@functools.cache
def _jax_and_its_threads() -> tuple[Any, int]:
    """Start JAX, whose thread pool has a thread for every CPU of the affinity at this moment.

    Nothing else changes its size, not even --xla_cpu_multi_thread_eigen=false. With a pool of one,
    XLA splits no loop. On one CPU, asynchronous dispatch would switch threads in every call, which
    takes three times as long as the work itself for 1,024 elements.
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

    def value_and_grad(x: Any) -> Any:
        value, pull_back = jax.vjp(function, x)
        return value, pull_back(jax.numpy.ones_like(x))[0]

    fused = {
        "bias_gelu": lambda x, bias: function(x + bias),
        "geglu": lambda gate, up: function(gate) * up,
        "gelu_value_and_grad": value_and_grad,
    }
    other = backward if task.function.endswith("_backward") else function
    compiled = jax.jit(fused.get(task.function, other))
    # Its arrays are contiguous, so geglu's halves are copied untimed, which favours it.
    operands = [jax.device_put(operand) for operand in task.operands]

    def call() -> Any:
        return compiled(*operands).block_until_ready()

    def call_for_two() -> Any:
        return [result.block_until_ready() for result in compiled(*operands)]

    if outputs(task.function) > 1:
        return Prepared(call_for_two, lambda: tuple(map(np.asarray, call_for_two())))
    return Prepared(call, lambda: np.asarray(call()))


def _tflite_model(count: int, tanh: bool, quantized: bool) -> bytes:
    """Return a TFLite model of one GELU, made without TensorFlow."""
    flatbuffers = importlib.import_module("flatbuffers")
    schema = importlib.import_module("ai_edge_litert.schema_py_generated")

    def tensor(name: str, scale: float, zero_point: float) -> Any:
        made = schema.TensorT()
        made.name, made.shape, made.type = name, [count], schema.TensorType.FLOAT32
        if quantized:
            made.type = schema.TensorType.INT8
            made.quantization = schema.QuantizationParametersT()
            made.quantization.scale, made.quantization.zeroPoint = [scale], [zero_point]
        return made

    code = schema.OperatorCodeT()
    code.builtinCode = schema.BuiltinOperator.GELU
    # Old readers look here; 127 means a code that does not fit.
    code.deprecatedBuiltinCode = 127
    code.version = 2 if quantized else 1
    operator = schema.OperatorT()
    operator.inputs, operator.outputs = [0], [1]
    operator.builtinOptionsType = schema.BuiltinOptions.GeluOptions
    operator.builtinOptions = schema.GeluOptionsT()
    operator.builtinOptions.approximate = tanh
    graph = schema.SubGraphT()
    graph.tensors = [tensor("x", *QUANTIZATION[:2]), tensor("y", *QUANTIZATION[2:])]
    graph.operators = [operator]
    graph.inputs, graph.outputs = [0], [1]
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes, model.subgraphs, model.buffers = [code], [graph], [schema.BufferT()]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _litert(task: Task) -> Prepared:
    """LiteRT owns its buffers: the operand is copied into its input before the timing."""
    litert = importlib.import_module("ai_edge_litert.interpreter")
    (x,) = task.operands
    quantized = x.dtype == np.int8
    model = _tflite_model(x.size, "tanh" in task.function, quantized)
    interpreter = litert.Interpreter(model_content=model, num_threads=task.threads)
    interpreter.allocate_tensors()
    # int8 is looked up by LiteRT itself.
    delegated = any(node["op_name"] == "DELEGATE" for node in interpreter._get_ops_details())
    if not (delegated or quantized):
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


def _mkl(mode: int, task: Task) -> Prepared:
    """Prepare Intel MKL's distribution function of the normal distribution, times x."""
    files = metadata.files("mkl") or []
    paths = [file.locate() for file in files if file.name.startswith(("libmkl_rt", "mkl_rt"))]
    if not paths:
        raise UnavailableError("the distribution mkl has no mkl_rt")
    library = ctypes.CDLL(str(paths[0]))
    library.MKL_Set_Num_Threads(task.threads)
    letter = "s" if task.operands[0].dtype == np.float32 else "d"
    distribution, multiply = (library[f"vm{letter}{name}"] for name in ("CdfNorm", "Mul"))
    pointer = ctypes.c_void_p
    distribution.argtypes = [ctypes.c_int, pointer, pointer, ctypes.c_int64]
    multiply.argtypes = [ctypes.c_int, pointer, pointer, pointer, ctypes.c_int64]

    def gelu(x: Array, out: Array) -> Array:
        start, result = x.ctypes.data, out.ctypes.data
        distribution(x.size, start, result, mode)
        multiply(x.size, start, result, result, mode)
        return out

    return _returning(_with_buffers(task, gelu))


def _numexpr(task: Task) -> Prepared:
    numexpr = importlib.import_module("numexpr")
    numexpr.set_num_threads(task.threads)
    expression = _NUMEXPR_EXPRESSIONS[task.function]
    real = task.operands[0].dtype
    # As operands, since constants in the expression would make the result float64.
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
    # Constants have the operands' type, as a Python float would turn float32 into float64.
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
def _numpy_function(function: str) -> Callable[..., Any]:
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

    def bias_gelu(x: Array, bias: Array, out: Array, total: Array) -> Array:
        np.add(x, bias, out=total)
        return gelu(total, out)

    def geglu(gate: Array, up: Array, out: Array) -> Array:
        gelu(gate, out)
        out *= up
        return out

    def gelu_value_and_grad(x: Array, value: Array, grad: Array) -> tuple[Array, ...]:
        np.multiply(x, x, out=grad)
        grad *= -0.5
        np.exp(grad, out=grad)
        grad *= x
        grad *= _DENSITY
        np.multiply(x, _ROOT_HALF, out=value)
        erf(value, out=value)
        value += 1
        value *= 0.5
        grad += value
        value *= x
        return value, grad

    found: Callable[..., Any] = locals()[function]
    return found


def _numpy_look_up(x: Array, out: Array) -> Array:
    # mode="raise" would go through a buffer; no index is out of bounds.
    np.take(_numpy_table(), x.view(np.uint8), out=out, mode="clip")
    return out


@functools.cache
def _numpy_table() -> Array:
    """Return the int8 results by the bits of the input."""
    scale, zero_point, *output = QUANTIZATION
    x = scale * (np.arange(256, dtype=np.uint8).view(np.int8) - float(zero_point))
    y: Array = _numpy_function("gelu")(x, np.empty_like(x))
    return quantize(y, *output).astype(np.int8)


def _numpy(task: Task) -> Prepared:
    """NumPy and SciPy always run on one thread."""
    x = task.operands[0]
    function = _numpy_look_up if x.dtype == np.int8 else _numpy_function(task.function)
    needs_more = task.function == "bias_gelu" or task.function.endswith("_backward")
    call = _with_buffers(task, function, *([_like(x)] if needs_more else []))

    def result() -> Any:
        with np.errstate(all="ignore"):  # the expressions overflow at large |x|
            return call()

    return Prepared(call, result)


def _offers(*pairs: tuple[tuple[str, ...], tuple[str, ...]]) -> frozenset[tuple[str, str]]:
    return frozenset((f, d) for functions, dtypes in pairs for f in functions for d in dtypes)


_VALUES = ("gelu", "gelu_tanh", "gelu_quick")
_REAL = ("float32", "float64")
_INT8 = (("gelu",), ("int8",))

PEERS = {
    peer.name: peer
    for peer in (
        Peer(
            "gelu_fast",
            "gelu_fast",
            (),
            _offers(((*FUNCTIONS, *FUSED), DTYPES), _INT8),
            functools.partial(_gelu_fast, "gelu_fast"),
        ),
        Peer(
            "relaxed",
            "gelu_fast.relaxed",
            ("gelu_fast.relaxed",),
            _offers(((*_VALUES, "bias_gelu", "geglu"), DTYPES)),
            functools.partial(_gelu_fast, "gelu_fast.relaxed"),
        ),
        Peer(
            "correctly_rounded",
            "gelu_fast.correctly_rounded",
            ("gelu_fast.correctly_rounded",),
            _offers((_VALUES, ("float32",))),
            functools.partial(_gelu_fast, "gelu_fast.correctly_rounded"),
        ),
        Peer(
            "unfused",
            "gelu_fast, a call for each step",
            (),
            _offers((FUSED, DTYPES)),
            _unfused,
        ),
        Peer(
            "litert",
            "LiteRT (XNNPACK)",
            ("ai_edge_litert", "flatbuffers"),
            _offers((("gelu", "gelu_tanh"), ("float32",)), _INT8),
            _litert,
        ),
        Peer("torch", "PyTorch", ("torch",), _offers(((*FUNCTIONS, *FUSED), DTYPES)), _torch),
        Peer(
            "onnxruntime",
            "ONNX Runtime",
            ("onnxruntime", "onnx"),
            # Its exact form in float64 has no kernel.
            _offers(
                (_VALUES, ("float32", "float16")),
                (_VALUES[1:], ("float64",)),
                (("bias_gelu", "geglu"), ("float32",)),
                _INT8,
            ),
            _onnxruntime,
        ),
        Peer("jax", "JAX", ("jax",), _offers(((*FUNCTIONS, *FUSED), DTYPES)), _jax),
        Peer(
            "mkl",
            "Intel MKL, low accuracy",
            ("mkl",),
            _offers((("gelu",), _REAL)),
            functools.partial(_mkl, 1),  # VML_LA
        ),
        Peer(
            "mkl_ha",
            "Intel MKL, high accuracy",
            ("mkl",),
            _offers((("gelu",), _REAL)),
            functools.partial(_mkl, 2),  # VML_HA
        ),
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
            _offers(((*FUNCTIONS, *FUSED), (*_REAL, "float16")), _INT8),
            _numpy,
        ),
    )
}

"""The ufuncs inside functions that Numba compiles.

Numba calls `init`, an entry point of the package, before it first compiles or loads a function.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.errors import NumbaTypeError
from numba.core.typing.templates import infer, infer_global, make_overload_template
from numba.extending import get_cython_function_address, intrinsic, register_jitable
from numba.np.numpy_support import as_dtype, from_dtype

from gelu_fast import _core
from gelu_fast._ufuncs import correctly_rounded, default, relaxed

# Cached functions call C by these names. If the parameters of one change, it needs a new name, and
# the old name becomes a stale one: an undefined name would crash the process.
_SYMBOLS = {
    "gelu_fast_numba_compute_1": "compute",
    "gelu_fast_numba_broadcast_1": "broadcast",
    "gelu_fast_numba_has_overlap_1": "has_overlap",
    "gelu_fast_numba_compute_arrays_1": "compute_arrays",
}
_STALE_SYMBOLS = [
    f"gelu_fast_{function.name}_{dtype}_strided"
    for function in _core.functions()
    for dtype in ("f32", "f32_relaxed", "f64")
]
_DTYPES = {types.float32: 2, types.float64: 3}  # their numbers in gelu_fast.h
_INTEGER, _INT = cgutils.intp_t, cgutils.int32_t


def init() -> None:
    """Register the ufuncs with Numba."""
    stale = dict.fromkeys(_STALE_SYMBOLS, "refuse_stale_numba_cache")
    for symbol, name in {**_SYMBOLS, **stale}.items():
        binding.add_symbol(symbol, get_cython_function_address("gelu_fast._core", name))
    numbers = {function.name: function.number for function in _core.functions()}
    modules = {
        "gelu_fast": default,
        "gelu_fast.relaxed": relaxed,
        "gelu_fast.correctly_rounded": correctly_rounded,
    }
    for tier, (module, ufuncs) in enumerate(modules.items()):
        for name, ufunc in ufuncs.items():
            _register(f"{module}.{name}", ufunc, numbers[name], tier)


def _register(name: str, ufunc: np.ufunc, number: int, tier: int) -> None:
    def choose(*arguments: Any) -> Callable[..., Any]:
        return _implementation(name, ufunc, number, tier, arguments)

    choose.__name__ = choose.__qualname__ = name  # what errors show
    # This is numba.extending.overload with another key. If the key were the ufunc, Numba would put
    # calls into array expressions, which compute element by element.
    template = make_overload_template(
        choose, choose, {"nopython": True, "no_cpython_wrapper": True},
        strict=False, inline="never", target="cpu",
    )  # fmt: skip
    infer(template)
    infer_global(ufunc, types.Function(template))


def _implementation(
    name: str, ufunc: np.ufunc, number: int, tier: int, arguments: tuple[Any, ...]
) -> Callable[..., Any]:
    """Return the function that Numba compiles for arguments of these types."""
    inputs = ufunc.nin
    dtype = _check(name, ufunc, arguments)
    element = as_dtype(dtype).type

    for k, argument in enumerate(arguments[:inputs]):
        convert = _conversion(argument, dtype)
        if convert is not None:
            before, after = slice(k), slice(k + 1, None)
            return lambda *operands: ufunc(
                *operands[before], convert(operands[k]), *operands[after]
            )

    arrays = [argument for argument in arguments if isinstance(argument, types.Array)]
    if not arrays:
        call_on_numbers = _call_on_numbers(number, _DTYPES[dtype], tier, outputs=ufunc.nout)
        return lambda *operands: call_on_numbers(operands)

    ndim = max(array.ndim for array in arrays)
    # A generalized ufunc has one length of the last axis, unless an operand has no axis at all.
    has_rows = ufunc.signature is not None and all(
        isinstance(argument, types.Array) and argument.ndim > 0 for argument in arguments
    )
    needs_temporaries = any(array.dtype != dtype for array in arguments[inputs:])
    is_fortran = all(array.layout == "F" and array.ndim == ndim for array in arrays)
    broadcast, has_overlap, compute = _calls_on_arrays(number, _DTYPES[dtype], tier, has_rows)
    unequal_rows = f"{name}: the last axes differ in length"
    unequal_output = f"{name}: an output has not the shape of the result"
    no_broadcast = f"{name}: the shapes do not broadcast"

    @register_jitable
    def find_shape(operands: Any) -> Any:
        answer, shape = broadcast(operands)
        if answer == 1:
            raise ValueError(unequal_rows)
        if answer == 2:
            raise ValueError(unequal_output)
        if answer == 3:
            raise ValueError(no_broadcast)
        return shape

    @register_jitable
    def new(shape: Any) -> Any:
        return np.empty(shape[::-1], element).T if is_fortran else np.empty(shape, element)

    if ufunc.nout == 1:
        new_outputs = register_jitable(lambda shape: (new(shape),))
        result = register_jitable(lambda outputs: outputs[0])
    else:
        new_outputs = register_jitable(lambda shape: (new(shape), new(shape)))
        result = register_jitable(lambda outputs: outputs)

    def with_new_outputs(*operands: Any) -> Any:
        shape = find_shape(operands)
        outputs = new_outputs(shape)
        compute(operands + outputs, shape)
        return result(outputs)

    def with_given_outputs(*operands: Any) -> Any:
        shape = find_shape(operands)
        if needs_temporaries or has_overlap(operands, shape):
            outputs = new_outputs(shape)
            compute(operands[:inputs] + outputs, shape)
            _copy(outputs[0], operands[inputs])
            _copy(outputs[-1], operands[-1])
        else:
            compute(operands, shape)
        return result(operands[inputs:])

    return with_given_outputs if len(arguments) > inputs else with_new_outputs


def _check(name: str, ufunc: np.ufunc, arguments: tuple[Any, ...]) -> Any:
    """Return the dtype that NumPy computes in; raise for arguments that cannot be compiled."""
    inputs, outputs = arguments[: ufunc.nin], arguments[ufunc.nin :]
    if len(inputs) < ufunc.nin or len(outputs) not in (0, ufunc.nout):
        raise NumbaTypeError(
            f"{name} takes {ufunc.nin} inputs and then, if they are given, {ufunc.nout} output "
            f"arrays, not {len(arguments)} arguments"
        )
    for argument in inputs:
        if not isinstance(argument, types.Array | types.Number | types.Boolean):
            raise NumbaTypeError(f"{name} takes numbers and arrays, not {argument}")
    for argument in outputs:
        if not isinstance(argument, types.Array) or not argument.mutable:
            raise NumbaTypeError(f"an output of {name} is a writable array, not {argument}")
    dtypes = [
        as_dtype(argument.dtype if isinstance(argument, types.Array) else types.unliteral(argument))
        for argument in arguments
    ]
    try:
        result = ufunc.resolve_dtypes((*dtypes, *(None,) * (ufunc.nargs - len(dtypes))))[0]
    except TypeError as error:
        raise NumbaTypeError(f"{name}: {error}") from error
    dtype = from_dtype(result)
    if dtype not in _DTYPES:
        raise NumbaTypeError(
            f"{name} of {', '.join(map(str, dtypes))} is {result}, which Numba does not compile "
            "for CPUs: convert to float32 or float64 first"
        )
    ndim = max((array.ndim for array in inputs if isinstance(array, types.Array)), default=0)
    for array in outputs:
        if array.ndim < ndim or array.ndim != outputs[0].ndim:
            raise NumbaTypeError(
                f"an output of {name} has the number of dimensions of the result, not {array.ndim}"
            )
    return dtype


def _conversion(argument: Any, dtype: Any) -> Any:
    """Return a function that converts an input to what C takes, or None if it needs none."""
    element = as_dtype(dtype).type
    if not isinstance(argument, types.Array):
        if types.unliteral(argument) == dtype:
            return None
        return register_jitable(lambda x: element(x))
    if argument.ndim == 0:
        return register_jitable(lambda x: x[()])
    if argument.dtype != dtype:
        return register_jitable(lambda x: x.astype(element))
    return None


@register_jitable
def _copy(source: Any, target: Any) -> None:
    for index in np.ndindex(source.shape):  # compiles far faster than target[...] = source
        target[index] = source[index]


def _call(builder: Any, symbol: str, result: Any, arguments: list[Any]) -> Any:
    type_ = ir.FunctionType(result, [argument.type for argument in arguments])
    function = cgutils.get_or_insert_function(builder.module, type_, symbol)
    return builder.call(function, arguments)


def _in_memory(builder: Any, values: list[Any]) -> Any:
    """Store integers side by side and return their address."""
    memory = cgutils.alloca_once(builder, _INTEGER, size=len(values))
    for k, value in enumerate(values):
        builder.store(value, builder.gep(memory, [_INTEGER(k)]))
    return memory


class _Operands:
    """Operands in memory, as src/arrays.h expects them, with as many axes as the result."""

    def __init__(self, context: Any, builder: Any, operands: Any, value: Any) -> None:
        zero, one = _INTEGER(0), _INTEGER(1)
        self.ndim = max(type_.ndim for type_ in operands if isinstance(type_, types.Array))
        addresses, shapes, strides = [], [], []
        for type_, operand in zip(operands, cgutils.unpack_tuple(builder, value), strict=True):
            if not isinstance(type_, types.Array):
                addresses.append(cgutils.alloca_once_value(builder, operand))
                shapes += [one] * self.ndim
                strides += [zero] * self.ndim
                continue
            array = context.make_array(type_)(context, builder, operand)
            addresses.append(array.data)
            shapes += [one] * (self.ndim - type_.ndim)
            strides += [zero] * (self.ndim - type_.ndim)
            for size, stride in zip(
                cgutils.unpack_tuple(builder, array.shape),
                cgutils.unpack_tuple(builder, array.strides), strict=True,
            ):  # fmt: skip
                shapes.append(size)
                is_repeated = builder.icmp_signed("==", size, one)
                strides.append(builder.select(is_repeated, zero, stride))
        addresses = [builder.ptrtoint(address, _INTEGER) for address in addresses]
        self.addresses = _in_memory(builder, addresses)
        self.shapes = _in_memory(builder, shapes)
        self.strides = _in_memory(builder, strides)


def _calls_on_arrays(number: int, dtype: int, tier: int, has_rows: bool) -> tuple[Any, Any, Any]:
    """Return the functions of src/arrays.h as intrinsics for one function of functions.def."""

    @intrinsic
    def broadcast(typing_context: Any, operands: Any) -> Any:
        ndim = max(type_.ndim for type_ in operands if isinstance(type_, types.Array))
        shape_type = types.UniTuple(types.intp, ndim)
        result_type = types.Tuple([types.int32, shape_type])

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            parts = _Operands(context, builder, operands, arguments[0])
            shape = _in_memory(builder, [_INTEGER(0)] * ndim)
            integers = [number, len(operands), ndim, int(has_rows)]
            answer = _call(
                builder, "gelu_fast_numba_broadcast_1", _INT,
                [*map(_INT, integers), parts.shapes, shape],
            )  # fmt: skip
            sizes = [builder.load(builder.gep(shape, [_INTEGER(k)])) for k in range(ndim)]
            shape = context.make_tuple(builder, shape_type, sizes)
            return context.make_tuple(builder, result_type, [answer, shape])

        return result_type(operands), generate

    @intrinsic
    def has_overlap(typing_context: Any, operands: Any, shape: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            parts = _Operands(context, builder, operands, arguments[0])
            shape = _in_memory(builder, cgutils.unpack_tuple(builder, arguments[1]))
            integers = [_INT(n) for n in (number, dtype, parts.ndim)]
            answer = _call(
                builder, "gelu_fast_numba_has_overlap_1", _INT,
                [*integers, shape, parts.addresses, parts.strides],
            )  # fmt: skip
            return builder.icmp_signed("!=", answer, _INT(0))

        return types.boolean(operands, shape), generate

    @intrinsic
    def compute(typing_context: Any, operands: Any, shape: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            parts = _Operands(context, builder, operands, arguments[0])
            shape = _in_memory(builder, cgutils.unpack_tuple(builder, arguments[1]))
            integers = [_INT(n) for n in (number, dtype, tier, parts.ndim)]
            _call(
                builder, "gelu_fast_numba_compute_arrays_1", ir.VoidType(),
                [*integers, shape, parts.addresses, parts.strides],
            )  # fmt: skip
            return context.get_dummy_value()

        return types.void(operands, shape), generate

    return broadcast, has_overlap, compute


def _call_on_numbers(number: int, dtype: int, tier: int, outputs: int) -> Any:
    """Return an intrinsic that takes numbers and returns a number, or a tuple of two."""

    @intrinsic
    def call_on_numbers(typing_context: Any, operands: Any) -> Any:
        element = operands[0]
        result_type = element if outputs == 1 else types.UniTuple(element, outputs)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            values = cgutils.unpack_tuple(builder, arguments[0])
            places = [cgutils.alloca_once_value(builder, value) for value in values]
            places += [cgutils.alloca_once(builder, values[0].type) for _ in range(outputs)]
            words = []  # of struct gelu_fast_operand
            for place in places:
                words += [builder.ptrtoint(place, _INTEGER), _INTEGER(0), _INTEGER(1)]
            one_by_one = [_INTEGER(1), _INTEGER(1)]
            integers = [_INT(number), _INT(dtype), _INT(tier)]
            _call(
                builder, "gelu_fast_numba_compute_1", _INT,
                [*integers, *one_by_one, _in_memory(builder, words)],
            )  # fmt: skip
            results = [builder.load(place) for place in places[-outputs:]]
            return results[0] if outputs == 1 else cgutils.pack_array(builder, results)

        return result_type(operands), generate

    return call_on_numbers

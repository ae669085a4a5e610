"""The ufuncs inside functions that Numba compiles.

Numba calls `init`, an entry point of the package, before it first compiles or loads a function.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.core.errors import NumbaTypeError
from numba.core.typing.templates import infer, infer_global, make_overload_template
from numba.extending import get_cython_function_address, intrinsic, register_jitable
from numba.np.numpy_support import as_dtype, from_dtype

from gelu_fast._ufuncs import default, relaxed

_INTEGER = cgutils.intp_t
_POINTER = cgutils.voidptr_t


def init() -> None:
    """Tell Numba of the ufuncs."""
    for module, ufuncs, float32 in (
        ("gelu_fast", default, "f32"),
        ("gelu_fast.relaxed", relaxed, "f32_relaxed"),
    ):
        for name, ufunc in ufuncs.items():
            symbols = {}
            for dtype, suffix in ((types.float32, float32), (types.float64, "f64")):
                function = f"{name}_{suffix}_strided"
                symbols[dtype] = f"gelu_fast_{function}"
                binding.add_symbol(
                    symbols[dtype], get_cython_function_address("gelu_fast._core", function)
                )
            _register(f"{module}.{name}", ufunc, symbols)


def _register(name: str, ufunc: np.ufunc, symbols: dict[Any, str]) -> None:
    def choose(*arguments: Any) -> Callable[..., Any]:
        return _implementation(name, ufunc, symbols, arguments)

    choose.__name__ = choose.__qualname__ = name  # what errors show
    # As numba.extending.overload does it, but for the key: calls of a function whose key is a ufunc
    # become parts of array expressions, which compute one element after the other.
    template = make_overload_template(
        choose, choose, {"nopython": True, "no_cpython_wrapper": True},
        strict=False, inline="never", target="cpu",
    )  # fmt: skip
    infer(template)
    infer_global(ufunc, types.Function(template))


def _implementation(
    name: str, ufunc: np.ufunc, symbols: dict[Any, str], arguments: tuple[Any, ...]
) -> Callable[..., Any]:
    """Return the function that Numba compiles for arguments of these types."""
    inputs, has_two_outputs = ufunc.nin, ufunc.nout == 2
    dtype = _check(name, ufunc, symbols, arguments)
    symbol, element = symbols[dtype], as_dtype(dtype).type

    for k, argument in enumerate(arguments[:inputs]):
        convert = _conversion(argument, dtype)
        if convert is not None:
            before, after = slice(k), slice(k + 1, None)
            return lambda *operands: ufunc(
                *operands[before], convert(operands[k]), *operands[after]
            )

    arrays = [argument for argument in arguments if isinstance(argument, types.Array)]
    if not arrays:
        call_on_scalars = _call_on_scalars(symbol, ufunc.nout)
        return lambda *operands: call_on_scalars(operands)

    ndim = max(array.ndim for array in arrays)
    has_given_outputs = len(arguments) > inputs
    needs_temporaries = any(array.dtype != dtype for array in arguments[inputs:])
    is_fortran = all(array.layout == "F" and array.ndim == ndim for array in arrays)
    # A generalized ufunc has one length of the last axis, unless an operand has no axis at all.
    has_rows = ufunc.signature is not None and all(
        isinstance(argument, types.Array) and argument.ndim > 0 for argument in arguments
    )
    broadcast = _broadcast(name, inputs, has_rows)
    compute = _compute(symbol, inputs, has_given_outputs)

    @register_jitable
    def empty(shape: Any) -> Any:
        return np.empty(shape, element)

    @register_jitable
    def empty_fortran(shape: Any) -> Any:
        return np.empty(shape[::-1], element).T

    new = empty_fortran if is_fortran else empty

    def one_new(*operands: Any) -> Any:
        shape = broadcast(operands)
        output = new(shape)
        compute(operands + (output,), shape)
        return output

    def two_new(*operands: Any) -> Any:
        shape = broadcast(operands)
        outputs = new(shape), new(shape)
        compute(operands + outputs, shape)
        return outputs

    def one_given(*operands: Any) -> Any:
        shape = broadcast(operands)
        if needs_temporaries or not compute(operands, shape):
            output = new(shape)
            compute(operands[:inputs] + (output,), shape)
            _copy(output, operands[inputs])
        return operands[inputs]

    def two_given(*operands: Any) -> Any:
        shape = broadcast(operands)
        if needs_temporaries or not compute(operands, shape):
            outputs = new(shape), new(shape)
            compute(operands[:inputs] + outputs, shape)
            _copy(outputs[0], operands[inputs])
            _copy(outputs[1], operands[-1])
        return operands[inputs:]

    if has_two_outputs:
        return two_given if has_given_outputs else two_new
    return one_given if has_given_outputs else one_new


def _check(name: str, ufunc: np.ufunc, symbols: dict[Any, str], arguments: tuple[Any, ...]) -> Any:
    """Return the dtype that NumPy computes in, or say why these arguments cannot be."""
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
    if dtype not in symbols:
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
    """Return what makes an input one that the C function takes, or None if it is one."""
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


def _call(builder: Any, symbol: str, rows: Any, columns: Any, operands: list[Any]) -> None:
    """Call a strided C function; `operands` are addresses and steps in turn."""
    type_ = ir.FunctionType(ir.VoidType(), [_INTEGER] * 2 + [_POINTER] * len(operands))
    function = cgutils.get_or_insert_function(builder.module, type_, symbol)
    pointers = [builder.bitcast(operand, _POINTER) for operand in operands]
    builder.call(function, [rows, columns, *pointers])


def _call_on_scalars(symbol: str, outputs: int) -> Any:
    @intrinsic
    def call(typing_context: Any, operands: Any) -> Any:
        dtype = operands[0]
        result_type = dtype if outputs == 1 else types.UniTuple(dtype, outputs)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            values = cgutils.unpack_tuple(builder, arguments[0])
            places = [cgutils.alloca_once_value(builder, value) for value in values]
            places += [cgutils.alloca_once(builder, values[0].type) for _ in range(outputs)]
            _call_once(builder, symbol, places)
            results = [builder.load(place) for place in places[-outputs:]]
            return results[0] if outputs == 1 else cgutils.pack_array(builder, results)

        return result_type(operands), generate

    return call


def _place(context: Any, builder: Any, type_: Any, value: Any, ndim: int) -> tuple[Any, Any, Any]:
    """Return the address of an operand, and its shape and its strides with `ndim` axes."""
    one, zero = _INTEGER(1), _INTEGER(0)
    if not isinstance(type_, types.Array):
        return cgutils.alloca_once_value(builder, value), [one] * ndim, [zero] * ndim
    array = context.make_array(type_)(context, builder, value)
    new = ndim - type_.ndim
    return (
        array.data,
        [one] * new + cgutils.unpack_tuple(builder, array.shape),
        [zero] * new + cgutils.unpack_tuple(builder, array.strides),
    )


def _is_one(builder: Any, size: Any) -> Any:
    return builder.icmp_signed("==", size, _INTEGER(1))


def _choose(builder: Any, condition: Any, first: list[Any], second: list[Any]) -> list[Any]:
    return [builder.select(condition, a, b) for a, b in zip(first, second, strict=True)]


def _broadcast(name: str, inputs: int, has_rows: bool) -> Any:
    """Return an intrinsic that gives the shape of the result, or raises ValueError."""

    @intrinsic
    def broadcast(typing_context: Any, operands: Any) -> Any:
        ndim = max(operand.ndim for operand in operands if isinstance(operand, types.Array))
        result_type = types.Tuple([types.intp] * ndim)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            values = cgutils.unpack_tuple(builder, arguments[0])
            shapes = [
                _place(context, builder, type_, value, ndim)[1]
                for type_, value in zip(operands, values, strict=True)
            ]
            result = shapes[0]
            for shape in shapes[1:]:
                result = [
                    builder.select(_is_one(builder, a), b, a)
                    for a, b in zip(result, shape, strict=True)
                ]

            def require_equal(left: Any, right: Any, message: str) -> None:
                with builder.if_then(builder.icmp_signed("!=", left, right), likely=False):
                    context.call_conv.return_user_exc(builder, ValueError, (f"{name}: {message}",))

            for k, shape in enumerate(shapes):
                for axis, (size, common) in enumerate(zip(shape, result, strict=True)):
                    if has_rows and axis == ndim - 1:
                        require_equal(size, common, "the last axes differ in length")
                    elif k >= inputs:
                        require_equal(size, common, "an output has not the shape of the result")
                    else:
                        fitting = builder.select(_is_one(builder, size), common, size)
                        require_equal(fitting, common, "the shapes do not broadcast")
            return context.make_tuple(builder, result_type, result)

        return result_type(operands), generate

    return broadcast


def _compute(symbol: str, inputs: int, may_overlap: bool) -> Any:
    """Return an intrinsic that calls the C function for all elements.

    Its result is whether it did so: not where an output overlaps another operand, but for being
    the same array as an input.
    """

    @intrinsic
    def compute(typing_context: Any, operands: Any, shape: Any) -> Any:
        ndim = len(shape)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            values, sizes = (cgutils.unpack_tuple(builder, argument) for argument in arguments)
            item = ir.IntType(operands[-1].dtype.bitwidth)
            addresses, all_strides = [], []
            for type_, value in zip(operands, values, strict=True):
                address, own_sizes, strides = _place(context, builder, type_, value, ndim)
                addresses.append(builder.ptrtoint(address, _INTEGER))
                is_repeated = [_is_one(builder, size) for size in own_sizes]
                all_strides.append(
                    [
                        builder.select(condition, _INTEGER(0), stride)
                        for condition, stride in zip(is_repeated, strides, strict=True)
                    ]
                )
            # Of each axis the size, then the stride of each operand.
            axes = [list(axis) for axis in zip(sizes, *all_strides, strict=True)]
            is_allowed = cgutils.true_bit
            if may_overlap:
                is_allowed = _is_without_overlap(builder, addresses, axes, inputs, item)
            with builder.if_then(is_allowed):
                if operands[-1].layout != "C":
                    _sort_axes(builder, axes)
                _merge_axes(builder, axes)
                is_aligned = _is_aligned(builder, addresses, axes, item)
                with builder.if_else(is_aligned, likely=True) as (aligned, not_aligned):
                    with aligned:
                        _call_for_rows(builder, symbol, addresses, axes, item)
                    with not_aligned:
                        _call_for_elements(builder, symbol, addresses, axes, item, inputs)
            return is_allowed

        return types.boolean(operands, shape), generate

    return compute


def _is_without_overlap(
    builder: Any, addresses: list[Any], axes: list[list[Any]], inputs: int, item: Any
) -> Any:
    zero, one, item_size = _INTEGER(0), _INTEGER(1), _INTEGER(item.width // 8)
    lows, highs = [], []
    for k, address in enumerate(addresses, start=1):
        low, high = address, builder.add(address, item_size)
        for axis in axes:
            last = builder.mul(builder.sub(axis[0], one), axis[k])
            is_backward = builder.icmp_signed("<", last, zero)
            low = builder.add(low, builder.select(is_backward, last, zero))
            high = builder.add(high, builder.select(is_backward, zero, last))
        lows.append(low)
        highs.append(high)
    result = cgutils.true_bit
    for output in range(inputs, len(addresses)):
        for other in range(output):
            is_allowed = builder.or_(
                builder.icmp_unsigned("<=", highs[output], lows[other]),
                builder.icmp_unsigned("<=", highs[other], lows[output]),
            )
            if other < inputs:
                is_same = builder.icmp_signed("==", addresses[output], addresses[other])
                for _, *strides in axes:
                    is_equal = builder.icmp_signed("==", strides[output], strides[other])
                    is_same = builder.and_(is_same, is_equal)
                is_allowed = builder.or_(is_allowed, is_same)
            result = builder.and_(result, is_allowed)
    return result


def _is_aligned(builder: Any, addresses: list[Any], axes: list[list[Any]], item: Any) -> Any:
    """Whether all elements lie at multiples of their size: fields of packed records do not."""
    bits = _INTEGER(0)
    for value in addresses + [stride for axis in axes for stride in axis[1:]]:
        bits = builder.or_(bits, value)
    remainder = builder.and_(bits, _INTEGER(item.width // 8 - 1))
    return builder.icmp_signed("==", remainder, _INTEGER(0))


def _sort_axes(builder: Any, axes: list[list[Any]]) -> None:
    """Put the axes into the order in which the last output lies in memory."""

    def distance(axis: list[Any]) -> Any:
        is_backward = builder.icmp_signed("<", axis[-1], _INTEGER(0))
        return builder.select(is_backward, builder.neg(axis[-1]), axis[-1])

    for end in range(len(axes) - 1, 0, -1):
        for k in range(end):
            outer, inner = axes[k : k + 2]
            swaps = builder.icmp_signed("<", distance(outer), distance(inner))
            axes[k] = _choose(builder, swaps, inner, outer)
            axes[k + 1] = _choose(builder, swaps, outer, inner)


def _merge_axes(builder: Any, axes: list[list[Any]]) -> None:
    """Make one axis of neighbours where all steps allow it, and let those of size 1 come first."""
    for end in (len(axes), len(axes) - 1):  # the second time for the gaps that the first one left
        for k in range(1, end):
            outer, inner = axes[k - 1 : k + 1]
            merges = cgutils.true_bit
            for outer_step, inner_step in zip(outer[1:], inner[1:], strict=True):
                whole = builder.mul(inner[0], inner_step)
                merges = builder.and_(merges, builder.icmp_signed("==", outer_step, whole))
            is_inner_one = _is_one(builder, inner[0])
            merges = builder.or_(merges, builder.or_(is_inner_one, _is_one(builder, outer[0])))
            merged = [
                builder.mul(outer[0], inner[0]),
                *_choose(builder, is_inner_one, outer[1:], inner[1:]),
            ]
            one = [_INTEGER(1)] + [_INTEGER(0)] * len(inner[1:])
            axes[k - 1] = _choose(builder, merges, one, outer)
            axes[k] = _choose(builder, merges, merged, inner)


def _call_for_rows(
    builder: Any, symbol: str, addresses: list[Any], axes: list[list[Any]], item: Any
) -> None:
    """Call the C function, which takes the last two axes, for all indices of those before."""
    one = [_INTEGER(1)] + [_INTEGER(0)] * len(addresses)
    *others, rows, columns = [one] * (2 - len(axes)) + axes
    item_size = _INTEGER(item.width // 8)
    steps = []
    for strides in zip(rows[1:], columns[1:], strict=True):
        pair = [builder.sdiv(stride, item_size) for stride in strides]
        steps.append(cgutils.alloca_once_value(builder, cgutils.pack_array(builder, pair)))
    with _places_in_turn(builder, addresses, others) as places:
        operands = [x for pair in zip(places, steps, strict=True) for x in pair]
        _call(builder, symbol, rows[0], columns[0], operands)


def _call_for_elements(
    builder: Any, symbol: str, addresses: list[Any], axes: list[list[Any]], item: Any, inputs: int
) -> None:
    """Call the C function for one element after the other, by way of aligned ones."""
    buffers = [cgutils.alloca_once(builder, item) for _ in addresses]
    with _places_in_turn(builder, addresses, axes) as places:
        places = [builder.bitcast(place, item.as_pointer()) for place in places]
        for place, buffer in zip(places[:inputs], buffers, strict=False):
            builder.store(builder.load(place, align=1), buffer)
        _call_once(builder, symbol, buffers)
        for place, buffer in zip(places[inputs:], buffers[inputs:], strict=True):
            builder.store(builder.load(buffer), place, align=1)


def _call_once(builder: Any, symbol: str, places: list[Any]) -> None:
    one = _INTEGER(1)
    steps = cgutils.alloca_once_value(builder, cgutils.pack_array(builder, [one, one]))
    _call(builder, symbol, one, one, [x for place in places for x in (place, steps)])


@contextmanager
def _places_in_turn(
    builder: Any, addresses: list[Any], axes: list[list[Any]]
) -> Iterator[list[Any]]:
    """Loop over the axes; yield the pointers of the operands."""
    with cgutils.loop_nest(builder, [axis[0] for axis in axes], _INTEGER) as indices:
        places = []
        for k, address in enumerate(addresses, start=1):
            for axis, index in zip(axes, indices, strict=True):
                address = builder.add(address, builder.mul(index, axis[k]))
            places.append(builder.inttoptr(address, _POINTER))
        yield places

"""Any call that NumPy allows gives each element's own bits, or the error that NumPy gives.

    pytest tests/core/test_fuzz.py                            seconds, the same calls each time
    pytest tests/core/test_fuzz.py --hypothesis-profile=ci    two minutes, the same calls each time
    pytest tests/core/test_fuzz.py --hypothesis-profile=long  hours, other calls each time

The result's dtype, shape and strides and any exception must be those of np.cbrt, or of np.arctan2
for two operands: they too have loops only for real floating-point numbers. Functions over rows have
no counterpart in NumPy; they are compared with themselves, element by element.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, field
from typing import Any

import ml_dtypes
import numpy as np
import oracle
import pytest

import gelu_fast
from gelu_fast import relaxed

hypothesis = pytest.importorskip("hypothesis")
st = pytest.importorskip("hypothesis.strategies")

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOATS = [np.dtype(np.float16), BFLOAT16, np.dtype(np.float32), np.dtype(np.float64)]
SWAPPED = [dtype.newbyteorder() for dtype in FLOATS if dtype.kind == "f"]
PROMOTED = [np.dtype(t) for t in "?bBhHiIqQ"]
COMPLEX = [np.dtype(t) for t in (np.complex64, np.complex128)]
UFUNCS = {
    f"{tier.__name__}.{name}": getattr(tier, name)
    for tier in (gelu_fast, relaxed)
    for name in (*oracle.UNARY, *oracle.BACKWARD)
    if hasattr(tier, name)
}
MODELS = {1: np.cbrt, 2: np.arctan2}
ROWS = {
    f"{tier.__name__}.{name}": getattr(tier, name)
    for tier in (gelu_fast, relaxed)
    for name in oracle.COMPOSED
    if hasattr(tier, name)
}
# From 32,768 float32 elements on, a second thread joins; blocks have 4,096 to 65,536 elements.
LARGE = [8191, 16_384, 32_768, 32_769, 65_541, 100_003, 140_000]


def usually(value, *others):
    return st.one_of(st.just(value), st.just(value), *others)


def sampled(*values):
    return st.sampled_from(values)


@dataclass(frozen=True)
class Operand:
    """A view of its own memory, or of the memory of operand number `shares`."""

    dtype: np.dtype
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    offset: int  # of the lowest byte
    shares: int | None = None
    read_only: bool = False

    def extent(self):
        """Return the lowest and the highest byte, relative to the first element."""
        if 0 in self.shape:
            return 0, self.dtype.itemsize
        reach = [(n - 1) * s for n, s in zip(self.shape, self.strides, strict=True)]
        low = sum(min(r, 0) for r in reach)
        return low, sum(max(r, 0) for r in reach) + self.dtype.itemsize

    def view(self, memory):
        low, _ = self.extent()
        return np.ndarray(self.shape, self.dtype, memory, self.offset - low, self.strides)


@dataclass(frozen=True)
class Call:
    name: str
    isa: str
    threads: int
    seed: int
    inputs: tuple[Operand, ...]
    out: Operand | None
    where: Operand | None
    keywords: dict[str, Any] = field(default_factory=dict)


@st.composite
def strides(draw, shape, itemsize, overlapping):
    """Draw an axis order, gaps and reversed axes; if `overlapping`, also zero and small strides."""
    if overlapping and draw(sampled(False, False, False, True)):
        small = st.integers(-3 * itemsize, 3 * itemsize) | sampled(0, itemsize, -itemsize)
        return tuple(draw(small) for _ in shape)
    axes = list(range(len(shape)))[::-1]
    axes = draw(usually(axes, st.just(axes[::-1]), st.permutations(axes)))
    result = [0] * len(shape)
    step = itemsize * draw(usually(1, sampled(2, 3))) + draw(usually(0, st.integers(0, itemsize)))
    for axis in axes:
        result[axis] = step * draw(usually(1, st.just(-1)))
        step = step * max(shape[axis], 1) + itemsize * draw(usually(0, sampled(1, 2)))
    return tuple(result)


@st.composite
def operands(draw, shape, dtypes, overlapping=False, **options):
    dtype = draw(dtypes)
    offset = draw(usually(0, st.integers(0, 64).map(lambda n: n * dtype.itemsize), sampled(1, 3)))
    return Operand(
        dtype, shape, draw(strides(shape, dtype.itemsize, overlapping)), 64 + offset, **options
    )


@st.composite
def shapes(draw):
    if draw(sampled(*[True] * 3, False)):
        dimensions = draw(sampled(0, 1, 1, 2, 2, 3, 4))
        return tuple(draw(st.integers(0, 7) | sampled(1, 2, 33)) for _ in range(dimensions))
    n = draw(st.sampled_from(LARGE))
    return draw(sampled((n,), (n,), (2, n // 2), (n // 3, 3), (1, n), (3, 5, n // 15)))


@st.composite
def broadcast_from(draw, shape):
    """Draw a shape that broadcasts to this one, or occasionally one that does not."""
    kept = tuple(1 if draw(sampled(*[False] * 5, True)) else n for n in shape)
    kept = kept[draw(usually(0, st.integers(0, len(kept)))) :]
    return draw(usually(kept, usually(kept, usually(kept, st.just((*kept, 5))))))


@st.composite
def calls(draw):
    name = draw(sampled(*UFUNCS))
    shape = draw(shapes())
    common = draw(st.sampled_from(FLOATS))
    dtypes = usually(common, st.sampled_from(FLOATS + SWAPPED + PROMOTED)) | usually(
        common, st.sampled_from(COMPLEX)
    )
    count = UFUNCS[name].nin
    rest = draw(sampled(*gelu_fast.available_isas())), draw(st.integers(1, 4))
    rest = *rest, draw(st.integers(0, 2**32 - 1))
    if math.prod(shape) >= LARGE[0] and draw(sampled(False, True, True)):
        # Threads start only for a call as simple as this.
        plain = Operand(common, shape, np.empty(shape, common).strides, 64)
        return Call(name, *rest, (plain,) * count, draw(sampled(None, plain)), None)
    inputs = [
        draw(operands(s, dtypes, overlapping=True))
        for s in [draw(broadcast_from(shape)) if count == 2 else shape for _ in range(count)]
    ]
    out = None
    kind = draw(sampled("none", "none", "own", "own", "in place", "shared"))
    out_dtypes = usually(common, st.sampled_from(FLOATS + SWAPPED + PROMOTED + COMPLEX))
    if kind == "own":
        out_shape = draw(usually(shape, usually(shape, broadcast_from(shape))))
        read_only = draw(sampled(*[False] * 15, True))
        out = draw(operands(out_shape, out_dtypes, read_only=read_only))
    elif kind == "in place" and not overlaps_itself(inputs[-1]):
        x = inputs[-1]
        out = Operand(x.dtype, x.shape, x.strides, x.offset, shares=count - 1)
    elif kind == "shared":
        which = draw(st.integers(0, count - 1))
        out = draw(operands(shape, out_dtypes, shares=which))
    if out is not None and out.dtype == BFLOAT16 and all(o.dtype != BFLOAT16 for o in inputs):
        # NumPy caches the bfloat16 loop that this `out` chose, and then uses it for these inputs
        # without `out`. The same happens with its own ufuncs.
        hypothesis.reject()
    where = None
    if draw(sampled(*[False] * 3, True)):
        masks = usually(np.dtype(bool), usually(np.dtype(bool), sampled(np.dtype(np.int8))))
        where = draw(operands(draw(broadcast_from(shape)), masks, overlapping=True))
    keywords = {}
    if draw(sampled(*[False] * 3, True)):
        keywords["dtype"] = draw(usually(common, st.sampled_from(FLOATS + PROMOTED + SWAPPED)))
    if draw(sampled(*[False] * 2, True)):
        keywords["casting"] = draw(sampled("no", "equiv", "safe", "same_kind", "unsafe"))
    if draw(sampled(*[False] * 2, True)):
        keywords["order"] = draw(sampled("C", "F", "A", "K"))
    return Call(name, *rest, tuple(inputs), out, where, keywords)


def overlaps_itself(operand):
    """Return whether two elements may share a byte, judging by the strides."""
    pairs = zip(operand.strides, operand.shape, strict=True)
    reached = operand.dtype.itemsize
    for stride, n in sorted((abs(s), n) for s, n in pairs if n > 1):
        if stride < reached:
            return True
        reached += stride * (n - 1)
    return False


def values(dtype, rng):
    """Return 61 values of all kinds: few enough to compute every combination that occurs once."""
    count = 61
    if dtype.kind not in "fV":  # bfloat16 is a V
        return (
            rng.integers(0, 256, (count, dtype.itemsize), np.uint8).view(dtype)[:, 0]
            if (dtype.kind in "iu")
            else rng.integers(-2, 3, count).astype(dtype)
        )
    kind = np.dtype(f"u{dtype.itemsize}")
    any_bits = rng.integers(0, np.iinfo(kind).max, count, kind, endpoint=True)
    native = dtype.newbyteorder("=") if dtype.kind == "f" else dtype
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, -0.75, 1], native)
    x = np.concatenate([
        special, rng.normal(0, 3, 30).astype(native), rng.uniform(-40, 0, 10).astype(native),
        any_bits.view(native),
    ])[:count]  # fmt: skip
    return x.astype(dtype) if dtype.kind == "f" else x


class Arrays:
    """A call's memory and its views. Two instances made from the same call are equal."""

    def __init__(self, call):
        rng = np.random.default_rng(call.seed)
        owners = [*call.inputs]
        sharing = [call.out] if call.out is not None and call.out.shares is not None else []
        self.memories = []
        for i, operand in enumerate(owners):
            ends = [o.offset - o.extent()[0] + o.extent()[1] for o in [operand] + [
                s for s in sharing if s.shares == i]]  # fmt: skip
            self.memories.append(self.new_memory(max(ends), rng))
        self.inputs = [o.view(m) for o, m in zip(owners, self.memories, strict=True)]
        for view in self.inputs:
            pool = values(view.dtype, rng)
            view[...] = pool[np.arange(view.size).reshape(view.shape) % len(pool)]
        self.out = self.where = None
        if call.out is not None:
            if call.out.shares is None:
                low, high = call.out.extent()
                self.memories.append(self.new_memory(call.out.offset - low + high, rng))
                self.out = call.out.view(self.memories[-1])
            else:
                self.out = call.out.view(self.memories[call.out.shares])
            self.out.flags.writeable = not call.out.read_only
        if call.where is not None:
            low, high = call.where.extent()
            self.where = call.where.view(np.zeros(call.where.offset - low + high, np.uint8))
            self.where[...] = rng.integers(0, 2, self.where.shape)

    @staticmethod
    def new_memory(size, rng):
        return np.resize(rng.integers(0, 256, 997, np.uint8), size + 64)


def run(ufunc, call, arrays):
    keywords = dict(call.keywords)
    if arrays.out is not None:
        keywords["out"] = arrays.out
    if arrays.where is not None:
        keywords["where"] = arrays.where
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return ufunc(*arrays.inputs, **keywords)
        except Exception as error:  # the type is compared with NumPy's
            return error


def one_by_one(ufunc, arguments):
    """Apply the ufunc to one element at a time, in aligned memory of its own."""
    loop = arguments[0].dtype
    kind = np.dtype(f"u{loop.itemsize}")
    raw = np.stack([a.view(kind) for a in arguments], axis=1)
    unique, inverse = np.unique(raw, axis=0, return_inverse=True)
    results = np.empty(len(unique), loop)
    x, y = [np.empty(1, loop) for _ in arguments], np.empty(1, loop)
    for i, row in enumerate(unique):
        for array, bits in zip(x, row, strict=True):
            array.view(kind)[0] = bits
        ufunc(*x, out=y)
        results[i] = y[0]
    return results[inverse.ravel()]


def expected_elements(ufunc, call, pristine, shape):
    """Return the dtype of the loop and its results, flat."""
    model = MODELS[ufunc.nin]
    keywords = dict(call.keywords)
    keywords.pop("order", None)
    if "dtype" in keywords:
        keywords["signature"] = (None,) * ufunc.nin + (keywords.pop("dtype"),)
    dtypes = model.resolve_dtypes(
        (*(a.dtype for a in pristine.inputs), None if pristine.out is None else pristine.out.dtype),
        **keywords,
    )
    assert len(set(dtypes)) == 1
    arguments = [
        np.ascontiguousarray(np.broadcast_to(a, shape)).astype(dtypes[0]).ravel()
        for a in pristine.inputs
    ]
    return one_by_one(ufunc, arguments)


def same(got, expected, bits):
    """Compare bits; if NumPy cast a value, any NaN equals any other."""
    got, expected = np.ascontiguousarray(got), np.ascontiguousarray(expected)
    raw = np.dtype((np.void, got.dtype.itemsize))
    equal = got.view(raw) == expected.view(raw)
    if not bits:
        equal |= (got != got) & (expected != expected)
    return equal.all()


@hypothesis.given(calls())
def test_calls(call):
    ufunc = UFUNCS[call.name]
    use(call.isa, call.threads)
    ours, pristine, of_model = Arrays(call), Arrays(call), Arrays(call)
    model = run(MODELS[ufunc.nin], call, of_model)
    result = run(ufunc, call, ours)
    if isinstance(model, Exception):
        hypothesis.event(f"error {type(model).__name__}")
        assert type(result) is type(model), (result, model)
        for memory, before in zip(ours.memories, pristine.memories, strict=True):
            np.testing.assert_array_equal(memory, before)
        return
    if isinstance(result, Exception):
        raise result
    assert type(result) is type(model)
    assert (result.dtype, result.shape) == (model.dtype, model.shape)
    if call.out is not None:
        assert result is ours.out
    else:
        assert np.asarray(result).strides == np.asarray(model).strides
    hypothesis.event("large" if result.size >= LARGE[0] else f"{result.ndim} dimensions")

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)  # as unsafe casting asks
        elements = expected_elements(ufunc, call, pristine, result.shape)
        expected = elements.astype(result.dtype).reshape(result.shape)
    mask = np.ones(result.shape, bool)
    if pristine.where is not None:
        mask = np.broadcast_to(pristine.where, result.shape)
    got = np.asarray(result)
    is_cast = {a.dtype.newbyteorder("=") for a in (*ours.inputs, got)} != {elements.dtype}
    compared = mask
    if result.dtype.kind in "iu":  # C does not define the conversion of a float out of range
        in_range = np.abs(elements.astype(np.float64)) < np.iinfo(result.dtype).max
        if result.dtype.kind == "u":
            in_range &= elements >= 0
        compared = mask & in_range.reshape(result.shape)
    assert same(got[compared], expected[compared], bits=not is_cast)
    if call.out is not None:
        # If `out` is cast and overlaps an input, not even NumPy's own ufuncs preserve them.
        kept = of_model.out if call.out.shares is not None and is_cast else pristine.out
        assert same(got[~mask], kept[~mask], bits=True)
        pristine.out[...] = got
    for memory, before in zip(ours.memories, pristine.memories, strict=True):
        np.testing.assert_array_equal(memory, before)  # nothing else was written


@st.composite
def arrays(draw):
    dtype = draw(st.sampled_from(FLOATS))
    shape = draw(sampled((33_001,), (300, 7), *[()] * 20))
    if shape == () or dtype == BFLOAT16:  # NumPy 2.0's own ufuncs crash on many bfloat16 elements
        shape = tuple(draw(st.lists(st.integers(1, 9), min_size=1, max_size=3)))
    operand = Operand(dtype, shape, draw(strides(shape, dtype.itemsize, overlapping=False)), 64)
    low, high = operand.extent()
    view = operand.view(np.zeros(operand.offset - low + high, np.uint8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    view[...] = rng.choice(values(dtype, rng), shape)
    return view


def use(isa, threads):
    gelu_fast.set_isa(isa)
    gelu_fast.set_num_threads(threads)


NAMES = {nin: [name for name, ufunc in UFUNCS.items() if ufunc.nin == nin] for nin in (1, 2)}
ISAS = st.sampled_from(gelu_fast.available_isas())


@hypothesis.given(sampled(*NAMES[2]), ISAS, st.integers(1, 4), arrays(), st.data())
def test_accumulate_and_reduce(name, isa, threads, array, data):
    """Each element reads what the previous one wrote."""
    ufunc = UFUNCS[name]
    axis = data.draw(st.integers(-array.ndim, array.ndim - 1))
    use(isa, threads)
    rows = np.moveaxis(array, axis, 0)
    x = np.ascontiguousarray(rows).reshape(len(rows), -1)
    expected = x.copy()
    with np.errstate(all="ignore"):
        for k in range(1, len(x)):
            for j in range(x.shape[1]):
                one = np.s_[j : j + 1]
                ufunc(expected[k - 1, one], x[k, one], out=expected[k, one])
        running = np.moveaxis(ufunc.accumulate(array, axis=axis), axis, 0)
        assert same(running, expected.reshape(rows.shape), bits=True)
        last = ufunc.reduce(array, axis=axis)
        assert same(last, expected[-1].reshape(rows.shape[1:]), bits=True)


@hypothesis.given(sampled(*NAMES[1]), ISAS, st.integers(1, 4), arrays(), st.data())
def test_at(name, isa, threads, array, data):
    """Repeated indices."""
    ufunc = UFUNCS[name]
    indices = data.draw(st.lists(st.integers(-len(array), len(array) - 1), max_size=9))
    use(isa, threads)
    expected = array.copy()
    with np.errstate(all="ignore"):
        for i in indices:
            expected[i] = one_by_one(ufunc, [expected[i].ravel()]).reshape(array.shape[1:])
        ufunc.at(array, indices)
    assert same(array, expected, bits=True)


def move_rows(x, source, destination):
    return x if x.ndim == 0 else np.moveaxis(x, source, destination)


@st.composite
def rows(draw):
    """Draw a function over rows, its inputs, outputs that may share an input's memory, and axes.

    Rows lie along the last axis, or along the one that `axes` or `axis` names.
    """
    ufunc = ROWS[draw(sampled(*ROWS))]
    dtype = draw(st.sampled_from(FLOATS))
    shape = draw(sampled((), (1,), (3,), (2, 3), (9,), (0,)))
    keyword = draw(sampled("none", "none", "axis", "axes"))
    is_square = keyword != "none" and draw(st.booleans())  # lets axes differ in place
    if is_square:
        shape = (*shape[1:], *[draw(sampled(2, 9, 70))] * 2)
    elif draw(sampled(*[False] * 9, True)):
        shape = (*shape, 70, draw(sampled(1, 63, 64, 700)))  # enough for threads, or almost
    else:
        shape = (*shape, draw(st.integers(0, 200) | sampled(1023, 1024, 1500)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def view(wanted, overlapping, memory=None):
        offset = 64 + dtype.itemsize * draw(st.integers(0, 5))
        operand = Operand(dtype, wanted, draw(strides(wanted, dtype.itemsize, overlapping)), offset)
        low, high = operand.extent()
        if memory is None or memory.size < offset - low + high:
            memory = np.zeros(offset - low + high, np.uint8)
        return operand.view(memory), memory

    inputs, memories = [], []
    for _ in range(ufunc.nin):
        wanted = shape[draw(st.integers(0, len(shape))) :]
        short = [1 if draw(sampled(*[False] * 5, True)) else n for n in wanted[:-1]]
        wanted = shape if is_square and draw(st.booleans()) else (*short, *wanted[-1:])
        array, memory = view(wanted, overlapping=True)
        array[...] = rng.choice(values(dtype, rng), wanted)
        inputs.append(array)
        memories.append(memory)
    least = min(x.ndim for x in inputs)
    if least == 0:  # with a scalar operand, NumPy accepts no axis
        keyword = "none"
    common = draw(st.integers(-max(least, 1), -1))
    if keyword == "axes":
        axes = [draw(st.integers(-x.ndim, x.ndim - 1)) for x in inputs]
        most = max(x.ndim for x in inputs)  # of the result, if no output has more
        axes += [draw(st.integers(-most, -1)) for _ in range(ufunc.nout)]
        keywords = {"axes": axes if draw(st.booleans()) else [(axis,) for axis in axes]}
    else:
        axes = [common if keyword == "axis" else -1] * ufunc.nargs
        keywords = {"axis": common} if keyword == "axis" else {}
    inputs = [move_rows(x, -1, axis) for x, axis in zip(inputs, axes, strict=False)]
    outs = []
    for axis in axes[ufunc.nin :]:
        kind = draw(
            sampled("none", "own", "own", *["in place"] * (6 if is_square else 1), "shared")
        )
        which = draw(st.integers(0, ufunc.nin - 1))
        x = inputs[which]
        if kind == "in place" and x.ndim == len(shape) and move_rows(x, axis, -1).shape == shape:
            outs.append(None if overlaps_itself(Operand(dtype, x.shape, x.strides, 0)) else x)
        elif kind == "none":
            outs.append(None)
        else:
            memory = memories[which] if kind == "shared" else None
            outs.append(move_rows(view(shape, overlapping=False, memory=memory)[0], -1, axis))
    if len(outs) == 2 and all(out is not None for out in outs) and np.may_share_memory(*outs):
        outs[1] = None
    return ufunc, inputs, outs, axes, keywords


@hypothesis.given(rows(), ISAS, st.integers(1, 4))
def test_rows(call, isa, threads):
    ufunc, inputs, outs, axes, keywords = call
    use(isa, threads)
    operands = [
        move_rows(x, axis, -1)
        for x, axis in zip((*inputs, *outs), axes, strict=True)
        if x is not None
    ]
    shape = np.broadcast_shapes(*(x.shape for x in operands))
    arguments = [
        np.ascontiguousarray(np.broadcast_to(x, shape)).ravel() for x in operands[: ufunc.nin]
    ]
    # The same call element by element: no rows, no strides, no threads.
    kind = np.dtype(f"u{arguments[0].itemsize}")
    unique, inverse = np.unique(
        np.stack([a.view(kind) for a in arguments], axis=1), axis=0, return_inverse=True
    )
    expected = np.empty((ufunc.nout, len(unique)), arguments[0].dtype)
    with np.errstate(all="ignore"):
        for i, row in enumerate(unique):
            one = [np.array([bits]).view(arguments[0].dtype) for bits in row]
            expected[:, i] = np.reshape(ufunc(*one), -1)
        results = ufunc(*inputs, out=tuple(outs), **keywords)
    results = results if ufunc.nout > 1 else (results,)
    for result, out, axis, column in zip(results, outs, axes[ufunc.nin :], expected, strict=True):
        assert out is None or result is out
        rows = move_rows(result, axis, -1)
        assert same(rows, column[inverse.ravel()].reshape(shape), bits=True)

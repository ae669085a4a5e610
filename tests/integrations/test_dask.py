"""Dask arrays: lazy, chunk by chunk, also larger than the memory of the worker processes."""

import os

import numpy as np
import pytest

import gelu_fast

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

UFUNCS = {name: f for name, f in vars(gelu_fast).items() if isinstance(f, np.ufunc)}
ELEMENTWISE = [name for name, f in UFUNCS.items() if f.signature is None]
FUSED = [name for name, f in UFUNCS.items() if f.signature is not None]
CHUNKS = (16, 15)


@pytest.fixture
def x(rng):
    return (4 * rng.standard_normal((40, 40))).astype(np.float32)


def scalar_signature(ufunc):
    """Return a fused function's elementwise signature, because Dask's chunks may cut its rows."""
    return f"{','.join(['()'] * ufunc.nin)}->{','.join(['()'] * ufunc.nout)}"


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_elementwise(name, x):
    ufunc = UFUNCS[name]
    inputs = [np.roll(x, k) for k in range(ufunc.nin)]
    lazy = ufunc(*(da.from_array(a, chunks=CHUNKS) for a in inputs))
    assert isinstance(lazy, da.Array)
    assert lazy.chunks == da.from_array(x, chunks=CHUNKS).chunks
    assert lazy.dtype == np.float32
    assert lazy.compute().tobytes() == ufunc(*inputs).tobytes()


@pytest.mark.parametrize("name", FUSED)
def test_fused(name, x):
    ufunc = UFUNCS[name]
    inputs = [np.roll(x, k) for k in range(ufunc.nin)]
    if "bias" in name:
        inputs[-1] = inputs[-1][0]
    chunked = [da.from_array(a, chunks=CHUNKS[-a.ndim :]) for a in inputs]
    with pytest.raises(ValueError, match="gufunc signature"):
        ufunc(*chunked)
    lazy = da.apply_gufunc(ufunc, scalar_signature(ufunc), *chunked)
    expected = ufunc(*inputs)
    if ufunc.nout == 1:
        lazy, expected = (lazy,), (expected,)
    for ours, right in zip(lazy, expected, strict=True):
        assert ours.chunks == chunked[0].chunks
        assert ours.dtype == np.float32
        assert ours.compute().tobytes() == right.tobytes()


def test_halves_of_a_packed_projection(x):
    packed = da.from_array(x, chunks=(16, 20))
    lazy = da.apply_gufunc(gelu_fast.geglu, "(),()->()", packed[:, :20], packed[:, 20:])
    assert lazy.compute().tobytes() == gelu_fast.split_geglu(x).tobytes()


def test_nothing_is_computed_before_its_time(x):
    def explode(block):
        raise ZeroDivisionError

    source = da.from_array(x, chunks=CHUNKS).map_blocks(explode, meta=x[:0, :0])
    value = gelu_fast.gelu(source)
    both = da.apply_gufunc(gelu_fast.gelu_value_and_grad, "()->(),()", source)
    for lazy in (value, *both):
        with pytest.raises(ZeroDivisionError):
            lazy.compute()


@pytest.mark.parametrize("dtype", ["float16", "float64", "int8", "int32", "bool"])
def test_dtypes(dtype, x):
    x = x.astype(dtype)
    lazy = gelu_fast.gelu(da.from_array(x, chunks=CHUNKS))
    expected = gelu_fast.gelu(x)
    assert lazy.dtype == expected.dtype
    np.testing.assert_array_equal(lazy.compute(), expected, strict=True)


def test_bfloat16(x):
    x = x.astype(pytest.importorskip("ml_dtypes").bfloat16)
    result = gelu_fast.gelu(da.from_array(x, chunks=CHUNKS)).compute()
    assert result.dtype == x.dtype
    assert result.tobytes() == gelu_fast.gelu(x).tobytes()


def test_arguments_of_ufuncs(x):
    lazy = da.from_array(x, chunks=CHUNKS)
    out = da.zeros_like(lazy)
    assert gelu_fast.gelu(lazy, where=lazy > 0, out=out) is out
    np.testing.assert_array_equal(out.compute(), np.where(x > 0, gelu_fast.gelu(x), 0))
    assert gelu_fast.gelu(lazy, dtype=np.float64).compute().dtype == np.float64
    with pytest.raises(NotImplementedError, match="expected Dask Array"):
        gelu_fast.gelu(lazy, out=np.empty_like(x))


@pytest.mark.parametrize("shape", [(), (0, 3), (3, 0)])
def test_scalars_and_empty_arrays(shape):
    x = np.ones(shape, np.float32)
    result = gelu_fast.gelu(da.from_array(x)).compute()
    np.testing.assert_array_equal(result, gelu_fast.gelu(x))


def test_unknown_chunks(x):
    lazy = da.from_array(x, chunks=CHUNKS)
    result = gelu_fast.gelu(lazy[lazy > 0]).compute()
    np.testing.assert_array_equal(np.sort(result), np.sort(gelu_fast.gelu(x[x > 0])))


def test_chunks_that_are_masked_arrays(x):
    lazy = gelu_fast.gelu(da.ma.masked_less(da.from_array(x, chunks=CHUNKS), 0))
    result = lazy.compute()
    np.testing.assert_array_equal(np.ma.getmaskarray(result), x < 0)
    np.testing.assert_array_equal(result.compressed(), gelu_fast.gelu(x[x >= 0]))


def test_dtype_is_that_of_the_result_alone(x):
    """Dask computes in the dtype of x and casts, as it does with NumPy's own ufuncs."""
    lazy = da.from_array(x, chunks=CHUNKS)
    for function in (np.exp, gelu_fast.gelu):
        y = function(lazy, dtype=np.float64).compute()
        np.testing.assert_array_equal(y, function(x).astype(np.float64))
        assert not np.array_equal(y, function(x, dtype=np.float64))


@pytest.mark.parametrize("dtype", [np.int8, np.uint8])
def test_quantized_layer_is_lazy(dtype):
    q = np.arange(256, dtype=np.uint8).view(dtype).reshape(16, 16)
    layer = gelu_fast.QuantizedGELU(0.05, 3, 0.04, 7)
    lazy = layer(da.from_array(q, chunks=(5, 7)))
    assert isinstance(lazy, da.Array)
    assert lazy.dtype == dtype
    assert lazy.chunks == ((5, 5, 5, 1), (7, 7, 2))
    np.testing.assert_array_equal(lazy.compute(), layer(q))
    out = np.empty_like(q)
    assert layer(da.from_array(q), out=out) is out
    np.testing.assert_array_equal(out, layer(q))
    with pytest.raises((TypeError, ValueError), match="int8 and uint8, not float64"):
        layer(da.ones(3))


def check_lazy(lazy, expected, bits=True):
    lazy, expected = (v if isinstance(v, tuple) else (v,) for v in (lazy, expected))
    for ours, right in zip(lazy, expected, strict=True):
        assert isinstance(ours, da.Array)
        assert ours.dtype == right.dtype
        assert ours.shape == right.shape
        if bits:
            assert ours.compute().tobytes() == right.tobytes()
        else:  # sums, whose order depends on the chunks
            np.testing.assert_allclose(ours.compute(), right, rtol=1e-5)


@pytest.mark.parametrize("approximate", ["none", "tanh", "quick"])
def test_layers_are_lazy(approximate, x):
    grad, other = np.cos(x), np.roll(x, 1)
    for layer, inputs in (
        (gelu_fast.GELU(approximate), [x]),
        (gelu_fast.BiasGELU(approximate), [x, other[0]]),
        (gelu_fast.GEGLU(approximate), [x, other]),
    ):
        expected = layer(*inputs)
        gradients = layer.backward(grad)
        chunked = [da.from_array(a, chunks=CHUNKS[-a.ndim :]) for a in inputs]
        with_numpy = [chunked[0], *inputs[1:]]
        with_other_chunks = [da.from_array(a, chunks=7) for a in inputs]
        for operands in (chunked, with_numpy, with_other_chunks):
            check_lazy(layer(*operands), expected)
            for lazy_grad in (da.from_array(grad, chunks=(9, 11)), grad):
                result = layer.backward(lazy_grad)
                if isinstance(layer, gelu_fast.BiasGELU):
                    check_lazy(result[0], gradients[0])
                    check_lazy(result[1], gradients[1], bits=False)
                else:
                    check_lazy(result, gradients)


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_layers_keep_the_dtype(dtype, x):
    x = x.astype(dtype)
    layer = gelu_fast.GEGLU()
    expected = layer(x, x)
    gradients = layer.backward(x)
    lazy = da.from_array(x, chunks=CHUNKS)
    check_lazy(layer(lazy, lazy), expected)
    check_lazy(layer.backward(lazy), gradients)


@pytest.mark.parametrize("gate", ["first", "last"])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_split_geglu_is_lazy(axis, gate, x):
    for chunks in (CHUNKS, (40, 20), 40):
        lazy = gelu_fast.split_geglu(da.from_array(x, chunks=chunks), axis, gate)
        check_lazy(lazy, gelu_fast.split_geglu(x, axis, gate))


def test_layers_with_out(x):
    lazy = da.from_array(x, chunks=CHUNKS)
    layer = gelu_fast.GELU()
    out = da.zeros_like(lazy)
    assert layer(lazy, out=out) is out
    check_lazy(out, layer(x))
    with pytest.raises(TypeError, match="Dask"):
        gelu_fast.GEGLU()(lazy, lazy, out=np.empty_like(x))
    layer(lazy, out=lazy)  # Dask changes the object to refer to the result
    with pytest.raises(RuntimeError, match="overwrote"):
        layer.backward(x)


def test_layers_take_other_objects_as_arrays():
    """Series and DataFrame support ufuncs, but not other NumPy functions that backward needs."""
    pandas = pytest.importorskip("pandas")
    x = np.float32([[1, 2], [3, 4]])
    for frame in (pandas.DataFrame(x), pandas.Series(x[0])):
        layer = gelu_fast.BiasGELU()
        assert isinstance(layer(frame, x[0]), np.ndarray)
        assert layer.backward(np.ones(frame.shape, x.dtype))[1].shape == (2,)
        assert isinstance(gelu_fast.split_geglu(frame), np.ndarray)


def test_layers_compute_nothing_before_its_time(x):
    def explode(block):
        raise ZeroDivisionError

    source = da.from_array(x, chunks=CHUNKS).map_blocks(explode, meta=x[:0, :0])
    lazy = [gelu_fast.split_geglu(source)]
    for layer, inputs in (
        (gelu_fast.GELU(), [source]),
        (gelu_fast.BiasGELU(), [source, source[0]]),
        (gelu_fast.GEGLU(), [source, source]),
    ):
        lazy.append(layer(*inputs))
        gradients = layer.backward(source)
        lazy.extend(gradients if isinstance(gradients, tuple) else [gradients])
    for result in lazy:
        with pytest.raises(ZeroDivisionError):
            result.compute()


def test_number_of_threads():
    """Dask's threads follow set_num_threads; a `with` block applies to its own thread."""
    seen = da.ones(4, chunks=1).map_blocks(lambda x: x * gelu_fast.get_num_threads())
    default = gelu_fast.get_num_threads()
    with gelu_fast.num_threads(1):
        assert set(seen.compute(scheduler="threads", num_workers=2)) == {default}
    gelu_fast.set_num_threads(1)
    assert set(seen.compute(scheduler="threads", num_workers=2)) == {1}


def outgrow_two_processes(directory):
    """Reduce 1.5 GiB, then hold 704 MiB, in two processes of 512 MiB."""
    import distributed

    def spilled(dask_worker):
        return dask_worker.data.spilled_total.disk

    os.environ.pop("OMP_NUM_THREADS", None)
    rows, columns = 384, 1 << 20
    start = da.linspace(-8, 0, rows, chunks=4, dtype=np.float32)
    x = start[:, np.newaxis] + da.linspace(0, 8, columns, chunks=columns, dtype=np.float32)
    # Python and Dask's imports take 200 MiB of each process if pandas, Numba and others are
    # installed. A worker spills results to disk above 0.3 of its limit.
    with (
        dask.config.set({"distributed.worker.memory.target": 0.3}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, memory_limit=512 << 20,
            dashboard_address=None, local_directory=directory,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        processes = client.run(os.getpid)
        assert len({*processes.values(), os.getpid()}) == 3
        # distributed sets OMP_NUM_THREADS=1 for its processes unless it is set already.
        assert set(client.run(gelu_fast.get_num_threads).values()) == {1}

        sums = gelu_fast.gelu(x).sum(axis=1, dtype=np.float64).compute()
        assert set(client.run(spilled).values()) == {0}

        held = gelu_fast.gelu(x[:176]).persist()
        distributed.wait(held)
        assert min(client.run(spilled).values()) > 0
        again = held.sum(axis=1, dtype=np.float64).compute()
        assert client.run(os.getpid) == processes, "a worker was killed"

    np.testing.assert_array_equal(again, sums[:176])
    for k in range(0, rows, 4):
        chunk = x[k : k + 4].compute(scheduler="synchronous")
        expected = gelu_fast.gelu(chunk).sum(axis=1, dtype=np.float64)
        np.testing.assert_array_equal(sums[k : k + 4], expected)


def test_array_beyond_the_memory_of_the_processes(run_function, tmp_path):
    pytest.importorskip("distributed")
    run_function(outgrow_two_processes, str(tmp_path))


def test_a_number_as_gradient_or_operand_leaves_the_dtype_alone():
    x = da.ones((6, 8), chunks=(2, 3), dtype=np.float32)
    for layer, operands in ((gelu_fast.BiasGELU(), (x, 1.0)), (gelu_fast.GEGLU(), (x, x))):
        y = layer(*operands)
        assert isinstance(y, da.Array)
        assert {y.dtype, *(gradient.dtype for gradient in layer.backward(1.0))} == {x.dtype}


def test_chunks_of_unknown_sizes():
    x = da.ones((6, 8), chunks=(2, 8), dtype=np.float32)
    some, bias = x[x[:, 0] > 0], da.ones(8, dtype=np.float32)
    layer = gelu_fast.BiasGELU()
    assert layer(some, bias).compute().shape == (6, 8)
    dx, dbias = layer.backward(some)
    assert (dx.compute().shape, dbias.compute().shape) == ((6, 8), (8,))
    layer = gelu_fast.GELU()
    layer(some)
    assert layer.backward(some).compute().shape == (6, 8)

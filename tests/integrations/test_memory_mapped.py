"""np.memmap and Zarr arrays larger than the memory that a process may use."""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import gelu_fast

ROWS, COLUMNS = 32, 1 << 20  # 128 MiB of float32
ROOM = 64 << 20  # for Zarr and Dask themselves; half the size of the array

needs_limit = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux limits allocations without limiting mapped files"
)


def leave_room():
    """Limit this process to ROOM more bytes of allocations; mapped files do not count."""
    import resource

    status = Path("/proc/self/status").read_text("ascii")
    used = int(re.search(r"VmData:\s+(\d+) kB", status)[1]) << 10
    resource.setrlimit(resource.RLIMIT_DATA, (used + ROOM, used + ROOM))
    try:
        np.empty((ROWS, COLUMNS), np.float32)
    except MemoryError:
        return
    print("no limit")
    sys.exit()


@pytest.fixture
def run_limited(run_function, tmp_path):
    def run(function):
        if "no limit" in run_function(function, str(tmp_path)):
            pytest.skip("the system ignores RLIMIT_DATA, as an emulator does")

    yield run
    shutil.rmtree(tmp_path)  # pytest would keep the large files


def row(k):
    return np.linspace(-8 + k, 8, COLUMNS, dtype=np.float32)


def map_in_place(directory):
    path = f"{directory}/x"
    x = np.memmap(path, np.float32, "w+", shape=(ROWS, COLUMNS))
    for k in range(ROWS):
        x[k] = row(k)
    gelu_fast.gelu(x[:1])  # starts the threads
    leave_room()
    with pytest.raises(MemoryError):
        gelu_fast.gelu(x)
    assert gelu_fast.gelu(x, out=x) is x
    x.flush()
    x = np.memmap(path, np.float32, "r", shape=(ROWS, COLUMNS))
    for k in range(0, ROWS, 7):
        np.testing.assert_array_equal(x[k], gelu_fast.gelu(row(k)))


@needs_limit
def test_memmap_in_place(run_limited):
    run_limited(map_in_place)


def test_memmap_that_cannot_be_written(tmp_path):
    np.ones(9, np.float32).tofile(tmp_path / "x")
    x = np.memmap(tmp_path / "x", np.float32, "r")
    with pytest.raises(ValueError, match="read-only"):
        gelu_fast.gelu(x, out=x)
    result = gelu_fast.gelu(x)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, gelu_fast.gelu(np.ones(9, np.float32)))


def create_zarr(directory):
    import zarr

    x = zarr.create_array(
        f"{directory}/x", shape=(ROWS, COLUMNS), chunks=(1, COLUMNS), dtype="f4", compressors=None
    )
    for k in range(ROWS):
        x[k] = row(k)
    return x


def check_zarr(y, x):
    assert y.chunks == x.chunks
    assert y.dtype == np.float32
    for k in range(0, ROWS, 7):
        np.testing.assert_array_equal(y[k], gelu_fast.gelu(row(k)))


def convert_zarr(directory):
    import zarr

    x = create_zarr(directory)
    y = zarr.zeros_like(x, store=f"{directory}/y")
    gelu_fast.gelu(x[0])  # starts the threads
    leave_room()
    with pytest.raises(MemoryError):
        gelu_fast.gelu(x)
    for k in range(ROWS):
        y[k] = gelu_fast.gelu(x[k])
    check_zarr(y, x)


@needs_limit
def test_zarr_chunk_by_chunk(run_limited):
    pytest.importorskip("zarr")
    run_limited(convert_zarr)


def convert_zarr_by_dask(directory):
    import dask
    import dask.array as da
    import zarr

    x = create_zarr(directory)
    with dask.config.set(scheduler="threads", num_workers=2):
        gelu_fast.gelu(da.from_zarr(x)[:4]).to_zarr(f"{directory}/first")  # starts the threads
        leave_room()
        gelu_fast.gelu(da.from_zarr(x)).to_zarr(f"{directory}/y")
    check_zarr(zarr.open_array(f"{directory}/y", mode="r"), x)


@needs_limit
def test_zarr_by_dask(run_limited):
    pytest.importorskip("zarr")
    pytest.importorskip("dask.array")
    run_limited(convert_zarr_by_dask)


def test_zarr_in_memory():
    zarr = pytest.importorskip("zarr")
    x = zarr.array(np.float32([[-1, 0, 2]]))
    result = gelu_fast.gelu(x)  # reads the whole array
    np.testing.assert_array_equal(result, gelu_fast.gelu(x[:]), strict=True)

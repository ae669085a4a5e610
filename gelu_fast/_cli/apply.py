"""``gelu-fast apply``: a function of every element of a .npy file, written to another .npy file.

Writes what ``np.save(output, gelu_fast.gelu(np.load(input)))`` would: float16, float32, float64 and
Fortran order stay, integers and bools are promoted as by `numpy.exp`. Nothing is unpickled. Until
it is complete, the output is a temporary file in the same directory. If anything fails, there is no
output, and the exit code is 1.
"""

# The files may be larger than memory, so they are read and written in blocks. Mapping them would be
# slower: a page fault takes longer than copying the page.

import argparse
import errno
import importlib
import math
import os
import secrets
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np
from numpy.lib import format as npy

import gelu_fast
from gelu_fast._optional import is_installed, require
from gelu_fast._runtime import MOST_THREADS
from gelu_fast._ufuncs import form

FORMS = {"exact": "none", "tanh": "tanh", "quick": "quick"}
_ORDERS = ("gelu", "gelu_grad", "gelu_grad2")
_BLOCK_BYTES = 1 << 20  # of input and result together, for each thread: both fit in its L2 cache


def _read_header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return the shape, whether the order is Fortran's, and the dtype of a .npy file."""
    if file.read(4) == b"PK\x03\x04":
        raise ValueError(f"{file.name} is an .npz or zip archive: extract the .npy files first")
    file.seek(0)
    try:
        version = npy.read_magic(file)
        if version not in ((1, 0), (2, 0)):
            # 3.0 is 2.0 in UTF-8. NumPy has no public function that reads its header alone.
            np.load(file.name, mmap_mode="r")
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        return read(file)
    except OSError:
        raise
    except Exception as error:  # whatever Python's parser and NumPy raise for a malformed header
        text = str(error).partition("\n")[0] if isinstance(error, ValueError) else ""
        reason = text or "its header makes no sense"
        raise ValueError(f"{file.name} is not a .npy file: {reason}") from error


def _dtypes(
    function: np.ufunc, stored: np.dtype[Any], bfloat16: bool
) -> tuple[np.dtype[Any], np.dtype[Any]]:
    """Return the dtypes of the elements and of the result."""
    if bfloat16:
        if stored != np.dtype("V2"):
            raise ValueError(f"--bfloat16 is for elements of dtype V2, not {stored}")
        stored = np.dtype(require("ml_dtypes", "bfloat16").bfloat16)
    elif stored == np.dtype("V2"):
        raise ValueError(
            "the elements are raw bytes (V2), as NumPy stores bfloat16: add --bfloat16"
        )
    try:
        return stored, function.resolve_dtypes((stored, None))[1]
    except TypeError:
        raise ValueError(
            f"elements of dtype {stored} have no GELU: float16, bfloat16, float32, float64,"
            " integers and bool have"
        ) from None


@contextmanager
def _renamed_when_complete(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path`; rename it at the end, or remove it on failure."""

    def refuse_existing() -> None:
        if path.exists() and not path.is_file():
            raise ValueError(f"{path} is not a regular file")
        if path.exists() and not force:
            raise FileExistsError(errno.EEXIST, "exists; --force replaces it", os.fspath(path))

    refuse_existing()
    path = Path(os.path.realpath(path))  # of a symbolic link, the target is replaced
    temporary = path.with_name(f".gelu-fast-{secrets.token_hex(8)}.tmp")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666  # a private file stays private
    try:  # before the file exists, as a signal may arrive at any time
        try:
            file = open(  # noqa: SIM115 (it is closed below)
                temporary, "xb", opener=lambda name, flags: os.open(name, flags, mode)
            )
        except OSError as error:
            raise OSError(error.errno, error.strerror, os.fspath(path)) from error
        with file:
            yield file
        if not force:
            # Unlike a renaming, a hard link never overwrites a file that was created meanwhile.
            with suppress(OSError):
                os.link(temporary, path)
                return
        refuse_existing()
        if path.exists():
            os.chmod(temporary, path.stat().st_mode & 0o777)  # undoing the umask
        os.replace(temporary, path)
    finally:
        with suppress(OSError):  # unless it was renamed
            temporary.unlink()


def apply(
    function: np.ufunc,
    source: Path,
    target: Path,
    threads: int,
    progress: Callable[[int, int], object] = lambda count, total: None,
    *,
    bfloat16: bool = False,
    force: bool = False,
) -> None:
    """Write what ``np.save(target, function(np.load(source)))`` would, byte for byte.

    Parameters
    ----------
    function : numpy.ufunc
        Of one operand.
    source, target : Path
        The target appears when it is complete. Both may be the same file.
    threads : int
        The number of threads that compute a block, of 1 MiB for each of them.
    progress : callable
        Called with the number of elements just done, and the total.
    bfloat16 : bool
        Whether elements of dtype V2 are bfloat16, as ml_dtypes saves them.
    force : bool
        Whether a target that exists is replaced.

    Raises
    ------
    ValueError
        If the source is not a complete .npy file of a dtype that the function takes.
    OSError
        If a file cannot be read or written; FileExistsError if the target exists.
    """
    if source.exists() and not source.is_file():  # opening a pipe would block
        raise ValueError(f"{source} is not a regular file")
    with open(source, "rb") as reader:
        shape, fortran_order, stored = _read_header(reader)
        kind, result_kind = _dtypes(function, stored, bfloat16)
        try:  # NumPy may not allow the shape; the result's elements are the larger ones
            np.broadcast_to(np.empty((), result_kind), shape)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{source}: no array has the shape in its header: {error}") from error
        total = math.prod(shape)
        there = os.fstat(reader.fileno()).st_size
        needed = reader.tell() + total * kind.itemsize
        if there < needed:
            raise ValueError(
                f"{source} is truncated: it has {there:,} bytes, its header says {needed:,}"
            )
        step = threads * _BLOCK_BYTES // (kind.itemsize + result_kind.itemsize)
        x = np.empty(min(step, total), kind)
        y = x if kind == result_kind else np.empty(x.size, result_kind)
        with gelu_fast.num_threads(threads), _renamed_when_complete(target, force) as writer:
            npy.write_array_header_1_0(
                writer,
                {
                    "descr": npy.dtype_to_descr(result_kind),
                    # Like np.save, which writes C order if the array has both orders.
                    "fortran_order": fortran_order and total > 0 and sum(n != 1 for n in shape) > 1,
                    "shape": shape,
                },
            )
            progress(0, total)
            for start in range(0, total, step):
                n = min(step, total - start)
                # As bytes, since bfloat16 does not support the buffer protocol.
                if reader.readinto(x[:n].view(np.uint8).data) < n * kind.itemsize:
                    raise ValueError(f"{source} became shorter while it was read")
                function(x[:n], out=y[:n])
                writer.write(y[:n].view(np.uint8).data)
                progress(n, total)
            reader.close()  # Windows cannot replace an open file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("input", type=Path, help="a .npy file")
    parser.add_argument("output", type=Path, help="a .npy file; appears when it is complete")
    parser.add_argument("--form", choices=FORMS, default="exact", help="(default: exact)")
    parser.add_argument(
        "--derivative", type=int, choices=range(3), default=0, help="its order (default: 0)"
    )
    parser.add_argument("--threads", type=int, help="(default: as many as a large array gets)")
    parser.add_argument("--force", action="store_true", help="replace an output that exists")
    parser.add_argument(
        "--bfloat16", action="store_true", help="elements of dtype V2 are bfloat16 of ml_dtypes"
    )


def _terminate(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)


def _say(error: OSError | ValueError, arguments: argparse.Namespace) -> str:
    if not isinstance(error, OSError):
        return str(error)
    if error.filename is None:  # while reading or writing
        return f"{arguments.input} to {arguments.output}: {error.strerror}"
    return f"{error.filename}: {error.strerror}"


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    threads = gelu_fast.get_num_threads() if arguments.threads is None else arguments.threads
    if not 1 <= threads <= MOST_THREADS:
        parser.error(f"--threads is 1 to {MOST_THREADS}, not {threads}")
    # So that the temporary file is removed. Windows lacks SIGHUP.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _terminate)
    function = form(FORMS[arguments.form], _ORDERS[arguments.derivative])
    options = {"bfloat16": arguments.bfloat16, "force": arguments.force}
    paths = arguments.input, arguments.output
    try:
        if not is_installed("tqdm"):
            apply(function, *paths, threads, **options)
            return 0
        tqdm = importlib.import_module("tqdm").tqdm
        # disable=None: no bar where stderr is not a terminal.
        with tqdm(unit=" elements", unit_scale=True, leave=False, disable=None) as bar:

            def progress(count: int, total: int) -> None:
                bar.total = total
                bar.update(count)

            apply(function, *paths, threads, progress, **options)
    except (OSError, ValueError) as error:
        print(f"{parser.prog}: {_say(error, arguments)}", file=sys.stderr)
        return 1
    except MemoryError as error:  # NumPy says for how large a block
        print(f"{parser.prog}: {threads} threads: {error}", file=sys.stderr)
        return 1
    return 0

"""ISA, threads, configuration, and where the C library is."""

import os
import platform
import sys
from collections.abc import Callable
from contextlib import ContextDecorator
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from operator import index
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from gelu_fast import _core
from gelu_fast._version import __version__

_Function = TypeVar("_Function", bound=Callable[..., Any])

MOST_THREADS = _core.MOST_THREADS
_ISA_VARIABLE = "GELU_FAST_ISA"
_PACKAGE = Path(__file__).parent


def available_isas() -> tuple[str, ...]:
    """Return the ISAs that this build has and this CPU runs, the best first.

    Returns
    -------
    tuple of str
        Some of "avx512", "avx2", "neon" and "baseline". The last is always there.
    """
    return _core.available_isas()


def isa() -> str:
    """Return the name of the ISA whose kernels are in use.

    At import this is the best available, or what the environment variable ``GELU_FAST_ISA`` names.

    Returns
    -------
    str
        One of `available_isas`.
    """
    return _core.isa()


def set_isa(name: str) -> None:
    """Use the kernels of another ISA, in all threads, from the next call on.

    Parameters
    ----------
    name : str
        One of `available_isas`.

    Raises
    ------
    ValueError
        If this build or this CPU lacks it. The ISA in use stays.
    TypeError
        If it is not a str.
    """
    if not isinstance(name, str):
        raise TypeError(f"the name of an ISA is a str, not {type(name).__name__}")
    if name not in available_isas():
        available = ", ".join(available_isas())
        raise ValueError(f"ISA {name!r} is not available here; available: {available}")
    _core.set_isa(name)


def _obey_environment() -> None:
    name = os.environ.get(_ISA_VARIABLE)
    try:
        if name:
            set_isa(name)
    except ValueError as error:
        message = f"environment variable {_ISA_VARIABLE}: {error}"
        script = os.path.basename("".join(sys.argv[:1]))
        if script in ("gelu-fast", "gelu-fast.exe", "gelu-fast-script.py"):
            sys.exit(
                f"gelu-fast: {message}"
            )  # our command, which cannot catch an error of its own import
        # With a name, so that `python -m gelu_fast` prints one line instead of a traceback.
        raise ImportError(message, name="gelu_fast") from None


def _checked_count(n: int) -> int:
    count = index(n)
    if not 1 <= count <= MOST_THREADS:
        raise ValueError(f"the number of threads is 1 to {MOST_THREADS}, not {count}")
    return count


def get_num_threads() -> int:
    """Return the number of threads that a large array would get now, in this thread.

    Arrays too small to gain by threads run on the calling thread alone.

    Returns
    -------
    int
        1 in a build without OpenMP, and in a forked child process.
    """
    return _core.get_num_threads()


def set_num_threads(n: int | None) -> None:
    """Set the number of threads for large arrays, in all threads of the process.

    The default is ``OMP_NUM_THREADS`` if set, else the number of CPUs that affinity (or binding)
    and the cgroup's CPU quota allow. ``threadpoolctl.threadpool_limits`` lowers it for the current
    thread. A forked child process always runs serially; on Linux so does a child that imports
    gelu_fast after the fork, if the OpenMP runtime was loaded before it.

    Parameters
    ----------
    n : int or None
        1 to 1024. More than there are CPUs is allowed, but slow. None restores the default.

    Raises
    ------
    ValueError
        If `n` is out of that range.
    TypeError
        If `n` is neither an integer nor None.
    """
    _core.set_num_threads(0 if n is None else _checked_count(n))


class num_threads(ContextDecorator):  # noqa: N801
    """Set the number of threads for large arrays, in this thread, inside a ``with`` block.

    It overrides `set_num_threads`, and works as a decorator of functions too. It cannot see
    through wrappers of generator functions, such as ``contextlib.contextmanager``: use ``with``
    inside them.

    It applies to the thread that enters the block, and with ``await`` or ``yield`` inside also to
    what that thread does meanwhile. Blocks may be left in any order; the last open one counts.

    Parameters
    ----------
    n : int
        1 to 1024.

    Raises
    ------
    ValueError
        If `n` is out of that range.
    TypeError
        If `n` is not an integer, or what is decorated is a coroutine or generator function.
    RuntimeError
        If one object is entered again before it is left.

    Examples
    --------
    >>> import gelu_fast
    >>> with gelu_fast.num_threads(1):
    ...     gelu_fast.get_num_threads()
    1
    """

    def __init__(self, n: int) -> None:
        self._count = _checked_count(n)
        self._entered: object = None

    def _recreate_cm(self) -> "num_threads":
        return num_threads(self._count)  # one per call, as calls may recurse and overlap

    def __call__(self, function: _Function) -> _Function:
        for body in (getattr(function, "__func__", function), type(function).__call__):
            if iscoroutinefunction(body) or isgeneratorfunction(body) or isasyncgenfunction(body):
                raise TypeError(
                    "num_threads decorates functions, not coroutine or generator functions: a "
                    "call returns before their body runs; use `with` there, without await or yield"
                )
        return super().__call__(function)

    def __enter__(self) -> None:
        if self._entered is not None:
            raise RuntimeError("num_threads is entered already: each `with` needs one of its own")
        self._entered = _core.enter_thread_number(self._count)

    def __exit__(self, *_: object) -> None:
        self._entered = None


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


@overload
def show_config(mode: Literal["stdout"] = "stdout") -> None: ...
@overload
def show_config(mode: Literal["dicts"]) -> dict[str, Any]: ...
def show_config(mode: Literal["stdout", "dicts"] = "stdout") -> dict[str, Any] | None:
    """Print or return the configuration: what was built, and what was chosen at run time.

    Parameters
    ----------
    mode : {"stdout", "dicts"}
        Whether to print the configuration or to return it, as in `numpy.show_config`.

    Returns
    -------
    dict or None
        With ``mode="dicts"``: version, ISA in use and available, CPU and features, number of
        threads and its reason, OpenMP runtime (None in a serial build), and compiler.

    Raises
    ------
    ValueError
        If `mode` is neither.
    """
    if mode not in ("stdout", "dicts"):
        raise ValueError(f"mode is 'stdout' or 'dicts', not {mode!r}")
    config = {
        "version": __version__,
        "isa": isa(),
        "available_isas": available_isas(),
        "cpu": _cpu_name(),
        "cpu_features": _core.cpu_features(),
        "num_threads": get_num_threads(),
        "num_threads_reason": _core.num_threads_reason(),
        "openmp": _core.openmp_runtime(),
        "compiler": _core.compiler(),
    }
    if mode == "dicts":
        return config
    sys.stdout.write(config_text(config) + "\n")
    return None


def config_text(config: dict[str, Any]) -> str:
    """Return a configuration as readable lines."""
    width = max(map(len, config))
    lines = []
    for key, value in config.items():
        if value is None:
            value = "none: serial build"
        text = ", ".join(value) if isinstance(value, tuple) else value
        lines.append(f"{key:{width}}  {text}")
    return "\n".join(lines)


def get_include() -> str:
    """Return the directory of ``gelu_fast.h``, for a C compiler's ``-I``.

    Returns
    -------
    str

    Examples
    --------
    >>> import gelu_fast, os
    >>> os.listdir(gelu_fast.get_include())
    ['gelu_fast.h']
    """
    return str(_PACKAGE / "include")


def get_library() -> str:
    """Return the path of the static C library, which needs no Python.

    It needs OpenMP if the package was built with it (`show_config` tells), so with GCC::

        gcc program.c -I"$(gelu-fast info --include)" "$(gelu-fast info --library)" -fopenmp -lm

    Beside it are ``cmake/gelu_fast`` for CMake's ``find_package`` and ``pkgconfig``.

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If the package was installed without its library.
    """
    for name in ("libgelu_fast.a", "gelu_fast.lib"):
        path = _PACKAGE / "lib" / name
        if path.exists():
            return str(path)
    raise FileNotFoundError(
        f"no C library in {_PACKAGE / 'lib'}: this package was built without it"
    )


_obey_environment()

"""Optional packages, imported only by the modules that need them."""

from importlib import import_module, util
from types import ModuleType


def is_installed(module: str) -> bool:
    return util.find_spec(module) is not None


def require(package: str, extra: str) -> ModuleType:
    """Import a package, or say how to install it.

    Parameters
    ----------
    package : str
        Name of the module, ``"torch"`` or ``"onnxruntime_extensions"``.
    extra : str
        The extra of gelu_fast that brings it.

    Raises
    ------
    ImportError
        If the package is not installed, with the command that installs it.
    """
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package.split(".")[0]:
            raise  # it is installed, but one of its own imports is missing
        raise ImportError(
            f"this needs {package}, which is not installed: pip install 'gelu_fast[{extra}]'",
            name=package,
        ) from error

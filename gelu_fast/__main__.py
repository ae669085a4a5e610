"""GELU on CPUs. Without a command: what was chosen for this machine, a check, a short benchmark."""

import argparse
import os
import sys
from importlib import import_module

from gelu_fast._version import __version__

# Each is a module of gelu_fast._cli with a docstring (the help text), add_arguments(parser) and
# main(parser, arguments), which returns the exit code.
_COMMANDS = {
    "info": "show versions, kernels, threads",
    "apply": "apply a function to a .npy file of any size",
    "bench": "compare with every peer that is installed",
    "accuracy": "measure the largest errors of every function",
    "plot": "draw the functions, or the errors of all that is installed",
}


def _name_modules() -> None:
    """Name the modules that are imported dynamically, for tools that freeze Python programs."""
    from gelu_fast._cli import accuracy, apply, bench, check, info, plot  # noqa: F401


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="gelu-fast", description=__doc__)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.set_defaults(run=lambda *_: import_module("gelu_fast._cli.check").main(), parser=parser)
    commands = parser.add_subparsers(metavar="command")
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name in sys.argv:  # importing all of them would double the start-up time
            module = import_module(f"gelu_fast._cli.{name}")
            command.description = module.__doc__
            module.add_arguments(command)
            command.set_defaults(run=module.main, parser=command)
    return parser.parse_args()


def main() -> int:
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:  # closed: the next file opened would get its descriptor
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115
    program = "gelu-fast"
    try:
        try:
            arguments = _parse()
            program = arguments.parser.prog
            return int(arguments.run(arguments.parser, arguments))
        finally:
            sys.stdout.flush()  # here, so that its error is caught
    except KeyboardInterrupt:
        return 130
    except (ImportError, OSError) as error:  # a missing optional package, or a file
        if not isinstance(error, BrokenPipeError):  # as of `gelu-fast info | head -n 1`
            print(f"{program}: {error}", file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:  # Python flushes again at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())

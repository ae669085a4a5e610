"""GELU on CPUs. Without a command: what was chosen for this machine, a check, a short benchmark."""

import argparse
import os
import sys
from importlib import import_module

# Each is a module of that name with an underscore before it, which has a docstring for the help,
# add_arguments(parser) and main(parser, arguments), whose result is the exit code.
_COMMANDS = {
    "info": "show versions, kernels, threads",
    "apply": "apply a function to a .npy file of any size",
    "bench": "compare with every peer that is installed",
    "accuracy": "measure the largest errors of every function",
    "plot": "draw the functions, or the errors of all that is installed",
}


def _name_modules() -> None:
    """Import what is imported by computed names below: programs that freeze Python look for it."""
    from gelu_fast import _accuracy, _apply, _bench, _check, _info, _plot  # noqa: F401


def main() -> int:
    parser = argparse.ArgumentParser(prog="gelu-fast", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="command")
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name in sys.argv:  # to import all would double the time that a command takes to start
            module = import_module(f"gelu_fast._{name}")
            command.description = module.__doc__
            module.add_arguments(command)
            command.set_defaults(run=module.main, parser=command)
    arguments = parser.parse_args()
    try:
        if arguments.command is None:
            return int(import_module("gelu_fast._check").main())
        return int(arguments.run(arguments.parser, arguments))
    except BrokenPipeError:  # as of `gelu-fast info | head -n 1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's last flush
        return 1
    except (ImportError, OSError) as error:  # a package that only this command needs, or a file
        print(f"{parser.prog} {arguments.command or ''}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

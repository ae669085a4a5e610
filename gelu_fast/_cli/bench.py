"""``python -m gelu_fast bench``: gelu_fast beside every peer that is installed, in one run.

The peers of a case take turns, so that whatever else the machine does slows all of them alike.
Cases of one number of threads run in a process of their own, held to as many CPUs from its start:
the thread pools of some peers are sized by the CPUs that they find, and stay as they are.
"""

import argparse
import importlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gelu_fast._bench import report
from gelu_fast._bench.cases import Case, default_cases, run
from gelu_fast._bench.machine import available_cpus
from gelu_fast._bench.peers import PEERS


def _needed(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(f'{module} is missing: pip install "gelu_fast[bench]"') from error


def _chosen(words: Sequence[str], cases: Mapping[str, Case]) -> list[Case]:
    """Return the cases named, singly or by group; all if there are no words."""
    groups = {case.group for case in cases.values()}
    for word in words:
        if word not in cases and word not in groups:
            raise ValueError(
                f"no case or group {word!r}; groups: {', '.join(sorted(groups))}; cases: --list"
            )
    return [c for c in cases.values() if not words or c.name in words or c.group in words]


def _chosen_peers(words: Sequence[str]) -> list[str]:
    """Return the peers named, or all. gelu_fast is always among them, for the ratio."""
    for word in words:
        if word not in PEERS:
            raise ValueError(f"no peer {word!r}; there are: {', '.join(PEERS)}")
    return [name for name in PEERS if not words or name in words or name == "gelu_fast"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--only", nargs="+", default=[], metavar="CASE", help="cases or groups")
    parser.add_argument("--peers", nargs="+", default=[], metavar="PEER", help="beside gelu_fast")
    parser.add_argument(
        "--seconds", type=float, default=0.5, help="for each peer in each case (default: 0.5)"
    )
    parser.add_argument(
        "--threads", type=int, help="of the cases with several (default: as many as CPUs)"
    )
    parser.add_argument("--save", type=Path, metavar="DIR", help="for speed.json and the plots")
    parser.add_argument("--list", action="store_true", help="show cases and peers, run nothing")


def main(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    cpus = len(available_cpus())
    threads = cpus if arguments.threads is None else arguments.threads
    if not 1 <= threads <= cpus:
        parser.error(f"--threads is 1 to {cpus}, the CPUs of this process, not {threads}")
    if not arguments.seconds > 0:
        parser.error(f"--seconds is more than 0, not {arguments.seconds}")
    try:
        cases = _chosen(arguments.only, default_cases(threads))
        names = _chosen_peers(arguments.peers)
    except ValueError as error:
        parser.error(str(error))
    if arguments.list:
        for case in cases:
            print(f"{case.name:20} {report.describe(vars(case) | {'elements': case.count})}")
        for name in names:
            print(f"{name:20} {PEERS[name].label}: {PEERS[name].missing() or 'installed'}")
        return 0
    tqdm = _needed("tqdm").tqdm
    if arguments.save is not None:
        _needed("matplotlib")
    with tqdm(total=len(cases), unit="case", leave=False, disable=None) as bar:

        def progress(done: int, case: Case) -> None:
            bar.n = done
            bar.set_description(case.name)

        measured = run(cases, names, arguments.seconds, progress)
    print(report.text(measured))
    if arguments.save is not None:
        for path in report.save(measured, arguments.save):
            print(f"written: {os.fspath(path)}")
    return 0

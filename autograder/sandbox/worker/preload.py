"""Imports an assignment's packages once, in the zygote, so that no submission pays for them.

A process with several threads cannot move into a new user namespace, and a fork copies one thread only. If a package
starts a thread when it is imported, the zygote therefore starts again without it. A submission that uses this package
imports it itself, which costs that submission alone.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import time
from collections.abc import Iterable

SECONDS = 30.0  # for all modules: the launcher does not wait much longer for a zygote
_AGAIN = "AUTOGRADER_STARTED_AGAIN"


def kept() -> tuple[int, frozenset[str]]:
    """The zygote's memory of its first start: its set-up's descriptor, and the modules to leave to submissions.

    (-1, nothing) at the first start.
    """
    fd, late = json.loads(os.environ.pop(_AGAIN, "[-1, []]"))
    return int(fd), frozenset(late)


def import_ahead(modules: Iterable[str], late: frozenset[str], setup: int) -> None:
    """Import the modules, but for `late` ones. setup: the descriptor to keep if the zygote starts again.

    A module that cannot be imported is left to the notebook, which sees the error.
    """
    until = time.monotonic() + SECONDS
    for name in modules:
        if name in late or time.monotonic() > until:
            continue
        with contextlib.suppress(Exception, SystemExit):
            importlib.import_module(name)
        if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 — pathlib is not worth its import here
            _start_again(setup, late | {name})
    with contextlib.suppress(Exception):
        _list_thread_pools()


def _list_thread_pools() -> None:
    """Give threadpoolctl its list of libraries, if a package has imported it.

    It reads the list in /proc, which no submission can open. scikit-learn asks for it in KMeans and for neighbours.
    """
    if "threadpoolctl" in sys.modules:
        controller = sys.modules["threadpoolctl"].ThreadpoolController
        pools = controller().lib_controllers
        controller.__init__ = lambda self: setattr(self, "lib_controllers", list(pools))


def _start_again(setup: int, late: frozenset[str]) -> None:
    os.set_inheritable(setup, True)
    os.environ[_AGAIN] = json.dumps([setup, sorted(late)])
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 — the command that started this process

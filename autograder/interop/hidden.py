"""Hidden checks in the student's own kernel: nbgrader's hidden cells and otter's hidden tests call them.

A notebook of nbgrader has one graded cell for all hidden checks of a question; otter has a test for each.

These are the check functions of `autograder grade`, on the notebook's globals, in one process. A hostile notebook can
read or replace them there. Only `autograder grade` gives marks.
"""

from __future__ import annotations

import contextlib
import functools
import io
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.checks import Check
from autograder.authoring.failing import CheckFailed, PartOfThePoints
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.seeds import generator
from autograder.authoring.slips import slipped, slips_on
from autograder.course import find_course
from autograder.errors import NotDefinedError
from autograder.text import named, one_line

SEED = "in one process"


def run_hidden_check(assignment: str, identity: str, names: dict[str, Any], memo: dict[Any, Any] | None = None) -> None:
    """Put one hidden check to the notebook's globals `names`; AssertionError, or the student's own, if it fails.

    The course is looked for upwards from the kernel's working directory: nbgrader's is inside the course, and
    otter's holds the course files of autograder.zip.
    """
    loaded = _loaded(assignment)
    check = next(c for c in loaded.checks if c.id == identity)
    with _quietly(), loaded.in_folder():
        try:
            _put(check, loaded.reference, names, memo)
        except (NotDefinedError, SystemExit) as error:  # SystemExit would end the kernel's cell, and otter, too
            raise AssertionError(str(error)) from None
        except AssertionError as error:
            if _is_blocked(error):
                raise
            _forgive_slips(loaded, check, names, error)


def _put(check: Check, reference: Any, names: dict[str, Any], memo: dict[Any, Any] | None = None) -> None:
    given = {"student": PlainStudent(names), "reference": reference, "rng": generator(SEED, check.id), "memo": memo}
    check.function(*(given[p] for p in check.parameters))


def _forgive_slips(loaded: Assignment, check: Check, names: dict[str, Any], failure: AssertionError) -> None:
    """As judging/forgive_slips.py: put a failed check again with the slips that are on, or raise its failure."""
    groups = [group for group in loaded.slips if group.question == check.question]
    try:
        on = slips_on(
            groups,
            loaded.checks,
            lambda core: _fails(core, loaded.reference, names),
            lambda: PlainStudent(names),
            loaded.reference,
            SEED,
        )
    except (Exception, SystemExit):  # noqa: BLE001 — student code: no answer to the probe, so no slip
        raise failure from None
    if check.id in on:
        raise AssertionError(on[check.id].words) from None
    if not on:
        raise failure
    try:
        _put(check, slipped(loaded.reference, on.values()), names)
    except SystemExit as error:
        raise AssertionError(str(error)) from None


def _fails(check: Check, reference: Any, names: dict[str, Any]) -> bool:
    try:
        _put(check, reference, names)
    except AssertionError as error:
        return not _is_blocked(error)
    except PartOfThePoints as part:  # a slip would take these points
        return not part.of(check.points)
    return False


def _is_blocked(error: AssertionError) -> bool:
    return isinstance(error, CheckFailed) and error.diagnosis == "blocked"


def run_hidden_checks(assignment: str, question: str, names: dict[str, Any]) -> float:
    """Put all hidden checks of a question to the notebook's globals `names`. Returns the points, for nbgrader.

    nbgrader reads the number that a cell ends with as its points. It must be Python's own float, and never more than
    the cell's maximum. Says on stdout which checks fail; a cell that writes to stderr would get 0 points.
    """
    checks = [c for c in _loaded(assignment).checks if c.question == question and c.visibility != "public"]
    seconds = 2 * _loaded(assignment).settings.limits.call_seconds
    memo: dict[Any, Any] = {}
    points = sum(_points(assignment, check, names, seconds, memo) for check in checks)
    given = min(round(float(points), 6), float(sum(check.points for check in checks)))
    _show_plainly(given)
    return given


def _show_plainly(points: float) -> None:
    """Let the notebook's shell show the number whole, whatever the student's cells have set.

    nbgrader gives full marks to a cell that shows no number, and `%precision 0` would round it.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/plain"].float_format = "%r"
        if shell.ast_node_interactivity == "none":
            shell.displayhook(points)


def _points(assignment: str, check: Check, names: dict[str, Any], seconds: float, memo: dict[Any, Any]) -> float:
    """The points of one check. Whatever a check or the student's code raises, the next check is put."""
    try:
        with _for_at_most(seconds):
            run_hidden_check(assignment, check.id, names, memo)
    except PartOfThePoints as part:
        return part.of(check.points)
    except _NoEndError as error:
        says = str(error)
    except Exception as error:  # noqa: BLE001 — the student's
        says = one_line(traceback.format_exception_only(error)[-1]).removeprefix("AssertionError: ")
    else:
        return check.points
    print(f"{named(check.title, check.id)}: {says}")  # noqa: T201 — nbgrader shows it to the student
    return 0.0


class _NoEndError(BaseException):
    """Code took too long. A student's `except Exception` does not catch it."""


@contextlib.contextmanager
def _for_at_most(seconds: float) -> Iterator[None]:
    """End what runs inside after so much processor time. nbgrader's own limit would end the whole cell.

    Only the main thread of a process can do this, and only where the system has such a clock.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def end(*_: object) -> None:
        raise _NoEndError(f"no answer after {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@functools.lru_cache(maxsize=1)
def _loaded(assignment: str) -> Assignment:
    """The assignment, loaded once in a kernel."""
    return load_assignment(find_course(Path.cwd()).solutions / assignment)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Hide all output: it could hold a hidden input, and nbgrader gives 0 points to a cell that warns on stderr."""
    import numpy as np

    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        np.errstate(all="ignore"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield

"""Hidden checks in the student's own kernel: nbgrader's hidden cells and otter's hidden tests call them.

These are the check functions of `autograder grade`, on the notebook's globals, in one process. A hostile notebook can
read or replace them there. Only `autograder grade` gives marks.
"""

from __future__ import annotations

import contextlib
import functools
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.authoring.checks import Check
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.seeds import generator
from autograder.authoring.slips import slipped, slips_on
from autograder.course import find_course
from autograder.errors import NotDefinedError

SEED = "in one process"


def run_hidden_check(assignment: str, identity: str, names: dict[str, Any]) -> None:
    """Put one hidden check to the notebook's globals `names`; AssertionError, or the student's own, if it fails.

    The course is looked for upwards from the kernel's working directory: nbgrader's is inside the course, and
    otter's holds the course files of autograder.zip.
    """
    loaded = _loaded(assignment)
    check = next(c for c in loaded.checks if c.id == identity)
    with _quietly(), loaded.in_folder():
        try:
            _put(check, loaded.reference, names)
        except (NotDefinedError, SystemExit) as error:  # SystemExit would end the kernel's cell, and otter, too
            raise AssertionError(str(error)) from None
        except AssertionError as error:
            _forgive_slips(loaded, check, names, error)


def _put(check: Check, reference: Any, names: dict[str, Any]) -> None:
    given = {"student": PlainStudent(names), "reference": reference, "rng": generator(SEED, check.id)}
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
    except AssertionError:
        return True
    return False


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

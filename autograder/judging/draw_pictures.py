"""Draws pictures of a student's own answers, after all checks: no picture can change a mark.

A picture must show nothing of a hidden input. But the process that answered the hidden checks has seen these inputs: a
notebook could keep one and return it as its "answer" for a picture. So a picture from that process counts only if every
number agrees with the reference. All others are drawn again in a new process, which ran the same cells and got no
check, so its memo is empty. Over a class this takes 2 to 4 % of the time of grading; for a student with a wrong
picture, up to 18 %. The submission's deadline holds for pictures, too: a notebook that has used up its time gets none.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from autograder.assignment.assignment import Assignment
from autograder.authoring.drawings import Picture
from autograder.authoring.pictures import NoPicture, PictureFunction
from autograder.errors import CrashError, NotDefinedError, RaisedError, SandboxError, StudentError, TimeLimitError
from autograder.judging.judge import of_question
from autograder.records.result import CheckResult
from autograder.text import one_line

if TYPE_CHECKING:
    from autograder.judging.notebook_run import NotebookRun

CALLS = 3  # the most time for all pictures from one process, in times of a call
_WHAT = "what draws all pictures"
_ENDLESS = frozenset({"timeout", "crash"})


def draw_pictures(assignment: Assignment, run: NotebookRun, checks: Mapping[str, CheckResult]) -> tuple[Picture, ...]:
    """One picture for each function of pictures.py, in its order. Raises SandboxError only."""
    seconds = CALLS * assignment.settings.limits.call_seconds
    drawn = {f.id: _spared(f, of_question(assignment, f.question, checks)) for f in assignment.pictures}
    asked = [f for f in assignment.pictures if drawn[f.id] is None]
    if run.session is not None:
        run.session.deadline = run.deadline.within(seconds, _WHAT)
        drawn |= {f.id: _from_this_process(f, run, assignment) for f in asked}
    left = [f for f in asked if (made := drawn[f.id]) is None or not made.agrees]
    if left:
        with run.again(run.deadline.within(seconds, _WHAT)) as clean:
            drawn |= {f.id: _draw(f, clean, assignment) for f in left}
    return tuple(made for made in drawn.values() if made is not None)


def _spared(function: PictureFunction, results: Sequence[CheckResult]) -> Picture | None:
    """The picture's sentence if no call is needed, else None: nothing is written yet, or a call did not end before."""
    if results and all(c.outcome == "missing" for c in results):
        return _none(function, "nothing is written here yet")
    if any(c.outcome in _ENDLESS for c in results):
        return _none(function, "a call did not come to its end")
    return None


def _from_this_process(function: PictureFunction, run: NotebookRun, assignment: Assignment) -> Picture | None:
    if run.session is None:
        return None
    made = _draw(function, run, assignment)
    return made if made.agrees else None


def _draw(function: PictureFunction, run: NotebookRun, assignment: Assignment) -> Picture:
    """Draw the picture. If that is not possible, the picture holds a sentence that says why."""
    try:
        given = {"student": run.student(), "reference": assignment.reference, "memo": run.memo}
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's NaN must not warn the instructor
            drawing = function.function(*(given[p] for p in function.parameters))
            return Picture(
                id=function.id,
                question=function.question,
                title=function.title,
                caption=function.caption,
                drawing=drawing,
            )
    except NoPicture as reason:
        return _none(function, str(reason))
    except SandboxError:  # the student did not cause it: the caller grades again
        raise
    except StudentError as error:
        if isinstance(error, (TimeLimitError, CrashError)):
            run.bury()
        return _none(function, _words(error))
    except Exception as error:  # noqa: BLE001 — an odd value broke the picture: no picture, and no harm
        return _none(function, f"what was returned could not be drawn ({type(error).__name__})")


def _words(error: StudentError) -> str:
    match error:
        case NotDefinedError():
            return f"{error.name} is not defined"
        case RaisedError(type_name="NotImplementedError"):
            return "not written yet: it raises NotImplementedError"
        case RaisedError():  # this process has seen no hidden input, so its text may be shown
            return f"it raised {error.type_name}: {error.text}" if error.text else f"it raised {error.type_name}"
    return str(error)


def _none(function: PictureFunction, why: str) -> Picture:
    return Picture(
        id=function.id, question=function.question, title=function.title, why=one_line(why, limit=200).rstrip(".")
    )

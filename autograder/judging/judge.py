"""Puts one check to one student's code, and makes an outcome and one line of text from whatever happens.

For a hidden check, the line must not carry a hidden input out. So it is one of a few that are known before any student
code runs: no text of an exception, and its name only if it is in a short list; of a check's own message only the texts
that stand in the author's file (authoring/failing.py).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.authoring.failing import CheckFailed, PartOfThePoints
from autograder.authoring.seeds import generator
from autograder.authoring.student import Student
from autograder.errors import (
    CrashError,
    MemoryLimitError,
    NotDefinedError,
    NotNumbersError,
    OverdueError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
)
from autograder.judging.exceptions import explain, name_of
from autograder.judging.facts import Facts
from autograder.judging.fault import fault_of, key_of_exception, key_of_failure
from autograder.records.result import CheckResult, Outcome
from autograder.sandbox.worker.describing import NOT_HANDED_OVER
from autograder.text import one_line


def judge(
    check: Check,
    student: Student,
    reference: Any,
    seed: str,
    facts: Facts | None = None,
    memo: dict[Any, Any] | None = None,
) -> CheckResult:
    """Put a check to a student. facts: of the notebook, for messages.  memo: see arguments_of."""
    try:
        arguments = arguments_of(check, student, reference, seed, memo)
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's NaN must not warn the instructor
            check.function(*arguments)
    except CheckFailed as error:
        outcome: Outcome = "blocked" if error.diagnosis == "blocked" else "fail"
        public = check.visibility == "public"
        message = str(error) if public else error.line(check.texts)
        cause = error.blocked_by if public or error.blocked_by in check.texts else ""
        key = key_of_failure(error, None if public else check.texts)
        return verdict(check, outcome, message, error.diagnosis, blocked_by=cause, key=key)
    except PartOfThePoints as part:
        return _in_part(check, part.of(check.points))
    except SandboxError:  # the student did not cause it: the caller grades again
        raise
    except StudentError as error:  # before all others: it can be an exception of Python's, too (errors.like_python)
        return without_answer(check, error, facts)
    except AssertionError as error:
        public = check.visibility == "public"
        text = str(error) if public else ""
        return verdict(check, "fail", text or "this property does not hold.", "example" if public else "value")
    except Exception as error:  # noqa: BLE001 — an odd value broke the check: that is the student's outcome, not a crash of ours
        return verdict(check, "error", *_broken(check, error))
    return verdict(check, "pass")


def arguments_of(
    check: Check, student: Student, reference: Any, seed: str, memo: dict[Any, Any] | None = None
) -> list[Any]:
    """The arguments of a check's function. Raises NotDefinedError for a name that the notebook does not define.

    memo: what the checks of one submission share, while the same functions answer them; None if they share nothing.
    """
    given = {"student": student, "reference": reference, "memo": memo}
    if "rng" in check.parameters:  # a generator costs as much as a call
        given["rng"] = generator(seed, check.id)
    # In a notebook, a public check gets the student's own functions, and sees what they do to its arguments.
    return [given[p] if p in given else student.shown(p) for p in check.parameters]


def _in_part(check: Check, share: float) -> CheckResult:
    """The verdict of a check that gives some of its points."""
    if share == check.points:
        return verdict(check, "pass")
    made = verdict(check, "fail", f"{share:g} of {check.points:g} points.", "value")
    return made.model_copy(update={"points": share})


def _broken(check: Check, error: Exception) -> tuple[str, str]:
    """The message and the diagnosis for a check that an odd value broke."""
    if isinstance(error, KeyError):
        key = f" {error.args[0]!r}" if check.visibility == "public" and error.args else ""
        hint = "look for a result that lacks it, and for names that were added to a dict of the caller's"
        return f"a dict or a table has no entry{key} where the check looks for one. Hint: {hint}.", "keys"
    row = explain(RaisedError(type(error).__name__, str(error)))
    reason = f" ({type(error).__name__})" if check.visibility == "public" else ""
    why = "" if row.shown == "an exception" else f": {row.meaning}"
    hint = "print the type, the length and the shape of what you return"
    return f"the check could not use what was returned{reason}{why}. Hint: {hint}.", "type"


def verdict(
    check: Check,
    outcome: Outcome,
    message: str = "",
    diagnosis: str = "",
    *,
    blocked_by: str = "",
    carried: float = 0.0,
    key: tuple[str, ...] = (),
) -> CheckResult:
    """A check's result; only a pass earns its points.

    carried: see CheckResult.  key: what makes its fault, see fault.py; by default the message.
    """
    return CheckResult(
        id=check.id,
        title=check.title,
        visibility=check.visibility,
        outcome=outcome,
        points=check.points if outcome == "pass" else 0.0,
        max_points=check.points,
        message=one_line(message),
        diagnosis=diagnosis,
        blocked_by=blocked_by,
        carried=carried,
        fault="" if outcome == "pass" else fault_of(outcome, diagnosis, blocked_by, *(key or (message,))),
    )


def of_question(assignment: Assignment, question: str, results: Mapping[str, CheckResult]) -> list[CheckResult]:
    """The results of a question's checks that were put already. results: by the check's id."""
    return [results[c.id] for c in assignment.checks if c.question == question and c.id in results]


def without_answer(check: Check, error: StudentError, facts: Facts | None = None) -> CheckResult:
    """The result of a check that got no answer. facts: see judge."""
    facts = facts or Facts()
    outcome: Outcome = "error"
    key: tuple[str, ...] = ()
    message, diagnosis = "no answer.", "raised"
    match error:
        case NotDefinedError():
            outcome, message, diagnosis = "missing", _not_defined(error.name, facts), "not_defined"
        case RaisedError(type_name="NotImplementedError"):
            outcome, diagnosis = "missing", "not_implemented"
            message = "not written yet: it raises NotImplementedError."
        case RaisedError():
            facts.note(check, error)
            message, diagnosis = _raised(check, error, facts)
            key = key_of_exception(error, message, public=check.visibility == "public")
        case NotNumbersError():
            outcome, (message, diagnosis) = "fail", _not_numbers(error.form)
        case TimeLimitError():
            hint = "look for a sleep or a lock" if error.waited else "look for a loop that never ends"
            outcome, message, diagnosis = "timeout", f"{error}. Hint: {hint}.", "timeout"
        case OverdueError():
            hint = "print the type, the length and the largest entry of what you return"
            outcome, message, diagnosis = "timeout", f"{error}. Hint: {hint}.", "timeout"
        case CrashError():
            hint = "endless recursion or too much memory ends a process"
            outcome, message, diagnosis = "crash", f"{error}. Hint: {hint}.", "crash"
    return verdict(check, outcome, message, diagnosis, key=key)


def not_written(check: Check, name: str) -> CheckResult:
    """The result of a check that asked for a function without a body. name: one that the check itself asked for."""
    return verdict(check, "missing", f"not written yet: `{name}` has no code but returns None.", "not_implemented")


def _not_numbers(form: str) -> tuple[str, str]:
    """The message and the diagnosis. form: out of FORMS."""
    if form in NOT_HANDED_OVER:
        hint = "return numbers, text, arrays, or pandas' own tables of them"
        return f"expected a value that can be handed over, got {form}. Hint: {hint}.", "type"
    return f"expected real numbers, got {form}. Hint: return float64 or float32, with rows of one length.", "dtype"


def _not_defined(name: str, facts: Facts) -> str:
    if (cell := facts.that_would_define(name)) is not None:
        why = "so nothing of it ran" if cell.unreadable else "before or where it defines it"
        return f"{name} is not defined: {cell}, {why}. Hint: run this cell in your notebook and read the error."
    if name in facts.given and not facts.broken:
        why = "this notebook is of an older release, or the cell was changed"
        hint = "take the notebook as it is released now, and copy your functions into it"
        return f"{name} is not defined, but a cell at the beginning should define it: {why}. Hint: {hint}."
    # Only names from the text: a process could make up other names from a hidden input.
    return str(NotDefinedError(name, tuple(other for other in facts.defined if other != name)))


def _raised(check: Check, error: RaisedError, facts: Facts) -> tuple[str, str]:
    """The message and the diagnosis."""
    if isinstance(error, MemoryLimitError):
        return f"{error}. Hint: look for an array far larger than its input.", "memory"
    row, name = explain(error), name_of(error)
    hint = row.hint
    if name == "NameError" and (cells := facts.unreadable_cells()):
        hint = f"{cells}, so it defines nothing"
    # A class of the student's own would be a word for a hidden input, as long as there are classes in the notebook.
    told = check.visibility == "public" or name == error.type_name
    if told and (own := facts.raise_of(error)):
        return _raised_by_itself(check, error, own, name + facts.place_of(check.question, name)), row.diagnosis
    hint = f" Hint: {hint}." if hint else ""
    if row.diagnosis == "signature":
        return f"{row.meaning}.{hint}", "signature"
    if check.visibility == "public" and error.text:
        return f"raised {error.type_name}: {error.text}.{hint or f' Hint: {row.meaning}.'}", row.diagnosis
    return f"raised {name}{facts.place_of(check.question, name)}: {row.meaning}.{hint}", row.diagnosis


def _raised_by_itself(check: Check, error: RaisedError, own: str, name: str) -> str:
    """The message for an exception of a `raise` in the notebook. own: where this stands, in words."""
    hint = "Hint: find out why its condition holds here."
    if check.visibility == "public" and error.text:
        return f"raised {error.type_name}: {error.text}. It comes from {own}. {hint}"
    return f"raised {name}. It comes from {own}. {hint}"

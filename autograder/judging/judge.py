"""Puts one check to one student's code, and makes an outcome and one line of text from whatever happens.

For a hidden check, the line must not carry a hidden input out. So it is one of a few that are known before any student
code runs: no text of an exception, and its name only if it is in a short list; of a check's own message only the texts
that stand in the author's file (authoring/failing.py).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograder.assignment.assignment import Assignment
from autograder.authoring.checks import Check
from autograder.authoring.failing import CheckFailed
from autograder.authoring.seeds import generator
from autograder.authoring.student import Student
from autograder.errors import (
    CrashError,
    MemoryLimitError,
    NotDefinedError,
    RaisedError,
    SandboxError,
    StudentError,
    TimeLimitError,
)
from autograder.judging.fault import facts_of_exception, facts_of_failure, fault_of
from autograder.records.result import CheckResult, Outcome
from autograder.text import one_line

# Python's words for a call that does not fit a function; Python gives no field for it. They are never shown.
_CALLED_WRONGLY = re.compile(r"\(\) (takes|missing|got an unexpected keyword|got multiple values|got some positional)")
# Errors that honest code raises. Student code chooses the name, so a longer list would carry more of a hidden input.
_COMMON_ERRORS = frozenset(
    "AttributeError IndexError KeyError NameError OverflowError RecursionError TypeError UnboundLocalError ValueError "
    "ZeroDivisionError".split()
)


def judge(check: Check, student: Student, reference: Any, seed: str, defined: tuple[str, ...] = ()) -> CheckResult:
    """Put a check to a student.

    defined: names that the notebook's text defines. One of them may be suggested for a missing name.
    """
    given = {"student": student, "reference": reference}
    if "rng" in check.parameters:  # a generator costs as much as a call
        given["rng"] = generator(seed, check.id)
    try:
        # In a notebook, a public check gets the student's own functions, and sees what they do to its arguments.
        arguments = [given[p] if p in given else student.shown(p) for p in check.parameters]
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a student's NaN must not warn the instructor
            check.function(*arguments)
    except CheckFailed as error:
        outcome: Outcome = "blocked" if error.diagnosis == "blocked" else "fail"
        public = check.visibility == "public"
        message = str(error) if public else error.line(check.texts)
        cause = error.blocked_by if public or error.blocked_by in check.texts else ""
        facts = facts_of_failure(error, None if public else check.texts)
        return verdict(check, outcome, message, error.diagnosis, blocked_by=cause, facts=facts)
    except AssertionError as error:
        text = str(error) if check.visibility == "public" else ""
        return verdict(check, "fail", text or "this property does not hold.", "value")
    except SandboxError:  # the student did not cause it: the caller grades again
        raise
    except StudentError as error:
        return without_answer(check, error, defined)
    except Exception as error:  # noqa: BLE001 — an odd value broke the check: that is the student's outcome, not a crash of ours
        reason = f" ({type(error).__name__})" if check.visibility == "public" else ""
        return verdict(check, "error", f"the check could not use what was returned{reason}.", "type")
    return verdict(check, "pass")


def verdict(
    check: Check,
    outcome: Outcome,
    message: str = "",
    diagnosis: str = "",
    *,
    blocked_by: str = "",
    carried: float = 0.0,
    facts: tuple[str, ...] = (),
) -> CheckResult:
    """A check's result; only a pass earns its points.

    carried: see CheckResult.  facts: what makes its fault, see fault.py; by default the message.
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
        fault="" if outcome == "pass" else fault_of(outcome, diagnosis, blocked_by, *(facts or (message,))),
    )


def of_question(assignment: Assignment, question: str, results: Mapping[str, CheckResult]) -> list[CheckResult]:
    """The results of a question's checks that were put already. results: by the check's id."""
    return [results[c.id] for c in assignment.checks if c.question == question and c.id in results]


def without_answer(check: Check, error: StudentError, defined: tuple[str, ...]) -> CheckResult:
    """The result of a check that got no answer. defined: see judge."""
    match error:
        case NotDefinedError():
            # Only names from the text: a process could make up other names from a hidden input.
            others = tuple(name for name in defined if name != error.name)
            return verdict(check, "missing", str(NotDefinedError(error.name, others)), "not_defined")
        case RaisedError(type_name="NotImplementedError"):
            return verdict(check, "missing", "not written yet: it raises NotImplementedError.", "not_implemented")
        case RaisedError():
            message, diagnosis = _raised(check, error)
            facts = facts_of_exception(error, message, public=check.visibility == "public")
            return verdict(check, "error", message, diagnosis, facts=facts)
        case TimeLimitError():
            return verdict(check, "timeout", f"{error}. Hint: look for a loop that never ends.", "timeout")
        case CrashError():
            return verdict(
                check,
                "crash",
                f"{error}. Hint: endless recursion or too much memory ends a process.",
                "crash",
            )
    return verdict(check, "error", "no answer.", "raised")


def _raised(check: Check, error: RaisedError) -> tuple[str, str]:
    """The message and the diagnosis."""
    if isinstance(error, MemoryLimitError):
        return f"{error}. Hint: look for an array far larger than its input.", "memory"
    if error.type_name == "TypeError" and _CALLED_WRONGLY.search(error.text):
        hint = "keep the arguments you were asked for, in number, name and order"
        return f"a call does not fit the function it calls. Hint: {hint}.", "signature"
    if check.visibility == "public" and error.text:
        return f"raised {error.type_name}: {error.text}", "raised"
    name = error.type_name if error.type_name in _COMMON_ERRORS else "an exception"
    return f"raised {name}. Hint: try small inputs of other shapes.", "raised"

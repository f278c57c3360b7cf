"""How a check says no: fields, and the one place that makes a line for the student from them.

A hidden check must not say anything that student code can choose, because its answer could hold a hidden input. A field
is shown only if it is one of two things: a string that stands in the author's file as it is, or a SafeText. So a text
with a placeholder, `fail(f"got {value}")`, is not shown; the words of its diagnosis stand in its place.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Container
from typing import NoReturn

DIAGNOSES = {
    "type": "returns something else than was asked for",
    "shape": "returns an array of another shape",
    "dtype": "returns an array of another kind of number",
    "keys": "returns a dict with other names",
    "non_finite": "returns NaN or infinity where the answer is finite",
    "sign": "has the right size and the wrong sign",
    "scale": "is off by one constant factor",
    "transpose": "returns the transpose",
    "batch_sum": "does not sum over the batch",
    "chain": "leaves out a factor of the chain rule, or takes it at the wrong place",
    "stale": "uses a value from before or after the step it belongs to",
    "state": "remembers something from an earlier call",
    "zero": "returns zeros",
    "axis": "takes the wrong axis, row or column",
    "order": "puts things in each other's place, or takes them in the wrong order",
    "off_by_one": "has one too many or one too few, or begins to count at another place",
    "missing": "leaves out a part of the formula",
    "extra": "does something that was not asked for",
    "quantity": "returns another quantity than was asked for",
    "count": "counts other things than was asked for",
    "criterion": "decides by another criterion than was asked for",
    "method": "uses another method than was asked for",
    "precision": "loses digits, cuts off or overflows",
    "search": "misses what there is to find, or finds what is not there",
    "fan_out": "loses a use of a value that is used more than once, or counts one twice",
    "twice": "does again what was done already",
    "unneeded": "asks or keeps what the result does not need",
    "deep": "fails beyond the depth of Python's own stack",
    "stretch": "does not undo the stretching of an array rightly",
    "constant": "does not take a number or an array for a constant",
    "ignored": "does not use an argument that it is given",
    "value": "returns another value",
    "drawing": "draws something else than was asked for",
    "labels": "leaves out or changes a title, a label or a legend",
    "example": "fails a public check",
    "mutated": "changes its input",
    "aliased": "keeps a reference where a copy is needed",
    "calls": "calls the function it is given too often",
    "edge": "is right except in a special case",
    "not_implemented": "is not written yet",
    "signature": "takes other arguments than were asked for",
    "not_defined": "is not defined",
    "raised": "raises an exception",
    "memory": "asks for more memory than a notebook may use",
    "timeout": "does not finish in time",
    "crash": "brings the interpreter down",
    "blocked": "waits for an earlier question",
    "concept": "answers a concept question differently",
}


class SafeText(str):
    """A text of which the author says: it comes from expected values and fixed lists, never from an answer.

    Example: `name=SafeText(f"the gradient, d = {d}")` in a loop over sizes.
    """

    __slots__ = ()


class CheckFailed(AssertionError):
    """A check's verdict "no".

    message: what is wrong.  diagnosis: out of `DIAGNOSES`.  subject: what is wrong, by name; "" where the message says
    it.  got: the kind of the answer.  hint: what to look at.  right: what else is right, by name.  blocked_by: the
    question that must be right before this check can be judged, where the diagnosis is "blocked".
    part: the part of the subject that is wrong, as a kind and a name: ("column", "price"). A hidden check shows the
    name only if the author wrote it.  detail: the row and the values that are wrong; only public checks show it.

    Example: `with pytest.raises(CheckFailed): assert_number(3, 4)` in a test of your own.
    """

    def __init__(
        self,
        message: str,
        diagnosis: str,
        *,
        subject: str = "",
        got: str = "",
        hint: str = "",
        right: str = "",
        blocked_by: str = "",
        part: tuple[str, str] = ("", ""),
        detail: str = "",
    ) -> None:
        if diagnosis not in DIAGNOSES:
            raise ValueError(f"diagnosis: expected one of {', '.join(DIAGNOSES)}, got {diagnosis!r}.")
        self.message, self.diagnosis, self.subject, self.got = message, diagnosis, subject, got
        self.hint, self.right, self.blocked_by = hint, right, blocked_by
        (self.part, self.part_name), self.detail = part, detail
        super().__init__(self._line(self._fields | {"detail": detail}))

    @property
    def _fields(self) -> dict[str, str]:
        names = ("subject", "message", "got", "hint", "right", "blocked_by", "part_name")
        return {name: getattr(self, name) for name in names}

    def line(self, texts: Container[str]) -> str:
        """The line that a student may read. texts: those that may stand in it, besides SafeText."""
        shown = {
            name: text if isinstance(text, SafeText) or text in texts else "" for name, text in self._fields.items()
        }
        return self._line(shown | {"message": shown["message"] or DIAGNOSES[self.diagnosis]})

    def _line(self, fields: dict[str, str]) -> str:
        said = fields["message"].removesuffix(".")
        if self.diagnosis == "blocked":
            return f"This cannot be checked before {fields['blocked_by'] or 'an earlier question'} passes: {said}."
        named = f"{self.part} {fields['part_name']!r}" if fields["part_name"] else ""
        names = ", ".join(words for words in (fields["subject"], named) if words)
        subject = f"{names}: " if names else ""
        got = f", got {fields['got']}" if fields["got"] else ""
        hint = f" Hint: {fields['hint']}." if fields["hint"] and " Hint: " not in said else ""  # one is enough
        right = f" ({fields['right']}: right.)" if fields["right"] else ""
        detail = f" ({fields['detail']})" if fields.get("detail") else ""
        end = "" if said.endswith("?") and not got + detail else "."
        return f"{subject}{said}{got}{detail}{end}{hint}{right}"


class PartOfThePoints(Exception):
    """A check's verdict "in part". points: how many it gives; nbgrader calls this partial credit."""

    def __init__(self, points: float) -> None:
        super().__init__(f"{points:g} points")
        self.points = points

    def of(self, most: float) -> float:
        """The points, from 0 to the most that the check has; 0 for NaN and infinity."""
        return min(max(self.points, 0.0), most) if math.isfinite(self.points) else 0.0


def fail(message: str, diagnosis: str = "value", *, subject: str = "", got: str = "", hint: str = "") -> NoReturn:
    """End a check with "no". See CheckFailed.

    Example: `fail("expected the pair (y, dy/dx)", "type", got=describe(answer))`.
    """
    raise CheckFailed(message, diagnosis, subject=subject, got=got, hint=hint)


def refuse(
    message: str,
    diagnosis: str,
    *,
    subject: str = "",
    got: str = "",
    hint: str = "",
    part: tuple[str, str] = ("", ""),
    detail: str = "",
) -> NoReturn:
    """`fail` for this package: message, got and hint are safe. The subject and the part's name are the author's."""
    raise CheckFailed(
        SafeText(message),
        diagnosis,
        subject=subject,
        got=SafeText(got),
        hint=SafeText(hint),
        part=part,
        detail=detail,
    )


def blocked(question: str, why: str) -> NoReturn:
    """End a check: it cannot be judged before the earlier `question` is right. why: half a sentence.

    Example: `raise blocked("q3", "the loss is needed")`; `@check("q4", points=5, needs="q3")` says it for a whole
    check.
    """
    raise CheckFailed(why, "blocked", blocked_by=question)


def texts_in(source: ast.Module) -> frozenset[str]:
    """All strings that stand in Python source as they are."""
    nodes = ast.walk(source)
    return frozenset(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))

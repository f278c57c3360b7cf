"""Named slips: small mistakes, such as a forgotten 1/N, that cost one thing and not a whole question.

If the core check of a function fails, a probe asks the function once, on drawn inputs. If the answer is exactly that of
one slip, the slip is "on": the core check fails in the slip's words, and the question's other hidden checks that failed
are put again, with the slip in the place of the reference's function. So a student who forgot 1/N still gets the points
for big scores, for float32, and for arguments that stay as they are.

These rules keep a mark from rising by a trick:

* A slip is on only if every core check of its function failed. So it costs at least their points, and an answer that is
  right in the core check and a slip elsewhere gets nothing by it.
* A check that fails with the reference and with the slip fails.
* No slip is zero, constant, one of the arguments or another slip (slip_faults.py). So a body that does nothing gets
  nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.authoring.alike import alike
from autograder.authoring.checks import Check
from autograder.authoring.failing import DIAGNOSES
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.seeds import generator
from autograder.authoring.student import Student
from autograder.errors import SandboxError, StudentError

SLIPS_MARK = "__autograder_slips__"

Probe = Callable[[Student, Any, np.random.Generator], Any]


@dataclass(frozen=True, slots=True)
class Slip:
    """A small mistake, as a variant of a function of the reference.

    name: for the author.  function: the name of the function.  variant: takes the same arguments, and makes the
    mistake.  kind: out of `DIAGNOSES`.  words: one line for the student.

    Example: `Slip("no_mean", "mean", lambda x: x.sum(), "scale", "the division by the number of entries is missing.")`.
    """

    name: str
    function: str
    variant: Callable[..., Any]
    kind: str
    words: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_]{1,60}", self.name):
            raise ValueError(f"slip: expected a name of letters, digits and _, got {self.name!r}.")
        if self.kind not in DIAGNOSES:
            raise ValueError(f"slip {self.name}: expected a kind out of {', '.join(DIAGNOSES)}, got {self.kind!r}.")


@dataclass(frozen=True, slots=True)
class SlipGroup:
    """The slips of one function. probe: asks a student for the function's answer.  make: slips, of a reference."""

    question: str
    probe: Probe
    make: Callable[[Any], Iterable[Slip]]

    def answer(self, student: Student, reference: Any, seed: str) -> Any:
        """What a student answers to the probe. The same seed draws the same inputs."""
        return self.probe(student, reference, generator(seed, f"{self.question}, {self.make.__name__}"))

    def right_answer(self, reference: Any, seed: str, slip: Slip | None = None) -> Any:
        """What the reference answers, or a slip in its place."""
        with_it = reference if slip is None else slipped(reference, [slip])
        return self.answer(PlainStudent(dict(vars(with_it))), reference, seed)


def slips(question: str, *, probe: Probe) -> Callable[[Callable[[Any], Iterable[Slip]]], Any]:
    """Mark a generator of the slips of one function. It takes the reference.

    probe: a function of `student`, `reference` and `rng` that returns the function's answer to drawn inputs, at least
    three examples, all sizes different. It is put to the student, to the reference and to each slip.
    The question needs a core check: `@check("q5", points=5, core=True)`. If a question has slips of several functions,
    the core check of each names it: `core="relu_vjp"`.

    Example: `@slips("q1", probe=lambda student, reference, rng: student.mean(rng.uniform(1.0, 2.0, 5)))`.
    """

    def mark(make: Callable[[Any], Iterable[Slip]]) -> Any:
        setattr(make, SLIPS_MARK, SlipGroup(question, probe, make))
        return make

    return mark


def slipped(reference: Any, on: Iterable[Slip]) -> Any:
    """The reference with slips in the place of functions."""
    return SimpleNamespace(**{**vars(reference), **{slip.function: slip.variant for slip in on}})


def is_core(check: Check, question: str, function: str) -> bool:
    """Whether a check is a core check of this function of a question."""
    return check.question == question and check.visibility == "hidden" and check.core in {True, function}


def slips_on(
    groups: Sequence[SlipGroup],
    checks: Sequence[Check],
    failed: Callable[[Check], bool],
    student: Callable[[], Student],
    reference: Any,
    seed: str,
) -> dict[str, Slip]:
    """The slips that are on, by the id of the core check that each fails. Raises what a call of student code raises.

    groups: of one question.  checks: of the assignment.  failed: whether a check failed with the reference.
    """
    on: dict[str, Slip] = {}
    for group in groups:
        known = tuple(group.make(reference))
        cores = [c for c in checks if is_core(c, group.question, known[0].function)]
        if cores and all(map(failed, cores)):
            slip = _shown(group, known, student(), reference, seed)
            on |= {c.id: slip for c in cores} if slip else {}
    return on


def _shown(group: SlipGroup, known: Sequence[Slip], student: Student, reference: Any, seed: str) -> Slip | None:
    """The slip that a student's answer to the probe shows; None if it is right, or if not exactly one slip fits."""
    try:
        answer = group.answer(student, reference, seed)
        if alike(answer, group.right_answer(reference, seed)):
            return None
        fitting = [slip for slip in known if alike(answer, group.right_answer(reference, seed, slip))]
    except (StudentError, SandboxError):
        raise
    except Exception:  # noqa: BLE001 — the answer can be anything, and a probe that reads it may stumble
        return None
    return fitting[0] if len(fitting) == 1 else None

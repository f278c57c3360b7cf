"""The words after `# %%` in notebook.py: what a cell is for.

Roles: "setup", "solution" (with `q`), "check" (with `q` and `points`; one function, no call), "manual": a markdown cell
(with `q` and `points`) that holds the author's own answer to a question graded by hand, and three kinds of cells that
never decide about points:

poster   a picture that needs no answer of the student's. It runs before any code is right.
predict  one line, `guess = None`, in which a student writes what the next figure will show. `spoilers` lists words
         that would give it away (see predictions.py).
figure   a picture of what the student's functions do.

`needs` of a check: earlier questions whose functions it runs, too (see judging/blocked_examples.py).

Cells without a role are prose. An author writes no cells with the roles "otter" (see `self_checks.py`) and "hints" (see
`hint_cells.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograder.errors import CourseError
from autograder.text import nearest

Role = Literal["", "setup", "solution", "check", "figure", "poster", "predict", "manual", "otter", "hints"]
PICTURES = frozenset({"figure", "poster"})  # roles of cells that show something, and define nothing
_WRITTEN = ("setup", "solution", "check", "figure", "poster", "predict", "manual")
_KEYS = ("q", "role", "points", "spoilers", "needs")


@dataclass(frozen=True, slots=True)
class CellMark:
    """What an author says of one cell."""

    role: Role
    question: str
    points: float
    spoilers: tuple[str, ...]
    needs: tuple[str, ...]


def read_mark(kind: str, metadata: Mapping[str, Any], where: str) -> CellMark:
    """The mark of one cell. kind: code or markdown.  where: begins the message of a CourseError."""
    role, question, points = metadata.get("role", ""), metadata.get("q", ""), metadata.get("points", 0)
    for key in metadata:
        if key not in _KEYS and nearest(key, _KEYS):  # Jupyter and jupytext have keys of their own
            raise CourseError(
                f"{where}: expected q, role, points, spoilers or needs, got {key!r}.{nearest(key, _KEYS)}"
            )
    if isinstance(points, bool) or not isinstance(points, int | float) or not 0 <= points < math.inf:
        raise CourseError(f"{where}: expected a number of points, got {points!r}. Hint: points=5.")
    if role not in {"", *_WRITTEN}:
        near = nearest(str(role), _WRITTEN)
        raise CourseError(f"{where}: expected a role out of {', '.join(_WRITTEN)}, got {role!r}.{near}")
    if not isinstance(question, str) or (role in {"solution", "check", "manual"} and not question):
        raise CourseError(f'{where}: expected q="…" with a question, got {question or "none"}. Hint: q="q1".')
    if role == "manual":
        _require_by_hand(kind, points, where)
    return CellMark(
        role,
        question,
        float(points),
        _spoilers(role, metadata.get("spoilers"), where),
        _needs(role, metadata.get("needs"), where),
    )


def _require_by_hand(kind: str, points: float, where: str) -> None:
    if kind != "markdown" or points <= 0:
        raise CourseError(
            f"{where}: expected a markdown cell with points for a question graded by hand, got {kind}, "
            f'points={points}. Hint: # %% [markdown] q="explain" role="manual" points=10.'
        )


def _spoilers(role: str, given: object, where: str) -> tuple[str, ...]:
    """The words that would give the answer of a prediction away. A prediction lists one at least."""
    words = given if isinstance(given, list) else []
    if (role == "predict" or given is not None) and not (
        role == "predict" and words and all(isinstance(word, str) and word.strip() for word in words)
    ):
        raise CourseError(
            f"{where}: expected spoilers, a list of texts, in a cell with the role predict and in no other, "
            f'got {given!r}. Hint: # %% role="predict" spoilers=["313"].'
        )
    return tuple(words)


def _needs(role: str, given: object, where: str) -> tuple[str, ...]:
    """The questions that a public check needs. consistency.py says if there is no such question."""
    if given is None:
        return ()
    needs = [given] if isinstance(given, str) else given
    if role != "check" or not isinstance(needs, list) or not all(isinstance(each, str) for each in needs):
        raise CourseError(
            f"{where}: expected needs, a question or a list of questions, in a cell with the role check and in no "
            f'other, got {given!r}. Hint: # %% q="q2" role="check" points=1 needs="q1".'
        )
    return tuple(needs)

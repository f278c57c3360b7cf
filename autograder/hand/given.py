"""What people gave by hand, from formgrader or from sheets, and how the two are joined. Pure: no file is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from autograder.errors import AutograderError
from autograder.text import one_line, points_text

Place = tuple[str, str]  # assignment, student
NOTHING: Mapping[str, Given] = {}


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave for one question.

    points: of an answer in words all of them; of checks, what the person added or took away; None: no points yet.
    comment: for the student, or "".  waits: a person should look (again), as the answer is new or was changed.
    """

    points: float | None
    comment: str = ""
    waits: bool = False


HandWork = Mapping[Place, Mapping[str, Given]]  # by place, then by question


def points_by_hand(work: HandWork) -> dict[Place, float]:
    """The sum of the points of each student in each assignment."""
    return {place: round(sum(g.points or 0.0 for g in given.values()), 6) for place, given in work.items()}


def waiting(work: HandWork) -> int:
    """How many questions wait for a person."""
    return sum(given.waits for each in work.values() for given in each.values())


def joined(formgrader: HandWork, sheets: HandWork) -> HandWork:
    """Both together. Raises AutograderError if they give different points for one question of one student."""
    places = dict.fromkeys((*formgrader, *sheets))
    return {place: _joined(place, formgrader.get(place, NOTHING), sheets.get(place, NOTHING)) for place in places}


def _joined(place: Place, formgrader: Mapping[str, Given], sheets: Mapping[str, Given]) -> Mapping[str, Given]:
    both = dict(formgrader)
    for question, given in sheets.items():
        other = formgrader.get(question)
        both[question] = given if other is None else _one(place, question, other, given)
    return both


def _one(place: Place, question: str, formgrader: Given, sheet: Given) -> Given:
    if formgrader.points is None:  # formgrader still waits for what the sheet gave
        return replace(sheet, comment=_comments((formgrader.comment, sheet.comment)))
    if sheet.points is not None and sheet.points != formgrader.points:
        names = ", ".join(one_line(part, 60) for part in (*place, question))
        raise AutograderError(
            f"{names}: expected the same points in formgrader and in the sheets, got {points_text(formgrader.points)} "
            f"and {points_text(sheet.points)}. Hint: change one of them; `-` in a sheet takes its points back."
        )
    return Given(
        formgrader.points, _comments((formgrader.comment, sheet.comment)), waits=formgrader.waits and sheet.waits
    )


def _comments(texts: Iterable[str]) -> str:
    """The comments, each once."""
    return "\n".join(dict.fromkeys(filter(None, texts)))

"""What people gave by hand, from formgrader or from sheets, and how the two are joined. Pure: no file is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from autograder.errors import AutograderError
from autograder.text import one_line, points_text

Place = tuple[str, str]  # assignment, student
GivenToOne = Mapping[str, "Given"]  # by question
NOTHING: GivenToOne = {}


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave for one question.

    points: of an answer in words all of them; of checks, what the person added or took away; None: no points yet.
    comment: for the student, or "".  waits: a person should look (again), as the answer is new or was changed.
    """

    points: float | None
    comment: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class HandWork:
    """What people gave in a course. problem: why nobody knows what was given in formgrader, or ""."""

    given: Mapping[Place, GivenToOne] = field(default_factory=dict)
    problem: str = ""

    def of(self, place: Place) -> GivenToOne:
        """What one student was given in one assignment."""
        return self.given.get(place, NOTHING)

    @property
    def points(self) -> dict[Place, float]:
        """The sum of the points of each student in each assignment."""
        return {place: round(sum(g.points or 0.0 for g in each.values()), 6) for place, each in self.given.items()}


def waiting(given: GivenToOne, asked: Collection[str]) -> tuple[str, ...]:
    """The questions of one student that wait for a person. asked: those that are answered in words.

    An answer in words waits until it has points, also if nothing is written; and again if it was changed since.
    """
    in_words = [q for q in asked if q not in given or given[q].points is None or given[q].waits]
    return (*in_words, *(q for q, each in given.items() if each.waits and q not in asked))


def joined(formgrader: HandWork, sheets: HandWork) -> HandWork:
    """Both together. Raises AutograderError if they give different points for one question of one student."""
    places = dict.fromkeys((*formgrader.given, *sheets.given))
    both = {place: _joined(place, formgrader.of(place), sheets.of(place)) for place in places}
    return HandWork(both, formgrader.problem)


def _joined(place: Place, formgrader: GivenToOne, sheets: GivenToOne) -> GivenToOne:
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

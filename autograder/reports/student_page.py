"""A student's feedback page: the result of each check, its meaning, hints, and pictures of the student's answers.

The page is one HTML file and loads nothing. A drawing that moves brings the one script of the course's scenes; without
that script the page is complete. All text of a student is escaped and on one line.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from jinja2 import Environment
from markupsafe import Markup

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.titles import title_of
from autograder.course import Course
from autograder.errors import CourseError
from autograder.hand.given import NOTHING, GivenToOne
from autograder.marks import Mark
from autograder.records.faults import together
from autograder.records.result import CheckResult, QuestionResult, Result
from autograder.reports.next_steps import lateness, next_steps
from autograder.reports.picture_views import View, view_of
from reference_impl.figures.scenes.files import FILES
from reference_impl.figures.scenes.scene import player

State = Literal["full", "part", "none", "waits", "empty"]
# These signs are in the fonts of every system; the signs for a pause and a stopwatch often are not.
SYMBOLS = {"pass": "✓", "fail": "✗", "error": "!", "timeout": "↻", "crash": "☠", "blocked": "⋯", "missing": "○"}
_STYLES = ("style.css", "pictures.css", "student.css")
_UNWRITTEN = "NotImplementedError"
_HEADING = re.compile(r"^#+ *(.+?)(?: *\([^()]*\))?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A question that a person grades."""

    id: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class About:
    """The parts of a page that come from the assignment. hints: by question, the gentlest first.

    later: the questions whose hidden checks are shown after the due time.
    """

    title: str
    hints: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_hand: tuple[ByHand, ...] = ()
    later: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PointsByHand:
    """Points by hand beyond those of the checks. possible: of the answers in words that are graded."""

    points: float
    possible: float


@dataclass(frozen=True, slots=True)
class StudentPage:
    """A page. title: of the assignment.  by_hand: the points on it that a person gave."""

    text: str
    title: str
    by_hand: PointsByHand


@dataclass(frozen=True, slots=True)
class Moving:
    """The style and the script of drawings that move. script_sha256: by which the page allows this script only.

    names: of the scenes.
    """

    names: tuple[str, ...]
    css: Markup
    script: Markup
    script_sha256: str

    @classmethod
    @functools.cache
    def of(cls, scenes: tuple[str, ...]) -> Moving:
        """The script of these scenes, the same text on every page that has them."""
        script = player(scenes)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        return cls(scenes, Markup(FILES["style.css"]), Markup(script), digest)  # noqa: S704 — our own files


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as the page shows it.

    passed: its checks that pass.  failed: the others, those that fail for one cause together.
    waits_for, blocks: questions.  hints: none if the question is complete.
    """

    result: QuestionResult
    state: State
    passed: tuple[CheckResult, ...]
    failed: tuple[tuple[CheckResult, ...], ...]
    waits_for: tuple[str, ...]
    blocks: tuple[str, ...]
    hints: tuple[str, ...]
    views: tuple[View, ...]

    @property
    def shown(self) -> View | None:
        """The picture that its student sees at once: the first that is wrong by the question's own fault."""
        wrong = (view for view in self.views if not view.picture.agrees)
        return None if self.waits_for else next(wrong, None)

    @property
    def unfolded(self) -> bool:
        """Whether the question has something that its student must read."""
        return self.state in {"part", "none"}


class StudentPages:
    """Renders one page after the other. Each assignment's texts are read once."""

    def __init__(self, environment: Environment, course: Course) -> None:
        self._course = course
        self._template = environment.get_template("student.html")
        text = "\n".join(environment.get_template(name).render() for name in _STYLES)
        self._css = Markup(text)  # noqa: S704 — our own files
        self._about = functools.cache(lambda name: about(course, name))

    def page(self, mark: Mark, given: GivenToOne = NOTHING) -> StudentPage:
        """The page. given: by hand, by question."""
        about_it = self._about(mark.result.assignment)
        later = frozenset() if mark.is_over(datetime.now(UTC)) else about_it.later
        result = mark.result.without_outcomes(later)
        share = self._course.policy.carried_forward
        by_hand = hand_points(about_it, given)
        text = self._template.render(
            course=self._course.title,
            css=self._css,
            next=next_steps(self._course, mark),
            late=lateness(self._course, mark),
            given=given,
            by_hand=by_hand,
            later=sorted(later),
            opens_later="After the due time",
            **page_fields(result.carrying(share), about_it, share * result.carried),
        )
        return StudentPage(text, about_it.title, by_hand)


def page_fields(result: Result, about: About, carried: float) -> dict[str, Any]:
    """What the templates of a result need of it and of its assignment. carried: points of `result` that are carried."""
    questions = question_views(result, about)
    return {
        "r": result,
        "about": about,
        "questions": questions,
        "moving": _moving(view for question in questions for view in question.views),
        "symbols": SYMBOLS,
        "unwritten": [e.cell for e in result.cell_errors if e.type == _UNWRITTEN],
        "stopped": [e for e in result.cell_errors if e.type != _UNWRITTEN and e.kind != "overwrote"],
        "changed": [name for flag in result.flags if flag.kind == "checks_changed" for name in flag.data],
        "overwrote": [e for e in result.cell_errors if e.kind == "overwrote"],
        "first": _where_to_begin(questions),
        "passed": sum(c.outcome == "pass" for c in result.checks),
        "checks": len(result.checks),
        "carried": carried,
    }


def _moving(views: Iterable[View]) -> Moving | None:
    """The script of the scenes among these pictures; None if there is no scene."""
    scenes = sorted({view.data["scene"].name for view in views if "scene" in view.data})
    return Moving.of(tuple(scenes)) if scenes else None


def hand_points(about: About, given: GivenToOne) -> PointsByHand:
    """What was given by hand on top of the checks, out of what could be."""
    graded = [q.points for q in about.by_hand if q.id in given and given[q.id].points is not None]
    return PointsByHand(round(sum(g.points or 0.0 for g in given.values()), 6), sum(graded))


def about(course: Course, name: str) -> About:
    """Title, hints and what is graded by hand; the title alone where the assignment cannot be loaded."""
    folder = course.solutions / name
    try:
        assignment = load_assignment(folder) if folder.is_dir() else None
    except CourseError:  # the author is repairing it: a student still gets a page
        assignment = None
    if assignment is None:
        return About(title_of(course, name))
    return About(
        assignment.title,
        {q.id: q.hints for q in assignment.settings.questions},
        tuple(
            ByHand(c.question, _heading(assignment, c.question), c.points)
            for c in assignment.cells
            if c.role == "manual"
        ),
        assignment.settings.shown_after_due,
    )


def _heading(assignment: Assignment, question: str) -> str:
    """The question's first heading in the notebook, without the points."""
    texts = (c.source for c in assignment.cells if c.question == question and c.role != "manual")
    return next((match[1] for text in texts if (match := _HEADING.search(text))), question)


def question_views(result: Result, about: About) -> tuple[QuestionView, ...]:
    """Every question with its hints, its pictures and the questions that it waits for, in the order of the result."""
    known = {q.id for q in result.questions}
    waits = {q.id: tuple(w for w in _waits_for(q.checks) if w in known - {q.id}) for q in result.questions}
    return tuple(
        QuestionView(
            q,
            _state(q),
            tuple(c for c in q.checks if c.outcome == "pass"),
            together(c for c in q.checks if c.outcome != "pass"),
            waits[q.id],
            tuple(other for other, causes in waits.items() if q.id in causes),
            () if _state(q) == "full" else about.hints.get(q.id, ()),
            tuple(view_of(p) for p in result.pictures if p.question == q.id),
        )
        for q in result.questions
    )


def _state(question: QuestionResult) -> State:
    outcomes = [c.outcome for c in question.checks]
    if all(o == "pass" for o in outcomes):
        return "full"
    if all(o == "missing" for o in outcomes):
        return "empty"
    if {o for o in outcomes if o != "pass"} == {"blocked"}:
        return "waits"
    return "part" if question.score else "none"


def _waits_for(checks: Sequence[CheckResult]) -> Iterator[str]:
    """The questions that block these checks, each once."""
    yield from dict.fromkeys(c.blocked_by for c in checks if c.blocked_by)


def _where_to_begin(questions: Sequence[QuestionView]) -> QuestionView | None:
    """The first question that is not complete and waits for no other; if there is none, such a bonus that was begun."""
    open_ones = [q for q in questions if q.state not in {"full", "waits"}]
    begun = (q for q in open_ones if q.result.bonus and q.state != "empty")
    return next((q for q in open_ones if not q.result.bonus), next(begun, None))

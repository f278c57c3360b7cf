"""The next steps of a student whose work has no ordinary result: nothing, no notebook, too late, excused, or gone.

All sentences are made from the fields of a mark and from the course's rules. No clock is read: `marks.py` knows which
assignments are open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from autograder.course import Course
from autograder.marks import Mark
from autograder.text import one_line, points_text

_TELL = "Did you hand it in? Then tell your instructor what, where, and when. Show the receipt if you have one."
_OPEN_IT = (
    "Open your notebook in Jupyter, run all cells from the top, save it, and open it once more: it must look right."
)
_TOO_LATE = "Your work came after the closing, so it counts 0. It was graded all the same, for you to read."
_REASON = "Do you have a reason that your instructor should know? Write to your instructor."


@dataclass(frozen=True, slots=True)
class NextSteps:
    """A box at the top of a student's page. state: in a word.  cause: why; text of a student may be in it.

    steps: what the student can do, the first thing first.  calm: nothing is wrong.
    """

    state: str
    cause: str
    steps: tuple[str, ...] = ()
    calm: bool = False


@dataclass(frozen=True, slots=True)
class Lateness:
    """Work that came late. text: how late, in sentences.  taken: per cent of the score that are taken off."""

    text: str
    taken: float


def next_steps(course: Course, mark: Mark) -> NextSteps | None:
    """None for work that was graded in the ordinary way."""
    if mark.student is not None and mark.student.withdrawn:
        cause = "The class list says that you left this course. Nothing here counts."
        step = "Is that wrong? Write to your instructor: the class list must be mended first."
        return NextSteps("left the course", cause, (step,), calm=True)
    if mark.excused:
        cause = "You are excused from this assignment: it counts neither for you nor against you."
        return NextSteps("excused", cause, ("You need not hand in anything.",), calm=True)
    return _of_the_work(course, mark)


def _of_the_work(course: Course, mark: Mark) -> NextSteps | None:
    """The next steps by what came of the work."""
    if mark.result.status == "error":
        step = "You need not do anything: your instructor sees this, too, and grades it again."
        return NextSteps("not graded yet", _error(mark), (step,))
    if mark.result.status == "graded":
        return NextSteps("too late", _TOO_LATE, (_REASON,)) if mark.closed else None
    steps = tuple(_handing_in(course, mark))
    if mark.result.status == "malformed":
        return NextSteps("not readable", one_line(mark.result.reason), (_OPEN_IT, *steps))
    if mark.state == "draft":
        return NextSteps(
            "not open yet", "You need not hand in anything before this assignment opens.", steps, calm=True
        )
    return NextSteps("missing", "Nothing was handed in, so this counts 0 now.", steps)


def _error(mark: Mark) -> str:
    before = " Until then, your result before counts; you see it below." if mark.result.questions else ""
    reason = one_line(mark.result.reason).rstrip(".")
    return f"It could not be graded, and the fault is on our side: {reason}.{before}"


def _handing_in(course: Course, mark: Mark) -> Iterator[str]:
    """How to hand in, until when, and what to do if the student did."""
    rules, notebook = course.policy.of(mark.result.assignment), f"{mark.result.assignment}.ipynb"
    if mark.state == "draft":
        yield f"It opens on {moment(rules.opens, course)}." if rules.opens else "Come back later."
        return
    if mark.state == "closed":
        yield f"The assignment is closed: work that comes now counts 0. {_REASON}"
    else:
        yield f"Hand in {notebook}, the file itself, in the place where your course collects this assignment."
        if times := " ".join(_times(course, mark)):
            yield times
    if mark.result.status == "missing":
        yield _TELL


def _times(course: Course, mark: Mark) -> Iterator[str]:
    """The deadline, and what comes after it."""
    policy, closes = course.policy, course.policy.of(mark.result.assignment).closes
    if mark.due:
        yield f"It is due on {moment(mark.due, course)}{', your own extension' if mark.extended else ''}."
        if policy.late_percent_a_day:
            yield f"Each day after that costs {points_text(policy.late_percent_a_day)} % of the score."
        if policy.late_day_budget:
            yield f"You have {_days(policy.late_day_budget)} that cost nothing, for all assignments together."
        if policy.late_days is not None:
            yield f"Work that is more than {_days(policy.late_days)} late counts 0."
    if closes:
        yield f"Work that comes after {moment(max(filter(None, (closes, mark.due))), course)} counts 0."


def lateness(course: Course, mark: Mark) -> Lateness | None:
    """The lateness of work that came late; None for work in time, and for work that came after the closing."""
    if mark.closed or not mark.days_late:
        return None
    policy, free = course.policy, ""
    due = f": it was due on {moment(mark.due, course)}" if mark.due else ""
    if policy.late_days is not None and mark.days_late > policy.late_days:
        taken = 100.0
    else:
        taken = min(100.0, (mark.days_late - mark.free_days) * policy.late_percent_a_day)
        free = _free(mark.free_days) if mark.free_days else ""
    return Lateness(f"It came {_days(mark.days_late)} late{due}.{free}", taken)


def _free(number: int) -> str:
    return f" {number} of these days {'costs' if number == 1 else 'cost'} nothing."


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def moment(time: datetime, course: Course) -> str:
    """A time as people write it, in the course's zone: Monday 2026-10-12, 23:59 CEST."""
    local = time.astimezone(course.zone) if course.zone else time
    return f"{local:%A %Y-%m-%d}, {local:%H:%M} {local.tzname() or ''}".strip()

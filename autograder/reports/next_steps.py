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


def next_steps(course: Course, mark: Mark) -> NextSteps | None:
    """None for work that was graded in the ordinary way."""
    if mark.student is not None and mark.student.withdrawn:
        wrong = "Is that wrong? Write to your instructor: the class list must be mended first."
        return NextSteps(
            "left", "The class list says that you left this course. Nothing here counts.", (wrong,), calm=True
        )
    if mark.excused:
        text = "You are excused from this assignment: it counts neither for you nor against you."
        return NextSteps("excused", text, ("You need not hand in anything.",), calm=True)
    status = mark.result.status
    if status == "error":
        return NextSteps(
            status, _error(mark), ("You need not do anything: your instructor was told, and grades it again.",)
        )
    if status == "graded":
        return _too_late(mark)
    handing_in = tuple(_handing_in(course, mark))
    if status == "missing":
        return NextSteps(status, _missing(mark), handing_in, calm=mark.state == "draft")
    return NextSteps("not readable", one_line(mark.result.reason), (_OPEN_IT, *handing_in))


def _error(mark: Mark) -> str:
    before = " Until then, your result before counts; you see it below." if mark.result.questions else ""
    reason = one_line(mark.result.reason).rstrip(".")
    return f"It could not be graded, and the fault is on our side: {reason}.{before}"


def _too_late(mark: Mark) -> NextSteps | None:
    if not mark.closed:
        return None
    cause = (
        "Your work came after the assignment was closed, so it counts 0. It was graded all the same, for you to read."
    )
    return NextSteps("closed", cause, (_REASON,))


def _missing(mark: Mark) -> str:
    return (
        "This assignment is not open yet." if mark.state == "draft" else "Nothing was handed in, so this counts 0 now."
    )


def _handing_in(course: Course, mark: Mark) -> Iterator[str]:
    """How to hand in, until when, and what to do if the student did."""
    rules, notebook = course.policy.of(mark.result.assignment), f"{mark.result.assignment}.ipynb"
    if mark.state == "draft":
        opens = f" on {moment(rules.opens, course)}" if rules.opens else ""
        yield f"Come back when it opens{opens}. You need not hand in anything before."
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
            days = "late day costs" if policy.late_day_budget == 1 else "late days cost"
            yield f"Your first {policy.late_day_budget} {days} nothing, over all assignments."
        if policy.late_days is not None:
            yield f"Work that is more than {_days(policy.late_days)} late counts 0."
    if closes:
        yield f"Work that comes after {moment(max(filter(None, (closes, mark.due))), course)} counts 0."


def lateness(course: Course, mark: Mark) -> str:
    """One sentence about work that came late; "" for work in time."""
    if mark.closed or not mark.days_late:
        return ""
    policy, days = course.policy, _days(mark.days_late)
    due = f"It came {days} late: it was due on {moment(mark.due, course)}." if mark.due else f"It came {days} late."
    if policy.late_days is not None and mark.days_late > policy.late_days:
        return f"{due} So it counts 0."
    costs = mark.days_late - mark.free_days
    free = f" {mark.free_days} of these days cost nothing." if mark.free_days else ""
    taken = min(100.0, costs * policy.late_percent_a_day)
    return f"{due}{free} {points_text(taken)} % of the score is taken off." if taken else f"{due}{free}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def moment(time: datetime, course: Course) -> str:
    """A time as people write it, in the course's zone: Monday 2026-10-12, 23:59 CEST."""
    local = time.astimezone(course.zone) if course.zone else time
    return f"{local:%A %Y-%m-%d}, {local:%H:%M} {local.tzname() or ''}".strip()

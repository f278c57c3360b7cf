"""A student without an ordinary result reads what happened, and what to do next."""

from datetime import UTC, datetime

import pytest
from result_builders import check, nothing, question, record

from autograder.course import Course
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.marks import marks_of
from autograder.reports.next_steps import lateness, next_steps
from autograder.reports.pages import write_reports
from autograder.roster.roster import Person, make_roster

DUE = datetime.fromisoformat("2026-10-12T23:59:00+02:00")
CLOSES = datetime.fromisoformat("2026-10-20T23:59:00+02:00")
RULES = MarkingRules(
    late_percent_a_day=10.0,
    late_days=3,
    assignments={
        "a1": AssignmentRules(due=DUE, closes=CLOSES, opens=datetime.fromisoformat("2026-10-01T00:00:00+02:00"))
    },
)
OPEN, AFTER, BEFORE = (datetime(2026, month, 15, tzinfo=UTC) for month in (10, 11, 9))


def box(result, rules=RULES, now=OPEN, roster=None):
    (mark,) = marks_of([result], rules, roster=roster, now=now)
    return next_steps(Course("/nowhere", "Test", policy=rules), mark)


def words(steps):
    return " ".join(steps.steps)


def test_a_graded_result_in_time_needs_no_box():
    assert box(record("ada", received="2026-10-12T20:00:00+02:00")) is None


def test_who_is_missing_reads_how_to_hand_in_until_when_and_what_lateness_costs():
    steps = box(nothing("ada"))
    assert steps.state == "missing"
    assert "Hand in a1.ipynb, the file itself" in words(steps)
    assert "It is due on Monday 2026-10-12, 23:59 UTC+02:00." in words(steps)
    assert "Each day after that costs 10 % of the score." in words(steps)
    assert "more than 3 days late counts 0" in words(steps)
    assert "after Tuesday 2026-10-20, 23:59 UTC+02:00 counts 0" in words(steps)
    assert "Did you hand it in? Then tell your instructor" in steps.steps[-1]


def test_an_own_extension_is_the_due_time_and_is_named_so():
    rules = RULES.model_copy(
        update={"extensions": {"ada": {"a1": datetime.fromisoformat("2026-10-16T12:00:00+02:00")}}}
    )
    assert "Friday 2026-10-16, 12:00 UTC+02:00, your own extension." in words(box(nothing("ada"), rules))


def test_without_rules_nothing_is_said_about_times():
    steps = box(nothing("ada"), MarkingRules())
    assert len(steps.steps) == 2
    assert "due" not in words(steps)
    assert "late" not in words(steps)


def test_a_closed_assignment_cannot_be_handed_in_and_a_draft_need_not_be():
    closed, draft = box(nothing("ada"), now=AFTER), box(nothing("ada"), now=BEFORE)
    assert "The assignment is closed" in words(closed)
    assert "Hand in a1.ipynb" not in words(closed)
    assert (draft.state, draft.calm) == ("not open yet", True)
    assert "It opens on Thursday 2026-10-01, 00:00 UTC+02:00." in words(draft)


def test_a_refused_file_is_named_with_what_to_hand_in_instead():
    reason = "You handed in 'a1.pdf'; expected a1.ipynb. Hint: hand in the .ipynb file itself."
    steps = box(nothing("ada", status="malformed", reason=reason))
    assert (steps.state, steps.cause) == ("not readable", reason)
    assert steps.steps[0].startswith("Open your notebook in Jupyter")
    assert "Hand in a1.ipynb" in words(steps)


def test_an_error_of_ours_asks_nothing_of_the_student():
    steps = box(nothing("ada", status="error", reason="no sandbox."))
    assert steps.cause == "It could not be graded, and the fault is on our side: no sandbox."
    assert words(steps).startswith("You need not do anything")


def test_work_after_the_closing_counts_nothing_and_says_so():
    steps = box(record("ada", received="2026-10-25T20:00:00+02:00"))
    assert steps.state == "too late"
    assert "counts 0" in steps.cause


@pytest.mark.parametrize("result", [record("ada"), nothing("ada"), nothing("ada", status="malformed")])
def test_excused_and_withdrawn_students_need_not_do_anything(result):
    excused = box(result, RULES.model_copy(update={"excused": {"ada": ["a1"]}}))
    assert (excused.state, excused.calm) == ("excused", True)


@pytest.mark.parametrize(
    ("received", "free", "text", "taken"),
    [
        ("2026-10-12T20:00:00+02:00", 0, None, None),
        (
            "2026-10-14T20:00:00+02:00",
            0,
            "It came 2 days late: it was due on Monday 2026-10-12, 23:59 UTC+02:00.",
            20.0,
        ),
        ("2026-10-14T20:00:00+02:00", 1, "1 of these days costs nothing.", 10.0),
        ("2026-10-18T20:00:00+02:00", 0, "It came 6 days late", 100.0),
        ("2026-10-25T20:00:00+02:00", 0, None, None),  # the box says it
    ],
)
def test_lateness_says_how_late_and_how_much_is_taken_off(received, free, text, taken):
    rules = RULES.model_copy(update={"late_day_budget": free})
    (mark,) = marks_of([record("ada", received=received)], rules, now=OPEN)
    late = lateness(Course("/nowhere", "Test", policy=rules), mark)
    assert (late and late.taken) == taken
    assert late is None or text in late.text
    if late:
        assert mark.score == pytest.approx(mark.full * (1 - late.taken / 100))


def test_the_page_of_a_student_who_left_says_so_and_no_mark_of_the_class_has_it(tmp_path):
    """An earlier page is replaced: it must not go on saying that the mark counts."""
    roster = make_roster([Person("ada", "Ada A"), Person("bob", "Bob B", withdrawn=True)], "students.csv")
    results = [record(s, questions=(question("q1", check(points=10.0)),)) for s in ("ada", "bob")]
    index = write_reports(Course(tmp_path, "Test"), results, tmp_path / "out", roster=roster)
    page = (tmp_path / "out" / "a1" / "bob.html").read_text()
    assert "The class list says that you left this course." in page
    assert "left this course" not in (tmp_path / "out" / "a1" / "ada.html").read_text()
    assert "bob" not in index.read_text()


def test_the_box_and_the_points_that_count_are_on_the_page(tmp_path):
    course = Course(tmp_path, "Test", policy=RULES)
    late = record("bob", questions=(question("q1", check(points=10.0)),), received="2026-10-14T20:00:00+02:00")
    write_reports(course, [nothing("ada"), late], tmp_path / "out")
    missing, graded = ((tmp_path / "out" / "a1" / f"{s}.html").read_text() for s in ("ada", "bob"))
    assert '<section class="next" aria-labelledby="next">' in missing
    assert "20 % of the score are taken off: 8 points count." in graded
    assert 'class="next' not in graded

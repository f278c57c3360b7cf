"""The text of feedback: what counts of a result, and how much is said of hidden checks before the due time."""

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from result_builders import check, nothing, question, record

from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.marks import marks_of
from autograder.publishing.feedback import Feedback, classroom, hidden_feedback, markdown
from autograder.publishing.mark_words import mark_words
from autograder.roster.roster import Person, make_roster

DUE = datetime(2026, 10, 12, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))  # 21:59 UTC
IN_TIME, LATE = "2026-10-12T18:00:00+00:00", "2026-10-14T10:00:00+00:00"


def rules(**fields):
    of_a1 = {"due": DUE, **fields.pop("a1", {})}
    return MarkingRules(assignments={"a1": AssignmentRules.model_construct(**of_a1)}, **fields)


def words(*results, policy=None, by_hand=None, waits=(), roster=None, **fields):
    """Of ada's newest attempt at a1."""
    results = results or (record(received=fields.pop("received", IN_TIME)),)
    policy = policy or rules(**fields)
    marks = marks_of(results, policy, by_hand or {}, roster=roster)
    mark = next(m for m in marks if m.result.assignment == "a1")
    newest = next(r for r in results if r.assignment == "a1" and r.attempt == 0)
    return " ".join(mark_words(mark, newest.carrying(policy.carried_forward), waits))


def test_work_in_time_is_said_to_be_in_time_in_the_courses_zone():
    assert words() == "In time: received 2026-10-12 20:00 CEST, due 2026-10-12 23:59 CEST."


def test_lateness_says_days_and_what_is_left():
    """Two days begun at 10 %: 64 of 80."""
    assert words(received=LATE, late_percent_a_day=10.0) == (
        "2 days late: received 2026-10-14 12:00 CEST, due 2026-10-12 23:59 CEST. **Counted: 64 of 80 points.**"
    )


def test_late_days_of_the_budget_are_named():
    assert words(received=LATE, late_percent_a_day=10.0, late_day_budget=1) == (
        "2 days late: received 2026-10-14 12:00 CEST, due 2026-10-12 23:59 CEST. "
        "1 day of your late days is used for it. **Counted: 72 of 80 points.**"
    )


def test_after_the_closing_time_it_counts_nothing():
    assert words(received=LATE, a1={"closes": DUE + timedelta(hours=1)}).endswith(
        "It came after the assignment was closed. **Counted: 0 of 80 points.**"
    )


def test_an_extension_is_the_students_due_time():
    said = words(received=LATE, late_percent_a_day=10.0, extensions={"ada": {"a1": DUE + timedelta(days=2)}})
    assert said == "In time: received 2026-10-14 12:00 CEST, due 2026-10-14 23:59 CEST (your extension)."


def test_without_a_due_time_or_a_time_of_receipt_lateness_is_no_subject():
    assert words(policy=MarkingRules()) == ""
    assert words(received="") == ""


def test_points_of_a_person_and_those_that_wait_are_said():
    assert words(received="", by_hand={("a1", "ada"): 3.0}, waits=("q7", "q8")) == (
        "A person gave 3 points more. A person has yet to grade q7, q8: these points are still missing. **Counted: 83 points.**"
    )
    assert words(received="", by_hand={("a1", "ada"): -1.0}) == "A person took 1 point away. **Counted: 79 points.**"


def test_bonus_points_are_named():
    questions = (
        question("q1", check(points=10.0)),
        question("q2", check("q2.x", points=4.0, max_points=4.0), bonus=True),
    )
    assert words(record(questions=questions, max_score=10.0)) == "4 of these points are a bonus."


def test_carried_points_count_as_the_rules_say():
    """Half of 10 carried points: the score on the page is 5, and 5 count: there is nothing to add."""
    carried = check("q2.x", outcome="blocked", blocked_by="q1", carried=10.0)
    assert words(record(questions=(question("q2", carried),), received=""), carried_forward=0.5) == ""


def test_a_better_attempt_that_counts_is_named():
    best = record(score=90.0, attempt=1, received=IN_TIME)
    newest = record(score=50.0, received=LATE)
    assert words(best, newest, attempts="best") == "**Counted: an earlier attempt, with 90 points.**"


def test_an_assignment_that_is_dropped_or_excused_says_so():
    others = [record(assignment="a2", score=90.0), record(assignment="a3", score=95.0)]
    assert words(record(), *others, drop_lowest=1).endswith("is left out of your total.")
    excused = make_roster([Person("ada", excused=frozenset({"a1"}))], "x")
    assert words(roster=excused) == "You need not do this assignment: it does not count."


def test_what_was_not_handed_in_has_no_time():
    assert words(nothing("ada")) == ""


# How much is said of hidden checks.
CHECKS = (
    check("q1.shape", title="the shape", visibility="public", points=1.0, max_points=1.0),
    check("q1.value", title="SECRET-ONE", points=4.0, max_points=4.0),
    check("q1.tails", title="SECRET-TWO", max_points=5.0, diagnosis="shape", message="x", fault="0" * 12),
)
RESULT = record(questions=(question("q1", *CHECKS),), max_score=10.0)


def feedback(hidden):
    return Feedback("A1", RESULT, hidden=hidden)


def test_counts_says_how_many_hidden_checks_pass_and_no_title():
    text = html.unescape(markdown(feedback("counts")))
    assert re.findall(r"\| (.) \| ([\w .()]+?)(?: \(hidden\))? \| ([\d of]+) \|", text) == [
        ("✅", "the shape (q1.shape)", "1 of 1"),
        ("❌", "1 of 2 hidden checks pass", "4 of 9"),
    ]
    assert "SECRET" not in text
    assert "Before the due time, this page says only how many hidden checks pass." in text


def test_full_names_each_hidden_check():
    text = markdown(feedback("full")).replace("&#45;", "-")
    assert text.count("(hidden)") == 2
    assert "SECRET-ONE" in text
    assert "Before the due time" not in text


def test_a_public_check_that_fails_for_the_same_cause_as_a_hidden_one_does_not_name_it():
    same = {"fault": "1" * 12, "diagnosis": "shape", "max_points": 2.0}
    checks = (check("q1.a", title="SECRET", **same), check("q1.b", title="open", visibility="public", **same))
    result = record(questions=(question("q1", *checks),), max_score=4.0)
    assert "SECRET" not in markdown(Feedback("A1", result, hidden="counts"))
    assert "the same as" in markdown(Feedback("A1", result))


def test_classroom_50_gets_no_title_either_and_the_same_sums():
    counts, full = (classroom("c", feedback(level)) for level in ("counts", "full"))
    assert [t["test-name"] for t in counts["tests"]] == ["the shape (q1.shape)", "1 of 2 hidden checks pass (q1)"]
    assert [t["passed"] for t in counts["tests"]] == [True, False]
    assert sum(t["score"] for t in counts["tests"]) == sum(t["score"] for t in full["tests"]) == counts["score"] == 5


@pytest.mark.parametrize(
    ("minutes", "fields", "level"),
    [
        (-1, {}, "counts"),
        (1, {}, "full"),
        (1, {"extensions": {"ada": {"a1": DUE + timedelta(days=1)}}}, "counts"),
        (-1, {"a1": {"state": "closed"}}, "full"),
        (10**6, {"a1": {"due": None}}, "counts"),
        (10**6, {"a1": {"due": None, "closes": DUE}}, "full"),
    ],
)
def test_after_the_students_own_due_time_feedback_is_full(minutes, fields, level):
    """Without a due time, an assignment that is closed is over."""
    now = DUE.astimezone(UTC) + timedelta(minutes=minutes)
    (mark,) = marks_of([record()], rules(**fields), now=now)
    assert hidden_feedback("counts", mark, now) == level
    assert hidden_feedback("full", mark, now) == "full"


def test_a_mark_of_the_newest_attempt_stands_on_the_page():
    (mark,) = marks_of([record(received=LATE)], rules(late_percent_a_day=10.0))
    text = markdown(replace(feedback("full"), result=mark.counted, mark=mark, waits=("q7",)))
    assert "* **Counted: 64 of 80 points.**\n" in text
    assert "* A person has yet to grade q7" in text


def test_why_nothing_was_handed_in_is_said_once():
    said = markdown(Feedback("One", nothing("ada", reason="nothing was handed in: expected a1.ipynb, got none."), None))
    assert said.count("nothing was handed in") == 1
    assert "nothing was handed in" in markdown(Feedback("One", nothing("ada", reason=""), None))


# --- Questions that are shown after the due time --------------------------------------------------


def concepts():
    """q1 with 3 of 5 points; q9 with a public check of 0 points and 2 of 4 hidden points."""
    return record(
        questions=(
            question("q1", check("q1.value", 3.0, 3.0), check("q1.pure", 0.0, 2.0)),
            question(
                "q9",
                check("q9.format", 0.0, 0.0, "pass", visibility="public"),
                check("q9.c1", 2.0, 2.0),
                check("q9.c2", 0.0, 2.0, title="Concept c2"),
            ),
        ),
        max_score=9.0,
        received=IN_TIME,
    )


def test_a_question_that_is_shown_later_says_nothing_and_counts_nothing_before_the_due_time():
    (mark,) = marks_of([concepts()], rules())
    assert not mark.is_over(DUE)
    assert mark.is_over(DUE + timedelta(seconds=1))
    shown = mark.without_outcomes({"q9"})
    assert (shown.full, shown.score, shown.result.score, shown.result.max_score) == (3, 3, 3, 5)
    assert [c.id for c in shown.result.checks] == ["q1.value", "q1.pure", "q9.format"]
    text = markdown(Feedback("A1", shown.result, shown, later=("q9",)))
    assert "3 of 5" in text
    assert "After the due time, you see here what the hidden checks of q9 say." in text
    assert "Concept c2" not in text
    assert "Counted" not in text


def test_points_that_a_person_gave_stay_while_a_question_is_shown_later():
    (mark,) = marks_of([concepts()], rules(), {("a1", "ada"): 1.5})
    assert mark.without_outcomes({"q9"}).full == 4.5


def test_without_such_a_question_nothing_changes():
    made = concepts()
    assert made.without_outcomes(()) is made
    assert made.without_outcomes({"q7"}) == made

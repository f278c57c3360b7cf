"""The class page: who handed in, what waits, and how it went, from rows alone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from portal.class_helpers import ENTRY, SECOND, graded, portal_with, submitted
from portal.portal_helpers import NOON, SUITE, at
from portal.portal_web import browser_of
from sqlalchemy import event

from autograder.portal.class_state import class_marks, class_state
from autograder.portal.schema import ExceptionRow, HandMarkRow, JobRow, PersonRow
from autograder.portal.web.class_pages import bars


def state_of(portal, entry=ENTRY):
    with portal.database.read() as session:
        return class_state(session, portal, entry, portal.clock())


def scores(portal, entry=ENTRY):
    with portal.database.read() as session:
        marks = class_marks(session, portal, entry, portal.clock()).marks
    return {student: mark.score for student, mark in marks.items()}


@pytest.fixture
def class_(database, places):
    """ada got 40 and then 90, bob's newest waits, eve handed in nothing."""
    graded(database, submitted(database, "ada", 1), 40.0, 0.0)
    graded(database, submitted(database, "ada", 2), 60.0, 30.0)
    graded(database, submitted(database, "bob", 3), 10.0, 0.0)
    waiting = submitted(database, "bob", 900)
    with database.write() as session:
        session.add(JobRow(submission_id=waiting, suite=SUITE, rank=0, queued=at(900)))
    return portal_with(database, places)


def test_the_state_says_who_is_in_what_waits_and_what_was_given(class_):
    state = state_of(class_)
    assert (state.handed_in, len(state.rows), state.waiting, state.oldest, state.graded) == (2, 3, 1, at(900), 1)
    assert {row.student: (row.status, row.score, row.attempts) for row in state.rows} == {
        "ada": ("graded", 90.0, 2),
        "bob": ("waiting", 10.0, 2),
        "eve": ("missing", None, 0),
    }


def test_the_numbers_are_those_of_the_class_report(class_):
    """90, 10 and nothing: the mean of all is 100/3, of those graded 50. In q1 70 of 120 points, in q2 30 of 80."""
    numbers = state_of(class_).numbers
    assert numbers.everyone.mean == pytest.approx(100 / 3)
    assert numbers.graded.mean == 50.0
    assert numbers.bins == (1, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    assert (numbers.hardest.id, numbers.hardest.rate) == ("q2", 0.375)


def test_a_job_that_no_grader_could_finish_is_not_said_to_wait(class_):
    with class_.database.write() as session:
        session.query(JobRow).one().tries = 3
    state = state_of(class_)
    assert (state.waiting, state.given_up) == (0, 1)


def test_the_page_opens_no_result_file(class_):
    """There is none: the folder of results is empty, and the rows alone give the page."""
    assert list(class_.places.results.iterdir()) == []
    page = browser_of(class_, "dana").get("/class")
    assert page.status_code == 200
    assert re.search(r"<b>2</b> of 3 handed in", page.text)


def test_lateness_and_carried_points_count_as_the_rules_say(database, places):
    """80 and half of 10 carried; one day late costs 10 %: 85 · 0.9."""
    graded(database, submitted(database, "ada", 60), 60.0, 20.0, carried=10.0)
    rules = {"due": {"a1": NOON}, "late_percent_a_day": 10.0, "carried_forward": 0.5}
    assert scores(portal_with(database, places, **rules))["ada"] == 76.5


def test_the_best_attempt_counts_where_the_rules_say_so(database, places):
    graded(database, submitted(database, "ada", 1), 60.0, 30.0)
    graded(database, submitted(database, "ada", 2), 40.0, 0.0)
    assert scores(portal_with(database, places, attempts="best"))["ada"] == 90.0
    assert scores(portal_with(database, places, attempts="last"))["ada"] == 40.0


def test_an_extension_of_the_portal_makes_it_be_in_time_and_an_excuse_takes_it_out(database, places):
    graded(database, submitted(database, "ada", 60), 60.0, 40.0)
    granted = {"assignment": "a1", "by": "dana", "at": NOON, "why": "ill"}
    with database.write() as session:
        session.add(ExceptionRow(student="ada", due=NOON + timedelta(hours=1), excused=False, **granted))
        session.add(ExceptionRow(student="eve", excused=True, **granted))
    portal = portal_with(database, places, due={"a1": NOON}, late_percent_a_day=10.0)
    assert scores(portal)["ada"] == 100.0
    assert state_of(portal).numbers.everyone.n == 2  # ada and bob


def test_points_by_hand_are_in_the_mark(database, places):
    entry = ENTRY.model_copy(
        update={"questions": (*ENTRY.questions, ENTRY.questions[0].model_copy(update={"id": "say", "by_hand": True}))}
    )
    graded(database, submitted(database, "ada", 1), 60.0, 0.0)
    with database.write() as session:
        session.add(HandMarkRow(assignment="a1", student="ada", question="say", items=[], free=7.0, by="dana", at=NOON))
    assert scores(portal_with(database, places, entry), entry)["ada"] == 67.0


def test_free_late_days_are_of_the_whole_course(database, places):
    """One free day: the assignment that was due first takes it."""
    for name in ("a1", "a2"):
        graded(database, submitted(database, "ada", 3600, assignment=name), 60.0, 40.0)
    due = {"a1": NOON, "a2": NOON + timedelta(minutes=1)}
    portal = portal_with(
        database, places, ENTRY, SECOND, due=due, late_percent_a_day=10.0, late_day_budget=1, now=at(7200)
    )
    assert (scores(portal, ENTRY)["ada"], scores(portal, SECOND)["ada"]) == (100.0, 90.0)


def test_a_grading_that_does_not_count_is_not_seen(database, places):
    id_ = graded(database, submitted(database, "ada", 1), 60.0, 0.0)
    graded(database, id_, 0.0, 0.0, suite="7" * 64, counts=False)
    assert scores(portal_with(database, places))["ada"] == 60.0


def test_somebody_who_may_not_sign_in_any_more_is_not_missing(database, places):
    with database.write() as session:
        session.get(PersonRow, "eve").active = False
    assert set(scores(portal_with(database, places))) == {"ada", "bob"}


def order(portal, query):
    text = browser_of(portal, "dana").get(f"/class?{query}").text
    return re.findall(r'href="/class/s/(\w+)">', text)


@pytest.mark.parametrize(
    ("query", "students"),
    [
        ("", ["ada", "bob", "eve"]),
        ("sort=name&down=1", ["eve", "bob", "ada"]),
        ("sort=score", ["bob", "ada", "eve"]),
        ("sort=score&down=1", ["ada", "bob", "eve"]),  # no mark stays last
        ("sort=in&down=1", ["bob", "ada", "eve"]),
        ("q=waiting", ["bob"]),
        ("q=EV", ["eve"]),
        ("q=%3Cscript%3E", []),
        ("sort=nothing", ["ada", "bob", "eve"]),
    ],
)
def test_the_table_is_searched_and_sorted_without_a_script(class_, query, students):
    assert order(class_, query) == students


@pytest.mark.parametrize(
    ("query", "first", "number"),
    [
        ("", "s000", 100),
        ("from=101", "s100", 100),
        ("from=201", "s200", 50),
        ("from=150", "s100", 100),  # the part that it is in
        ("from=9999", "s200", 50),
        ("from=-1", "s000", 100),
        ("from=x", "s000", 100),
        ("from=", "s000", 100),
        ("q=s24", "s240", 10),  # a search looks at everybody
        ("down=1", "s249", 100),  # and so does an order
    ],
)
def test_a_large_class_is_shown_in_parts_of_a_hundred(database, places, query, first, number):
    with database.write() as session:
        session.query(PersonRow).where(PersonRow.role == "student").update({"active": False})
        session.add_all(PersonRow(id=f"s{i:03}", role="student") for i in range(250))
    found = order(portal_with(database, places), query)
    assert (found[0], len(found)) == (first, number)


def test_the_parts_of_a_list_keep_what_was_asked_for(database, places):
    with database.write() as session:
        session.add_all(PersonRow(id=f"s{i:03}", name="Kim", role="student") for i in range(150))
    text = browser_of(portal_with(database, places), "dana").get("/class?q=kim&sort=score&down=1&from=101").text
    assert '<a href="?a=a1&amp;q=kim&amp;sort=score&amp;down=1&amp;from=1">from 1</a>' in text
    assert '<a href="?a=a1&amp;q=kim&amp;sort=score&amp;down=1&amp;from=101" aria-current="page">from 101</a>' in text
    assert "150 of 153 found, 101 to 150 shown" in text


def test_an_unknown_assignment_is_not_found(class_):
    assert browser_of(class_, "dana").get("/class?a=a9").status_code == 404


def test_a_name_is_text_and_no_markup(class_):
    with class_.database.write() as session:
        session.get(PersonRow, "ada").name = "<script>alert(1)</script>"
    page = browser_of(class_, "dana").get("/class").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_highest_bar_is_as_high_as_the_picture():
    assert bars((0, 2, 1)) == [(1, 0, 0), (21, 50, 2), (41, 25, 1)]


def test_a_larger_class_takes_no_more_statements(database, places):
    portal, counts = portal_with(database, places), []
    for students in (2, 200):
        with database.write() as session:
            session.add_all([PersonRow(id=f"s{students}-{i}", role="student") for i in range(students)])
        for i in range(students):
            graded(database, submitted(database, f"s{students}-{i}", students, key=f"{i}-{students}"), 1.0)
        counts.append(statements(portal))
    assert counts[0] == counts[1]


def statements(portal):
    seen = []

    def listener(*args):
        seen.append(args[2])

    event.listen(portal.database.engine, "before_cursor_execute", listener)
    state_of(portal)
    event.remove(portal.database.engine, "before_cursor_execute", listener)
    return len(seen)


def test_staff_read_that_the_course_changed_since_the_start_and_students_do_not(class_):
    portal = replace(class_, stale=lambda: ["course.toml", "students.csv"])
    text = "course.toml and students.csv changed since the start of this server."
    assert text in browser_of(portal, "dana").get("/class/people").text
    assert text not in browser_of(portal, "ada").get("/").text
    assert text not in browser_of(class_, "dana").get("/class/people").text

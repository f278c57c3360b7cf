"""`[marks]` of course.toml: late days, extensions, several attempts, what is dropped. Every number worked by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from result_builders import check, nothing, question, record

from autograder.course import bundled_course, open_course
from autograder.errors import CourseError
from autograder.marking_rules import MarkingRules
from autograder.marks import marks_of, unknown_students
from autograder.records.result import Result
from autograder.roster.roster import Person, make_roster
from autograder.totals import totals

DUE = datetime.fromisoformat("2026-10-12T23:59:00+02:00")  # 21:59:00 UTC


def policy(**fields):
    return MarkingRules(**{"due": {"a1": DUE}, **fields})


def mark(*results, **fields):
    (only,) = marks_of(results, policy(**fields))
    return only


def at(time, score=80.0, **fields):
    return record(score=score, received=f"{time}+00:00", **fields)


# Carried points


def blocked(points, by="q1"):
    """A check that passes with a right answer to another question."""
    return check("q2.value", 0.0, points, "blocked", blocked_by=by, carried=points)


@pytest.mark.parametrize(("share", "score"), [(1.0, 90), (0.8, 86), (0.0, 70)])
def test_what_is_right_but_for_an_earlier_question_counts_by_its_share(share, score):
    """70 of its own, 20 that are carried: 70 + 20 × 1, 70 + 20 × 0.8 = 86, 70 + 0."""
    result = record(questions=(question("q1", check(points=70.0, max_points=80.0)), question("q2", blocked(20.0))))
    made = mark(result, carried_forward=share)
    assert (made.score, made.carried) == (score, pytest.approx(20 * share))
    assert (made.result.score, made.result.carried) == (70, 20)  # raw


def test_by_default_all_that_is_carried_counts_and_lateness_is_taken_off_the_whole():
    result = record(
        questions=(question("q1", check(points=70.0, max_points=80.0)), question("q2", blocked(20.0))),
        received="2026-10-12T22:09:01+00:00",
    )
    assert mark(result, late_percent_a_day=10, late_grace_minutes=10).score == 81  # 90 − 10 %


def test_a_page_shows_carried_points_as_points_and_the_result_keeps_them_apart():
    result = record(questions=(question("q1", check(points=70.0, max_points=80.0)), question("q2", blocked(20.0))))
    shown = result.carrying(0.5)
    assert (shown.score, [q.score for q in shown.questions], shown.checks[1].points) == (80, [70, 10], 10)
    assert Result.from_json(result.to_json()) == result


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "fail", "carried": 5.0},
        {"outcome": "blocked", "carried": 5.0},
        {"outcome": "blocked", "blocked_by": "q1", "carried": 11.0},
        {"outcome": "pass", "points": 10.0, "carried": 1.0},
    ],
)
def test_only_a_check_that_another_question_blocks_carries_points_and_no_more_than_its_own(fields):
    with pytest.raises(ValueError, match=r"q1\.value: expected"):
        check(**fields)


# Lateness


@pytest.mark.parametrize(
    ("received", "days", "score"),
    [
        ("2026-10-12T21:59:00", 0, 80),  # exactly at due
        ("2026-10-12T22:09:00", 0, 80),  # exactly at the end of the grace of 10 minutes
        ("2026-10-12T22:09:00.000001", 1, 72),  # 80 − 10 %
        ("2026-10-12T22:09:01", 1, 72),
        ("2026-10-13T22:09:00", 1, 72),  # a day, exactly
        ("2026-10-13T22:09:01", 2, 64),  # 24 h and a second
        ("2026-10-17T22:09:00", 5, 40),
        ("2026-10-17T22:09:01", 6, 0),  # after late_days nothing counts
        ("2020-01-01T00:00:00", 0, 80),
    ],
)
def test_every_day_begun_after_due_and_grace_costs_its_share(received, days, score):
    rules = {"late_percent_a_day": 10, "late_grace_minutes": 10, "late_days": 5}
    made = mark(at(received), **rules)
    assert (made.days_late, made.score) == (days, score)
    assert made.result.score == 80  # raw


def test_without_a_last_day_the_score_sinks_to_zero_and_no_further():
    assert mark(at("2026-10-15T00:00:00"), late_percent_a_day=40).score == 0  # 3 days: 120 %
    assert mark(at("2026-10-15T00:00:00")).score == 80  # late, and no rule that it costs
    assert mark(at("2026-10-15T00:00:00")).days_late == 3
    assert mark(at("2026-10-12T22:00:00"), late_days=0).score == 0


def test_a_day_is_24_hours_where_the_clocks_change_too():
    """Central Europe left summer time on 2026-10-25 at 03:00: due at 12:00 +02:00, in on the next day at 11:30 +01:00."""
    due = {"a1": datetime.fromisoformat("2026-10-24T12:00:00+02:00")}
    half_past = record(received="2026-10-25T11:30:00+01:00")  # 24.5 h later
    eleven = record(received="2026-10-25T11:00:00+01:00")  # 24 h later
    (late,), (less,) = (marks_of([r], MarkingRules(due=due)) for r in (half_past, eleven))
    assert (late.days_late, less.days_late) == (2, 1)


def test_an_extension_replaces_the_due_time_of_that_student_and_assignment_alone():
    late = datetime.fromisoformat("2026-10-19T23:59:00+02:00")
    rules = {"late_percent_a_day": 50, "extensions": {"ada": {"a1": late}}}
    results = [at("2026-10-19T21:59:00"), at("2026-10-19T21:59:00", student="bob")]
    ada, bob = marks_of(results, policy(**rules))
    assert (ada.due, ada.extended, ada.days_late, ada.score) == (late, True, 0, 80)
    assert (bob.due, bob.extended, bob.days_late, bob.score) == (DUE, False, 7, 0)
    assert mark(at("2026-10-19T21:59:01"), **rules).score == 40


def test_what_nobody_dated_and_what_is_never_due_is_in_time():
    undated = mark(record(), late_percent_a_day=10)
    assert (undated.received, undated.days_late, undated.score) == (None, 0, 80)
    (other,) = marks_of([at("2027-01-01T00:00:00", assignment="a2")], policy(late_percent_a_day=10))
    assert (other.due, other.days_late, other.score) == (None, 0, 80)
    assert other.received == datetime(2027, 1, 1, tzinfo=UTC)


def test_bonus_points_above_the_maximum_count_and_lateness_takes_its_share_of_them():
    assert mark(at("2026-10-12T00:00:00", score=110.0)).score == 110
    assert mark(at("2026-10-13T00:00:00", score=110.0), late_percent_a_day=10).score == 99


# Several attempts

FIRST, SECOND = "2026-10-11T12:00:00", "2026-10-13T12:00:00"  # in time; a day late


def test_the_last_attempt_counts_even_if_it_is_worse():
    made = mark(at(SECOND, 40.0), at(FIRST, 90.0, attempt=1), late_percent_a_day=10)
    assert (made.result.attempt, made.attempts, made.score) == (0, 2, 36)


def test_the_best_attempt_is_the_best_after_lateness():
    """The late one has more points, 85, and counts less: 76.5."""
    made = mark(at(SECOND, 85.0), at(FIRST, 80.0, attempt=1), attempts="best", late_percent_a_day=10)
    assert (made.result.attempt, made.attempts, made.score) == (1, 2, 80)
    made = mark(at(SECOND, 90.0), at(FIRST, 80.0, attempt=1), attempts="best", late_percent_a_day=10)
    assert (made.result.attempt, made.score, made.days_late) == (0, 81, 1)


def test_of_equally_good_attempts_the_earlier_one_counts():
    three = [record(), record(attempt=2), record(attempt=1)]
    assert mark(*three, attempts="best").result.attempt == 1
    dated = [at(SECOND), at("2026-10-11T00:00:00", attempt=1), at("2026-10-10T00:00:00", attempt=2)]
    assert mark(*dated, attempts="best").result.attempt == 2  # by their times, where those are known


def test_an_attempt_that_cannot_be_read_counts_as_one_and_nothing_at_all_as_none():
    unreadable = nothing("ada", status="malformed", received=f"{SECOND}+00:00")
    assert mark(unreadable, record(attempt=1)).score == 0
    assert mark(unreadable, record(attempt=1), attempts="best").score == 80
    missing = mark(nothing("ada"))
    assert (missing.attempts, missing.score, missing.result.status) == (0, 0, "missing")
    taken_away = mark(nothing("ada"), record(attempt=1))  # the last that was handed in
    assert (taken_away.attempts, taken_away.score) == (1, 80)


# Points by hand


def test_points_by_hand_join_the_newest_attempt_before_lateness():
    results = [at(SECOND, 80.0), at(FIRST, 70.0, attempt=1)]  # the newest is a day late
    rules = policy(late_percent_a_day=10, attempts="best")
    assert [m.score for m in marks_of(results, rules)] == [72]
    (made,) = marks_of(results, rules, {("a1", "ada"): 10.0, ("a1", "bob"): 5.0, ("a2", "ada"): 5.0})
    assert (made.score, made.result.score) == (81, 80)  # 90 − 10 %
    (made,) = marks_of(results, rules, {("a1", "ada"): -3.0})
    assert (made.score, made.result.attempt) == (70, 1)  # 77 − 10 % is 69.3
    assert [m.score for m in marks_of([record(score=2.0)], rules, {("a1", "ada"): -3.0})] == [0]


# Totals


def sums(marks, rules=None):
    return {student: (t.score, t.max_score) for student, t in totals(marks, rules or MarkingRules()).items()}


def test_the_lowest_share_is_dropped_not_the_lowest_score():
    """4 of 5 is less than 85 of 100, and 9 of 10 more."""
    results = [
        record(assignment=a, score=s, max_score=m)
        for a, s, m in [("a1", 85.0, 100.0), ("a2", 4.0, 5.0), ("a3", 9.0, 10.0)]
    ]
    marks = marks_of(results, MarkingRules(drop_lowest=1))
    assert [m.result.assignment for m in marks if m.dropped] == ["a2"]
    assert sums(marks) == {"ada": (94, 110)}
    assert sums(marks_of(results, MarkingRules())) == {"ada": (98, 115)}


def test_lateness_decides_what_is_dropped():
    results = [at("2026-10-13T00:00:00", 90.0), record(assignment="a2", score=85.0)]
    marks = marks_of(results, policy(drop_lowest=1, late_percent_a_day=10))  # 81 and 85
    assert [m.dropped for m in marks] == [True, False]


def test_missing_work_can_be_dropped_and_one_assignment_always_stays():
    results = [record(), nothing("ada", "a2"), record("bob", score=0.0), nothing("bob", "a2")]
    assert sums(marks_of(results, MarkingRules(drop_lowest=1))) == {"ada": (80, 100), "bob": (0, 100)}
    assert sums(marks_of(results, MarkingRules(drop_lowest=9))) == {"ada": (80, 100), "bob": (0, 100)}
    assert sums(marks_of([record()], MarkingRules(drop_lowest=1))) == {"ada": (80, 100)}


def test_marks_come_by_assignment_and_student_whatever_the_order_of_results():
    results = [record("bob"), record("ada", "a2"), record("ada"), record("ada", attempt=1)]
    places = [("a1", "ada"), ("a1", "bob"), ("a2", "ada")]
    assert [(m.result.assignment, m.result.student) for m in marks_of(results, MarkingRules())] == places
    assert marks_of(results, MarkingRules()) == marks_of(results[::-1], MarkingRules())


SCORES = st.lists(st.floats(0, 100).map(lambda x: round(x, 3)), min_size=1, max_size=5)
DAYS = st.integers(0, 19)


@given(SCORES, st.lists(DAYS, min_size=5, max_size=5), st.floats(0, 100), st.none() | st.integers(0, 9))
def test_a_mark_is_never_more_than_raw_never_negative_and_best_never_less_than_last(scores, days, percent, limit):
    results = [
        at(f"2026-10-{12 + d:02}T12:00:00", s, attempt=i) for i, (s, d) in enumerate(zip(scores, days, strict=False))
    ]
    rules = {"late_percent_a_day": percent, "late_days": limit}
    last, best = mark(*results, **rules), mark(*results, attempts="best", **rules)
    assert 0 <= last.score <= last.result.score + 1e-6  # marks are rounded to six places
    assert last.score <= best.score
    assert last.attempts == best.attempts == len(scores)


# course.toml

BERLIN = "timezone = 'Europe/Berlin'\n"
TABLE = """
[marks]
attempts = "best"
late_percent_a_day = 12.5
late_grace_minutes = 10
late_days = 5
drop_lowest = 1
[marks.due]
a1_test = 2026-10-12T23:59:00+02:00
[marks.extensions.ada]
a1_test = 2026-10-19T23:59:00+02:00
"""


@pytest.fixture
def opened(tmp_path):
    def write(settings):
        folder = tmp_path / "solutions" / "a1_test"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "assignment.toml").touch()
        (tmp_path / "course.toml").write_text(settings)
        return open_course(tmp_path)

    return write


def test_the_table_is_read_as_it_is_documented(opened):
    read = opened(TABLE).policy
    assert (read.attempts, read.late_percent_a_day, read.late_grace_minutes) == ("best", 12.5, 10)
    assert (read.late_days, read.drop_lowest) == (5, 1)
    assert read.due_of("a1_test", "bob") == DUE
    assert read.due_of("a1_test", "ada").isoformat() == "2026-10-19T23:59:00+02:00"
    assert opened("").policy == MarkingRules()


def test_the_repositorys_own_table_is_right_once_its_comments_are_taken_off(opened, tmp_path):
    lines = (bundled_course().root / "course.toml").read_text().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("# timezone"))
    text = "\n".join(
        line.removeprefix("# ").removeprefix("#") for line in lines[start:] if "rules for marks" not in line
    )
    opened(text.replace("a1_gradient_ascent", "a1_test").replace("Scores on disk", "# Scores on disk"))
    read = open_course(tmp_path).policy
    assert (read.late_days, read.drop_lowest, list(read.extensions)) == (5, 1, ["ada"])
    assert read.of("a1_test").due.isoformat() == "2026-10-12T23:59:59+02:00"
    assert bundled_course().policy == MarkingRules()


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("marks = 3", "marks: expected a table, got 3"),
        ("[marks]\nattempt = 'last'", "marks.attempt: expected one of attempts, carried_forward, late_percent_a_day, "),
        ("[marks]\nattempts = 'first'", "marks.attempts: expected 'last' or 'best', got 'first'"),
        ("[marks]\nlate_percent_a_day = 101", "marks.late_percent_a_day: expected a number of at most 100, got 101"),
        ("[marks]\nlate_percent_a_day = -1", "marks.late_percent_a_day: expected a number of at least 0, got -1"),
        ("[marks]\nlate_percent_a_day = nan", "marks.late_percent_a_day: expected a "),
        ("[marks]\nlate_percent_a_day = '10'", "marks.late_percent_a_day: expected a number, got '10'"),
        ("[marks]\nlate_grace_minutes = inf", "marks.late_grace_minutes: expected a finite number, got inf"),
        ("[marks]\nlate_days = 1.5", "marks.late_days: expected a whole number, got 1.5"),
        ("[marks]\ndrop_lowest = true", "marks.drop_lowest: expected a whole number, got true"),
        ("[marks]\ndrop_lowest = -1", "marks.drop_lowest: expected a number of at least 0, got -1"),
        ("[marks.due]\na2 = 2026-10-12T23:59:00+02:00", "marks.due: expected one of a1_test, got 'a2'"),
        ("[marks.due]\na1_test = 2026-10-12T23:59:00", "marks.due.a1_test: expected a time such as 2026-10-12 23:59+02:00, or timezone = 'Europe/Berlin' above all tables, got '2026-10-12 23:59:00'"),
        ("[marks.due]\na1_test = '12.10.2026'", "marks.due.a1_test: expected a time such as"),
        ("[marks.due]\na1_test = 2026-10-12", "marks.due.a1_test: expected a time such as"),
        ("[marks.due]\na1_test = 20261012", "marks.due.a1_test: expected a time such as"),
        (BERLIN + "[marks.due]\na1_test = 'soon'", "marks.due.a1_test: expected a time such as 2026-10-12 23:59, got 'soon'"),
        ("timezone = 'Europe/Berlyn'", "timezone: expected a time zone such as Europe/Berlin, got 'Europe/Berlyn'. Hint: Europe/Berlin?"),
        ("timezone = 2", "timezone: expected a text in quotes, got 2. Hint: put quotes around it."),
        ("tittle = 'A'", "tittle: expected one of title, open_first, gradebook, trust_timestamps, timezone, roster, marks, assignments, email, ci, portal, got 'tittle'. Hint: title?"),
        (BERLIN + "[assignments.a1_tst]\ndue = 2026-10-12", "assignments: expected one of a1_test, got 'a1_tst'. Hint: a1_test?"),
        (BERLIN + "[assignments.a1_test]\ndeu = 2026-10-12", "assignments.a1_test.deu: expected one of state, opens, due, closes, weight, category, got 'deu'. Hint: due?"),
        (BERLIN + "[assignments.a1_test]\ndue = 2026-10-12\ncloses = 2026-10-11", "assignments.a1_test.closes: expected a time after due, 2026-10-12"),
        (BERLIN + "[assignments.a1_test]\ndue = 2026-10-12\n[marks.due]\na1_test = 2026-10-13", "marks.due.a1_test: expected one due time, got another in assignments.a1_test"),
        ("[assignments.a1_test]\nstate = 'opened'", "assignments.a1_test.state: expected 'draft', 'open' or 'closed', got 'opened'"),
        ("[assignments.a1_test]\ncategory = 'lab'", "assignments.a1_test.category: expected a line in [marks.categories], got 'lab'"),
        ("[marks.categories]\nlab = 1\n[assignments.a1_test]\nweight = 2", "assignments.a1_test: expected a category, got none"),
        ("[assignments.a1_test]\nweight = 0", "assignments.a1_test.weight: expected a number above 0, got 0"),
        ("[marks.letters]\nA = '90'", "marks.letters.A: expected a number, got '90'"),
        ("[marks.excused]\nada = ['a2']", "marks.excused.ada: expected one of a1_test, got 'a2'"),
        ("[marks.due]\na1_test = 0001-01-01T00:00:00+02:00", "marks.due.a1_test: expected a year from 1990 to 2199, got '0001"),
        ("[marks.extensions]\nada = 5", "marks.extensions.ada: expected a table, got 5"),
        ("[marks.extensions.ada]\na2 = 2026-10-12T23:59:00+02:00", "marks.extensions.ada: expected one of a1_test, got 'a2'"),
        ("[marks.extensions.ada]\na1_test = 9999-10-12T23:59:00+02:00", "marks.extensions.ada.a1_test: expected a year"),
        (TABLE.replace("-19T", "-11T"), "marks.extensions.ada.a1_test: expected a time after due, 2026-10-12T23:59:00+02:00, got 2026-10-11"),
        ('[marks.extensions."a\\nb"]\na1_test = 3', "marks.extensions.a b.a1_test: expected a time"),
    ],
)  # fmt: skip
def test_every_mistake_in_the_table_is_one_line(opened, tmp_path, settings, says):
    with pytest.raises(CourseError) as error:
        opened(settings)
    assert f"{tmp_path / 'course.toml'}, {says}" in str(error.value)
    assert len(str(error.value).splitlines()) == 1
    assert len(str(error.value)) < 400


def test_an_extension_for_nobody_we_know_is_said_and_stops_nothing(opened):
    rules = opened(TABLE).policy
    assert unknown_students([record("ada"), record("bob")], rules) == []
    assert unknown_students([record("bob")], rules) == ["ada"]


# States, weights, letters


NOW = datetime(2026, 11, 1, tzinfo=UTC)


def at_place(assignment, score, max_score=100.0, **fields):
    return record(assignment=assignment, score=score, max_score=max_score, **fields)


def rules(text, tmp_path, assignments=("a1", "a2", "a3")):
    for name in assignments:
        (tmp_path / "solutions" / name).mkdir(parents=True)
        (tmp_path / "solutions" / name / "assignment.toml").touch()
    (tmp_path / "course.toml").write_text(BERLIN + text)
    return open_course(tmp_path).policy


def test_what_is_not_open_yet_is_in_no_total_and_cannot_be_dropped(tmp_path):
    """a3 has the lowest share. It is a draft, so a2 is the one that is dropped."""
    given = rules("[marks]\ndrop_lowest = 1\n[assignments.a3]\nopens = 2026-11-02", tmp_path)
    results = [at_place("a1", 80.0), at_place("a2", 60.0), at_place("a3", 10.0)]
    marks = marks_of(results, given, now=NOW)
    assert [(m.state, m.dropped, m.in_total) for m in marks] == [
        ("open", False, True),
        ("open", True, False),
        ("draft", False, False),
    ]
    assert sums(marks, given) == {"ada": (80, 100)}
    later = marks_of(results, given, now=datetime(2026, 11, 2, tzinfo=UTC))
    assert [m.dropped for m in later] == [False, False, True]


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2026-10-24T21:59:59+00:00", "draft"),  # 23:59:59 in Berlin, still in summer time
        ("2026-10-24T22:00:00+00:00", "open"),
        ("2026-10-26T22:59:59+00:00", "open"),  # 23:59:59 in Berlin, in winter time
        ("2026-10-26T23:00:00+00:00", "closed"),
    ],
)
def test_a_day_begins_and_ends_as_the_clocks_of_the_course_show_it(tmp_path, now, state):
    given = rules("[assignments.a1]\nopens = 2026-10-25\ndue = 2026-10-26 08:00\ncloses = 2026-10-26", tmp_path)
    assert given.of("a1").state_at(datetime.fromisoformat(now)) == state


def test_of_an_hour_that_comes_twice_a_deadline_means_the_second_one(tmp_path):
    """On 25 October 2026 the clocks of Berlin go from 03:00 back to 02:00: 02:30 is 00:30 and 01:30 UTC."""
    given = rules("[assignments.a1]\nopens = 2026-10-25 02:30\ndue = 2026-10-25 02:30", tmp_path).of("a1")
    assert [t.astimezone(UTC).hour for t in (given.opens, given.due)] == [0, 1]


def test_an_hour_that_is_left_out_in_spring_is_an_hour_later(tmp_path):
    """On 29 March 2026 the clocks go from 02:00 to 03:00. A deadline at 02:30 is then 01:30 UTC, 03:30 there."""
    given = rules("[assignments.a1]\ndue = '2026-03-29 02:30'", tmp_path)
    assert given.due_time("a1").isoformat() == "2026-03-29T03:30:00+02:00"


def test_what_comes_after_the_closing_counts_nothing_unless_there_is_an_extension(tmp_path):
    text = "[assignments.a1]\ndue = 2026-10-12\ncloses = 2026-10-14\n[marks.extensions.bob]\na1 = 2026-10-20"
    given = rules(text, tmp_path)
    results = [at("2026-10-15T12:00:00", 80.0, student=name) for name in ("ada", "bob")]
    assert [(m.score, m.closed) for m in marks_of(results, given, now=NOW)] == [(0, True), (80, False)]


def test_who_is_excused_has_a_total_without_the_assignment(tmp_path):
    given = rules("[marks.excused]\nada = ['a2']", tmp_path)
    results = [at_place("a1", 80.0), nothing("ada", "a2"), record("bob", "a2", 50.0)]
    marks = marks_of(results, given, now=NOW)
    assert [m.excused for m in marks] == [False, True, False]
    assert sums(marks, given) == {"ada": (80, 100), "bob": (50, 100)}


def test_weights_say_what_full_marks_are_worth(tmp_path):
    """30 × 0.8 + 70 × 0.5 = 59 of 100."""
    given = rules("[assignments.a1]\nweight = 30\n[assignments.a2]\nweight = 70", tmp_path)
    marks = marks_of([at_place("a1", 80.0), at_place("a2", 5.0, 10.0)], given, now=NOW)
    assert sums(marks, given) == {"ada": (59, 100)}


def test_each_category_has_its_weight_whatever_is_in_it(tmp_path):
    """Labs: (80 + 5) of 110, times 60. Project: 90 of 100, times 40. Of bob's work only the project counts yet."""
    text = (
        "[marks.categories]\nlab = 60\nproject = 40\n[assignments.a1]\ncategory = 'lab'\n"
        "[assignments.a2]\ncategory = 'lab'\n[assignments.a3]\ncategory = 'project'"
    )
    given = rules(text, tmp_path)
    results = [at_place("a1", 80.0), at_place("a2", 5.0, 10.0), at_place("a3", 90.0), record("bob", "a3", 50.0)]
    both = sums(marks_of(results, given, now=NOW), given)
    assert both == {"ada": (pytest.approx(60 * 85 / 110 + 36), 100), "bob": (20, 40)}


@pytest.mark.parametrize(("score", "letter"), [(90.0, "A"), (89.99, "B"), (50.0, "B"), (49.9, "")])
def test_a_letter_is_the_highest_whose_percentage_is_reached(tmp_path, score, letter):
    given = rules("[marks.letters]\nB = 50\nA = 90", tmp_path)
    marks = marks_of([at_place("a1", score)], given, now=NOW)
    assert totals(marks, given)["ada"].letter == letter


def test_free_late_days_are_taken_by_what_was_due_first_and_only_where_they_help(tmp_path):
    """Three free days. a1 is two days late: both free. a2 is two days late: one is free, one costs 10 %."""
    text = (
        "[marks]\nlate_percent_a_day = 10\nlate_day_budget = 3\n[assignments.a1]\ndue = 2026-10-01 00:00Z\n"
        "[assignments.a2]\ndue = 2026-10-08 00:00Z\n[assignments.a3]\ndue = 2026-10-15 00:00Z"
    )
    given = rules(text, tmp_path)
    results = [
        at(f"2026-10-{day}T12:00:00", score, assignment=name)
        for name, day, score in [("a1", "02", 80.0), ("a2", "09", 80.0), ("a3", "16", 0.0)]
    ]
    marks = marks_of(results, given, now=NOW)
    assert [(m.days_late, m.free_days, m.score) for m in marks] == [(2, 2, 80), (2, 1, 72), (2, 0, 0)]


# A class


def roster(*people):
    return make_roster(people, "students.csv")


def test_the_roster_gives_names_and_later_deadlines_and_takes_out_who_left():
    people = roster(
        Person("ada", "Ada Lovelace", extension=datetime.fromisoformat("2026-10-13T23:59:00+02:00")),
        Person("bob", withdrawn=True),
        Person("eve", excused=frozenset({"a1"})),
    )
    late = "2026-10-13T12:00:00"
    results = [at(late, student=name) for name in ("ada", "bob", "eve", "mia")]
    marks = marks_of(results, policy(late_percent_a_day=10), roster=people)
    assert [(m.result.student, m.name, m.days_late, m.excused) for m in marks] == [
        ("ada", "Ada Lovelace", 0, False),
        ("eve", "eve", 1, True),
        ("mia", "mia", 1, False),
    ]


# A submission that could not be graded


def failed(**fields):
    return nothing("ada", status="error", reason="the fault is ours", **fields)


def test_where_the_newest_could_not_be_graded_the_attempt_before_counts_and_the_error_stays_seen():
    before = record(score=70.0, attempt=1)
    for rules in ({}, {"attempts": "best"}):
        made = mark(before, failed(), **rules)
        assert (made.score, made.attempts, made.result.status) == (70, 2, "error")
        assert made.result.questions == before.questions


def test_an_error_that_kept_earlier_points_counts_them():
    kept = failed().over(record(score=60.0))
    assert (mark(kept).score, mark(kept).result.status) == (60, "error")
    assert mark(record(score=90.0, attempt=1), kept, attempts="best").score == 90


def test_an_error_without_any_points_is_no_verdict():
    made = mark(failed())
    assert (made.score, made.result.has_verdict) == (0, False)

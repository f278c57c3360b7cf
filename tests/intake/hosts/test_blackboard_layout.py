"""Blackboard: `ASSIGNMENT_USER_attempt_TIME_FILE`, with a note on each attempt."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from intake.counter import notebook, zipped

LOGINS = (
    "id,name,login,groups\njane,Jane Doe,s1234567,\nbob,Bob Ray,j_doe,\nann,Ann Lee,ann,Team 7\ncy,Cy Low,cy,Team-7\n"
)
FIRST, SECOND = "2026-11-26-09-00-00", "2026-11-27-10-11-12"


def attempt(user, time=SECOND, title="Assignment 1", note=None, **files):
    """An attempt with its note. files: {name: bytes}, without the ending .ipynb."""
    start = f"{title}_{user}_attempt_{time}"
    made = {f"{start}_{name}.ipynb": data for name, data in (files or {"a1": notebook(user + time)}).items()}
    return {f"{start}.txt": (note or f"Name: Somebody ({user})\n").encode(), **made}


def collected(counter, *attempts, **options):
    files = {name: data for each in attempts for name, data in each.items()}
    return counter.collect(zipped(counter.folder / "s.zip", files), **options)


def test_each_attempt_is_one_and_the_newest_lies_on_top(counter):
    taken, problems = collected(counter, attempt("s1"), attempt("s2", SECOND), attempt("s2", FIRST))
    assert (taken, problems) == ([("s1", "a1", "new"), ("s2", "a1", "new"), ("s2", "a1", "again")], [])
    newest, oldest = counter.record("s2"), counter.record("s2", attempt=1)
    assert (newest["received_at"], oldest["received_at"]) == ("2026-11-27T10:11:12Z", "2026-11-26T09:00:00Z")
    assert (newest["kind"], newest["clock"], newest["identity"]) == ("blackboard", "host", {"login": "s2"})
    assert newest["host_name"] == f"Assignment 1_s2_attempt_{SECOND}_a1.ipynb"


def test_collecting_twice_changes_nothing(counter):
    attempts = (attempt("s1"), attempt("s2", FIRST), attempt("s2", SECOND))
    collected(counter, *attempts)
    before = counter.files()
    taken, problems = collected(counter, *attempts)
    assert ({placed for _, _, placed in taken}, problems) == ({"unchanged"}, [])
    assert counter.files() == before


def test_the_time_is_of_the_courses_zone_and_the_earlier_one_when_clocks_are_set_back(counter):
    berlin = ZoneInfo("Europe/Berlin")
    collected(counter, attempt("s1", "2026-07-01-12-00-00"), attempt("s2", "2026-10-25-02-30-00"), zone=berlin)
    assert [counter.record(s)["received_at"] for s in ("s1", "s2")] == ["2026-07-01T10:00:00Z", "2026-10-25T00:30:00Z"]


def test_without_a_zone_one_line_says_that_the_time_was_read_as_utc(counter):
    done = [*counter.run(zipped(counter.folder / "s.zip", {**attempt("s1"), **attempt("s2")}))]
    assert [len(each.remarks) for each in done] == [1, 0]
    assert "read as UTC" in done[0].remarks[0]


def test_an_attempt_after_the_deadline_replaces_nothing(counter):
    deadline = datetime(2026, 11, 27, tzinfo=UTC)
    taken, ((_, reason),) = collected(counter, attempt("s1", FIRST), attempt("s1", SECOND), deadline=deadline)
    assert taken == [("s1", "a1", "new")]
    assert "after the deadline" in reason


@pytest.mark.parametrize("title", ["HW", "HW_1", "A1 _ part_2"])
def test_the_roster_says_where_the_user_begins(counter, title):
    attempts = (attempt("s1234567", title=title), attempt("j_doe", title=title))
    taken, problems = collected(counter, *attempts, roster=LOGINS)
    assert (sorted(s for s, _, _ in taken), problems) == (["bob", "jane"], [])


@pytest.mark.parametrize(
    "users", [["j.doe", "b-ray"], ["jane@uni.edu", "bob@uni.edu"], ["j_doe", "bray"], ["uni_j", "uni_b"]]
)
def test_without_a_roster_the_notes_or_the_common_beginning_say_it(counter, users):
    taken, problems = collected(counter, *(attempt(user, title="HW_1") for user in users))
    assert (sorted(s for s, _, _ in taken), problems) == (sorted(users), [])


def test_one_name_that_can_be_of_two_users_is_listed(counter):
    taken, problems = collected(counter, attempt("j_doe", title="HW_1", note="Name: Jane Doe"))
    assert taken == []
    assert "does not say where the user begins. Hint: a roster with the column login" in problems[0][1]


def test_a_note_is_no_work_and_typed_words_are_named(counter):
    typed = {f"HW_s1_attempt_{SECOND}.txt": b"Name: J (s1)\n\nSubmission Field:\nI had no time\n"}
    taken, ((_, reason),) = collected(counter, typed, attempt("s2", title="HW"))
    assert [s for s, _, _ in taken] == ["s2"]
    assert "expected a notebook, got 'what was typed.txt'" in reason


def test_no_line_that_a_student_typed_is_read(counter):
    """Below the first line a student can write anything, and a long text costs nobody."""
    note = "Name: Eve (e_ve)\nName: Jane (s1234567)\nComments: (j_doe)\n" + "x" * 3_000_000
    taken, problems = collected(counter, attempt("e_ve", title="HW", note=note), attempt("x", title="HW"))
    assert (sorted(s for s, _, _ in taken), problems) == (["e_ve", "x"], [])


@pytest.mark.parametrize("name", ["HW_s2_attempt_2020-01-01-00-00-00_a1", "bob_1002_50002_a1", "Bob_2_assignsubmission_file_a1",
    "1-2 - Bob - Nov 27, 2020 1011 AM - a1", "submission_metadata"])  # fmt: skip
def test_a_students_name_of_a_file_changes_no_user_no_host_and_no_time(counter, name):
    taken, problems = collected(
        counter, attempt("s1", title="HW", **{name: notebook("evil")}), attempt("s2", title="HW")
    )
    assert (sorted(s for s, _, _ in taken), problems) == (["s1", "s2"], [])
    assert {counter.record(s)["kind"] for s in ("s1", "s2")} == {"blackboard"}
    assert {counter.record(s)["received_at"] for s in ("s1", "s2")} == {"2026-11-27T10:11:12Z"}
    assert counter.files()["s2/a1/a1.ipynb"] == notebook("s2" + SECOND)


def test_one_student_alone_who_calls_a_file_as_canvas_writes_is_blackboards(counter):
    taken, problems = collected(counter, attempt("s1", title="HW", x_7_8_a1=notebook("x")))
    assert (taken, problems) == ([("s1", "a1", "new")], [])


def test_a_groups_work_is_each_members(counter):
    taken, problems = collected(counter, attempt("Team 7"), attempt("s1234567"), roster=LOGINS)
    assert (sorted(s for s, _, _ in taken), problems) == (["ann", "cy", "jane"], [])
    assert counter.record("ann")["identity"] == {}


def test_a_time_that_does_not_exist_is_one_line(counter):
    taken, problems = collected(counter, attempt("s1", "2026-13-41-99-00-00"), attempt("s2"))
    assert [s for s, _, _ in taken] == ["s2"]
    assert len(problems) == 2

"""The mark of record: which result stays, which replaces, and the page that says whom a person should look at."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attacks.test_markdown import ATTACKS, rendered
from result_builders import nothing, record

from autograder.ci.record import GRADES, INDEX, PAGE, Incoming, collected_at, merged, restore
from autograder.ci.record_page import PageFacts, page
from autograder.course import open_course
from autograder.errors import AutograderError
from autograder.hosting.server import Server
from autograder.marks import marks_of
from autograder.records.flags import Flag
from autograder.records.provenance import provenance
from autograder.records.store import read_results
from autograder.roster.read import read_roster
from autograder.roster.roster import make_roster

MONDAY = datetime(2026, 10, 12, 3, 17, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ADA, ADA_SIGNED = "results/a1/ada.json", "results/a1/ada.json.sig"


def incoming(result, signature=b"signed\n"):
    return Incoming(result, result.to_json().encode(), signature)


def after(before, *results, at=MONDAY):
    """(files, changes) after a run with these results."""
    return merged(before, [incoming(r) for r in results], at)


def score_in(files, path=ADA):
    return json.loads(files[path])["score"]


def test_a_run_adds_its_results_with_their_signatures():
    files, changes = after({}, record("ada"), record("bob"))
    assert set(files) == {ADA, ADA_SIGNED, "results/a1/bob.json", "results/a1/bob.json.sig", INDEX}
    assert (files[ADA], files[ADA_SIGNED]) == (record("ada").to_json().encode(), b"signed\n")
    assert (len(changes.new), changes.changed, changes.kept) == (2, [], [])


def test_the_same_run_again_changes_no_byte_also_if_it_is_collected_later():
    files, _ = after({}, record("ada"), record("bob"))
    for at in (MONDAY, TUESDAY):
        again, changes = after(files, record("ada"), record("bob"), at=at)
        assert again == files
        assert not (changes.new or changes.changed or changes.kept)


def test_a_later_run_replaces_what_it_has_and_keeps_what_it_does_not_have():
    files, _ = after({}, record("ada", score=10.0), record("bob", score=20.0))
    files, changes = after(files, record("ada", score=70.0), at=TUESDAY)
    assert (score_in(files), score_in(files, "results/a1/bob.json")) == (70, 20)
    assert (changes.changed, changes.kept) == ([ADA], ["results/a1/bob.json"])


def test_a_run_of_one_assignment_says_nothing_about_another():
    files, _ = after({}, record("ada"), record("ada", "a2"))
    _, changes = after(files, record("ada", score=1.0), at=TUESDAY)
    assert changes.kept == []


def test_a_job_of_an_earlier_night_that_is_run_again_replaces_nothing_newer():
    files, _ = after({}, record("ada", score=70.0), at=TUESDAY)
    files, changes = after(files, record("ada", score=10.0), record("bob", score=5.0), at=MONDAY)
    assert score_in(files) == 70
    assert (changes.new, changes.kept) == (["results/a1/bob.json"], [ADA])


def test_an_error_takes_no_verdict_away_and_stands_where_there_is_none():
    error = nothing("ada", status="error", reason="the sandbox was killed")
    files, changes = after({}, error)
    assert json.loads(files[ADA])["status"] == "error"
    files, _ = after(files, record("ada", score=70.0), at=TUESDAY)
    files, changes = after(files, error, at=TUESDAY + timedelta(days=1))
    assert score_in(files) == 70
    assert changes.kept == [ADA]


def test_work_that_was_taken_back_is_missing_in_the_record_too():
    files, _ = after({}, record("ada", score=70.0))
    files, _ = after(files, nothing("ada"), at=TUESDAY)
    assert json.loads(files[ADA])["status"] == "missing"


def test_a_signature_never_stands_beside_bytes_that_it_does_not_sign():
    files, _ = after({}, record("ada", score=10.0))
    unsigned, _ = merged(files, [incoming(record("ada", score=70.0), b"")], TUESDAY)
    assert ADA_SIGNED not in unsigned
    same, changes = merged(files, [incoming(record("ada", score=10.0), b"")], TUESDAY)  # signed by an earlier run
    assert (same, changes.changed) == (files, [])
    resigned, changes = merged(files, [incoming(record("ada", score=10.0), b"other key\n")], TUESDAY)
    assert (resigned[ADA_SIGNED], changes.changed) == (b"other key\n", [ADA])


def test_files_of_other_people_on_the_branch_stay():
    files, _ = after({"notes.md": b"appeal of ada: granted", INDEX: b"{}"}, record("ada"))
    assert files["notes.md"] == b"appeal of ada: granted"


@pytest.mark.parametrize(
    ("path", "data", "named"),
    [
        (ADA, b"no JSON", "results/a1/ada.json: expected a result"),
        (ADA, record("bob").to_json().encode(), "not of results/a1/bob.json"),
        (INDEX, b'{"collected": 3}', "record.json: expected the list"),
    ],
)
def test_a_damaged_record_is_named_and_nothing_is_written(path, data, named):
    files, _ = after({}, record("ada"), record("cy"))
    with pytest.raises(AutograderError, match=named):
        after({**files, path: data}, record("ada"), at=TUESDAY)


def test_a_run_is_as_old_as_the_last_notebook_that_was_collected(tmp_path):
    assert collected_at(tmp_path / "nothing", MONDAY) == MONDAY
    (tmp_path / "ada/a1").mkdir(parents=True)
    (tmp_path / "ada/a1/received.json").write_text("no record")
    assert collected_at(tmp_path, MONDAY) == MONDAY


def test_the_record_is_read_into_a_folder_of_results_which_keeps_what_was_there(tmp_path):
    files, _ = after({}, record("ada", score=70.0), record("ada", score=10.0, attempt=1))
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1/ada.json").write_text(record("ada", score=1.0).to_json())
    (tmp_path / "a1/bob.json").write_text(record("bob", score=2.0).to_json())
    assert restore(files, tmp_path) == 2
    assert {r.student: r.score for r in read_results(tmp_path)} == {"ada": 70, "bob": 2}
    assert (tmp_path / "a1/ada.json.sig").read_bytes() == b"signed\n"
    assert (tmp_path / "a1/earlier/ada/1.json.sig").is_file()
    kept = [json.loads(p.read_text())["score"] for p in (tmp_path / ".history/results").iterdir()]
    assert 1.0 in kept  # what was replaced


@pytest.fixture
def facts(tmp_path):
    """Of a course with one assignment that was due on Monday, and a class of five on GitHub."""

    def of(rows=("ada", "bob", "cy", "dan", "eve"), now=TUESDAY, server=None, state='due = "2026-10-12T03:17Z"'):
        (tmp_path / "solutions/a1").mkdir(parents=True, exist_ok=True)
        (tmp_path / "solutions/a1/assignment.toml").write_text("")
        (tmp_path / "course.toml").write_text(f'title = "Course"\n[assignments.a1]\n{state}\n')
        lines = [f'"{who}",https://github.com/school/work-{i}' for i, who in enumerate(rows)]
        (tmp_path / "students.csv").write_text("\n".join(["id,remote", *lines, ""]))
        course = open_course(tmp_path)
        github = Server("github", "https://github.com", "https://api.github.com")
        return PageFacts(course, read_roster(tmp_path / "students.csv", None), server or github, now)

    return of


def page_of(facts, *results):
    return page(marks_of(results, facts.course.policy, roster=facts.roster, now=facts.now), facts)


def cells(text):
    """The rows of the page's table."""
    return [[c.strip() for c in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")][1:]


def test_the_page_names_each_student_to_look_at_with_the_reason_and_a_link(facts):
    text = page_of(
        facts(),
        record("ada", received=MONDAY.isoformat(), provenance=provenance(COMMIT)),
        record("bob", received=(MONDAY + timedelta(hours=1)).isoformat(), provenance=provenance(COMMIT)),
        nothing("cy", status="malformed", reason="no notebook", provenance=provenance(COMMIT)),
        nothing("dan", status="error", reason="killed"),
    )
    link = f"[0123456](https://github.com/school/work-%d/commit/{COMMIT})"
    assert cells(text)[1:] == [
        ["dan", "not graded", "killed", "[repository](https://github.com/school/work-3)"],
        ["cy", "unreadable", "no notebook", link % 2],
        ["bob", "late", "1 day", link % 1],
        ["eve", "missing", "", "[repository](https://github.com/school/work-4)"],
    ]
    assert "2 graded; 1 not graded, 1 unreadable, 1 late, 1 missing." in text


def test_the_page_says_to_the_instructor_why_a_student_could_not_be_graded(facts):
    """The reason is for the student, and names no cause."""
    cause = Flag(kind="not_graded", data=("the server is away",))
    text = page_of(facts(rows=("ada",)), nothing("ada", status="error", reason="the fault is ours", flags=(cause,)))
    assert cells(text)[1][:3] == ["ada", "not graded", "the server is away"]


def test_on_gitlab_the_link_has_gitlabs_form(facts):
    gitlab = Server("gitlab", "https://github.com", "https://github.com/api/v4")
    text = page_of(facts(server=gitlab), nothing("ada", status="error", provenance=provenance(COMMIT)))
    assert f"(https://github.com/school/work-0/-/commit/{COMMIT})" in text


def test_the_link_goes_to_the_repository_of_the_assignment_where_each_has_its_own(facts, tmp_path):
    of = facts()
    (tmp_path / "students.csv").write_text(
        "id,remote,remote:a1\nada,https://github.com/school/all,https://github.com/school/a1-ada\n"
    )
    text = page_of(replace(of, roster=read_roster(tmp_path / "students.csv", None)))
    assert cells(text)[1:] == [["ada", "missing", "", "[repository](https://github.com/school/a1-ada)"]]


def test_nobody_is_missing_before_the_assignment_is_open_or_who_need_not_do_it(facts):
    assert cells(page_of(facts(state='state = "draft"'))) == []
    excused = facts(state='state = "open"\n[marks.excused]\nada = ["a1"]')
    assert [row[0] for row in cells(page_of(excused))[1:]] == ["bob", "cy", "dan", "eve"]


@pytest.mark.parametrize("text", ATTACKS)
def test_i6_a_hostile_name_or_reason_is_only_text_on_the_page(facts, text):
    name = " ".join(text.split())[:60] or "x"
    shown = page_of(facts(rows=("ada",)), nothing("ada", status="error", reason=text), nothing(name, status="error"))
    assert rendered(shown).count("<a ") <= 1  # the one that we made
    assert "<script" not in shown
    assert "](javascript" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_where_each_assignment_has_a_repository_the_link_is_to_that_one(facts):
    of_one = facts(rows=("ada",))
    own = replace(of_one.roster.students[0], remotes=(("a1", "https://github.com/school/ada-a1"),))
    text = page_of(replace(of_one, roster=make_roster([own], "students.csv")), nothing("ada", status="error"))
    assert "[repository](https://github.com/school/ada-a1)" in text


def test_a_remote_of_another_server_gets_no_link(facts):
    elsewhere = Server("github", "https://github.example.org", "https://github.example.org/api/v3")
    assert "](" not in page_of(facts(server=elsewhere), nothing("ada", status="error")).partition("\n\n")[2]


def test_the_page_of_a_large_class_is_cut_between_two_rows_and_says_so(facts):
    names = [f"student-{i:05}" for i in range(12_000)]
    text = page_of(facts(rows=names), *(nothing(name, status="error", reason="x" * 200) for name in names[:6000]))
    assert len(text.encode()) <= 1 << 19
    assert text.rstrip().endswith("`grades.csv` has everybody.")
    assert "rows are left out" in text


def test_the_names_of_the_files_are_those_that_the_pages_of_the_docs_say():
    assert (GRADES, PAGE, INDEX) == ("grades.csv", "README.md", "record.json")
    assert Path(ADA).parts[0] == "results"

"""Sakai: `TITLE/LAST, FIRST(USER)/Submission attachment(s)/FILE`, with `timestamp.txt` beside the folder."""

import pytest
from intake.counter import notebook, zipped

INSIDE = "Submission attachment(s)"
CLASS = "id,name,login,groups\njane,Jane Doe,jdoe,Team 7\nbob,Bob Ray,bray,Team 7\n"
UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def person(top, time="2026-11-27T10:11:12.345Z", name="a1.ipynb", root="Homework 1/"):
    top = f"{root}{top}"
    own = {f"{top}/{n}": b"" for n in ("comments.txt", "feedbackText.html", "Doe, Jane(jdoe)_submissionText.html")}
    return {f"{top}/timestamp.txt": time.encode(), f"{top}/{INSIDE}/{name}": notebook(top + name), **own}


def collected(counter, *people, root="Homework 1/", **options):
    files = {f"{root}grades.csv": b"x"} | {name: data for each in people for name, data in each.items()}
    return counter.collect(zipped(counter.folder / "s.zip", files), **options)


@pytest.mark.parametrize("roster", [None, CLASS])
@pytest.mark.parametrize("time", ["2026-11-27T10:11:12.345Z", "20261127101112345", "2026-11-27T10:11:12.345678901Z"])
def test_each_folder_is_its_users_and_has_sakais_time(counter, roster, time):
    taken, problems = collected(counter, person("Doe, Jane(jdoe)", time), person("Ray, Bob(bray)", time), roster=roster)
    assert ([s for s, _, _ in taken], problems) == (["jane", "bob"] if roster else ["jdoe", "bray"], [])
    record = counter.record("jane" if roster else "jdoe")
    assert record["received_at"].startswith("2026-11-27T10:11:12.345")
    assert (record["kind"], record["clock"], record["identity"]) == ("sakai", "host", {"login": "jdoe"})
    assert record["host_name"] == "Doe, Jane(jdoe)"


def test_without_the_folder_of_the_assignment_and_without_folders_at_all(counter):
    assert collected(counter, person("Doe, Jane(jdoe)", root=""), root="")[1] == []
    flat = {f"Ray, Bob(bray)_{INSIDE}_a1.ipynb": notebook(), "Ray, Bob(bray)_timestamp.txt": b"20261127101112345"}
    assert counter.collect(zipped(counter.folder / "f.zip", flat)) == ([("bray", "a1", "new")], [])
    assert counter.record("bray")["clock"] == "host"


def test_a_groups_work_is_each_members_by_the_roster_alone(counter):
    """Sakai's members.txt has names that students choose."""
    group = person(f"Team 7 ({UUID})")
    assert sorted(s for s, _, _ in collected(counter, group, roster=CLASS)[0]) == ["bob", "jane"]
    assert counter.record("bob")["identity"] == {}


@pytest.mark.parametrize("top", ["Low, Eve(jdoe)(eve)", "Low), (jdoe(eve)"])
def test_a_name_with_a_user_in_it_is_no_other_user(counter, top):
    taken, _ = collected(counter, person("Ray, Bob(bray)"), person(top))
    assert sorted(s for s, _, _ in taken) == ["bray", "eve"]


@pytest.mark.parametrize(
    "name", ["timestamp.txt/a1.ipynb", "../timestamp.txt", "Ray, Bob(bray)/a1.ipynb", "bob_1_2_a1.ipynb"]
)
def test_a_students_file_sets_no_time_and_no_user(counter, name):
    files = {**person("Doe, Jane(jdoe)"), f"Homework 1/Doe, Jane(jdoe)/{INSIDE}/{name}": b"20200101000000000"}
    taken, _ = collected(counter, files, person("Ray, Bob(bray)"))
    assert {s for s, _, _ in taken} >= {"bray"}
    assert all(counter.record(s)["received_at"].startswith("2026-11-27") for s, _, _ in taken)


@pytest.mark.parametrize("time", ["", "yesterday", "9" * 17, "9" * 100_000])
def test_a_time_that_is_none_is_said(counter, time):
    done = [*counter.run(zipped(counter.folder / "s.zip", person("Doe, Jane(jdoe)", time)))]
    assert done[0].remarks == ("the time of its timestamp.txt was not understood",)
    assert counter.record("jdoe")["clock"] == "collecting"


def test_what_the_teacher_put_there_is_no_work_and_a_folder_without_work_is_no_problem(counter):
    feedback = {"Homework 1/Doe, Jane(jdoe)/Feedback Attachment(s)/a1.ipynb": notebook("marked")}
    idle = {"Homework 1/Low, Ida(idle)/comments.txt": b"", "Homework 1/Low, Ida(idle)/feedbackText.html": b""}
    assert collected(counter, {**person("Doe, Jane(jdoe)"), **feedback, **idle}) == ([("jdoe", "a1", "new")], [])


def test_only_typed_words_are_named(counter):
    typed = {"Homework 1/Doe, Jane(jdoe)/Doe, Jane(jdoe)_submissionText.html": b"<p>Sorry</p>"}
    taken, ((_, reason),) = collected(counter, typed, person("Ray, Bob(bray)"))
    assert [s for s, _, _ in taken] == ["bray"]
    assert "expected a notebook, got 'Doe, Jane(jdoe)_submissionText.html'" in reason

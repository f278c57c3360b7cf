"""GitHub Classroom's download: one folder around a repository each, called after the assignment and the user."""

import pytest
from intake.counter import notebook, zipped

REPOSITORY = {
    "a1.ipynb": notebook("x"),
    "README.md": b"",
    ".github/dependabot.yml": b"",
    ".github/workflows/c.yml": b"",
}


def download(*users, prefix="a1", files=REPOSITORY):
    return {f"{prefix}-submissions/{prefix}-{user}/{path}": data for user in users for path, data in files.items()}


def test_each_repository_is_its_users(counter):
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", download("jdoe", "b-ray", prefix="hw-1")))
    assert (sorted(taken), problems) == ([("b-ray", "a1", "new"), ("jdoe", "a1", "new")], [])


def test_a_roster_knows_a_user_of_github(counter):
    source = zipped(counter.folder / "s.zip", download("jdoe", "stranger"))
    taken, problems = counter.collect(source, roster="id,github\njane,JDoe\n")
    assert [student for student, _, _ in taken] == ["jane"]
    assert [reason for _, reason in problems] == ["nobody in the roster has the github 'stranger'"]


def test_the_folder_after_unpacking_is_read_in_the_same_way(counter):
    for path, data in download("jdoe").items():
        target = counter.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    taken, problems = counter.collect(counter.folder / "a1-submissions")
    assert (taken, problems) == ([("jdoe", "a1", "new")], [])


def test_a_student_who_is_called_so_is_a_student(counter):
    """Without the prefix in every name below, it is STUDENT/ASSIGNMENT/FILE."""
    source = zipped(counter.folder / "s.zip", {"a1-submissions/a1/a1.ipynb": notebook("x")})
    assert counter.collect(source)[0] == [("a1-submissions", "a1", "new")]


HUB = "id,github\njane,jdoe\nbob,b-ray\nann,\n"


@pytest.mark.parametrize("prefix", ["a1", "hw-1", "Lab 3"])
def test_folders_without_one_around_are_known_by_the_roster(counter, prefix):
    files = {f"{prefix}-{user}/a1.ipynb": notebook(user) for user in ("jdoe", "b-ray", "ann")}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files), roster=HUB)
    assert (sorted(s for s, _, _ in taken), problems) == (["ann", "bob", "jane"], [])
    record = counter.record("bob")
    assert (record["kind"], record["identity"]) == ("classroom", {"github": "b-ray"})
    assert record["host_name"] == f"{prefix}-b-ray"


def test_without_a_roster_the_prefix_is_an_assignments_name(counter):
    files = {f"a1-{user}/a1.ipynb": notebook(user) for user in ("jdoe", "b-ray")}
    taken, _ = counter.collect(zipped(counter.folder / "s.zip", files))
    assert sorted(s for s, _, _ in taken) == ["b-ray", "jdoe"]
    files = {f"cs-{user}/a1.ipynb": notebook(user) for user in ("jdoe", "bray")}
    taken, _ = counter.collect(zipped(counter.folder / "t.zip", files))
    assert sorted(s for s, _, _ in taken) == ["cs-bray", "cs-jdoe"]


def test_a_second_repository_is_its_users_with_a_remark_and_two_are_listed(counter):
    files = {"a1-jdoe-1/a1.ipynb": notebook("x"), "a1-b-ray/a1.ipynb": notebook("y")}
    done = [*counter.run(zipped(counter.folder / "s.zip", files), roster=HUB)]
    assert {t.student: t.remarks for t in done} == {
        "jane": ("it was taken for a second repository of jane",),
        "bob": (),
    }
    files["a1-jdoe/a1.ipynb"] = notebook("z")
    _, problems = counter.collect(zipped(counter.folder / "t.zip", files), roster=HUB)
    assert ["got 2: " in reason for _, reason in problems] == [True, True]


def test_a_user_name_that_is_another_students_id_is_not_that_student(counter):
    """A user of GitHub chooses the name; Bob's is `b-ray`."""
    files = {"a1-bob/a1.ipynb": notebook("evil"), "a1-jdoe/a1.ipynb": notebook("x")}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files), roster=HUB)
    assert [s for s, _, _ in taken] == ["jane"]
    assert [reason for _, reason in problems] == ["nobody in the roster has the github 'bob'"]


def test_a_clone_with_its_git_folder_and_other_folders_is_read(counter):
    inside = {
        ".git/config": b"",
        ".git/a1.ipynb": notebook("evil"),
        "a1/a1.ipynb": notebook("work"),
        "data/old/a1.ipynb": notebook("old"),
        "notes/x.ipynb": notebook("n"),
    }
    files = {f"a1-{user}/{name}": data for user in ("jdoe", "b-ray") for name, data in inside.items()}
    assert counter.collect(zipped(counter.folder / "s.zip", files), roster=HUB)[1] == []
    assert counter.files()["jane/a1/a1.ipynb"] == notebook("work")


def test_a_folder_beside_flat_notebooks_is_no_repository(counter):
    files = {"bray_a1.ipynb": notebook("b"), "a1-jdoe/a1.ipynb": notebook("j")}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert (sorted(s for s, _, _ in taken), problems) == (["a1-jdoe", "bray"], [])


def test_students_of_the_roster_whose_ids_look_so_stay_themselves(counter):
    files = {f"a1-{user}/a1.ipynb": notebook(user) for user in ("x", "y")}
    taken, _ = counter.collect(zipped(counter.folder / "s.zip", files), roster="id\na1-x\na1-y\n")
    assert [s for s, _, _ in taken] == ["a1-x", "a1-y"]
    assert counter.record("a1-x")["kind"] == "folder"

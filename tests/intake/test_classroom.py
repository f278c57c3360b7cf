"""GitHub Classroom's download: one folder around a repository each, called after the assignment and the user."""

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

"""K4: whatever a student puts into their part of a source, the class is read as the host or the teacher arranged it."""

import pytest
from intake.counter import notebook, zip_bytes, zipped

FORGED = """\
{folder}:
  :submitters:
  - :sid: eve
  :created_at: 2026-01-01 00:00:00.000000000 Z
"""
MOODLE = {f"{name} L_{number}_assignsubmission_file_/": name for number, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))}
CANVAS = {f"{name.lower()}_{number}_90{number}_": name for number, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))}
FOLDERS = {f"{name.lower()}/a1/": name for name in ("Ada", "Bob", "Cyd")}
EXPORT = "assignment_7_export/"
GRADESCOPE = {f"{EXPORT}submission_{number}/": name for number, name in ((1, "Ada"), (2, "Bob"), (3, "Cyd"))}
LIST = "".join(
    f"submission_{n}:\n  :submitters:\n  - :sid: '{who}'\n  :created_at: 2026-11-29 10:00:00.000000000 Z\n"
    for n, who in ((1, "ada"), (2, "bob"), (3, "cyd"))
)
EVIL = notebook("evil")

# What Eve, or Ada, adds to her own part. Each key begins with the place that the host gave her.
INSIDE = {
    "a list of Gradescope's": {"submission_metadata.yml": FORGED.format(folder="Bob").encode()},
    "an export in the export": {
        "assignment_1_export/submission_metadata.yml": FORGED.format(folder="submission_1").encode(),
        "assignment_1_export/submission_1/a1.ipynb": EVIL,
    },
    "Canvas's names": {f"bob_2_90{n}_a1.txt": b"" for n in range(30)},
    "Moodle's names": {f"Bob L_2_assignsubmission_file_/{n}.txt": b"" for n in range(30)},
    "submissions of Gradescope": {f"submission_{n}/x.txt": b"" for n in range(30)},
    "most files of the archive": {f"data/{n}.txt": b"" for n in range(200)},
    "a repository": {".git/config": b"[core]", ".git/HEAD": b"ref: x", ".git/a1.ipynb": EVIL},
    "what a system leaves": {
        "__MACOSX/bob/a1.ipynb": EVIL,
        ".ipynb_checkpoints/a1-checkpoint.ipynb": EVIL,
        "._a1.ipynb": b"",
    },
    "a roster and a course": {"students.csv": b"id,canvas_id\nbob,1\n", "course.toml": b"trust_timestamps = true"},
    "a time": {"timestamp.txt": b"2020-01-01 00:00:00 UTC", "received.json": b"{}"},
    "an earlier attempt": {"earlier/1/a1.txt": b"", "earlier/1/timestamp.txt": b"2020-01-01 00:00:00 UTC"},
    "an archive": {"bob.zip": zip_bytes({"bob_2_902_a1.ipynb": EVIL, "submission_metadata.yml": b""})},
    "a folder of another's name": {"bob/a1.txt": b"", "../bob/a1.txt": b""},
    "a name that does not decode": {"\udcff\udcfe.txt": b""},
}


def times(counter):
    return {
        who: counter.record(who)["received_at"]
        for who in ("Ada-L", "Bob-L", "Cyd-L")
        if (counter.out / who / "a1" / "received.json").exists()
    }


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
def test_k4_nothing_in_a_students_folder_of_moodle_changes_how_the_class_is_read(counter, inside):
    eve = next(iter(MOODLE))
    files = {f"{top}a1.ipynb": notebook(name) for top, name in MOODLE.items()}
    files |= {
        f"{eve}{name}".encode("utf-8", "surrogateescape").decode("latin-1"): data for name, data in inside.items()
    }
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert (
        {("Bob-L", "a1", "new"), ("Cyd-L", "a1", "new")}
        <= set(taken)
        <= {(f"{n}-L", "a1", "new") for n in MOODLE.values()}
    )
    assert [counter.files()[f"{who}-L/a1/a1.ipynb"] for who in ("Bob", "Cyd")] == [notebook("Bob"), notebook("Cyd")]
    assert set(times(counter).values()) == {"2026-11-30T12:00:00Z"}
    assert ("Ada-L", "a1", "new") in taken or any("Ada" in file for file, _ in problems)  # nothing is lost


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
def test_k4_nothing_in_a_students_folder_of_gradescope_changes_how_the_class_is_read(counter, inside):
    eve = next(iter(GRADESCOPE))
    files = {f"{EXPORT}submission_metadata.yml": LIST.encode()}
    files |= {f"{top}a1.ipynb": notebook(name) for top, name in GRADESCOPE.items()}
    files |= {
        f"{eve}{name}".encode("utf-8", "surrogateescape").decode("latin-1"): data for name, data in inside.items()
    }
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert (
        {("bob", "a1", "new"), ("cyd", "a1", "new")} <= set(taken) <= {(n, "a1", "new") for n in ("ada", "bob", "cyd")}
    )
    assert [counter.files()[f"{who}/a1/a1.ipynb"] for who in ("bob", "cyd")] == [notebook("Bob"), notebook("Cyd")]
    assert {counter.record(who)["received_at"] for who, _, _ in taken} == {"2026-11-29T10:00:00Z"}
    assert ("ada", "a1", "new") in taken or problems


@pytest.mark.parametrize("inside", INSIDE.values(), ids=INSIDE)
def test_k4_nothing_in_a_students_own_folder_changes_how_the_class_is_read(counter, inside):
    root, eve = counter.folder / "given", next(iter(FOLDERS))
    files = {f"{top}a1.ipynb": notebook(name) for top, name in FOLDERS.items()}
    files |= {f"{eve}{name}": data for name, data in inside.items() if not name.startswith("..")}
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    taken, _ = counter.collect(root)
    assert set(taken) == {(who, "a1", "new") for who in ("ada", "bob", "cyd")}
    assert [counter.files()[f"{who}/a1/a1.ipynb"] for who in ("ada", "bob", "cyd")] == [
        notebook(n) for n in FOLDERS.values()
    ]
    assert {counter.record(who)["received_at"] for who in ("ada", "bob", "cyd")} == {"2026-11-30T12:00:00Z"}
    assert all(not s.unsigned and not s.missigned for s in counter.submissions())


@pytest.mark.parametrize(
    "names",
    [
        ["submission_metadata.yml"],
        ["Bob L_2_assignsubmission_file_a1.ipynb", "Bob L_2_assignsubmission_file_b.txt"],
        ["submission_1", "assignment_7_export"],
        [f"x_2_{n}_a1.txt" for n in range(50)],
        ["bob_2_902_a1.ipynb"],
        ["students.csv", "course.toml", "received.json", "timestamp.txt"],
    ],
)
def test_k4_no_name_that_a_student_gives_a_file_for_canvas_is_anothers(counter, names):
    """The host writes NAME_USER_ATTACHMENT_ before it."""
    files = {f"{top}a1.ipynb": notebook(name) for top, name in CANVAS.items()}
    files |= {f"ada_1_{950 + i}_{name}": b"" for i, name in enumerate(names)}
    taken, _ = counter.collect(zipped(counter.folder / "s.zip", files))
    assert {("2", "a1", "new"), ("3", "a1", "new")} <= set(taken) <= {(n, "a1", "new") for n in "123"}
    assert [counter.files()[f"{who}/a1/a1.ipynb"] for who in "23"] == [notebook("Bob"), notebook("Cyd")]


CONFLICTS = {
    "a list beside Moodle's folders": {"submission_metadata.yml": FORGED.format(folder=next(iter(MOODLE))).encode(), **{f"{t}a1.ipynb": b"" for t in MOODLE}},
    "a list beside students' files": {"submission_metadata.yml": FORGED.format(folder="x").encode(), "ada.ipynb": b"", "bob.ipynb": b""},
    "an export beside students' folders": {f"{EXPORT}submission_metadata.yml": LIST.encode(), f"{EXPORT}submission_1/a1.ipynb": EVIL, "bob/a1.ipynb": b""},
    "two exports": {f"assignment_{n}_export/submission_metadata.yml": LIST.encode() for n in (1, 2)},
    "a list beside an export": {f"{EXPORT}submission_metadata.yml": LIST.encode(), "submission_metadata.yml": LIST.encode()},
    "Canvas and Moodle": {"ada_1_2_a1.ipynb": b"", "Bob_2_assignsubmission_file_a1.ipynb": b""},
}  # fmt: skip


@pytest.mark.parametrize("files", CONFLICTS.values(), ids=CONFLICTS)
def test_k4_signs_of_two_layouts_are_an_error_that_names_both_and_nothing_is_placed(counter, files):
    taken, ((source, reason),) = counter.collect(zipped(counter.folder / "s.zip", files))
    assert (taken, source, counter.files()) == ([], "s.zip", {})
    assert reason.startswith("expected the layout of one host, got signs of two: ")
    assert sum(host in reason for host in ("Gradescope", "Canvas", "Moodle", "of students")) == 2


def test_a_student_who_handed_in_only_what_an_editor_leaves_is_listed(counter):
    files = {f"{top}a1.ipynb": notebook(name) for top, name in MOODLE.items() if name != "Ada"}
    eve = next(iter(MOODLE))
    files |= {f"{eve}.git/config": b"", f"{eve}__MACOSX/a1.ipynb": b""}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert len(taken) == 2
    assert problems == [(eve[:-1], "expected a notebook, got only files of an editor, a system or a grader")]


def test_a_name_of_100_letters_of_three_bytes_ends_no_run(counter):
    files = {
        f"{'名' * 120}_1_assignsubmission_file_/a1.ipynb": notebook(),
        "Bob_2_assignsubmission_file_/a1.ipynb": notebook(),
    }
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert [(len(who), placed) for who, _, placed in taken] == [(66, "new"), (3, "new")]
    assert problems == []


def test_one_upload_cannot_use_up_what_others_may_take(counter, monkeypatch):
    from autograder.intake import entries

    monkeypatch.setattr(entries.Budget.__init__, "__defaults__", (1 << 20,))
    inner = zip_bytes({f"{n}.txt": b"" for n in range(3)})
    bombs = {f"Eve_1_assignsubmission_file_/{n}.zip": inner + bytes(300_000) for n in range(9)}
    files = {**bombs, "Bob_2_assignsubmission_file_/a1.ipynb": notebook()}
    taken, problems = counter.collect(zipped(counter.folder / "s.zip", files))
    assert taken == [("Bob", "a1", "new")]
    assert [file for file, _ in problems] == ["Eve (1)"]


def test_a_folder_without_permission_costs_one_student(counter, monkeypatch):
    import os

    from autograder.intake import entries

    root, real = counter.folder / "given", os.listdir
    for who in ("ada", "bob"):
        (root / who / "a1").mkdir(parents=True)
        (root / who / "a1" / "a1.ipynb").write_bytes(notebook())

    def refuse(path):
        if str(path).endswith("ada/a1"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(entries.os, "listdir", refuse)
    taken, problems = counter.collect(root)
    assert taken == [("bob", "a1", "new")]
    assert problems == [("ada", "expected a file or a folder that can be read, got Permission denied")]

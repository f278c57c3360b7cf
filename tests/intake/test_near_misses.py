"""The wrong thing in a slot: a near miss is taken and said; anything else is named, and never is "nothing"."""

import json
import re

import pytest
from intake.counter import notebook, zip_bytes, zipped

from autograder.intake.another_assignment import another_assignment
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.submissions import find_submissions

KNOWN = ("a1_ascent", "a2_net", "a2_net_extra")


@pytest.fixture
def collect(counter):
    """collect(files): what becomes of ann's files. Gives ([remarks of what was placed], [reasons of what was not])."""

    def of(files, **options):
        source = counter.folder / "in"
        for name, data in files.items():
            path = source / "ann" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        options = {"names": (), "known": KNOWN, **options}
        done = list(counter.run(source, **options))
        return [t.remarks for t in done if hasattr(t, "remarks")], [p.reason for p in done if hasattr(p, "reason")]

    return of


@pytest.mark.parametrize(
    "name, meant",
    [
        ("a1_ascent", "a1_ascent"), ("a1", "a1_ascent"), ("A1", "a1_ascent"), ("A1-Ascent", "a1_ascent"),
        ("a1 ascent", "a1_ascent"), ("a2_net", "a2_net"), ("a2", ""), ("a", ""), ("", ""), ("a1_", ""), ("a10", ""),
        ("a2_net_ex", ""), ("a2_net-extra", "a2_net_extra"),
    ],
)  # fmt: skip
def test_a_name_means_an_assignment_only_if_it_can_mean_no_other(name, meant):
    assert meant_assignment(name, KNOWN) == meant


@pytest.mark.parametrize(
    "file",
    ["a1.ipynb", "x/a1.IPYNB", "a1.ipynb.txt", "a1.ipynb.json", "a1-1.ipynb", "a1 (2).ipynb", "a1.html", "a1", "a1_copy.ipynb"],
)  # fmt: skip
def test_the_stem_of_a_file_is_its_name_without_what_others_added(file):
    assert stem_of(file) == "a1"


ACCEPTED = {
    "a folder whose name is a beginning": ({"a1/work.ipynb": notebook()}, "the folder 'a1' was taken for a1_ascent"),
    "a file whose name is a beginning": ({"a1.ipynb": notebook()}, "'a1.ipynb' was taken for a1_ascent"),
    "capitals": ({"a1_ascent/A1_ASCENT.IPYNB": notebook()}, "'A1_ASCENT.IPYNB' was taken for a1_ascent"),
    "a notebook saved as text": ({"a1_ascent/a1_ascent.ipynb.txt": notebook()}, "holds a notebook and was taken as one"),
    "a notebook saved as JSON": ({"a1_ascent/x.json": notebook()}, "holds a notebook and was taken as one"),
    "a notebook without an ending": ({"a1_ascent/notebook": notebook()}, "holds a notebook and was taken as one"),
    "a zip in a zip": (
        {"a1_ascent/x.zip": zip_bytes({"y.zip": zip_bytes({"a1_ascent.ipynb": notebook()})})}, "a zip in a zip",
    ),
}  # fmt: skip


def test_the_stem_of_a_name_without_end_is_the_name():
    """Git holds names of any length. Looking for the signs of a copy in this one would take hours."""
    name = "-1" * 500_000 + "x"
    assert stem_of(f"a1/{name}") == name


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_near_miss_is_taken_with_a_remark(collect, counter, name):
    files, said = ACCEPTED[name]
    remarks, problems = collect(files)
    assert problems == []
    assert said in remarks[0][0]
    assert counter.files()["ann/a1_ascent/a1_ascent.ipynb"] == notebook()


PAGE, ARCHIVE, LINK = ("it holds no cells; hand in the .ipynb file", "unpack it", "a link is not the file")
NAMED = {
    "a page": ("a1_ascent.html", b"<html>", PAGE),
    "a print": ("work.pdf", b"%PDF-1.4", PAGE),
    "a script": ("a1.py", b"x = 1", PAGE),
    "an archive of another kind": ("work.rar", b"Rar!\x1a\x07", ARCHIVE),
    "seven-zip": ("work.7z", b"7z", ARCHIVE),
    "a zip with no notebook": ("work.zip", zip_bytes({"a.html": b""}), ARCHIVE),
    "a broken zip": ("work.zip", b"PK\3\4broken", ARCHIVE),
    "three zips": (
        "x.zip", zip_bytes({"y.zip": zip_bytes({"z.zip": zip_bytes({"a1_ascent.ipynb": notebook()})})}), ARCHIVE,
    ),
    "a link of Drive": ("a1_ascent.gdoc", b"{}", LINK),
    "a link of Windows": ("a1_ascent.url", b"[InternetShortcut]\nURL=https://colab.research.google.com/x", LINK),
    "a link in a text": ("link.txt", b"https://colab.research.google.com/drive/x", "hand in the .ipynb file itself"),
    "other JSON": ("a1_ascent.ipynb.json", b"{}", "hand in the .ipynb file itself"),
    "Jupyter's own copies": (".ipynb_checkpoints/a1_ascent-checkpoint.ipynb", notebook(), "the .ipynb file itself"),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_anything_else_is_named_from_collect_to_the_result(collect, counter, name):
    file, data, hint = NAMED[name]
    remarks, (reason,) = collect({f"a1_ascent/{file}": data})
    assert remarks == []
    (submission,) = find_submissions(counter.out, ["a1_ascent"])
    assert submission.malformed
    assert re.match(
        f"You handed in '{re.escape(file)}'(; expected a1_ascent.ipynb|: expected a zip)", submission.problem
    )
    assert hint in submission.problem
    assert file in reason or "zip" in file


BY_CONTENT = {
    "an empty file": (b"", "an empty file"),
    "a page": (b"\n<!DOCTYPE html><html>", "a web page"),
    "an archive": (zip_bytes({"a1_ascent.ipynb": notebook()}), "an archive"),
    "a print": (b"%PDF-1.4", "a document"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git's large-file storage"),
    "a link": (b"https://colab.research.google.com/drive/x\n", "a link"),
    "a link of Drive": (b'{"url": "https://docs.google.com/open?id=x", "doc_id": "x"}', "a link"),
    "a script": (b"# %%\nimport numpy", "a Python script"),
    "an object": (b"{}", "other JSON"),
    "no cells": (json.dumps({"cells": [], "nbformat": 4, "metadata": {}}).encode(), "one without any"),
    "a conflict": (b"<<<<<<< HEAD\n" + notebook(), "a merge conflict"),
}


@pytest.mark.parametrize("name", BY_CONTENT)
def test_another_thing_under_a_notebooks_name_is_said_when_it_is_collected(collect, name):
    data, said = BY_CONTENT[name]
    ((remark,),), problems = collect({"a1_ascent/a1_ascent.ipynb": data})
    assert problems == []
    assert remark.startswith("it cannot be graded: expected a")
    assert said in remark


def test_a_wrong_file_replaces_no_notebook_and_a_notebook_replaces_the_note_of_a_wrong_file(collect, counter):
    collect({"a1_ascent/x.html": b"<html>"})
    assert list(counter.files()) == ["ann/a1_ascent/refused.json"]
    (counter.folder / "in" / "ann" / "a1_ascent" / "x.html").unlink()
    collect({"a1_ascent/a1_ascent.ipynb": notebook()})
    placed = counter.files()
    assert "ann/a1_ascent/refused.json" not in placed
    (counter.folder / "in" / "ann" / "a1_ascent" / "a1_ascent.ipynb").unlink()
    remarks, problems = collect({"a1_ascent/x.html": b"<html>"})
    assert (remarks, len(problems), counter.files()) == ([], 1, placed)


def test_two_uploads_of_one_student_are_named_in_the_result(counter):
    files = {"ada_11_1_x.ipynb": notebook("1"), "ada_11_2_y.ipynb": notebook("2")}
    counter.collect(zipped(counter.folder / "s.zip", files))
    (submission,) = counter.submissions()
    assert submission.problem == (
        "You handed in 'x.ipynb', 'y.ipynb'; expected one notebook for a1. "
        "Hint: keep the one to grade, and call it a1.ipynb."
    )


def test_a_loose_file_makes_no_student_of_its_name(counter):
    (counter.folder / "in").mkdir()
    (counter.folder / "in" / "holiday.html").write_bytes(b"<html>")
    assert counter.collect(counter.folder / "in")[0] == []
    assert counter.files() == {}


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 9999, b'{"schema": 1, "files": [1]}', b"\xff", b"x" * 70_000])
def test_any_bytes_in_the_place_of_the_note_are_a_note_or_none(hand_in, content):
    hand_in("ann", content, name="refused.json")
    (submission,) = find_submissions(hand_in.root, ["a9_test"])
    assert submission.notebook is None
    assert "\n" not in submission.problem


@pytest.mark.parametrize(
    "files, problem",
    [
        ({"a9_test/x.html": b""}, "You handed in 'x.html'; expected a9_test.ipynb. Hint: it holds no cells"),
        ({"a9/a9.ipynb": b""}, "You handed in 'a9'; expected a9_test/a9_test.ipynb. Hint: autograder collect"),
        ({"a9_test.ipynb": b""}, "You handed in 'a9_test.ipynb'; expected a9_test/a9_test.ipynb."),
        ({"a9_test/.DS_Store": b""}, "nothing was handed in: the folder holds no notebook."),
        ({"a9_test/timestamp.txt": b""}, "nothing was handed in: the folder holds no notebook."),
        ({"other/x.ipynb": b""}, "nothing was handed in: there is no folder a9_test."),
    ],
)
def test_a_folder_that_nobody_collected_is_read_alike(hand_in, files, problem):
    for name, data in files.items():
        path = hand_in.root / "ann" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (submission,) = find_submissions(hand_in.root, ["a9_test"])
    assert submission.problem.startswith(problem)
    assert submission.malformed == problem.startswith("You")


ASKED = {"a1": {"climb", "peak", "answers"}, "a2": {"loss", "grad", "step", "answers"}}


@pytest.mark.parametrize(
    "code, other",
    [
        ("def loss(): 1\ndef grad(): 2\nanswers = 3", "a2"),
        ("def loss(): 1\ndef grad(): 2\npeak = 3", ""),  # a name of its own
        ("def loss(): 1", ""),  # less than half of the other's
        ("x = 1", ""),
        ("from mine import *", ""),
        ("answers = 1", ""),
    ],
)
def test_a_notebook_is_anothers_if_it_has_none_of_its_own_names_and_half_of_the_others(code, other):
    assert another_assignment([code], "a1", ASKED) == other


def test_a_notebook_of_another_assignment_is_said_and_not_moved(collect, counter):
    asked = {"a1_ascent": {"climb"}, "a2_net": {"loss"}}
    ((remark,),), _ = collect({"a1_ascent/a1_ascent.ipynb": notebook("loss = 1")}, asked=asked)
    assert remark.startswith("it is the notebook of a2_net, for which nothing of this student has come yet. Hint:")
    assert "ann/a1_ascent/a1_ascent.ipynb" in counter.files()
    collect({"a2_net/a2_net.ipynb": notebook("loss = 1")}, asked=asked)
    assert counter.collect(counter.folder / "in", names=(), known=KNOWN, asked=asked)[1] == []

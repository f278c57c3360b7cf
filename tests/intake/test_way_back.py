"""Feedback about files that are no notebook goes where the host's archive says, and nowhere else."""

import json

from intake.counter import SECRET, notebook, zipped

from autograder.intake.wrong_files import REFUSED, way_back_of

ROSTER = "id,canvas_id\nada,11\nbob,12\n"


def archive(folder, *names):
    return zipped(folder / "submissions.zip", dict.fromkeys(names, b"%PDF"))


def test_collect_signs_how_canvas_calls_an_upload_that_is_no_notebook(counter):
    counter.collect(archive(counter.folder, "lovelaceada_11_501_a1.pdf"), roster=ROSTER)
    way_back = way_back_of(counter.out / "ada" / "a1", "ada", "a1", SECRET)
    assert (way_back.kind, way_back.host_name) == ("canvas", "lovelaceada_11_501_a1.pdf")
    assert way_back.identity["canvas_id"] == "11"


def test_a_notebook_that_comes_later_says_it_instead(counter):
    counter.collect(archive(counter.folder, "lovelaceada_11_501_a1.pdf"), roster=ROSTER)
    counter.collect(zipped(counter.folder / "s.zip", {"lovelaceada_11_502_a1.ipynb": notebook()}), roster=ROSTER)
    assert way_back_of(counter.out / "ada" / "a1", "ada", "a1", SECRET).host_name == "lovelaceada_11_502_a1.ipynb"


def test_a_list_that_somebody_else_wrote_copied_or_changed_counts_for_nothing(counter):
    counter.collect(archive(counter.folder, "lovelaceada_11_501_a1.pdf"), roster=ROSTER)
    ours = json.loads((counter.out / "ada" / "a1" / REFUSED).read_text())
    bob = counter.out / "bob" / "a1"
    bob.mkdir(parents=True)
    for changes in ({}, {"student": "bob"}, {"student": "bob", "mac": ""}, {"student": "bob", "mac": "0" * 64}):
        (bob / REFUSED).write_text(json.dumps({**ours, "way_back": {**ours["way_back"], **changes}}))
        assert way_back_of(bob, "bob", "a1", SECRET) is None
    assert way_back_of(counter.out / "ada" / "a1", "ada", "a1", b"another course") is None


def test_a_plain_folder_has_no_host(counter):
    folder = counter.folder / "class"
    (folder / "ada" / "a1").mkdir(parents=True)
    (folder / "ada" / "a1" / "a1.pdf").write_bytes(b"%PDF")
    counter.collect(folder, roster=ROSTER)
    assert (counter.out / "ada" / "a1" / REFUSED).exists()
    assert way_back_of(counter.out / "ada" / "a1", "ada", "a1", SECRET) is None

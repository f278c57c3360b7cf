"""Every grading of a results folder is kept: named by what it holds, added once, and refused when it was changed.

No sandbox here: results are built as records and written as `autograder grade` writes them.
"""

import hashlib
import json
import os
import shutil

import pytest
from result_builders import A1, grade, of_ten

from autograder.errors import AutograderError
from autograder.records import history
from autograder.records import writer as keeper
from autograder.records.store import all_attempts, all_results
from autograder.records.writer import revert


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    """That bytes are on disk before their name is, tests/faults/test_folder.py says; here it would be most of the time."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def scores(results):
    return {r.student: r.score for r in results}


def ids(folder):
    return [identity for identity, _ in history.gradings(folder)]


def one_line(error):
    assert "\n" not in str(error.value)
    assert "expected" in str(error.value)


# What is kept


def test_the_results_of_a_grading_are_there_after_the_next_one(out):
    grade(out, of_ten("ada", 2), of_ten("bob", 10))
    grade(out, of_ten("ada", 10), of_ten("bob", 10))
    last, first = ids(out)
    assert scores(history.read_graded(out, first)) == {"ada": 2, "bob": 10}
    assert scores(history.read_graded(out, last)) == {"ada": 10, "bob": 10}


def test_a_grading_that_changed_nothing_adds_nothing(out):
    grade(out, of_ten("ada", 2))
    before = contents(out)
    grade(out, of_ten("ada", 2))
    assert contents(out) == before


def test_the_same_gradings_give_the_same_bytes_in_whatever_order_results_come(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, step in ((one, 1), (two, -1)):
        grade(folder, *[of_ten("ada", 2), of_ten("bob", 3), of_ten("eve", 4, "a2_test")][::step])
        grade(folder, *[of_ten("ada", 5), of_ten("bob", 3)][::step])
    assert contents(one) == contents(two)


def test_every_file_is_named_by_the_sha256_of_its_bytes_and_a_result_is_kept_once(out):
    grade(out, of_ten("ada", 2), of_ten("bob", 3))
    grade(out, of_ten("ada", 2), of_ten("bob", 4))
    files = {p: p.read_bytes() for kind in ("results", "gradings") for p in (out / ".history" / kind).iterdir()}
    assert all(p.stem == hashlib.sha256(data).hexdigest() for p, data in files.items())
    assert len(files) == 3 + 2  # ada's, bob's two; two gradings


def test_a_grading_of_one_student_keeps_the_others_in_it(out):
    grade(out, of_ten("ada", 2), of_ten("bob", 3))
    grade(out, of_ten("ada", 5))
    assert scores(history.read_graded(out, ids(out)[0])) == {"ada": 5, "bob": 3}


def test_what_two_gradings_have_in_common_is_not_read_to_say_what_changed(out):
    """Cleo came, dan changed, and bob, who did not, has a file that cannot be read."""
    grade(out, of_ten("bob", 3), of_ten("dan", 4))
    grade(out, of_ten("cleo", 10), of_ten("dan", 5))
    last, first = ids(out)
    (out / ".history" / "results" / f"{history.read_grading(out, last).files[A1, 'bob', 0]}.json").write_text("{")
    pairs = list(history.read_changed(out, first, last))
    assert [(a and a.score, b.student, b.score) for a, b in pairs] == [(None, "cleo", 10), (4, "dan", 5)]


def test_the_history_is_no_result(out):
    grade(out, of_ten("ada", 2))
    grade(out, of_ten("ada", 5))
    assert scores(all_results(out)) == {"ada": 5}
    assert (out / "grades.csv").read_text().count("\n") == 2


def test_results_of_a_version_without_history_become_a_grading_before_one_of_them_changes(out):
    grade(out, of_ten("ada", 2), of_ten("bob", 3))
    shutil.rmtree(out / ".history")
    grade(out, of_ten("bob", 9), of_ten("eve", 1), of_ten("ada", 2))
    last, first = ids(out)
    assert scores(history.read_graded(out, first)) == {"ada": 2, "bob": 3}  # eve came later
    assert scores(history.read_graded(out, last)) == {"ada": 2, "bob": 9, "eve": 1}


def test_earlier_attempts_are_kept_and_put_back_with_the_newest(out):
    first = [of_ten("ada", 2), of_ten("ada", 7).model_copy(update={"attempt": 1})]
    grade(out, *first)
    grade(out, of_ten("ada", 10), of_ten("ada", 3).model_copy(update={"attempt": 1}))
    assert scores(all_results(out)) == {"ada": 10}
    revert(out)
    assert all_attempts(out) == first


# Killed, or out of disk space, at any step


class Killed(BaseException):
    """As SIGKILL would: nobody catches it and goes on."""


def killed_at(monkeypatch, step, work):
    """Do `work`, and end it right before its write number `step`, from 0. Whether it was ended."""
    left = [step]

    def counting(real):
        def write(*arguments, **options):
            if not left[0]:
                raise Killed
            left[0] -= 1
            return real(*arguments, **options)

        return write

    with monkeypatch.context() as patch:
        for module in (history, keeper):
            patch.setattr(module, "write_atomically", counting(module.write_atomically))
        patch.setattr(os, "unlink", counting(os.unlink))
        try:
            work()
        except Killed:
            return True
    return False


def first_class(folder):
    grade(folder, of_ten("ada", 2), of_ten("bob", 10), of_ten("eve", 4))


def regrade(folder):
    grade(folder, of_ten("ada", 10), of_ten("bob", 3), of_ten("eve", 4), of_ten("zoe", 1))


def test_killed_at_any_write_the_same_grading_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    first_class(tmp_path / "whole")
    regrade(tmp_path / "whole")
    expected = contents(tmp_path / "whole")
    for step in range(100):
        out = tmp_path / str(step)
        first_class(out)
        done = not killed_at(monkeypatch, step, lambda out=out: regrade(out))
        assert scores(history.read_graded(out, ids(out)[-1])) == {"ada": 2, "bob": 10, "eve": 4}
        regrade(out)
        assert contents(out) == expected
        if done:
            break
    assert step == 10  # four results, grades.csv, three objects (eve's is there), a grading, `current`


def test_killed_at_any_write_the_same_revert_goes_on_to_the_same_bytes(tmp_path, monkeypatch):
    def two(folder):
        first_class(folder)
        regrade(folder)

    two(tmp_path / "whole")
    revert(tmp_path / "whole")
    expected = contents(tmp_path / "whole")
    for step in range(100):
        out = tmp_path / str(step)
        two(out)
        before = history.current(out)
        done = not killed_at(monkeypatch, step, lambda out=out: revert(out))
        assert {"ada": 10, "bob": 3, "eve": 4, "zoe": 1} in [scores(history.read_graded(out, i)) for i in ids(out)]
        if history.current(out) == before:
            revert(out)
        assert contents(out) == expected
        if done:
            break
    assert step == 7  # three results (eve's has its bytes already), zoe's goes, grades.csv, a grading, `current`


def test_what_a_run_that_was_cut_off_wrote_is_kept_before_repaired_checks_overwrite_it(out, monkeypatch):
    first_class(out)
    assert killed_at(monkeypatch, 1, lambda: grade(out, of_ten("ada", 5), of_ten("bob", 5)))
    regrade(out)
    last, cut_off, first = ids(out)
    assert scores(history.read_graded(out, first)) == {"ada": 2, "bob": 10, "eve": 4}
    assert scores(history.read_graded(out, cut_off)) == {"ada": 5, "bob": 10, "eve": 4}
    assert scores(history.read_graded(out, last)) == {"ada": 10, "bob": 3, "eve": 4, "zoe": 1}


def test_an_object_that_a_power_cut_left_short_is_written_again_while_its_result_is_there(out):
    first_class(out)
    kept = next(p for p in (out / ".history" / "results").iterdir() if b'"ada"' in p.read_bytes())
    whole = kept.read_bytes()
    kept.write_bytes(whole[:100])
    grade(out, of_ten("bob", 5))
    assert kept.read_bytes() == whole


# Revert


def test_a_revert_puts_the_earlier_results_back_and_a_second_one_undoes_it(out):
    first_class(out)
    old = {k: v for k, v in contents(out).items() if not k.startswith(".history")}
    regrade(out)
    new = {k: v for k, v in contents(out).items() if not k.startswith(".history")}
    revert(out)
    assert {k: v for k, v in contents(out).items() if not k.startswith(".history")} == old
    revert(out)
    assert {k: v for k, v in contents(out).items() if not k.startswith(".history")} == new
    assert len(ids(out)) == 4
    assert len(set(ids(out))) == 4


def test_a_revert_to_an_older_grading_by_the_beginning_of_its_id(out):
    for points in (1, 2, 3):
        grade(out, of_ten("ada", points))
    revert(out, ids(out)[2][:8])
    assert scores(all_results(out)) == {"ada": 1}
    assert len(ids(out)) == 4


def test_who_came_after_the_grading_is_gone_after_the_revert_but_not_from_the_history(out):
    grade(out, of_ten("ada", 1))
    grade(out, of_ten("ada", 1), of_ten("bob", 2))
    revert(out)
    assert scores(all_results(out)) == {"ada": 1}
    assert scores(history.read_graded(out, history.resolve(out, "previous"))) == {"ada": 1, "bob": 2}


def test_a_revert_to_what_is_there_adds_nothing(out):
    first_class(out)
    before = contents(out)
    revert(out, "current")
    assert contents(out) == before


# Nothing in a file is believed


def forge(folder, **changes):
    """A manifest with the right name for its bytes, made current."""
    document = json.loads((folder / ".history" / "gradings" / f"{history.current(folder)}.json").read_text())
    text = json.dumps({**document, **changes})
    identity = hashlib.sha256(text.encode()).hexdigest()
    (folder / ".history" / "gradings" / f"{identity}.json").write_text(text)
    (folder / ".history" / "current").write_text(identity)


SOME = "0" * 64


@pytest.mark.parametrize(
    "changes",
    [
        {"results": {"../../outside": {"ada": SOME}}},
        {"results": {"..": {"ada": SOME}}},
        {"results": {".history": {"ada": SOME}}},
        {"results": {"/etc": {"ada": SOME}}},
        {"results": {"a\0b": {"ada": SOME}}},
        {"results": {"": {"ada": SOME}}},
        {"results": {A1: {"ada": "../../../etc/passwd"}}},
        {"results": {A1: {"ada": SOME + "\n"}}},
        {"results": {A1: {"ada": 7}}},
        {"results": [1]},
        {"parent": "../current"},
        {"parent": SOME[:-1]},
        {"schema": 2},
        {"more": 1},
    ],
    ids=lambda c: json.dumps(c)[:50],
)
def test_a_manifest_that_says_anything_else_is_refused_in_one_line(out, tmp_path, changes):
    first_class(out)
    forge(out, **changes)
    before = contents(tmp_path)
    for work in (lambda: revert(out, "current"), lambda: list(history.gradings(out)), lambda: regrade(out)):
        with pytest.raises(AutograderError, match="expected a grading") as error:
            work()
        one_line(error)
    assert contents(tmp_path) == before


def test_a_students_name_in_a_manifest_becomes_no_path(out, tmp_path):
    """The object must hold the result of that very student; its file name is escaped as ever."""
    first_class(out)
    ada = next(iter(history.read_grading(out, history.current(out)).results[A1].values()))
    forge(out, results={A1: {"../../../ada": ada}})
    with pytest.raises(AutograderError, match="got another's") as error:
        revert(out, "current")
    one_line(error)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["results"]


def test_a_result_that_points_elsewhere_is_refused(out):
    """Its hash is right, and its manifest's too: still it is not the result of who stands there."""
    first_class(out)
    text = of_ten("eve", 10, "..").to_json()
    sha = hashlib.sha256(text.encode()).hexdigest()
    (out / ".history" / "results" / f"{sha}.json").write_text(text)
    forge(out, results={A1: {"eve": sha}})
    with pytest.raises(AutograderError, match="got another's") as error:
        revert(out, "current")
    one_line(error)


@pytest.mark.parametrize("harm", ["cut short", "changed", "gone", "link", "folder", "another's"])
@pytest.mark.parametrize("kind", ["results", "gradings"])
def test_a_file_that_has_not_the_bytes_of_its_name_is_refused_before_anything_is_written(out, tmp_path, kind, harm):
    first_class(out)
    regrade(out)
    previous = history.resolve(out, "previous")
    sha = previous if kind == "gradings" else history.read_grading(out, previous).results[A1]["bob"]
    path = out / ".history" / kind / f"{sha}.json"
    whole = path.read_bytes()
    path.unlink()
    match harm:
        case "cut short":
            path.write_bytes(whole[:-5])
        case "changed":
            path.write_bytes(whole.replace(b"1", b"2", 1))
        case "link":
            (tmp_path / "copy").write_bytes(whole)
            path.symlink_to(tmp_path / "copy")
        case "folder":
            path.mkdir()
        case "another's":
            other = next(p for p in path.parent.iterdir() if p != path)
            path.write_bytes(other.read_bytes())
    before = contents(tmp_path)
    with pytest.raises(AutograderError, match="Hint: restore it from a copy") as error:
        revert(out)
    one_line(error)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("text", ["", "../../x", "f" * 63, "F" * 64, "\ud800".encode("utf-8", "surrogatepass")])
def test_a_current_that_is_no_id_stops_a_run_before_it_begins(out, text):
    first_class(out)
    (out / ".history" / "current").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = contents(out)
    with pytest.raises(AutograderError, match="expected a grading's id") as error:
        regrade(out)
    one_line(error)
    assert contents(out) == before


def test_a_history_that_is_a_link_is_never_followed(out, tmp_path):
    first_class(out)
    shutil.move(out / ".history", tmp_path / "elsewhere")
    (out / ".history").symlink_to(tmp_path / "elsewhere")
    before = contents(tmp_path / "elsewhere")
    with pytest.raises(AutograderError, match="expected a folder, got a symbolic link") as error:
        regrade(out)
    one_line(error)
    assert contents(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("name", ["", "abc", "zzzz", "../x", "0000", "HEAD", "previous~1", "-", "0" * 64])
def test_a_name_that_is_no_grading_is_refused_in_one_line(out, name):
    first_class(out)
    with pytest.raises(AutograderError, match="expected current, previous or the beginning") as error:
        history.resolve(out, name)
    one_line(error)


def test_the_first_grading_has_no_previous_one(out):
    first_class(out)
    with pytest.raises(AutograderError, match="got one only") as error:
        revert(out)
    one_line(error)


def test_where_nothing_was_graded_there_is_nothing_to_go_back_to(out):
    with pytest.raises(AutograderError, match="got none") as error:
        revert(out)
    one_line(error)
    assert not out.exists()

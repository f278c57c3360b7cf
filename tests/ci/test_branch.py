"""A branch that is written without a working tree: one commit or none, and nobody's commit is lost."""

import shutil
import subprocess
import sys
import threading

import pytest
from ci.classroom import commits_of, git, hosted, of_branch

from autograder.ci import branch as module
from autograder.ci.branch import Branch, update
from autograder.errors import AutograderError

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
ODD = ["a b.json", 'quo"te.json', "back\\slash.json", "éß.json", "-dash.json", "new\tline.json", "x/y/::error::.json"]


@pytest.fixture
def origin(tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "file").write_text("of main")
    return hosted(tmp_path / "course", tmp_path / "origin.git")


@pytest.fixture
def marks(origin, tmp_path):
    return Branch(tmp_path / "course", "origin", "marks")


def setting(**files):
    return lambda before: ({**before, **{k: v.encode() for k, v in files.items()}}, "message")


def test_the_first_update_makes_a_branch_of_its_own_and_touches_no_other(marks, origin):
    main = git(origin, "rev-parse", "main")
    commit = update(marks, setting(a="1"))
    assert of_branch(origin) == {"a": b"1"}
    assert git(origin, "rev-list", "marks") == commit  # it has no parent
    assert git(origin, "rev-parse", "main") == main
    assert git(marks.clone, "status", "--porcelain") == ""
    assert git(marks.clone, "branch", "--list").split() == ["*", "main"]


def test_the_same_files_make_no_commit(marks, origin):
    update(marks, setting(a="1"))
    assert update(marks, setting(a="1")) is None
    assert commits_of(origin) == 1


def test_what_is_written_is_read_back_byte_for_byte_whatever_a_file_is_called(marks):
    files = {name: name.encode() + b"\0\r\n\n" for name in ODD} | {"empty": b""}
    commit = update(marks, lambda _: (files, "“message”"))
    assert marks.files(commit) == files


def test_a_file_that_is_left_out_is_gone_and_in_the_history(marks, origin):
    update(marks, setting(a="1", b="2"))
    update(marks, lambda before: ({k: v for k, v in before.items() if k != "a"}, "less"))
    assert of_branch(origin) == {"b": b"2"}
    assert git(origin, "show", "marks~1:a") == "1"


def test_a_run_that_is_overtaken_changes_what_the_faster_one_wrote(marks, origin, tmp_path, monkeypatch):
    """The other run pushes after this one has read the branch."""
    monkeypatch.setattr(module, "PAUSES", (0, 0))
    other = Branch(tmp_path / "other", "origin", "marks")
    git(tmp_path, "clone", "--quiet", str(origin), "other")
    waiting = iter([lambda: update(other, setting(b="of the other")), lambda: update(other, setting(c="again"))])

    def change(before):
        next(waiting, lambda: None)()
        return {**before, "a": b"ours"}, "message"

    update(marks, change)
    assert of_branch(origin) == {"a": b"ours", "b": b"of the other", "c": b"again"}
    assert commits_of(origin) == 3


def test_two_runs_at_once_both_arrive(origin, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "PAUSES", (0.05,) * 20)
    clones = [tmp_path / f"clone{i}" for i in range(3)]
    for clone in clones:
        git(tmp_path, "clone", "--quiet", str(origin), clone.name)
    runs = [
        threading.Thread(target=update, args=(Branch(clone, "origin", "marks"), setting(**{clone.name: "x"})))
        for clone in clones
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert set(of_branch(origin)) == {clone.name for clone in clones}
    assert commits_of(origin) == 3


def test_a_push_that_is_refused_is_an_error_at_once_and_leaves_the_branch(marks, origin):
    update(marks, setting(a="1"))
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no right to push >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(AutograderError, match=r"git push: expected it to succeed, got .*no right to push"):
        update(marks, setting(a="2"))
    assert of_branch(origin) == {"a": b"1"}


def test_a_run_that_is_killed_before_its_push_leaves_the_branch_as_it_was(marks, origin):
    update(marks, setting(a="1"))
    script = (
        "import os, signal, sys; from pathlib import Path; from autograder.ci.branch import Branch, update\n"
        "Branch.push = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "update(Branch(Path(sys.argv[1]), 'origin', 'marks'), lambda before: ({'b': b'2'}, 'm'))\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(marks.clone)], check=False)
    assert done.returncode == -9
    assert of_branch(origin) == {"a": b"1"}
    assert update(marks, setting(b="2"))  # what it left behind is in nobody's way


def test_a_shallow_clone_as_a_ci_makes_it_pushes_too(marks, origin, tmp_path):
    update(marks, setting(a="1"))
    update(marks, setting(a="2"))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "shallow")
    update(Branch(tmp_path / "shallow", "origin", "marks"), setting(b="3"))
    assert of_branch(origin) == {"a": b"2", "b": b"3"}
    assert commits_of(origin) == 3


def test_an_error_of_git_is_a_sentence_with_one_full_stop(origin, tmp_path):
    with pytest.raises(AutograderError, match=r"^git ls-remote: .*[^.]\.$"):
        Branch(tmp_path / "course", "nowhere", "marks").fetch()


def test_no_password_of_an_address_is_in_an_error(marks):
    wrong = Branch(marks.clone, "https://me:secret@127.0.0.1:9/x.git", "marks")
    with pytest.raises(AutograderError, match="git ls-remote: expected it to succeed") as error:
        update(wrong, setting(a="1"))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("name", ["", "-x", "a..b", "a b", "a/", "x.lock", "--upload-pack=x", "a\nb", "refs/../x"])
def test_an_odd_name_of_a_branch_is_refused(tmp_path, name):
    with pytest.raises(AutograderError, match="--branch: expected a branch's name"):
        Branch(tmp_path, "origin", name)


def test_a_link_on_the_branch_is_refused(marks, origin, tmp_path):
    git(tmp_path, "clone", "--quiet", str(origin), "other")
    other = tmp_path / "other"
    git(other, "checkout", "--quiet", "--orphan", "marks")
    (other / "link").symlink_to("/etc/passwd")
    git(other, "add", "link")
    git(other, "commit", "--quiet", "-m", "link")
    git(other, "push", "--quiet", "origin", "marks")
    with pytest.raises(AutograderError, match="marks, link: expected a file, got a link"):
        update(marks, setting(a="1"))

"""What an earlier run, a full disk or a person left in the results folder, and what one run says of it."""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import AutograderError
from autograder.files import PREFIX, SUFFIX, claimed, locked, write_atomically
from autograder.records.result import Result
from autograder.records.store import all_results, read_result
from autograder.secret import course_secret
from autograder.text import file_name


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def one_line(error):
    assert "\n" not in str(error.value)
    assert ": expected " in str(error.value)
    assert " Hint: " in str(error.value)


# One run at a time


def test_of_two_runs_into_one_folder_the_second_says_so_and_grades_nothing(command, run, hand_in, solved, out):
    hand_in("ada", solved)
    out.mkdir()
    with locked(out):
        said = command(code=2)
    assert "expected to be alone, got another run" in said
    assert "Hint: wait for it" in said
    assert names(out / "a9_test") == []
    assert run()["ada"].score == 10


def test_a_lock_ends_with_whoever_held_it_however_it_ended(out):
    out.mkdir()
    held = "import os, signal, sys; from pathlib import Path; from autograder.files import locked\n"
    held += "with locked(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    assert subprocess.run([sys.executable, "-c", held, str(out)], cwd="/", check=False).returncode == -9
    with locked(out) as alone:
        assert alone
    assert names(out) == []


def test_where_a_file_system_has_no_locks_grading_goes_on_and_sweeps_nothing(out, monkeypatch):
    out.mkdir()
    part = out / f"{PREFIX}x{SUFFIX}"
    part.touch()

    def none(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", none)
    with claimed(out, []):
        assert part.exists()  # it may be another run's


# A full or failing disk


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize("where", ["open", "write", "fsync", "rename"])
def test_whatever_fails_while_writing_the_old_file_stays_whole_and_nothing_is_left(tmp_path, monkeypatch, fault, where):
    path = tmp_path / "r.json"
    write_atomically(path, "old")

    def fail(*_, **__):
        raise OSError(fault, os.strerror(fault))

    class Full:
        def __init__(self, fd, *_, **__):
            self.fd = fd

        def __enter__(self):
            return self

        def __exit__(self, *_):
            os.close(self.fd)

        write = fail

    patches = {"open": ("tempfile.mkstemp", fail), "write": ("os.fdopen", Full)}
    patches |= {"fsync": ("os.fsync", fail), "rename": ("pathlib.Path.replace", fail)}
    with monkeypatch.context() as patch:
        patch.setattr(*patches[where])
        with pytest.raises(AutograderError, match=os.strerror(fault)) as error:
            write_atomically(path, "new")
    one_line(error)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["r.json"]


def test_a_rename_that_may_not_last_is_an_error(tmp_path, monkeypatch):
    """The folder's fsync, after the file's: its EIO is not swallowed, and the file is whole either way."""
    real = os.fsync

    def fsync(fd):
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(AutograderError, match="Input/output error"):
        write_atomically(tmp_path / "r.json", "new")
    assert (tmp_path / "r.json").read_text() == "new"


def test_a_file_is_on_disk_before_its_name_and_the_name_before_we_go_on(tmp_path, monkeypatch):
    steps, fsync, replace = [], os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: steps.append(stat.S_ISDIR(os.fstat(fd).st_mode)) or fsync(fd))
    monkeypatch.setattr(Path, "replace", lambda *a: steps.append("rename") or replace(*a))
    write_atomically(tmp_path / "r.json", "new")
    assert steps == [False, "rename", True]


def namespace(script):
    """A prefix that runs a command as root of its own mount namespace; skips where there is none."""
    prefix = ["unshare", "-rm"] if os.getuid() else ["unshare", "-m"]
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace can be made here")
    return [*prefix, "sh", "-c", script, "sh"]


@pytest.mark.skipif(os.getuid() != 0, reason="in a namespace of one user the sandbox cannot leave root, and refuses")
def test_on_a_disk_that_is_really_full_what_was_written_stays_and_the_next_run_goes_on(
    command, run, hand_in, solved, out, tmp_path
):
    for i in range(6):
        hand_in(f"s{i}", solved)
    kept = tmp_path / "kept"
    out.mkdir()
    kept.mkdir()
    # three pages: the folder's two results or so fit, not six and grades.csv
    script = 'mount -t tmpfs -o size=16k,mode=755 tmpfs "$1"; o="$1"; k="$2"; shift 2; "$@"; c=$?; cp -a "$o/." "$k"; exit $c'
    said = command(*namespace(script), out, kept)
    assert "No space left on device. Hint: free some space" in said
    whole = [p for p in names(kept) if p.endswith(".json")]
    assert 0 < len(whole) < 6
    assert all(read_result(kept / p) for p in whole)
    assert not [p for p in names(kept) if p.endswith(SUFFIX)]
    shutil.copytree(kept, out, dirs_exist_ok=True)
    before = {p: (out / p).stat().st_ino for p in whole}
    assert len(run()) == 6
    assert {p: (out / p).stat().st_ino for p in whole} == before
    assert len(all_results(out)) == 6


# What cannot be written is said before anything is graded

READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'


def test_a_read_only_results_folder_is_said_before_any_grading(command, hand_in, solved, out):
    hand_in("ada", solved)
    (out / "a9_test").mkdir(parents=True)
    said = command(*namespace(READ_ONLY), out)
    assert "Read-only file system. Hint: choose a folder" in said


def test_a_folder_one_may_only_look_into_is_said_before_any_grading():
    """Modes do not bind root, so a child leaves root first, if it has to."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.setuid(os.getuid() or 65534)
                with claimed(Path(folder), []):
                    pass
            except AutograderError as error:
                code = 0 if "Permission denied. Hint: choose a folder" in str(error) else 2
            finally:
                os._exit(code)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_where_the_secret_cannot_be_written_nothing_is_graded(course, command, hand_in, solved, out):
    hand_in("ada", solved)
    course.work.mkdir(exist_ok=True)
    key = course.work / "secret.key"
    key.unlink(missing_ok=True)
    said = command(*namespace(READ_ONLY), course.work, AUTOGRADER_SECRET="")
    assert "secret.key: expected to write it, got Read-only file system" in said
    assert names(out / "a9_test") == []
    assert not key.exists()


def test_a_secret_cut_short_is_refused_and_never_taken_for_one(course, monkeypatch):
    """An empty key would make everybody's hidden inputs known."""
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)
    key = course.work / "secret.key"
    key.unlink(missing_ok=True)
    whole = course_secret(course)
    assert len(whole) == 32
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    for cut in ("", whole.hex()[:10], "zz" * 32):
        key.write_text(cut)
        with pytest.raises(AutograderError, match="expected the course's secret of 32 bytes") as error:
            course_secret(course)
        one_line(error)
    key.unlink()


def test_a_secret_is_never_half_there(course, monkeypatch):
    monkeypatch.delenv("AUTOGRADER_SECRET", raising=False)
    key = course.work / "secret.key"
    key.unlink(missing_ok=True)

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(AutograderError, match="No space left"):
            course_secret(course)
    assert not key.exists()
    assert not list(course.work.glob(".*"))
    assert len(course_secret(course)) == 32


# What an interrupted run, an older version or a person left


def test_what_a_killed_run_had_under_way_is_swept_and_nobody_elses_file_is(run, hand_in, solved, out):
    hand_in("ada", solved)
    folder = out / "a9_test"
    folder.mkdir(parents=True)
    ours = [folder / f"{PREFIX}abc{SUFFIX}", out / f"{PREFIX}grades{SUFFIX}"]
    others = [folder / ".x.part", folder / "notes.part", out / "mine.txt", folder / f"{PREFIX}link{SUFFIX}"]
    for file in (*ours, *others[:3]):
        file.write_text("{")
    others[3].symlink_to(others[2])
    run()
    assert not any(file.exists() for file in ours)
    assert all(file.exists() for file in others)


OLD = '{"assignment": "a9_test", "student": "ada", "points": 7}'


@pytest.mark.parametrize("left", ["", "{", "null", OLD, "truncated", "schema 3", "link", "dangling", "fifo"])
def test_whatever_stands_in_a_results_place_is_graded_again_to_the_same_bytes(
    run, hand_in, solved, out, tmp_path, left
):
    hand_in("ada", solved)
    run()
    path = out / "a9_test" / "ada.json"
    whole = path.read_bytes()
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(whole)
    path.unlink()
    match left:
        case "truncated":
            path.write_bytes(whole[:-2])
        case "schema 3":
            path.write_text(json.dumps({**json.loads(whole), "schema": 3}))
        case "link":
            path.symlink_to(elsewhere)
        case "dangling":
            path.symlink_to(tmp_path / "nothing")
        case "fifo":
            os.mkfifo(path)
        case text:
            path.write_text(text)
    assert read_result(path) is None
    run()
    assert path.is_file()
    assert not path.is_symlink()
    assert path.read_bytes() == whole
    assert elsewhere.read_bytes() == whole
    assert not (tmp_path / "nothing").exists()


def test_a_folder_in_a_results_place_is_said_before_any_grading(run, hand_in, solved, out, graded):
    hand_in("ada", solved)
    hand_in("bob", solved)
    (out / "a9_test" / "bob.json").mkdir(parents=True)
    with pytest.raises(AutograderError, match="expected a file or nothing, got a folder") as error:
        run()
    one_line(error)
    assert graded == []


def test_a_linked_assignment_folder_is_never_followed(run, hand_in, solved, out, tmp_path, graded):
    hand_in("ada", solved)
    out.mkdir()
    (tmp_path / "outside").mkdir()
    (out / "a9_test").symlink_to(tmp_path / "outside")
    with pytest.raises(AutograderError, match="expected a folder, got a symbolic link") as error:
        run()
    one_line(error)
    assert names(tmp_path / "outside") == []
    assert graded == []


def test_the_results_folder_itself_may_be_a_link(run, hand_in, solved, out, tmp_path):
    hand_in("ada", solved)
    (tmp_path / "big-disk").mkdir()
    out.symlink_to(tmp_path / "big-disk")
    run()
    shown = [name for name in names(tmp_path / "big-disk") if not name.startswith(".history")]
    assert shown == ["a9_test", "a9_test/ada.json", "grades.csv"]


def test_who_is_gone_keeps_the_result_and_a_copy_beside_it_is_no_second_one(run, hand_in, solved, out):
    hand_in("ada", solved)
    hand_in("bob", solved)
    run()
    expected = (out / "grades.csv").read_bytes()
    shutil.copy(out / "a9_test" / "ada.json", out / "a9_test" / "ada (copy).json")
    (out / "linked").symlink_to(out / "a9_test")
    shutil.rmtree(hand_in.root / "bob")
    run()
    assert (out / "grades.csv").read_bytes() == expected
    assert expected.count(b"\n") == 3


def test_names_too_long_for_a_file_stay_two_files(run, hand_in, solved, out):
    """127 letters of two bytes fill the 255 of a file name: with `.json` behind they would not fit."""
    students = ["Ж" * 126 + "а", "Ж" * 126 + "б", "🙂" * 60 + "1", "🙂" * 60 + "2"]
    assert len({file_name(s) for s in students}) == 4
    for student in students:
        hand_in(student, solved)
    assert [r.score for r in run().values()] == [10] * 4
    assert len(list((out / "a9_test").iterdir())) == 4
    assert len(all_results(out)) == 4


def test_the_schema_is_part_of_a_result():
    with pytest.raises(ValueError):
        Result.model_validate_json('{"schema": 2}')

"""Students' repositories, read as data. All are local and bare; nothing of a student's may run."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from intake.counter import HOUR, NOON, notebook

from autograder.errors import AutograderError
from autograder.intake import git_command, repositories
from autograder.intake.received import read_record
from autograder.text import without_passwords

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
WHO = {f"GIT_{r}_{k}": v for r in ("AUTHOR", "COMMITTER") for k, v in (("NAME", "S"), ("EMAIL", "s@x"))}
QUIET = {**WHO, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "PATH": os.environ["PATH"]}


def git(folder, *arguments, data=None, **more):
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**QUIET, **more}, input=data, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().strip()


class Host:
    """Bare repositories, written without a working tree: `git fast-import` takes any name and mode."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    def make(self, student):
        git(self.folder, "init", "--bare", "--quiet", "--initial-branch=main", student)
        return self.folder / student

    def push(self, student, files, branch="main", when=1_700_000_000, parent=False):
        """One commit. files: {path: bytes, or (mode, bytes or object id)}. With no parent it is a forced push."""
        lines = [f"commit refs/heads/{branch}", f"committer S <s@x> {when} +0000", "data 1", "x"]
        lines += [f"from refs/heads/{branch}^0"] if parent else []
        stream = "\n".join(lines).encode() + b"\n"
        if not parent:
            stream = f"reset refs/heads/{branch}\n\n".encode() + stream
        for path, content in files.items():
            mode, data = content if isinstance(content, tuple) else ("100644", content)
            name = b'"' + "".join(f"\\{b:03o}" for b in os.fsencode(path)).encode() + b'"'
            if isinstance(data, str):
                stream += f"M {mode} {data} ".encode() + name + b"\n"
            else:
                stream += f"M {mode} inline ".encode() + name + f"\ndata {len(data)}\n".encode() + data + b"\n"
        git(self.folder / student, "fast-import", "--quiet", "--force", data=stream)
        return git(self.folder / student, "rev-parse", f"refs/heads/{branch}")

    def list(self, *students, **more):
        file = self.folder / "students.csv"
        rows = [f"{s},{more.get(s, self.folder / s)}" for s in students]
        file.write_text("\n".join(["id,remote", *rows]) + "\n")
        return file


@pytest.fixture
def host(tmp_path):
    return Host(tmp_path / "host")


def test_the_notebook_at_the_head_of_a_branch_is_taken_with_its_commit(host, counter):
    host.make("ada")
    host.push("ada", {"a1/a1.ipynb": notebook("first")})
    commit = host.push("ada", {"a1/a1.ipynb": notebook("second"), "README": b"x"}, when=1_700_003_600, parent=True)
    host.make("bob")
    host.push("bob", {"a1.ipynb": notebook("bob"), "a2.ipynb": notebook("2")})
    taken, problems = counter.collect(host.list("ada", "bob"), names=())
    assert (taken, problems) == ([("ada", "a1", "new"), ("bob", "a1", "new"), ("bob", "a2", "new")], [])
    assert counter.files()["ada/a1/a1.ipynb"] == notebook("second")
    record = counter.record("ada")
    assert (record["commit"], record["kind"], record["file"]) == (commit, "git", "a1/a1.ipynb")
    assert record["tree"] == git(host.folder / "ada", "rev-parse", "main^{tree}")
    assert counter.collect(host.list("ada", "bob"), names=())[0][0] == ("ada", "a1", "unchanged")


def test_t6_a_commit_from_the_future_or_the_past_changes_no_time(host, counter):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook()}, when=86400)
    counter.collect(host.list("ada"), deadline=NOON - HOUR)
    record = counter.record("ada")
    assert record["received_at"] == "2026-11-30T12:00:00Z"
    assert counter.files()["ada/a1/timestamp.txt"] == b"2026-11-30 12:00:00.000000 UTC"
    assert (record["claimed_commit_time"], record["claimed_author_time"]) == ("1970-01-02T00:00:00Z",) * 2
    assert (record["late"], record["clock"]) == (None, "collecting")  # it may have been pushed long before


def test_a_forced_push_is_a_new_attempt_and_a_deleted_branch_a_problem(host, counter):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook("first")}, branch="hand-in")
    source = host.list("ada")
    assert counter.collect(source, branch="hand-in")[0] == [("ada", "a1", "new")]
    host.push("ada", {"a1.ipynb": notebook("other")}, branch="hand-in")
    assert counter.collect(source, branch="hand-in")[0] == [("ada", "a1", "again")]
    host.push("ada", {"a1.ipynb": notebook("first")}, branch="hand-in")  # back to what it was: hers to decide
    assert counter.collect(source, branch="hand-in")[0] == [("ada", "a1", "again")]
    assert len(list((counter.out / "ada" / "a1" / "earlier").iterdir())) == 2
    git(host.folder / "ada", "update-ref", "-d", "refs/heads/hand-in")
    assert counter.collect(source, branch="hand-in") == (
        [],
        [("ada", "expected a branch hand-in, got none. Hint: commit, and push")],
    )
    assert counter.files()["ada/a1/a1.ipynb"] == notebook("first")


def test_i13_what_is_no_notebook_is_said_for_each_student_and_stops_nobody(host, counter):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 1\n"
    odd = {
        "empty": None,
        "link": {"a1.ipynb": ("120000", b"/etc/passwd")},
        "linked-folder": {"a1": ("120000", b"/etc"), "x": b""},
        "submodule": {"a1.ipynb": ("160000", "1" * 40)},
        "pointer": {"a1.ipynb": pointer},
        "folder": {"a1.ipynb/x": b""},
        "two": {"a1.ipynb": notebook("1"), "a1/a1.ipynb": notebook("2")},
        "none": {"a2.ipynb": notebook(), "README.md": b""},
        "page": {"a1/a1.html": b"<html>"},
    }
    for student, files in odd.items():
        host.make(student)
        if files:
            host.push(student, files)
    host.make("good")
    host.push("good", {"a1.ipynb": ("100755", notebook())})
    source = host.list(*odd, "gone", "good", gone=host.folder / "gone")
    taken, problems = counter.collect(source)
    assert taken == [("good", "a1", "new")]
    said = {file.partition(",")[0]: reason for file, reason in problems}
    assert said.pop("gone").startswith("git: ")
    assert said == {
        "empty": "expected a repository with a commit, got none. Hint: commit, and push",
        "link": "a1.ipynb: expected a file, got a symbolic link",
        "linked-folder": "expected a notebook, got 'a1'",
        "submodule": "a1.ipynb: expected a file, got a submodule",
        "pointer": "a1.ipynb: expected a notebook, got a pointer to git's large-file storage. "
        "Hint: git lfs untrack '*.ipynb', then commit the notebook again",
        "two": "expected one notebook for a1, got 'a1/a1.ipynb', 'a1.ipynb'",
        "page": "expected a notebook, got 'a1/a1.html'. Hint: it holds no cells; hand in the .ipynb file (in Colab: "
        "File > Download > Download .ipynb)",
    }


def test_a_blob_of_64_megabytes_is_measured_and_not_read(host, counter):
    repository = host.make("ada")
    zeros = subprocess.Popen(["head", "-c", str(64 << 20), "/dev/zero"], stdout=subprocess.PIPE)
    blob = subprocess.run(
        ["git", "-c", "core.bigFileThreshold=1m", "-c", "core.compression=1", "hash-object", "-w", "--stdin"],
        cwd=repository, env=QUIET, stdin=zeros.stdout, capture_output=True, check=True,
    ).stdout.decode().strip()  # fmt: skip
    zeros.stdout.close()
    zeros.wait()
    host.push("ada", {"a1.ipynb": ("100644", blob)})
    taken, problems = counter.collect(host.list("ada"))
    assert (taken, problems) == (
        [],
        [("ada, a1.ipynb", "a1.ipynb: expected at most 20 MiB, got 64 MiB. Hint: clear all outputs and save again")],
    )


def test_hostile_names_in_a_repository_are_not_written(host, counter):
    host.make("ada")
    names = ["a1.ipynb", "-rf", "\x1b[31mx", "n\nl", "\udcff\udcfe", "CON", "a:b", "x" * 200, "a1/.gitattributes"]
    host.push("ada", {name: notebook() for name in names})
    assert counter.collect(host.list("ada"))[0] == [("ada", "a1", "new")]
    assert set(counter.files()) == {"ada/a1/a1.ipynb", "ada/a1/timestamp.txt", "ada/a1/received.json"}


def test_i13_nothing_of_a_repository_runs(host, counter):
    """A filter, a hook, a helper: each would write a file. `fetched/` never has a working tree."""
    marker = counter.folder / "owned"
    repository = host.make("ada")
    script = f"#!/bin/sh\ntouch {marker}\n".encode()
    host.push(
        "ada",
        {
            ".gitattributes": b"*.ipynb filter=evil diff=evil text eol=crlf ident\n",
            ".gitmodules": b'[submodule "x"]\n\tpath = x\n\turl = https://example.invalid/x\n',
            ".githooks/post-checkout": ("100755", script),
            "x": ("160000", "1" * 40),
            "a1.ipynb": notebook("$Id$") + b"\n",
        },
    )
    for name in ("evil.clean", "evil.smudge", "evil.process"):
        git(repository, "config", f"filter.{name}", f"touch {marker}")
    assert counter.collect(host.list("ada"))[0] == [("ada", "a1", "new")]
    fetched = counter.folder / "fetched" / "ada.git"
    hooks = fetched / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-merge", "pre-auto-gc", "fsmonitor-watchman"):
        (hooks / name).write_bytes(script)
        (hooks / name).chmod(0o755)
    host.push("ada", {"a1.ipynb": notebook("2")}, parent=True)
    assert counter.collect(host.list("ada"))[0] == [("ada", "a1", "again")]
    assert not marker.exists()
    assert counter.files()["ada/a1/earlier/1/a1.ipynb"] == notebook("$Id$") + b"\n"
    assert not list(fetched.rglob("*.ipynb"))


@pytest.mark.parametrize(
    "remote",
    [
        "--upload-pack=touch owned",
        "-x",
        "ext::sh -c touch% owned",
        "http://example.invalid/x",
        "git://example.invalid/x",
        "relative/path",
        "ssh://-oProxyCommand=touch/x",
        "git@-oProxyCommand=x:y",
        "https://x/\u202ey",
        "fd::3",
    ],
)
def test_a_remote_that_could_be_a_command_is_refused_before_git_sees_it(host, counter, remote, monkeypatch):
    monkeypatch.setattr(repositories, "run_git", lambda *_, **__: pytest.fail("git was called"))
    taken, problems = counter.collect(host.list("ada", ada=remote))
    assert taken == []
    assert "expected a remote such as" in problems[0][1]


@pytest.mark.parametrize("branch", ["--exec=x", "a..b", "a b", "+x:y", ":x", "x\ny"])
def test_a_branch_is_only_a_name(host, counter, branch):
    host.make("ada")
    assert "a branch's name" in counter.collect(host.list("ada"), branch=branch)[1][0][1]


def test_a_remote_that_never_answers_costs_its_own_seconds(host, counter, monkeypatch):
    monkeypatch.setattr(git_command, "SECONDS", 5)
    monkeypatch.setattr(git_command, "_ENVIRONMENT", {**git_command._ENVIRONMENT, "GIT_SSH_COMMAND": "sleep 600 #"})
    host.make("bob")
    host.push("bob", {"a1.ipynb": notebook()})
    taken, problems = counter.collect(host.list("ada", "bob", ada="ssh://example.invalid/x"))
    assert taken == [("bob", "a1", "new")]
    assert problems == [("ada", "git did not end within 5 seconds")]


def test_a_fetch_that_was_killed_is_begun_again(host, counter):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook("1")})
    counter.collect(host.list("ada"))
    fetched = counter.folder / "fetched" / "ada.git"
    for left in ("shallow.lock", "refs/collect/head.lock", "packed-refs.lock"):
        (fetched / left).write_bytes(b"")
    host.push("ada", {"a1.ipynb": notebook("2")})
    assert counter.collect(host.list("ada")) == ([("ada", "a1", "again")], [])
    for pack in fetched.glob("objects/pack/*"):
        pack.chmod(0o600)
        pack.write_bytes(b"")
    host.push("ada", {"a1.ipynb": notebook("3")})
    assert counter.collect(host.list("ada")) == ([("ada", "a1", "again")], [])


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://{}/../ada.git", "{}/../../fetched//ada.git"])
def test_what_was_fetched_from_one_student_is_not_anothers_remote(host, counter, form):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook()})
    counter.collect(host.list("ada"))
    fetched = str(counter.folder / "fetched" / "ada.git")
    for remote in (form.format(fetched), form.format(fetched.replace("ada", "%61da"))):
        taken, problems = counter.collect(host.list("eve", eve=remote))
        assert taken == []
        assert "that was fetched" in problems[0][1]


def test_without_git_it_is_said_in_one_line(host, counter, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(AutograderError, match="git: expected it to be installed"):
        counter.collect(host.list("ada"))


def test_passwords_in_remotes_are_neither_recorded_nor_shown():
    for remote in ("https://me:secret@host/x.git", "https://me:s@cret@host/x.git", "https://token@host/x.git"):
        assert without_passwords(remote) == "https://host/x.git"
    for remote in ("git@host:x.git", "https://host/x@y.git", "/srv/a@b/x.git"):
        assert without_passwords(remote) == remote
    failure = git_command._failure(128, "remote: x\nfatal: unable to access 'https://me:secret@host/x/': no\n")
    assert failure.reason == "git: unable to access 'https://host/x/': no"


def test_an_extension_of_the_list_is_in_the_courses_zone(host, counter, tmp_path):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook()})
    listed = tmp_path / "students.csv"
    listed.write_text(f"id,remote,extension\nada,{host.folder / 'ada'},2026-11-30 14:00\n")
    taken, problems = counter.collect(listed, zone=ZoneInfo("Europe/Berlin"))
    assert (taken, problems) == ([("ada", "a1", "new")], [])


def test_a_date_that_is_none_is_recorded_as_none():
    assert repositories._moment("99999999999999999") is None
    assert repositories._moment("0") == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_list_without_remotes_is_refused(host, counter):
    (host.folder / "students.csv").write_text("id,name\nada,Ada\n")
    with pytest.raises(AutograderError, match="the columns id and remote"):
        counter.collect(host.folder / "students.csv")


DATES = ["0 +0000", "9223372036854775807 +0000", "18446744073709551615 +0000", f"{'9' * 5000} +0000", "-1 +0000", "x +0000", "1 +9999", "1", ""]  # fmt: skip


def test_k5_commits_with_dates_that_cannot_be_cost_one_student_at_most(host, counter):
    """Written as raw objects, which git's own commands would refuse."""
    for number, date in enumerate(DATES):
        repository = host.make(f"s{number}")
        host.push(f"s{number}", {"a1.ipynb": notebook(str(number))})
        tree = git(repository, "rev-parse", "main^{tree}")
        raw = f"tree {tree}\nauthor S <s@x> {date}\ncommitter S <s@x> {date}\n\nx\n".encode()
        commit = git(repository, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", data=raw)
        (repository / "refs/heads/main").write_text(f"{commit}\n")
    host.make("good")
    host.push("good", {"a1.ipynb": notebook()})
    everybody = [*(f"s{n}" for n in range(len(DATES))), "good"]
    taken, problems = counter.collect(host.list(*everybody))
    assert ("good", "a1", "new") in taken
    assert len(taken) + len(problems) == len(everybody)
    assert {s.received for s in counter.submissions()} == {""}  # no host told when they came
    assert all(not s.undated and not s.missigned for s in counter.submissions())


@pytest.mark.parametrize("damage", [b"", b"x" * 50, bytes(50), b"x\x9c+)JMU"])
def test_k5_a_repository_with_damaged_objects_costs_one_student(host, counter, damage):
    for student in ("ada", "bob", "good"):
        host.make(student)
        host.push(student, {"a1.ipynb": notebook()})
    for path in host.folder.glob("ada/objects/pack/*"):
        path.chmod(0o600)
        path.write_bytes(damage)
    for path in [*host.folder.glob("bob/objects/??/*"), host.folder / "bob/HEAD"]:
        path.chmod(0o600)
        path.write_bytes(damage)
    for path in host.folder.glob("ada/objects/??/*"):
        path.chmod(0o600)
        path.write_bytes(damage)
    taken, problems = counter.collect(host.list("ada", "bob", "good"))
    assert taken == [("good", "a1", "new")]
    assert [(student, "\n" in reason) for student, reason in problems] == [("ada", False), ("bob", False)]


def test_k5_what_git_says_is_shown_without_its_control_characters():
    text = git_command._failure(128, "fatal: \x1b[31mremote error: \u202e::error::x\ty\n").reason
    assert text.isprintable()


# One repository an assignment, and tags


def test_each_assignment_comes_from_its_own_repository(host, counter):
    for name in ("ada-a1", "ada-a2", "bob"):
        host.make(name)
    host.push("ada-a1", {"a1.ipynb": notebook("one"), "a2.ipynb": notebook("not here")})
    commit = host.push("ada-a2", {"a2.ipynb": notebook("two")})
    host.push("bob", {"a1/a1.ipynb": notebook("b1"), "a2/a2.ipynb": notebook("b2")})
    file = host.folder / "students.csv"
    rows = [f"ada,,{host.folder}/ada-a1,{host.folder}/ada-a2", f"bob,{host.folder}/bob,,"]
    file.write_text("\n".join(["id,remote,remote:a1,remote:a2", *rows]) + "\n")
    taken, problems = counter.collect(file, names=())
    assert problems == []
    assert sorted((student, assignment) for student, assignment, _ in taken) == [
        ("ada", "a1"),
        ("ada", "a2"),
        ("bob", "a1"),
        ("bob", "a2"),
    ]
    assert counter.files()["ada/a1/a1.ipynb"] == notebook("one")
    assert counter.files()["ada/a2/a2.ipynb"] == notebook("two")
    assert read_record(counter.out / "ada/a2").commit == commit


def test_a_repository_that_is_gone_costs_only_its_own_assignment(host, counter):
    host.make("ada-a1")
    host.push("ada-a1", {"a1.ipynb": notebook("one")})
    file = host.folder / "students.csv"
    file.write_text(f"id,remote:a1,remote:a2\nada,{host.folder}/ada-a1,{host.folder}/gone\n")
    taken, problems = counter.collect(file, names=())
    assert [(student, assignment) for student, assignment, _ in taken] == [("ada", "a1")]
    assert [file for file, _ in problems] == ["ada"]


def tagged(host, name, when, *, tagger=None, text="x"):
    """A commit of that time, and a tag on it."""
    commit = host.push("ada", {"a1.ipynb": notebook(text)}, when=when)
    more = ("-a", "-m", "x") if tagger else ()
    git(host.folder / "ada", "tag", *more, name, commit, GIT_COMMITTER_DATE=f"{tagger or when} +0000")
    return commit


@pytest.mark.parametrize(
    ("tags", "newest"),
    [
        ([("submit/2026-10-01T10-00-00Z-0123456", 100), ("submit/2026-10-02T10-00-00Z-0123456", 50)], 1),
        ([("submit/2026-10-01T10-00-00Z-0123456", 100), ("submit/final", 200)], 1),
        ([("submit/2026-10-01T10-00-00Z-0123456", 300), ("submit/final", 200), ("submit/-x", 100)], 0),
        ([("submit/zzz", 100), ("submit/aaa", 200)], 1),
        ([("submit/zzz", 100), (f"submit/{'x' * 150}/{'y' * 150}", 200)], 0),
        ([("submit/final", 100), ("v9", 200), ("submission/x", 300)], 0),
    ],
)
def test_what_the_newest_submit_tag_holds_is_what_was_handed_in(host, counter, tags, newest):
    host.make("ada")
    commits = [tagged(host, name, 1_700_000_000 + seconds, text=name) for name, seconds in tags]
    host.push("ada", {"a1.ipynb": notebook("not handed in")}, when=1_700_009_000)
    counter.collect(host.list("ada"), branch="submit/*")
    record = read_record(counter.out / "ada/a1")
    assert (record.branch, record.commit) == (tags[newest][0], commits[newest])
    assert counter.files()["ada/a1/a1.ipynb"] == notebook(tags[newest][0])


def test_a_tag_with_a_message_counts_by_its_own_date_and_one_on_no_commit_is_a_problem(host, counter):
    host.make("ada")
    old = tagged(host, "submit/old", 1_700_000_000, tagger=1_700_009_000, text="old")
    tagged(host, "submit/new", 1_700_001_000, text="new")
    counter.collect(host.list("ada"), branch="submit/*")
    assert read_record(counter.out / "ada/a1").commit == old
    host.make("bob")
    blob = git(host.folder / "bob", "hash-object", "-w", "--stdin", data=b"x")
    git(host.folder / "bob", "update-ref", "refs/tags/submit/x", blob)
    assert [file for file, _ in counter.collect(host.list("bob"), branch="submit/*")[1]] == ["bob"]


def test_without_a_submit_tag_nothing_was_handed_in(host, counter):
    host.make("ada")
    host.push("ada", {"a1.ipynb": notebook("x")})
    assert counter.collect(host.list("ada"), branch="submit/*") == (
        [],
        [("ada", "expected a tag submit/*, got none. Hint: gh student submit makes one")],
    )


def test_a_student_whose_files_fill_the_disk_is_not_looked_at_further(host, counter, monkeypatch):
    """Each commit can have other files of 256 MiB: the disk is the whole class's."""
    host.make("ada")
    host.push("ada", {"notes.txt": b"x"})
    host.push("ada", {"a1.ipynb": notebook()}, branch="draft")
    _, problems = counter.collect(host.list("ada"))
    assert "got it on the branch 'draft' alone" in problems[0][1]
    monkeypatch.setattr(repositories, "MAX_PACK", 1)
    _, problems = counter.collect(host.list("ada"))
    assert problems == []

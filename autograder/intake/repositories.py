"""Students' git repositories: fetched into bare ones below `work/fetched/`, and read as data.

There is never a working tree, so no filter, hook, submodule or large-file helper of a student's ever runs; git asks no
questions, reads no settings but ours, and has limits on time, memory, processor time and the size of a file.
A commit's dates are whatever its author typed: they are recorded, and decide nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from autograder.errors import GitError, MalformedError
from autograder.files import size_text
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.entries import MAX_FILES, Budget, Entry, File
from autograder.intake.git_token import git_settings
from autograder.intake.reader import NOTEBOOK
from autograder.intake.submit_tags import FETCH, TAGS, newest_tag
from autograder.roster.roster import Person
from autograder.text import one_line

SECONDS = 120  # for one fetch
MAX_PACK = 256 << 20  # bytes that a fetch may write into a file
MAX_MEMORY = 900 << 20  # bytes of address space: two packs, and the objects that one thread unpacks
_LIMITS = f"ulimit -c 0; ulimit -f {MAX_PACK // 512}; ulimit -t {SECONDS}; ulimit -v {MAX_MEMORY >> 10}; " + 'exec "$@"'
_REF = "refs/collect/head"
_TEXT = 1 << 16  # bytes of git's own output that are looked at
_KEPT = ("PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy", "HTTPS_PROXY", "no_proxy")
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "https:ssh:file",
    "GIT_ASKPASS": "/bin/false",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_SSH_COMMAND": "ssh -o BatchMode=yes -o ConnectTimeout=20",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_SETTINGS = (
    "core.attributesFile=/dev/null",
    "core.bigFileThreshold=20m",  # larger blobs are streamed, not held in memory
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "credential.helper=",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "gc.auto=0",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "maintenance.auto=false",
    "pack.threads=1",
    "protocol.ext.allow=never",
    "transfer.fsckObjects=true",
)
_REMOTE = re.compile(
    r"https://[A-Za-z0-9]\S*|(?:ssh|file)://[A-Za-z0-9/]\S*|/\S.*|[\w.+][\w.+-]*@[A-Za-z0-9][\w.-]*:[^-\s]\S*"
)
_FOLDER = "040000"  # the mode of a folder in git
_ODD = {"120000": "a symbolic link", "160000": "a submodule"}
_LISTING = 1 << 20  # bytes of a list of files
_LFS = b"version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class Head:
    """What a branch or a tag pointed to when it was fetched. branch: its name, or "" for the remote's own choice.

    *_time: what the commit claims, or None where it is no time.
    """

    repository: Path
    branch: str
    commit: str
    tree: str
    author_time: datetime | None
    commit_time: datetime | None


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a repository, not yet read. odd: what it is if it is no file, or ""."""

    path: str
    repository: Path
    object: str
    odd: str = ""

    def read(self, budget: Budget) -> bytes:
        """Its bytes as they are stored. Raises MalformedError for what is too large, and for an LFS pointer."""
        if self.odd:
            raise MalformedError(f"{self.path}: expected a file, got {self.odd}")
        size = int(_git(self.repository, "cat-file", "-s", self.object))
        if size > NOTEBOOK.limit:
            expected = f"expected at most {size_text(NOTEBOOK.limit)}, got {size_text(size)}"
            raise MalformedError(f"{self.path}: {expected}", hint=NOTEBOOK.hint)
        budget.spend(size)
        data = _git(self.repository, "cat-file", "blob", self.object, most=NOTEBOOK.limit)
        if data.startswith(_LFS):
            raise MalformedError(f"{self.path}: expected a notebook, got a pointer to git's large-file storage")
        return data


def fetch(student: Person, store: Path, branch: str) -> Head:
    """The branch's head, "" for the remote's own choice. Raises MalformedError with what git said.

    A branch such as `submit/*` stands for the newest tag that begins so.
    """
    _require_sane(student.remote, branch.removesuffix(TAGS))
    _require_not_fetched(student.remote, store)
    repository = _place(student, store)
    fresh = _prepare(repository)
    if branch.endswith(TAGS):
        ref, name = newest_tag(partial(_git, repository), student.remote, branch)
        return _head(repository, ref, name)
    source = f"refs/heads/{branch}" if branch else "HEAD"
    try:
        _git(repository, *FETCH, "--", student.remote, f"+{source}:{_REF}")
    except GitError as error:
        if error.kind == "no_branch":
            what = f"a branch {branch}" if branch else "a repository with a commit"
            raise MalformedError(f"expected {what}, got none") from None
        if fresh or error.kind == "no_end":
            raise
        shutil.rmtree(repository)  # what a killed run left may be in the way: once more from nothing
        return fetch(student, store, branch)
    return _head(repository, _REF, branch)


def _place(student: Person, store: Path) -> Path:
    """Where a remote is kept. A student with several remotes has several places."""
    code = f"~{hashlib.sha256(student.remote.encode()).hexdigest()[:16]}" if student.remotes else ""
    return store / f"{student.id}{code}.git"


def files_for(head: Head, assignment: str, known: Sequence[str]) -> list[File]:
    """The files that can be for an assignment: in a folder of its name, at the top if they are called so, and modules.

    Names near the assignment's count, too, see assignment_names. Of two files alike in name and bytes, one is given.
    None is read yet; a link and the like is an error when it is read.
    """
    top = _listed(head, ())
    folders = [p for mode, _, p in top if mode == _FOLDER and meant_assignment(p, known) == assignment]
    inside = _listed(head, [f"{folder}/" for folder in folders]) if folders else []
    outside = [f for f in top if meant_assignment(stem_of(f[2]), known) == assignment or f[2].endswith(".py")]
    blobs: dict[tuple[str, str], File] = {}
    for mode, name, path in (*inside, *outside):
        if mode != _FOLDER:
            blob = Blob(path, head.repository, name, _ODD.get(mode, ""))
            parts = tuple(path.split("/"))
            blobs.setdefault((parts[-1], name), (path, Entry(parts, blob.read)))
    return list(blobs.values())


def _listed(head: Head, paths: Sequence[str]) -> list[tuple[str, str, str]]:
    """(mode, object, path) of what lies at the top of a commit, or in these folders; at most MAX_FILES."""
    text = _git(head.repository, "ls-tree", "-z", "--full-tree", head.commit, "--", *paths, most=_LISTING)
    lines = [line.partition(b"\t") for line in text.split(b"\0")[:-1][:MAX_FILES]]
    entries = [(described.split(b" "), path.decode("utf-8", "backslashreplace")) for described, _, path in lines]
    return [(mode.decode("ascii"), name.decode("ascii"), path) for (mode, _, name), path in entries]


def without_password(remote: str) -> str:
    """A remote as it may be recorded and shown."""
    parts = urlsplit(remote)
    if parts.scheme and "@" in parts.netloc:
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return remote


def _require_sane(remote: str, branch: str) -> None:
    if not remote.isprintable() or not _REMOTE.fullmatch(remote):
        raise MalformedError("expected a remote such as https://…, ssh://…, git@host:… or a full path, got another one")
    if branch and (not re.fullmatch(r"[A-Za-z0-9_][\w./+-]*", branch) or ".." in branch):
        raise MalformedError("expected a branch's name, got something else")


def _require_not_fetched(remote: str, store: Path) -> None:
    """A student who may name the remote must not name what was fetched from another one."""
    if remote.startswith(("/", "file:")):
        place = Path(unquote(remote.removeprefix("file://"))).resolve()
        if place.is_relative_to(store.resolve()):
            raise MalformedError("expected a repository of the student's own, got one that was fetched")


def _prepare(repository: Path) -> bool:
    """An empty bare repository, unless there is one of modest size. Gives whether it is new."""
    if (repository / "HEAD").is_file() and sum(p.stat().st_size for p in repository.glob("objects/pack/*")) < MAX_PACK:
        return False
    shutil.rmtree(repository, ignore_errors=True)
    repository.parent.mkdir(parents=True, exist_ok=True)
    _git(repository, "init", "--quiet", "--bare", "--template=", str(repository))
    return True


def _head(repository: Path, ref: str, branch: str) -> Head:
    text = _git(repository, "log", "-1", "--no-color", "--format=%H%n%T%n%at%n%ct", ref, "--").decode(
        "ascii", "replace"
    )
    commit, tree, author, committer = text.split("\n")[:4]
    return Head(repository, branch, commit, tree, _moment(author), _moment(committer))


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _git(repository: Path, *arguments: str, most: int = _TEXT) -> bytes:
    """Git's output, at most `most` bytes of it. Raises GitError."""
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = ["/bin/sh", "-c", _LIMITS, "sh", "git", "--no-pager", f"--git-dir={repository}", *settings, *arguments]
    kept = {k: os.environ[k] for k in _KEPT if k in os.environ}
    environment = {**kept, **_ENVIRONMENT, **git_settings(os.environ)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=complaints,
            env=environment,
            cwd="/",
            start_new_session=True,
        ) as process:
            try:
                code = process.wait(SECONDS)
            except BaseException as error:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                if isinstance(error, subprocess.TimeoutExpired):
                    raise GitError(f"git did not end within {SECONDS} seconds", "no_end") from None
                raise
        out.seek(0)
        complaints.seek(0)
        if code != 0:
            raise _failure(code, complaints.read(_TEXT).decode("utf-8", "replace"))
        return out.read(most)


def _failure(code: int, text: str) -> GitError:
    """What git says it could not do, with no password in it. git has no other way to tell a missing branch."""
    lines = [line for line in text.splitlines() if line.startswith(("fatal:", "error:"))]
    complaint = lines[0].partition(": ")[2] if lines else f"it ended with {code}"
    reason = "git: " + one_line(re.sub(r"//[^/@\s]*@", "//", complaint), 200)
    return GitError(reason, "no_branch" if "remote ref" in complaint else "failed")

"""Students' git repositories: fetched into bare ones below `work/fetched/`, and read as data.

There is never a working tree, so no filter, hook, submodule or large-file helper of a student's ever runs; git asks no
questions, reads no settings but ours, and has limits on time, memory, processor time and the size of a file.
A commit's dates are whatever its author typed: they are recorded, and decide nothing.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import sleep
from urllib.parse import unquote

from autograder.errors import GitError, MalformedError
from autograder.files import size_text
from autograder.intake.assignment_names import meant_assignment, stem_of
from autograder.intake.entries import CHECKPOINTS, MAX_FILES, Budget, Entry, File
from autograder.intake.file_kinds import advice, in_words
from autograder.intake.git_command import MAX_PACK, run_git
from autograder.intake.reader import NOTEBOOK
from autograder.intake.submit_tags import FETCH, TAGS, newest_tag

_REF = "refs/collect/head"
PAUSES = (2.0, 8.0)  # seconds before a remote is asked again
MAX_BRANCHES = 5  # that are looked at for work which is not at the head
_BRANCH = re.compile(r"[A-Za-z0-9_][\w./+-]*")
_ASIDE = "refs/collect/aside"
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
        size = int(run_git(self.repository, "cat-file", "-s", self.object))
        if size > NOTEBOOK.limit:
            expected = f"expected at most {size_text(NOTEBOOK.limit)}, got {size_text(size)}"
            raise MalformedError(f"{self.path}: {expected}", hint=NOTEBOOK.hint)
        budget.spend(size)
        data = run_git(self.repository, "cat-file", "blob", self.object, most=NOTEBOOK.limit)
        if data.startswith(_LFS):
            raise MalformedError(f"{self.path}: expected a notebook, got {in_words('pointer')}", hint=advice("pointer"))
        return data


def fetch(remote: str, repository: Path, branch: str, pauses: Sequence[float] = PAUSES) -> Head:
    """The branch's head, "" for the remote's own choice. Raises MalformedError with what git said.

    A branch such as `submit/*` stands for the newest tag that begins so.
    repository: a bare one, made if there is none.  pauses: seconds before what may be over soon is tried again.
    """
    _require_sane(remote, branch.removesuffix(TAGS))
    _require_not_fetched(remote, repository.parent)
    left = iter(pauses)
    while True:
        fresh = _prepare(repository)
        try:
            return _fetched(remote, repository, branch)
        except GitError as error:
            pause = next(left, None) if fresh else 0.0  # what a killed run left may be in the way
            if error.kind != "failed" or pause is None:
                raise
        shutil.rmtree(repository)
        sleep(pause)


def _fetched(remote: str, repository: Path, branch: str) -> Head:
    if branch.endswith(TAGS):
        return _head(repository, *newest_tag(partial(run_git, repository), remote, branch))
    run_git(repository, *FETCH, "--", remote, f"+{f'refs/heads/{branch}' if branch else 'HEAD'}:{_REF}")
    return _head(repository, _REF, branch)


def fetch_commit(remote: str, head: Head, commit: str) -> Head:
    """Another commit of the same repository. Raises GitError if the remote no longer gives it."""
    run_git(head.repository, *FETCH, "--", remote, f"+{commit}:{_REF}")
    return _head(head.repository, _REF, head.branch)


def branches(remote: str, repository: Path) -> list[str]:
    """The names of the remote's branches, at most MAX_BRANCHES. Raises GitError."""
    text = run_git(repository, "ls-remote", "--heads", "--", remote).decode("utf-8", "replace")
    names = (line.partition("\trefs/heads/")[2] for line in text.splitlines())
    return [name for name in names if _BRANCH.fullmatch(name) and ".." not in name][:MAX_BRANCHES]


def notebooks_in(head: Head) -> list[str]:
    """The paths of all notebooks in a commit, without Jupyter's own copies."""
    text = run_git(head.repository, "ls-tree", "-r", "-z", "--full-tree", "--name-only", head.commit, most=_LISTING)
    paths = (path.decode("utf-8", "backslashreplace") for path in text.split(b"\0")[:-1][:MAX_FILES])
    return [path for path in paths if path.lower().endswith(".ipynb") and CHECKPOINTS not in path.split("/")]


def fetch_aside(remote: str, head: Head, source: str) -> Head:
    """Another commit or branch beside the head. Raises GitError if the remote does not give it.

    Not of a student whose files fill the disk: each commit of a large repository can have other files.
    """
    if _stored(head.repository) >= MAX_PACK:
        raise GitError(f"expected to need at most {size_text(MAX_PACK)} for the repository, got more", "failed")
    run_git(head.repository, *FETCH, "--", remote, f"+{source}:{_ASIDE}")
    return _head(head.repository, _ASIDE, head.branch)


def holds(head: Head, contents: Iterable[bytes]) -> bool:
    """Whether a commit has files of all these contents, under whatever names."""
    text = run_git(head.repository, "ls-tree", "-r", "-z", "--full-tree", head.tree, most=_LISTING)
    described = [line.partition(b"\t")[0].split(b" ") for line in text.split(b"\0")[:-1][:MAX_FILES]]
    objects = {name.decode("ascii") for _, kind, name in described if kind == b"blob"}  # a submodule names any commit
    return {_object_name(data, len(head.commit)) for data in contents} <= objects


def _object_name(data: bytes, length: int) -> str:
    """How git calls a file of this content. length: of a name in this repository, which tells the kind of hash."""
    kind = hashlib.sha256 if length == 64 else hashlib.sha1
    return kind(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


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
    text = run_git(head.repository, "ls-tree", "-z", "--full-tree", head.commit, "--", *paths, most=_LISTING)
    lines = [line.partition(b"\t") for line in text.split(b"\0")[:-1][:MAX_FILES]]
    entries = [(described.split(b" "), path.decode("utf-8", "backslashreplace")) for described, _, path in lines]
    return [(mode.decode("ascii"), name.decode("ascii"), path) for (mode, _, name), path in entries]


def _require_sane(remote: str, branch: str) -> None:
    if not remote.isprintable() or not _REMOTE.fullmatch(remote):
        raise MalformedError("expected a remote such as https://…, ssh://…, git@host:… or a full path, got another one")
    if branch and (not _BRANCH.fullmatch(branch) or ".." in branch):
        raise MalformedError("expected a branch's name, got something else")


def _require_not_fetched(remote: str, store: Path) -> None:
    """A student who may name the remote must not name what was fetched from another one."""
    if remote.startswith(("/", "file:")):
        place = Path(unquote(remote.removeprefix("file://"))).resolve()
        if place.is_relative_to(store.resolve()):
            raise MalformedError("expected a repository of the student's own, got one that was fetched")


def _prepare(repository: Path) -> bool:
    """An empty bare repository, unless there is one of modest size. Gives whether it is new."""
    if (repository / "HEAD").is_file() and _stored(repository) < MAX_PACK:
        return False
    shutil.rmtree(repository, ignore_errors=True)
    repository.parent.mkdir(parents=True, exist_ok=True)
    run_git(repository, "init", "--quiet", "--bare", "--template=", str(repository))
    return True


def _stored(repository: Path) -> int:
    """The bytes of all that was fetched."""
    return sum(p.stat().st_size for p in repository.glob("objects/pack/*"))


def _head(repository: Path, ref: str, branch: str) -> Head:
    text = run_git(repository, "log", "-1", "--no-color", "--format=%H%n%T%n%at%n%ct", ref, "--").decode(
        "ascii", "replace"
    )
    commit, tree, author, committer = text.split("\n")[:4]
    return Head(repository, branch, commit, tree, _moment(author), _moment(committer))


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None

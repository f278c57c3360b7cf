"""A branch that holds files for a machine: read whole, and replaced as one commit. No working tree is touched.

A push is never forced: git refuses it if somebody pushed meanwhile. Then the change is made again on what they pushed.
So two runs at once lose nothing, and a run that is killed leaves the branch as it was.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.intake.git_token import git_settings
from autograder.text import one_line, without_passwords

Files = Mapping[str, bytes]
SECONDS = 300  # for one command of git
PAUSES = (0.5, 2.0, 5.0, 10.0)  # seconds before another try, where another run was faster
_AUTHOR = "autograder <autograder@localhost>"
_REF = "refs/autograder"
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_FILE_MODES = {b"100644", b"100755"}


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a remote. clone: a repository for git's objects.  remote: a name such as origin, or an address."""

    clone: Path
    remote: str
    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or ".." in self.name or self.name.endswith(".lock"):
            raise AutograderError(f"--branch: expected a branch's name, got {one_line(self.name, 60)!r}.")

    def fetch(self) -> str | None:
        """The branch's newest commit, which is in the clone then; None if there is no such branch."""
        source = f"refs/heads/{self.name}"
        if not self._git("ls-remote", "--heads", "--", self.remote, source):
            return None
        depth = ("--depth=1",) if self._git("rev-parse", "--is-shallow-repository").strip() == b"true" else ()
        self._git("fetch", "--quiet", "--no-tags", *depth, "--", self.remote, f"+{source}:{_REF}/{self.name}")
        return self._git("rev-parse", "--verify", f"{_REF}/{self.name}^{{commit}}").decode().strip()

    def files(self, commit: str) -> dict[str, bytes]:
        """{path: bytes} of a commit. Raises AutograderError for a link or a submodule."""
        listing = self._git("ls-tree", "-r", "-z", "--full-tree", commit)
        entries = [line.partition(b"\t") for line in listing.split(b"\0")[:-1]]
        names: dict[str, bytes] = {}
        for described, _, path in entries:
            mode, _, name = described.split(b" ")
            if mode not in _FILE_MODES:
                shown = one_line(path.decode("utf-8", "replace"), 100)
                raise AutograderError(f"{self.name}, {shown}: expected a file, got a link or a submodule.")
            names[path.decode("utf-8", "surrogateescape")] = name
        contents = _contents(self._git("cat-file", "--batch", given=b"".join(n + b"\n" for n in names.values())))
        return dict(zip(names, contents, strict=True))

    def commit(self, parent: str | None, files: Files, message: str) -> str:
        """A commit of exactly these files, not yet pushed. parent: None for the first one of the branch."""
        ref = f"{_REF}/new"
        text = message.encode()
        lines = [b"reset %b\n" % ref.encode(), b"commit %b\n" % ref.encode()]
        lines += [f"committer {_AUTHOR} {int(time.time())} +0000\n".encode(), b"data %d\n%b\n" % (len(text), text)]
        lines += [f"from {parent}\n".encode()] if parent else []
        lines += [b"deleteall\n"]
        lines += [b"M 100644 inline %b\ndata %d\n%b\n" % (_quoted(p), len(d), d) for p, d in sorted(files.items())]
        self._git("fast-import", "--quiet", "--force", "--done", given=b"".join([*lines, b"done\n"]))
        return self._git("rev-parse", "--verify", f"{ref}^{{commit}}").decode().strip()

    def push(self, commit: str) -> None:
        """Move the branch forward to the commit. Raises AutograderError, also if somebody else moved it."""
        self._git("push", "--quiet", "--", self.remote, f"{commit}:refs/heads/{self.name}")

    def _git(self, *arguments: str, given: bytes = b"") -> bytes:
        environment = {**os.environ, **git_settings(os.environ), "LC_ALL": "C"}
        command = ["git", "-C", str(self.clone), "-c", "core.hooksPath=/dev/null", *arguments]
        try:
            done = subprocess.run(
                command, input=given, capture_output=True, env=environment, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AutograderError(f"git {arguments[0]}: expected an end, got {one_line(str(error), 200)}.") from None
        if done.returncode:
            said = without_passwords(done.stderr.decode("utf-8", "replace"))
            raise AutograderError(f"git {arguments[0]}: expected it to succeed, got {one_line(said, 300).rstrip('.')}.")
        return done.stdout


def update(branch: Branch, change: Callable[[Files], tuple[Files, str]]) -> str | None:
    """Push what `change` makes of the branch's files; the new commit, or None if they are the same.

    change: files → (files, the commit's message). It is called again if another run pushes first.  Raises
    AutograderError, and the branch is as it was.
    """
    for pause in (*PAUSES, None):
        tip = branch.fetch()
        before = branch.files(tip) if tip else {}
        after, message = change(before)
        if after == before:
            return None
        commit = branch.commit(tip, after, message)
        try:
            branch.push(commit)
        except AutograderError:
            if pause is None or branch.fetch() == tip:  # nobody was faster: the push itself is refused
                raise
            time.sleep(pause)
        else:
            return commit
    raise AssertionError("the last turn returns or raises")


def _quoted(path: str) -> bytes:
    """A path as fast-import reads it: in quotes, every sign that could mean something else by its number."""
    signs = os.fsencode(path)
    return b'"%b"' % b"".join(b"%c" % c if 32 <= c < 127 and c not in b'"\\' else b"\\%03o" % c for c in signs)


def _contents(batch: bytes) -> Iterator[bytes]:
    """The objects that `git cat-file --batch` wrote one after the other."""
    place = 0
    while place < len(batch):
        head, _, _ = batch[place : place + 200].partition(b"\n")
        size = int(head.split(b" ")[2])
        place += len(head) + 1
        yield batch[place : place + size]
        place += size + 1

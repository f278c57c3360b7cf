"""A school on GitHub that is on this machine: bare repositories, and a stand-in that lists their pushes.

A workflow's steps name https://github.com/school/NAME.git. A `git` before the real one in PATH fetches it from the
folder instead. Nothing in the product knows of it: `collect` runs git and asks the host's API as it does elsewhere.
"""

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ci.classroom import GIT
from hosting.stand_in import Hosts

OWNER = "school"


@dataclass(frozen=True)
class Push:
    """A push of one commit. when: by the host's clock.

    files: {path: bytes, a Path for a symbolic link, or None for a submodule}; or the number of an earlier push, whose
    commit comes back.  claimed: the date in the commit, which its author typed.  forced: without the earlier commits.
    """

    when: datetime
    files: dict | int
    branch: str = "main"
    claimed: datetime | None = None
    forced: bool = False


class School:
    """Repositories below `folder`, the stand-in `hosts`, and `tools`, a folder before PATH."""

    def __init__(self, folder, tokens=None):
        self.folder, self.hosts, self.tools = folder / OWNER, Hosts(tokens=tokens), folder / "bin"
        self.folder.mkdir(parents=True)
        self.tools.mkdir()
        instead = shlex.quote(f"url.{self.folder}/.insteadOf=https://github.com/{OWNER}/")
        shim = self.tools / "git"
        shim.write_text(f'#!/bin/sh\nexec {shutil.which("git")} -c {instead} "$@"\n')
        shim.chmod(0o755)

    def remote(self, who):
        """The address in the list of students."""
        return f"https://github.com/{OWNER}/{who}.git"

    def add(self, who, pushes):
        """A student's repository after these pushes, in their order; the commits."""
        place = self.folder / f"{who}.git"
        git_in(place, "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(place))
        git_in(place, "config", "uploadpack.allowAnySHA1InWant", "true")  # as GitHub gives commits that no branch holds
        self.hosts[f"{OWNER}/{who}"]
        made = (
            git_in(place, "fast-import", "--quiet", "--force", "--done", given=_stream(who, pushes)) if pushes else b""
        )
        commits = made.decode().split()
        for push, commit in zip(pushes, commits, strict=True):
            self.hosts.push(f"{OWNER}/{who}", commit, push.when, push.branch)
        return commits

    def issues(self):
        """{(student, assignment): text} of all feedback. Nobody has two notes about one assignment."""
        notes = [
            (path.partition("/")[2], issue["title"].removeprefix("Feedback: "), issue["body"])
            for path, repository in self.hosts.repositories.items()
            for issue in repository.issues.values()
        ]
        assert len({note[:2] for note in notes}) == len(notes)
        return {(who, assignment): body for who, assignment, body in notes}


def git_in(place, *arguments, given=b""):
    """What git says in a bare repository."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["git", *arguments], cwd=place, env=GIT, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _stream(who, pushes):
    """The commits for `git fast-import`, which answers with their names."""
    lines, marks = [], {}
    for number, push in enumerate(pushes):
        ref = f"refs/heads/{push.branch}".encode()
        if isinstance(push.files, int):
            marks[number] = marks[push.files]
            lines += [b"reset %b\nfrom :%d\n\n" % (ref, marks[number])]
        else:
            marks[number] = number + 1
            lines += [b"reset %b\n\n" % ref] if push.forced else []
            lines += [_commit(ref, number + 1, f"{who} {number}: ::error::message", push)]
        lines += [b"get-mark :%d\n" % marks[number]]
    return b"".join([*lines, b"done\n"])


def _commit(ref, mark, message, push):
    seconds = int((push.claimed or push.when).astimezone(UTC).timestamp())
    head = b"commit %b\nmark :%d\ncommitter S <s@x> %d +0000\n" % (ref, mark, seconds)
    return head + _data(message.encode()) + b"deleteall\n" + b"".join(_file(p, c) for p, c in push.files.items())


def _file(path, content):
    name = b'"%b"' % b"".join(b"\\%03o" % c for c in path.encode())
    if content is None:
        return b"M 160000 %b %b\n" % (b"1" * 40, name)
    mode, data = (b"120000", str(content).encode()) if isinstance(content, Path) else (b"100644", content)
    return b"M %b inline %b\n" % (mode, name) + _data(data)


def _data(data):
    return b"data %d\n%b\n" % (len(data), data)

"""The newest of the tags with which a student hands in: `submit/…`, as Classroom 50 makes them.

A tag's name and date are the student's, as those of a commit are. They decide only which of the student's own commits
counts; when it came, the host says. `gh student submit`, Classroom 50's runner and a student with plain git all make
such tags: https://github.com/foundation50/classroom50/wiki/Autograders#which-commits-grade
"""

from __future__ import annotations

import re
from typing import Protocol

from autograder.errors import MalformedError

FETCH = ("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--force")
TAGS = "/*"  # the end of a pattern of tags
MAX_BY_HAND = 30  # of one student
MAX_TAG = 300  # bytes of a tag's name: it goes into the record of receipt, which is small
_LISTING = 1 << 20  # bytes of a list of tags
_TIMED = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-[0-9a-f]{7,40}")  # the rest of a name with a time in it


class Git(Protocol):
    """Runs git in one repository, and gives at most `most` bytes of its output."""

    def __call__(self, *arguments: str, most: int = ...) -> bytes: ...


def newest_tag(git: Git, remote: str, pattern: str) -> tuple[str, str]:
    """(what git calls its commit here, the tag's name), fetched. pattern: such as `submit/*`.

    Of the tags with a time in their names only the newest is fetched; of those that were made by hand, all.  Raises
    MalformedError if there is none.
    """
    start = f"refs/tags/{pattern.removesuffix('*')}"
    text = git("ls-remote", "--refs", "--tags", "--", remote, f"{start}*", most=_LISTING).decode("utf-8", "replace")
    names = [line.partition("\t")[2] for line in text.split("\n")[:-1]]
    tags = {name for name in names if name.startswith(start) and len(name.encode()) <= MAX_TAG}
    timed = sorted(tag for tag in tags if _TIMED.fullmatch(tag.removeprefix(start)))
    chosen = [*timed[-1:], *sorted(tags.difference(timed))[:MAX_BY_HAND]]
    if not chosen:
        raise MalformedError(f"expected a tag {pattern}, got none", hint="gh student submit makes one")
    places = {f"refs/collect/tags/{number}": tag for number, tag in enumerate(chosen)}
    git(*FETCH, "--", remote, *(f"+{tag}:{place}" for place, tag in places.items()))
    newest = git("for-each-ref", "--sort=-creatordate", "--count=1", "--format=%(refname)", *places).decode().strip()
    return f"{newest}^{{commit}}", places[newest].removeprefix("refs/tags/")

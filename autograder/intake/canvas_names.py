"""Reads the names of a Canvas archive. Canvas writes them (its lib/content_zipper.rb), and the file's own name is last.

`NAME[_LATE]_USER_ATTACHMENT_FILE`, or `[LATE_]anon_XXXXX_ATTACHMENT_FILE` where names are hidden; what was typed into a
box is `NAME[_LATE]_USER_text.html`. Some names can be read in two ways: then each reading has its own user and its own
mark, and only the rest of the archive or a roster can tell which one holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_NUMBER = re.compile("0|[1-9][0-9]*")  # as Canvas writes its own: `0017` is a student's or a school's
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?(?P<user>anon_(?!LATE_|[0-9]+_)[A-Za-z0-9]+)_(?P<attachment>[0-9]+)_(?P<file>.+)", re.DOTALL
)
_TYPED = ("text.html", "link.html")


@dataclass(frozen=True, slots=True)
class CanvasName:
    """One way to read a name. person: what Canvas writes in front of the number, or "" where names are hidden.

    attachment: the number of the file in Canvas, or "" for what was typed.
    """

    person: str
    user: str
    file: str
    late: bool
    anonymous: bool = False
    attachment: str = ""


def readings(name: str) -> tuple[CanvasName, ...]:
    """Every way to read a name, the one with the shortest person first; none if Canvas does not write such a name.

    `x_1_2_3_a.ipynb` is user 1's file `3_a.ipynb`, or the file `a.ipynb` of user 2 who calls herself `x_1`.
    """
    return (*_named(name.split("_")), *_hidden(name))


def is_anonymous(names: Collection[str]) -> bool:
    """Whether Canvas hides the names of an archive: it does so for all of them or for none."""
    return bool(names) and all(_ANONYMOUS.fullmatch(name) for name in names)


def share_a_number(names: Collection[str]) -> bool:
    """Whether one number stands behind two people: then it is no user's, but a year's or a group's, say.

    Only names with one reading tell: a person can call herself as she likes.
    """
    people: dict[str, str] = {}
    single = (ways[0] for name in names if len(ways := readings(name)) == 1)
    return any(people.setdefault(way.user, way.person) != way.person for way in single)


def repeat_a_file(names: Collection[str]) -> bool:
    """Whether two names have one user and one attachment: Canvas gives each file a number of its own."""
    single = [ways[0] for name in names if len(ways := readings(name)) == 1 and ways[0].attachment]
    return len({(way.user, way.attachment) for way in single}) < len(single)


def _hidden(name: str) -> Iterator[CanvasName]:
    if match := _ANONYMOUS.fullmatch(name):
        late = bool(match["late"])
        yield CanvasName("", match["user"], match["file"], late, anonymous=True, attachment=match["attachment"])


def _named(words: list[str]) -> Iterator[CanvasName]:
    pairs = [i for i in range(1, len(words) - 2) if all(map(_NUMBER.fullmatch, words[i : i + 2]))]
    end = next((i for i in range(pairs[0], len(words)) if not _is_hosts(words[i])), len(words)) if pairs else 0
    for at in (i for i in pairs if i <= end):
        if file := "_".join(words[at + 2 :]):
            yield _reading(words, at, file, words[at + 1])
    if not pairs and len(words) > 2 and words[-1] in _TYPED and _NUMBER.fullmatch(words[-2]):
        yield _reading(words, len(words) - 2, words[-1])


def _is_hosts(word: str) -> bool:
    """Whether Canvas can have written the word, so that a person's name can be longer than it looks."""
    return word == "LATE" or _NUMBER.fullmatch(word) is not None


def _reading(words: list[str], at: int, file: str, attachment: str = "") -> CanvasName:
    late = at > 1 and words[at - 1] == "LATE"
    return CanvasName("_".join(words[: at - late]), words[at], file, late, attachment=attachment)

"""Finds the `raise` statements in a notebook's text: an exception of one of them was made by the student on purpose.

The text is searched with a regular expression, as in find_flags.py. It is known before any student code runs, so a
message may say where such a statement stands, and with which words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.text import one_line

# The name of the type, and the first words if they stand there as a text, with its prefix.
_RAISE = re.compile(
    r"""(?:^|[:;])[ \t]*raise[ \t]+(\w+)\b(?:[ \t]*\(\s*(?:([rf]{0,2})["']([^"'\\\n]{0,200}))?)?""",
    flags=re.MULTILINE | re.IGNORECASE,
)
_MOST = 100  # of one cell
_MOST_WORDS = 60  # characters of the statement's words in a message


@dataclass(frozen=True, slots=True)
class OwnRaise:
    """A statement `raise type_name("words …")`. words: up to the first value in them.  cell, line: both from 1."""

    type_name: str
    words: str
    cell: int
    line: int

    def may_say(self, said: str) -> bool:
        """Whether an exception with this text can be its own."""
        return said.startswith(self.words) if self.words else not said


def own_raises(cells: Iterable[tuple[int, str]]) -> tuple[OwnRaise, ...]:
    """The statements of these cells. cells: (number, source)."""
    return tuple(
        OwnRaise(match[1], _constant(match[2] or "", match[3] or ""), number, source.count("\n", 0, match.start(1)) + 1)
        for number, source in cells
        for match in islice(_RAISE.finditer(source), _MOST)
    )


def _constant(prefix: str, words: str) -> str:
    """What stands in front of the first value that is put into the words."""
    return (words.partition("{")[0] if "f" in prefix.lower() else words).partition("%")[0].partition("{}")[0]


def in_words(alike: Sequence[OwnRaise]) -> str:
    """Where these statements of one type stand."""
    if len(alike) > 1:
        cells = list(dict.fromkeys(r.cell for r in alike))[:2]
        return f"a `raise` in code cell {' or '.join(map(str, cells))}"
    (one,) = alike
    return f"the `raise` in code cell {one.cell}, line {one.line}" + (
        f" ({one_line(one.words, _MOST_WORDS)})" if one.words else ""
    )

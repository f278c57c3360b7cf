"""Splits Python text into tokens for a comparison. It takes any text: broken syntax, magics, an open quote.

One regular expression does it, without backtracking, so the time is linear in the length of the text. Pygments is more
exact and 15 times slower; `tokenize` stops at the first error; `ast.parse` can crash the interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n]* | [^\S\n]+ | \\\n )
  | (?P<line> \n )
  | (?P<text> (?:[rRbBuUfF]{1,2}+(?=["']))?+
        (?: '{3} (?:[^'\\]|\\.|'(?!''))*+ (?:'{3})?+ | "{3} (?:[^"\\]|\\.|"(?!""))*+ (?:"{3})?+
          | ' (?:[^'\\\n]|\\.)*+ '?+ | " (?:[^"\\\n]|\\.)*+ "?+ ) )
  | (?P<number> \d[\w.]*+ )
  | (?P<name> \.?[^\W\d]\w*+ )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(text: str, known: AbstractSet[str]) -> Iterator[tuple[str, int]]:
    """(token, its line from 0). Comments and spaces are left out, every string is one token.

    known: names that stay as they are: keywords and the names of the assignment. Names after a dot stay, too. Every
    other name is the student's own choice and becomes `v`, so renaming a variable changes nothing.
    """
    line = 0
    for match in _TOKEN.finditer(text):
        kind, word = match.lastgroup, match[0]
        if kind == "line":
            line += 1
        elif kind == "text":
            yield "s", line
            line += word.count("\n")
        elif kind == "name":
            yield word if word[0] == "." or word in known else "v", line
        elif kind != "skip":
            yield word, line
        else:
            line += word.count("\n")


def names(text: str) -> frozenset[str]:
    """Every name in a text."""
    return frozenset(re.findall(r"[^\W\d]\w*", text))

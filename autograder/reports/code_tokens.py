"""Python text → tokens to compare, whatever the text: broken syntax, magics, an open quote at the end.

One regular expression without a way back, so that no text takes more than linear time. Pygments does the same with
more care and 15 times slower, `tokenize` stops at the first error, and `ast.parse` can bring the interpreter down.
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

    known: names kept as they are, as keywords and what the assignment names. So is what follows a dot. Any other name
    is somebody's own choice and becomes `v`: renaming changes nothing.
    """
    line = 0
    for found in _TOKEN.finditer(text):
        kind, word = found.lastgroup, found[0]
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
    """Every word of a text."""
    return frozenset(re.findall(r"[^\W\d]\w*", text))

"""The style sheet and the scripts of the scenes, by the names of their files, without what a browser does not need.

The hand-out of an assignment has them as texts in the place of this module, so it is one file. Standard library only.
"""

import re
from pathlib import Path

# A text or a pattern of a script stays as it is: "…", `…` and /…/ behind a bracket.
LITERAL = re.compile(r'("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|(?<=\()/(?:\\.|[^/\n])+/)')


def shorter(text):
    """A script or a style sheet without comments and needless spaces: an eighth smaller.

    A comment has lines of its own and begins with `//`. The spaces around + and − stay: `a - -b` is not `a--b`.
    """
    lines = (line.strip() for line in text.splitlines())
    parts = LITERAL.split("\n".join(line for line in lines if line and not line.startswith("//")))
    code = (re.sub(r" *([*/%{}()\[\];,=:?<>&|!]) *", r"\1", part) for part in parts[::2])
    return "".join(word for pair in zip(code, [*parts[1::2], "\n"], strict=True) for word in pair)


FILES = {
    path.name: path.read_text(encoding="utf-8") if path.suffix == ".css" else shorter(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.iterdir())
    if path.suffix in {".css", ".js"}
}

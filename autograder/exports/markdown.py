"""Student text in Markdown: every sign with a meaning becomes a character reference.

CommonMark never reads a character reference as structure. GitHub and GitLab also look for `@`, `#` and `:` in the text
itself, so a space of no width follows these.
"""

from __future__ import annotations

from autograder.text import one_line

LONGEST = 300  # characters of a message
NO_WIDTH = "\u200b"
SYMBOLS = {"pass": "✅", "fail": "❌", "error": "❌", "timeout": "⏱️", "crash": "❌", "blocked": "⏸️", "missing": "⬜"}
_SEARCHED = frozenset("@#:/")  # mentions, issues, emoji, addresses


def markdown_text(text: str) -> str:
    """Letters, digits and spaces stay, all other signs become numbers; one line, bounded."""
    return "".join(
        c if c.isalnum() or c == " " else f"&#{ord(c)};{NO_WIDTH if c in _SEARCHED else ''}"
        for c in one_line(text, LONGEST)
    )

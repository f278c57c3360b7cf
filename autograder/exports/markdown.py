"""Text of a student's in Markdown: every sign that could mean something is a character reference.

CommonMark never takes one for structure. Signs that GitHub and GitLab look for in the text itself (`@`, `#`, `:`) are
followed by a space of no width besides.
"""

from __future__ import annotations

from autograder.text import one_line

LONGEST = 300  # characters of a message
NO_WIDTH = "\u200b"
SYMBOLS = {"pass": "✅", "fail": "❌", "error": "❌", "timeout": "⏱️", "crash": "❌", "blocked": "⏸️", "missing": "⬜"}
_SEARCHED = frozenset("@#:/")  # mentions, issues, emoji, addresses


def markdown_text(text: str) -> str:
    """Letters, digits and spaces as they are, all else by number; one line, bounded."""
    return "".join(
        c if c.isalnum() or c == " " else f"&#{ord(c)};{NO_WIDTH if c in _SEARCHED else ''}"
        for c in one_line(text, LONGEST)
    )

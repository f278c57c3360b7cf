"""Headings in an author's text, as plain text on one line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.assignment.settings import Question
from autograder.assignment.source import SourceCell, blank, functions_in
from autograder.text import one_line

MAX_TITLE = 120  # characters
_FENCED = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]* *$|\Z)", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(r"[*`$]|<[^>]*>")


def title_text(title: str, cells: Iterable[SourceCell], name: str) -> str:
    """One line, at most MAX_TITLE characters. title: of assignment.toml, or "".  name: of the assignment."""
    return one_line(title, MAX_TITLE) or first_heading(cells) or name


def with_functions(question: Question, cells: Iterable[SourceCell]) -> str:
    """The title of a question, and behind it the functions and classes that it asks for and does not name.

    What stands inside a solution is the author's own: no student has to call a function so.
    """
    code = (blank(cell.source) for cell in cells if cell.role == "solution" and cell.question == question.id)
    names = [name for source in code for name in functions_in(source) if name not in question.title]
    return f"{question.title} ({', '.join(names)})" if names else question.title


def first_heading(cells: Iterable[SourceCell]) -> str:
    """The first heading of the markdown cells, without its markup; "" if there is none. No code, no answer."""
    texts = (_FENCED.sub("", cell.source) for cell in cells if cell.kind == "markdown" and not cell.role)
    headings = (match[1] for text in texts for match in _HEADING.finditer(text))
    plain = (one_line(_MARKUP.sub("", _LINK.sub(r"\1", heading)), MAX_TITLE) for heading in headings)
    return next(filter(None, plain), "")

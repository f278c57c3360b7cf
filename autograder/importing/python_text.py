"""Python of another course as plain Python: without IPython's own lines, and with answers between our marks."""

from __future__ import annotations

import ast
import re

from autograder.assignment.source import BEGIN, END
from autograder.errors import CourseError

_LINE_OF_IPYTHON = re.compile(r"^\s*([%!?]|\w[\w, ]*=\s*[%!])|\?\s*$")
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
_KEEPS_PYTHON = {"time", "timeit", "capture", "prun"}


def plain_python(source: str, place: str) -> tuple[str, tuple[str, ...]]:
    """The source without lines for IPython, and these lines. An empty source means: it is no Python at all.

    place: of the cell. Raises CourseError if the rest does not parse.
    """
    if _parses(source):
        return source, ()
    lines = source.splitlines()
    magic = next((match for line in lines if line.strip() for match in [_CELL_MAGIC.match(line)]), None)
    if magic and magic[1] not in _KEEPS_PYTHON:
        return "", (magic[0].strip(),)
    dropped = tuple(line.strip() for line in lines if _LINE_OF_IPYTHON.search(line))
    kept = "\n".join(line for line in lines if not _LINE_OF_IPYTHON.search(line))
    if not _parses(kept):
        raise CourseError(f"{place}: expected Python 3, got {_why_not(kept)}.")
    return kept, dropped


def _parses(source: str) -> bool:
    return not _why_not(source)


def _why_not(source: str) -> str:
    """Why a text is no Python 3; "" if it is."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return f"{getattr(error, 'msg', '') or error}{line}"
    return ""


def with_marks(source: str, place: str) -> str:
    """An answer of nbgrader with our marks around each solution; around all of it, if it has none.

    Raises CourseError if its marks are not in pairs.
    """
    if "BEGIN SOLUTION" not in source and "END SOLUTION" not in source:
        return f"{BEGIN}\n{source.strip() or 'pass'}\n{END}"
    lines: list[str] = []
    open_mark = False
    for line in source.splitlines():
        mark = next((m for m in (BEGIN, END) if m.removeprefix("# ") in line), "")
        if mark and open_mark != (mark == END):
            raise CourseError(f"{place}: expected BEGIN SOLUTION and END SOLUTION in pairs, got {line.strip()!r}.")
        open_mark = open_mark != bool(mark)
        lines.append(line[: len(line) - len(line.lstrip())] + mark if mark else line)
    if open_mark:
        raise CourseError(f"{place}: expected END SOLUTION after BEGIN SOLUTION, got the end of the cell.")
    return "\n".join(lines)


def without_region(source: str, mark: str, place: str) -> tuple[str, str]:
    """A test's text without `BEGIN mark … END mark` lines, and the same with the lines between them left out, too.

    Returns (all lines but the marks, the lines outside). Raises CourseError if the marks are not in pairs.
    """
    every: list[str] = []
    outside: list[str] = []
    secret = False
    for line in source.splitlines():
        begins, ends = f"BEGIN {mark}" in line, f"END {mark}" in line
        if (begins and secret) or (ends and not secret):
            raise CourseError(f"{place}: expected BEGIN {mark} and END {mark} in pairs, got {line.strip()!r}.")
        if begins or ends:
            secret = begins
            continue
        every.append(line)
        if not secret:
            outside.append(line)
    if secret:
        raise CourseError(f"{place}: expected END {mark} after BEGIN {mark}, got the end of the cell.")
    return "\n".join(every).strip("\n"), "\n".join(outside).strip("\n")


def indented(source: str) -> str:
    """The source, four blanks further in. Lines inside a string of several lines stay where they are."""
    inside = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    lines = source.splitlines()
    return "\n".join(f"    {line}" if line.strip() and i not in inside else line for i, line in enumerate(lines, 1))

"""Searches a release for answers. An answer is an error, and no option overrules it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from autograder.assignment.assignment import Assignment
from autograder.assignment.handouts import HIDDEN, hidden_files
from autograder.assignment.source import BEGIN, END
from autograder.course import author_text
from autograder.errors import LeakError

SHORTEST = 12  # characters of code without spaces; a shorter line gives nothing away (`return x`, `else:`)
# Sixty signs of base64 hold 45 characters: a line of code. Prose, code and nbgrader's checksums have no such word.
_ENCODED = re.compile(r"[A-Za-z0-9+/]{60,}")
MARKERS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN",
    "END HIDDEN",
    "hidden_checks",
    "reference_impl",
    "run_hidden_check",
    "hidden=True",  # a test case of otter that is not public
)


def require_no_leak(assignment: Assignment, files: Mapping[str, bytes]) -> None:
    """Raise LeakError for a file off the allow-list, a line of a solution or hidden check, or a saved output."""
    allowed = {f"{assignment.name}.ipynb", *assignment.handout_files}
    for name in sorted(set(files) ^ allowed):
        raise LeakError(f"{assignment.name}: expected to release exactly {', '.join(sorted(allowed))}, got {name!r}.")
    for name, data in files.items():
        text = visible(name, data)
        for marker in MARKERS:
            if marker in text:
                raise LeakError(f"{name}: expected nothing of the author's machinery, got {marker!r}.")
        if is_code(name) and _ENCODED.search(text):
            raise LeakError(f"{name}: expected text that people can read, got something encoded.")
    require_no_secret_line(assignment, files)
    _require_no_secret_line_in_hints(assignment)
    _require_no_hidden_file(assignment, files)


def _require_no_hidden_file(assignment: Assignment, files: Mapping[str, bytes]) -> None:
    """Raise LeakError for a copy of a file in hidden/, whatever its name."""
    hidden = {path.read_bytes(): path.name for path in hidden_files(assignment.folder)}
    for name, data in files.items():
        if data and data in hidden:
            raise LeakError(f"{name}: expected no copy of hidden data, got one of {HIDDEN}/{hidden[data]}.")


def require_no_secret_line(assignment: Assignment, files: Mapping[str, bytes]) -> None:
    """Raise LeakError for a line of a solution or hidden check."""
    secrets = secret_lines(assignment)
    for name, data in files.items():
        shown = {_squeeze(line) for line in visible(name, data).splitlines()}
        for line in sorted(secrets & shown):
            raise LeakError(f"{name}: expected no line of a solution or hidden check, got {line!r}.")


def _require_no_secret_line_in_hints(assignment: Assignment) -> None:
    """Raise LeakError for a line of a solution or hidden check inside a hint that the notebook has."""
    if not assignment.settings.hints_in_notebook:
        return
    secrets = secret_lines(assignment)
    for question in assignment.settings.questions:
        for number, hint in enumerate(question.hints, 1):
            if lines := sorted(line for line in secrets if line in _squeeze(hint)):
                raise LeakError(
                    f"{assignment.name}, {question.id}, hint {number}: expected no line of a solution or hidden check, "
                    f"got {lines[0]!r}. Hint: hints_in_notebook = false shows hints on the page of feedback only."
                )


def secret_lines(assignment: Assignment) -> set[str]:
    """Lines of solutions, hidden checks and the author's answers in words that are not in the public part.

    Hints are no public part: a line of a solution in a hint is an answer, too.

    A hand-out may share a line with a hidden check, such as `def __call__(self, x):`, but none with a solution.
    """
    private: list[str] = []
    public: list[str] = []
    for cell in (cell for cell in assignment.cells if cell.role != "hints"):
        inside = False
        for line in cell.source.splitlines():
            if BEGIN in line or END in line:
                inside = BEGIN in line
            else:
                (private if inside or cell.role == "manual" else public).append(line)
    modules = [file for name, file in assignment.handout_files.items() if name.endswith(".py")]
    handouts = [line for file in modules for line in author_text(file).splitlines()]
    checks = author_text(assignment.folder / "hidden_checks.py").splitlines()
    secret = _significant(private) | (_significant(checks) - _significant(handouts))
    return secret - _significant(public) - _titles(assignment)


def _titles(assignment: Assignment) -> set[str]:
    """The titles of hidden checks. Students read them, so the first line of a check's docstring is no secret."""
    return {_squeeze(f'"""{check.title}"""') for check in assignment.checks}


def _significant(lines: Iterable[str]) -> set[str]:
    squeezed = (_squeeze(line) for line in lines)
    return {s for s in squeezed if len(s) >= SHORTEST and not s.startswith(("import", "from", "#"))}


def _squeeze(line: str) -> str:
    return re.sub(r"\s+", "", line)


def is_code(name: str) -> bool:
    """Whether a file is a notebook or a module. Others are data, and may hold any bytes."""
    return name.endswith((".ipynb", ".py"))


def visible(name: str, data: bytes) -> str:
    """A file's text; a notebook's with its strings unescaped, metadata and outputs included. Raises LeakError.

    Data that is no text has none: nobody reads an answer in a picture's bytes.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if not is_code(name):
            return ""
        raise LeakError(f"{name}: expected text in UTF-8, got other bytes. Hint: save it as UTF-8.") from None
    if not name.endswith(".ipynb"):
        return text
    try:
        document = json.loads(text)
        cells = document["cells"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise LeakError(f"{name}: expected a notebook, got something else.") from None
    for cell in cells:
        for field in ("outputs", "attachments"):
            if cell.get(field):
                raise LeakError(f"{name}: expected no {field} in a cell, got some. Hint: they may show an answer.")
    return "\n".join(_strings(document))


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield "".join(value)  # a cell's source is a list of lines
        else:
            for item in value:
                yield from _strings(item)

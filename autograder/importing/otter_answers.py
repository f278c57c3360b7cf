"""Otter's answers, whose lines end with `# SOLUTION`, as answers of ours between BEGIN and END."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from autograder.assignment.source import BEGIN, END
from autograder.errors import CourseError

_LINE = re.compile(r"\s*#\s?SOLUTION( NO PROMPT)?\s*$")
_BEGIN = re.compile(r"^\s*# BEGIN SOLUTION( NO PROMPT)?\s*$")
_END = re.compile(r"# END SOLUTION\s*$")
_PROMPT = re.compile(r'^\s*""" # BEGIN PROMPT\s*$'), re.compile(r'^\s*"""\s*;? # END PROMPT\s*$')
_IGNORE = re.compile(r"^\s*#\s*BEGIN IGNORE"), re.compile(r"# END IGNORE\s*$"), re.compile(r"# IGNORE\s*$")
_ASSIGNED = re.compile(r"^(\s*[\w.,\[\]'\" ]+?\s*=)(?!=)")


def plain_answer(source: str, prompt: Sequence[str], where: str, *, whole: bool) -> str:
    """The cell with our marks around each solution. Without a solution it stays as it is.

    prompt: comments above it.  whole: a cell of a solution block, all of which is the answer if it has no marks.
    Raises CourseError if marks are not in pairs, or what is left is no Python.
    """
    lines = list(_marked(list(_kept(source.splitlines())), where))
    if whole and not any(marked for _, marked in lines):
        lines = [(line, True) for line, _ in lines]
    text = "\n".join([*prompt, *_with_marks(lines)])
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        raise CourseError(f"{where}: expected Python after the marks were taken out, got {error}.") from None
    return text


def prompt_comments(prompts: Sequence[str]) -> list[str]:
    """Otter's prompts for students, as comments."""
    return [f"# {line}" if line.strip() else "#" for prompt in prompts for line in prompt.splitlines()]


def _kept(lines: Sequence[str]) -> Iterator[str]:
    """The lines without those that otter ignores, and with prompts in the text as comments."""
    ignoring = prompting = False
    for line in lines:
        if _IGNORE[0].match(line) or (ignoring and _IGNORE[1].search(line)):
            ignoring = bool(_IGNORE[0].match(line))
        elif _PROMPT[0].match(line) or _PROMPT[1].match(line):
            prompting = bool(_PROMPT[0].match(line))
        elif prompting:
            indent = line[: len(line) - len(line.lstrip())]
            yield f"{indent}# {line.strip()}"
        elif not ignoring and not _IGNORE[2].search(line):
            yield line


def _marked(lines: Sequence[str], where: str) -> Iterator[tuple[str, bool]]:
    """(line without otter's marks, whether it belongs to a solution). A line that students get as `x = ...` is
    a comment above its solution.
    """
    inside = False
    for line in lines:
        if _BEGIN.match(line) or (_END.search(line) and not line.replace("# END SOLUTION", "").strip()):
            begins = bool(_BEGIN.match(line))
            if begins == inside:
                raise CourseError(f"{where}: expected BEGIN SOLUTION and END SOLUTION in pairs, got {line.strip()!r}.")
            inside = begins
        elif mark := _LINE.search(line):
            code = line[: mark.start()]
            if not mark[1] and (assigned := _ASSIGNED.match(code)) and not inside:
                indent = code[: len(code) - len(code.lstrip())]
                yield f"{indent}# {assigned[1].strip()} ...", False
            if code.strip():
                yield code, True
        else:
            yield line, inside
    if inside:
        raise CourseError(f"{where}: expected END SOLUTION after BEGIN SOLUTION, got the end of the cell.")


def _with_marks(lines: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """The lines with BEGIN and END around each run of marked ones, at the indentation of its first line."""
    inside, indent = False, ""
    for line, marked in lines:
        if marked and not inside:
            indent = line[: len(line) - len(line.lstrip())]
            yield indent + BEGIN
        if inside and not marked:
            yield indent + END
        inside = marked
        yield line
    if inside:
        yield indent + END

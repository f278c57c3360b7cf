"""GitHub Actions: a step summary in Markdown, and annotations.

Student text is escaped in both: in Markdown by `markdown_text`; in an annotation line breaks are encoded, so that a
message cannot begin a new command.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from autograder.marks import Mark
from autograder.records.faults import repeated
from autograder.records.result import CheckResult
from autograder.text import counted, named, one_line, points_text

LONGEST = 300  # characters of a message
NO_WIDTH = "\u200b"
SYMBOLS = {"pass": "✅", "fail": "❌", "error": "❌", "timeout": "⏱️", "crash": "❌", "blocked": "⏸️", "missing": "⬜"}
_SEARCHED = frozenset("@#:/")  # mentions, issues, emoji, addresses
MAX_BYTES = 1 << 20  # of the summary of a step; GitHub shows nothing of a larger one
MAX_ANNOTATIONS = 10  # of each kind in a step; GitHub drops the others silently
_LOG_COMMAND = re.compile(r"(?<=:)(?=:)|(?<=#)(?=#)")


def markdown_text(text: str) -> str:
    """Student text in Markdown: letters, digits and spaces stay, all other signs become numbers; one line, bounded.

    CommonMark never reads a sign that is given by its number as structure. GitHub and GitLab also look for `@`, `#`,
    `:` and `/` in the text itself, so a space of no width follows these.
    """
    return "".join(
        c if c.isalnum() or c == " " else f"&#{ord(c)};{NO_WIDTH if c in _SEARCHED else ''}"
        for c in one_line(text, LONGEST)
    )


def step_summary(title: str, marks: Sequence[Mark], room: int = MAX_BYTES) -> str:
    """A table of each assignment, then the checks of each submission, in at most `room` bytes of UTF-8.

    Blocks at the end that do not fit are left out, and the last line says how many.
    """
    blocks = [f"# {markdown_text(title)}\n"]
    for name, group in groupby(marks, key=lambda m: m.result.assignment):
        blocks += _class_table(name, list(group))
    blocks += [_checks_table(mark) for mark in marks if mark.result.questions]
    return bounded(blocks, room, _left_out, lambda block: len(block.encode()))


def commands(marks: Sequence[Mark]) -> list[str]:
    """Workflow commands:

    an error for a submission that could not be graded, a warning for lost points; ten of a kind.
    """
    errors = [_command("error", m, m.result.reason) for m in marks if m.result.status in {"malformed", "error"}]
    warnings = [_command("warning", m, said) for m in marks if (said := _lost(m))]
    return [*_first(errors, "error"), *_first(warnings, "warning")]


def _class_table(name: str, marks: list[Mark]) -> Iterator[str]:
    """One block for the head and one for each row. Cut between two blocks, it is still a table."""
    scores = [m.score for m in marks]
    yield (
        f"\n## {markdown_text(name)}\n\n{counted(len(marks), 'student')}, mean {statistics.fmean(scores):.1f}, "
        f"median {statistics.median(scores):.1f} of {points_text(marks[0].result.max_score)}\n\n"
        "| student | status | score | days late |\n| --- | --- | ---: | ---: |\n"
    )
    for mark in marks:
        late = str(mark.days_late) if mark.days_late else ""
        yield f"| {markdown_text(mark.result.student)} | {mark.result.status} | {points_text(mark.score)} | {late} |\n"


def _checks_table(mark: Mark) -> str:
    result = mark.counted
    head = f"\n### {markdown_text(result.student)}, {markdown_text(result.assignment)}\n\n"
    same = repeated(result.checks)
    rows = [_check_row(check, same.get(check.id, check.message)) for check in result.checks]
    return head + "| | check | points | says |\n| --- | --- | ---: | --- |\n" + "".join(rows)


def _check_row(check: CheckResult, says: str) -> str:
    points = f"{points_text(check.points)} of {points_text(check.max_points)}"
    name, message = markdown_text(named(check.title, check.id)), markdown_text(says)
    return f"| {SYMBOLS[check.outcome]} {check.outcome} | {name} | {points} | {message} |\n"


def bounded(blocks: list[str], room: int, left_out: Callable[[int], str], size: Callable[[str], int] = len) -> str:
    """As many whole blocks as fit, with room for the line that says how many are missing.

    room: what all may take, as `size` measures it.  left_out: that line, for a number of blocks.
    """
    sizes = [size(block) for block in blocks]
    if sum(sizes) <= room:
        return "".join(blocks)
    shown = 0
    room -= size(left_out(len(blocks)))
    while sizes[shown] <= room:
        room -= sizes[shown]
        shown += 1
    return "".join(blocks[:shown]) + left_out(len(blocks) - shown) if room >= 0 else ""


def _left_out(number: int) -> str:
    return f"\n{number} rows and tables are left out: GitHub shows at most 1 MiB. The class report has them.\n"


def _lost(mark: Mark) -> str:
    """The names of the checks that did not pass."""
    if mark.result.status != "graded":
        return ""
    failed = [c.id for c in mark.result.checks if c.outcome != "pass"]
    return f"{points_text(mark.score)} of {points_text(mark.result.max_score)}: {', '.join(failed)}" if failed else ""


def _command(kind: str, mark: Mark, said: str) -> str:
    """`::error title=a1%2C ada::…`. The encoding is the one that GitHub's own toolkit uses."""
    title = _data(f"{mark.result.assignment}, {mark.result.student}").replace(":", "%3A").replace(",", "%2C")
    return f"::{kind} title={title}::{_data(said)}"


def _data(text: str) -> str:
    """Text without a line break, a percent sign, or anything that an older runner reads as a command."""
    flat = _LOG_COMMAND.sub(NO_WIDTH, one_line(text, LONGEST))
    return flat.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _first(messages: list[str], kind: str) -> list[str]:
    if len(messages) <= MAX_ANNOTATIONS:
        return messages
    shown = messages[: MAX_ANNOTATIONS - 1]
    return [*shown, f"::{kind} title=and more::{len(messages) - len(shown)} more submissions; see the summary"]

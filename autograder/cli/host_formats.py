"""`export` for Canvas, Moodle, Blackboard and Brightspace: it fills in a file that the host gave.

A line on stderr says for whom or for what no score was written, and why. Exit code 1 if a score could not be written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.console import console, short
from autograder.cli.export_request import Request, say, write
from autograder.cli.worksheets import kept_file
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.exports.filling import Filled, NoRow, Wanted
    from autograder.exports.host_files import Host
    from autograder.exports.sheet import Sheet


def canvas(
    request: Request,
    *,
    out: Path | None = None,
    template: Path | None = None,
    match: str = "",
    column: Sequence[str] = (),
    missing_as_zero: bool = False,
    with_manual: bool = False,
    submitted: Path | None = None,
) -> None:
    """A gradebook of Canvas, filled in; or a new one."""
    from autograder.exports import canvas

    wanted = _wanted(request, submitted, missing_as_zero=missing_as_zero, with_manual=with_manual)
    columns = _columns(request, wanted, column)
    if path := template or kept_file(request.course, "canvas"):
        filled = canvas.fill(_sheet(path, "canvas"), wanted, columns, match=match)
    else:
        filled = canvas.new(wanted, columns, match=match)
    _finish(request, "canvas", request.target(out, "canvas.csv"), filled)


def moodle(
    request: Request,
    *,
    out: Path | None = None,
    worksheet: Path | None = None,
    id_column: str = "",
    grade_column: str = "",
    missing_as_zero: bool = False,
    with_manual: bool = False,
    submitted: Path | None = None,
) -> None:
    """A grading worksheet of Moodle, filled in."""
    from autograder.exports import moodle

    wanted = _wanted(request, submitted, missing_as_zero=missing_as_zero, with_manual=with_manual)
    name = moodle.the_assignment(wanted)
    filled = moodle.fill(_worksheet(request, name, worksheet), wanted, id_column, grade_column)
    _finish(request, "moodle", request.target(out, f"moodle-{name}.csv"), filled)


def blackboard(
    request: Request,
    *,
    out: Path | None = None,
    template: Path | None = None,
    column: Sequence[str] = (),
    missing_as_zero: bool = False,
    with_manual: bool = False,
    submitted: Path | None = None,
) -> None:
    """Blackboard's file for working offline, filled in, with the ending that it had."""
    from autograder.exports import blackboard

    path = _required(
        template or kept_file(request.course, "blackboard"), "Blackboard has it under Work Offline, Download"
    )
    wanted = _wanted(request, submitted, missing_as_zero=missing_as_zero, with_manual=with_manual)
    filled = blackboard.fill(_sheet(path, "blackboard"), wanted, _columns(request, wanted, column))
    _finish(request, "blackboard", request.target(out, f"blackboard{path.suffix or '.csv'}"), filled)


def brightspace(
    request: Request,
    *,
    out: Path | None = None,
    template: Path | None = None,
    column: Sequence[str] = (),
    missing_as_zero: bool = False,
    with_manual: bool = False,
    submitted: Path | None = None,
) -> None:
    """Brightspace's export of grades, filled in."""
    from autograder.exports import brightspace

    path = _required(
        template or kept_file(request.course, "brightspace"), "Brightspace has it under Grades, Enter Grades, Export"
    )
    wanted = _wanted(request, submitted, missing_as_zero=missing_as_zero, with_manual=with_manual)
    filled = brightspace.fill(_sheet(path, "brightspace"), wanted, _columns(request, wanted, column))
    _finish(request, "brightspace", request.target(out, "brightspace.csv"), filled)


def _worksheet(request: Request, assignment: str, given: Path | None) -> Sheet:
    """The worksheet that is given; else the one that `collect` kept; else the roster, if it is a grading worksheet."""
    from autograder.exports.moodle import is_worksheet
    from autograder.exports.sheet import read_sheet

    if path := given or kept_file(request.course, "moodle", assignment):
        return _sheet(path, "moodle")
    with suppress(AutograderError):  # a roster need not be a sheet
        if request.roster and is_worksheet(sheet := read_sheet(Path(request.roster.source))):
            say(f"worksheet: {short(Path(request.roster.source))}, which is the roster")
            return sheet
    raise AutograderError(
        "--worksheet: expected a grading worksheet, got none. Hint: Moodle has it on the assignment's page; "
        "autograder collect --worksheet FILE keeps it."
    )


def _sheet(path: Path, host: Host) -> Sheet:
    from autograder.exports.host_files import require_host
    from autograder.exports.sheet import read_sheet

    sheet = read_sheet(path)
    require_host(sheet, host)
    return sheet


def _required(template: Path | None, where: str) -> Path:
    if template is None:
        raise AutograderError(f"--template: expected the file of grades that the host gave, got none. Hint: {where}.")
    return template


def _wanted(request: Request, submitted: Path | None, *, missing_as_zero: bool, with_manual: bool) -> Wanted:
    from autograder.exports.filling import Wanted

    marks = request.marks(with_manual=with_manual, submitted=submitted)
    gone = [student for student in request.roster.students if student.withdrawn] if request.roster else []
    return Wanted(marks, request.recorded(marks, submitted), gone, missing_as_zero)


def _columns(request: Request, wanted: Wanted, given: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """What the column of each assignment may be called: by --column, or else by its title or its name."""
    from autograder.assignment.titles import title_of

    pairs = [text.partition("=") for text in given]
    for name, sign, header in pairs:
        if not (name and sign and header):
            raise AutograderError(f"--column: expected NAME=HEADER, got {name + sign + header!r}.")
    named = {name: header for name, _, header in pairs}
    titles = {name: title_of(request.course, name) for name in wanted.assignments}
    return {name: (named[name],) if name in named else (title, name) for name, title in titles.items()}


def _finish(request: Request, kind: str, target: Path, filled: Filled) -> None:
    """Write the file, and print notes for a person. Exit code 1 if a score could not be written.

    Raises AutograderError if the file has no row of any student: then it is of another class.
    """
    scored = [row for row in filled.no_rows if row.scored]
    if len(scored) > 1 and not filled.written and not filled.kept and all(row.reason == "no row" for row in scored):
        raise AutograderError(
            f"{filled.sheet}: expected rows of the {len(scored)} students who have a score, got none of them. Hint: is "
            "it of this course and assignment? Else --roster, with the host's numbers, logins or e-mails."
        )
    write(target, filled.data)
    for note in (*filled.notes, *_lines(kind, filled, everyone=not request.students)):
        say(note)
    console().print(f"{kind}: {short(target)} ({filled.written} scores)", soft_wrap=True)
    if filled.incomplete:
        raise typer.Exit(1)


def _lines(kind: str, filled: Filled, *, everyone: bool) -> Iterator[str]:
    """A line for each score that was not written, and, if everyone was exported, for each row without a result."""
    from autograder.exports.host_files import HOST_NAMES

    host = HOST_NAMES[kind]
    for lack in filled.no_columns:
        got = f"got {lack.columns}" if lack.columns else "got none"
        make = "" if lack.columns else f"make it in {host} and download the file again, or "
        yield (
            f"{lack.assignment}: expected one column {lack.header!r} in {filled.sheet}, {got}: "
            f"its scores were not written. Hint: {make}--column {lack.assignment}=HEADER."
        )
    for student in filled.no_rows:
        yield _no_row(student, filled.sheet)
    for kept in filled.kept:
        yield f"{kept.student}: excused from {kept.assignment} in {host}: the score was not written"
    for row in filled.strangers if everyone else ():
        why = "left the class" if row.left else "no result"
        yield f"{row.name}: in {filled.sheet}, {why}: the row stays as it is"


def _no_row(student: NoRow, sheet: str) -> str:
    reason = {
        "no row": "got none",
        "several rows": "got several that could be theirs",
        "row of several": "got one that could be another student's, too",
    }[student.reason]
    after = "nothing was written for them" if student.scored else "there was nothing to write for them"
    hint = " Hint: --roster, with the host's number, login or e-mail." if student.scored else ""
    return f"{student.student}: expected a row of their own in {sheet}, {reason}: {after}.{hint}"

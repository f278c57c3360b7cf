"""Commands for grading answers in words: `hand sheet` writes pages and sheets, `hand read` reads the sheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.console import say, short

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.roster.roster import Roster

hand_app = typer.Typer(no_args_is_help=True, help="Grade answers in words with a page and a spreadsheet.")
app.add_typer(hand_app, name="hand")

SubmittedOption = Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")]


@hand_app.callback()
def hand() -> None:
    """Commands for what a person grades."""


@hand_app.command(epilog="Example: autograder hand sheet -a a1_gradient_ascent --anonymous")
def sheet(
    name: Annotated[str, typer.Option("-a", "--assignment", help="Whose answers in words.")],
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Numbers in place of students.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="A folder. Default: work/hand/NAME.")] = None,
    submitted: SubmittedOption = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Write a page with all answers and a sheet to fill in, for each question that a person grades."""
    from autograder.assignment.assignment import load_assignment
    from autograder.files import write_atomically
    from autograder.hand.hand_grades import hand_folder, read_grades
    from autograder.hand.sheets import hand_sheets, require_read, today_of
    from autograder.secret import course_secret
    from autograder.text import file_name

    this_course = course_of(course)
    this_course.select([name])
    people = class_of(this_course, roster)
    assignment = load_assignment(this_course.solutions / name)
    secret, grades = course_secret(this_course), read_grades(this_course, name)
    today = today_of(assignment, submitted or this_course.work / "submitted", secret)
    left_out = _left_out(this_course, people, name, {student for student, _ in today.answers})
    folder = out or hand_folder(this_course) / file_name(name)
    sheets = hand_sheets(assignment, today, secret, grades, roster=people, left_out=left_out, anonymous=anonymous)
    for each in sheets:
        if (folder / f"{each.question}.csv").exists():
            require_read(folder / f"{each.question}.csv", today, grades)
    for each in sheets:
        write_atomically(folder / f"{each.question}.html", each.page)
        write_atomically(folder / f"{each.question}.csv", each.sheet)
        say(f"{each.question}: {each.answers} answers: {short(folder / each.question)}.html to read, .csv to fill in")
    say(f"Next: fill in points, or items of the rubric; then autograder hand read {short(folder)}/*.csv")


def _left_out(course: Course, roster: Roster | None, assignment: str, students: set[str]) -> set[str]:
    """The students who left the class, or need not do the assignment."""
    from autograder.marks import is_excused

    people = roster.by_id if roster else {}
    lines = {student: people.get(student) for student in students}
    return {
        student
        for student, line in lines.items()
        if (line and line.withdrawn) or is_excused(course.policy, line, assignment, student)
    }


@hand_app.command(epilog="Example: autograder hand read work/hand/a1_gradient_ascent/explain.csv")
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sheets that were filled in, as CSV.")],
    submitted: SubmittedOption = None,
    course: CourseOption = None,
) -> None:
    """Read the grades of filled-in sheets into work/hand/. If one line is wrong, nothing is read."""
    from autograder.assignment.assignment import load_assignment
    from autograder.files import locked, make_folder
    from autograder.hand.grading_sheet import read_sheet, sheet_assignment
    from autograder.hand.hand_grades import hand_folder, read_grades, write_grades
    from autograder.hand.sheets import changed_by, today_of
    from autograder.secret import course_secret

    this_course = course_of(course)
    root, secret = submitted or this_course.work / "submitted", course_secret(this_course)
    by_assignment: dict[str, list[Path]] = {}
    for file in files:
        by_assignment.setdefault(sheet_assignment(file, this_course.names()), []).append(file)
    make_folder(hand_folder(this_course))
    with locked(hand_folder(this_course)):
        changes = []
        for name, paths in by_assignment.items():
            today = today_of(load_assignment(this_course.solutions / name), root, secret)
            sheets = [read_sheet(path, today) for path in paths]
            changes.append((name, sheets, changed_by(sheets, read_grades(this_course, name))))
        for name, sheets, grades in changes:
            path = write_grades(this_course, name, grades.values())
            lines, waiting = sum(len(s.lines) for s in sheets), sum(s.waiting for s in sheets)
            say(f"{name}: {lines} grades read, {waiting} answers without points; {len(grades)} in {short(path)}")
    say("Next: autograder report; autograder export FORMAT --with-manual")

"""The command that brings feedback to students: archives for Canvas and Moodle, mail, or a folder for a web server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, class_of, course_of
from autograder.cli.console import cell, columns, progress, say, short, show
from autograder.cli.mailing import Return, mail
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    from collections import Counter

    from autograder.course import Course
    from autograder.intake.way_back import WayBack
    from autograder.returning.page_archives import Named
    from autograder.returning.returnable import FeedbackPage, Unreturned
    from autograder.roster.roster import Roster


@app.command(name="return", epilog="Example: autograder return --to moodle -a a1_gradient_ascent")
def return_(
    to: Annotated[str, typer.Option("--to", metavar="canvas|moodle|email|folder", help="How feedback gets there.")],
    names: Annotated[
        list[str] | None, typer.Option("-a", "--assignment", help="Only these, drafts too. Repeatable.")
    ] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A folder. Default: below work/returned.")] = None,
    max_mb: Annotated[
        int, typer.Option("--max-mb", min=1, max=4000, help="canvas, moodle: the largest archive the host takes.")
    ] = 50,
    url: Annotated[str, typer.Option("--url", help="folder: where the web server has it, for the links.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    results: Annotated[Path | None, typer.Option("--results", help="Default: work/results.")] = None,
    submitted: Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Bring each student's page to the student, and only marks that count: no drafts, nobody who is excused or left."""
    from autograder.text import nearest

    if to not in TARGETS:
        raise AutograderError(f"--to: expected one of {', '.join(TARGETS)}, got {to!r}.{nearest(to, TARGETS)}")
    this_course = course_of(course)
    people = class_of(this_course, roster)
    handed_in = submitted or this_course.work / "submitted"
    pages, left_out = _pages(this_course, people, results, (names or [], student or []), handed_in)
    if left_out:
        say("not returned: " + ", ".join(f"{number} {reason}" for reason, number in sorted(left_out.items())))
    if not pages:
        raise AutograderError("return: expected marks to return, got none. Hint: autograder grade.")
    unreturned = TARGETS[to](Return(this_course, pages, handed_in, out, max_mb, url, dry_run))
    table = columns("not returned", "assignment", "reason")
    for each in unreturned:
        table.add_row(cell(each.student), cell(each.assignment), cell(each.reason))
    if unreturned:
        show(table)
        raise typer.Exit(1)


def _pages(
    course: Course,
    roster: Roster | None,
    results: Path | None,
    chosen: tuple[Sequence[str], Sequence[str]],
    submitted: Path,
) -> tuple[list[FeedbackPage], Counter[str]]:
    """The pages that go back, made anew from the results; and how many marks do not go back, by reason."""
    from autograder.cli.by_hand import hand_work
    from autograder.cli.export_request import Request
    from autograder.cli.regrade_work import regrade_answers
    from autograder.marks import marks_of
    from autograder.records.store import read_attempts
    from autograder.reports.pages import student_pages
    from autograder.returning.returnable import FeedbackPage, returnable, score_text

    names, students = chosen
    request = Request(course, results or course.work / "results", names, students, roster)
    attempts = read_attempts(request.results)
    work = hand_work(course, sorted({r.assignment for r in attempts}), submitted)
    marks = marks_of(attempts, course.policy, work.points, roster=roster, now=datetime.now(UTC))
    going, left_out = returnable(request.chosen(marks))
    regrades = regrade_answers(course, submitted, request.results)
    with progress("writing pages", len(going)) as step:
        pages = []
        for mark, page in student_pages(course, going, roster, work, regrades):
            score = score_text(mark, page.by_hand.points, page.by_hand.possible)
            pages.append(FeedbackPage(mark, page.title, page.text.encode("utf-8", "replace"), score))
            step()
    return pages, left_out


def _way_back(wanted: Return) -> Callable[[FeedbackPage], WayBack | None]:
    """How the host called a student's newest upload, if `collect` signed it."""
    from autograder.intake.wrong_files import way_back_of
    from autograder.secret import known_secret

    secret = known_secret(wanted.course)

    def way_back(page: FeedbackPage) -> WayBack | None:
        folder = wanted.submitted / page.student / page.assignment
        return way_back_of(folder, page.student, page.assignment, secret) if secret is not None else None

    return way_back


def _canvas(wanted: Return) -> list[Unreturned]:
    from autograder.returning.hosts import canvas_names

    return _archives("canvas", wanted, lambda pages: canvas_names(pages, _way_back(wanted)))


def _moodle(wanted: Return) -> list[Unreturned]:
    from autograder.returning.hosts import moodle_names

    return _archives("moodle", wanted, lambda pages: moodle_names(pages, _way_back(wanted)))


def _archives(
    host: str, wanted: Return, names: Callable[[Sequence[FeedbackPage]], tuple[list[Named], list[Unreturned]]]
) -> list[Unreturned]:
    """Write the archives of each assignment, and remove parts of an earlier run that are no more."""
    from autograder.files import write_atomically
    from autograder.returning.page_archives import archives

    unreturned: list[Unreturned] = []
    folder = wanted.out or wanted.folder
    for assignment in dict.fromkeys(page.assignment for page in wanted.pages):
        named, unnamed = names([page for page in wanted.pages if page.assignment == assignment])
        made = archives(named, wanted.max_mb << 20)
        unreturned += [*unnamed, *made.unreturned]
        paths = [folder / f"{host}-{assignment}-{i}-of-{len(made.zips)}.zip" for i in range(1, len(made.zips) + 1)]
        for path in _stale(folder, f"{host}-{assignment}", paths):
            if not wanted.dry:
                path.unlink(missing_ok=True)
        for path, data in zip(paths, made.zips, strict=True):
            if not wanted.dry:
                write_atomically(path, data)
            say(f"{'would write' if wanted.dry else 'wrote'} {short(path)}")
        say(f"{assignment}: {made.pages} pages in {len(paths)} archive{'s' * (len(paths) != 1)} for {host.title()}")
    return unreturned


def _stale(folder: Path, start: str, paths: Sequence[Path]) -> list[Path]:
    """Archives that an earlier run wrote, and this one does not."""
    ours = re.compile(rf"{re.escape(start)}-\d+-of-\d+\.zip")
    existing = folder.iterdir() if folder.is_dir() else ()
    return [path for path in existing if ours.fullmatch(path.name) and path not in paths]


def _folder(wanted: Return) -> list[Unreturned]:
    from autograder.files import write_atomically
    from autograder.returning.links import links_csv, site
    from autograder.secret import course_secret

    out, links = wanted.out or wanted.folder / "site", wanted.folder / "links.csv"
    if links.resolve().is_relative_to(out.resolve()):
        raise AutograderError(f"--out: expected a folder that does not hold {short(links)}, got {short(out)}.")
    secret = course_secret(wanted.course)
    files = site(wanted.pages, secret)
    if wanted.dry:
        say(f"would write {counted(len(wanted.pages), 'page')} into {short(out)}, and {short(links)}")
        return []
    for name, data in files.items():
        write_atomically(out / name, data, lasting=False)
    write_atomically(links, links_csv(wanted.pages, secret, wanted.url), mode=0o600)
    say(f"{counted(len(wanted.pages), 'page')}: {short(out)}, for a web server")
    say(f"{short(links)}: who has which link. It is for you alone: a link is all that a reader needs.")
    return []


TARGETS: dict[str, Callable[[Return], list[Unreturned]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "email": mail,
    "folder": _folder,
}

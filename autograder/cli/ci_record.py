"""Commands for the mark of record: `ci record` keeps it on a branch, `ci fetch-record` brings it to this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, class_of, course_of
from autograder.cli.ci import ci_app
from autograder.cli.console import say, short
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.ci.record import Changes, Incoming, RecordUpdate
    from autograder.ci.record_page import PageFacts
    from autograder.course import Course
    from autograder.publishing.untrusted import Refused

BranchOption = Annotated[str, typer.Option("--branch", help="Of the grading repository.")]
RemoteOption = Annotated[
    str, typer.Option("--remote", metavar="NAME|ADDRESS", help="The grading repository, as git calls it.")
]


@ci_app.command(epilog="Example: autograder ci record results --signatures feedback --branch marks")
def record(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="Of the grading job. Not trusted.")],
    signatures: Annotated[
        Path | None, typer.Option("--signatures", metavar="DIR", help="What `autograder ci publish` wrote.")
    ] = None,
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Where collected notebooks are. Default: work/submitted.")
    ] = None,
    branch: BranchOption = "marks",
    remote: RemoteOption = "origin",
    require_signature: Annotated[
        bool, typer.Option("--require-signature", help="If a result has none, keep nothing and exit with 2.")
    ] = False,
    summary: Annotated[
        Path | None, typer.Option("--summary", metavar="FILE", help="Add the page. Default: $GITHUB_STEP_SUMMARY.")
    ] = None,
    roster: RosterOption = None,
    course: CourseOption = None,
) -> None:
    """Keep results and grades.csv on a branch: one commit, or none if nothing changed. Exit 1 if any was refused.

    A result of an earlier run stays if this run has none. $AUTOGRADER_GIT_TOKEN lets git push to the server.
    """
    from datetime import UTC, datetime

    from autograder.ci.branch import Branch
    from autograder.ci.record import collected_at, keep
    from autograder.ci.record_page import PageFacts
    from autograder.hosting.server import server_of

    this_course = course_of(course)
    now = datetime.now(UTC)
    incoming, refused = _incoming(this_course, results, signatures, require=require_signature)
    facts = PageFacts(this_course, class_of(this_course, roster), server_of(os.environ, ""), now)
    collected = collected_at(submitted or this_course.work / "submitted", now)
    kept = keep(Branch(this_course.root, remote, branch), incoming, collected, facts)
    say(f"{branch}: {_counts(kept.changes)}; {f'commit {kept.commit[:12]}' if kept.commit else 'nothing changed'}")
    for each in refused:
        say(f"refused {each.name}: {each.reason}", indent=2)
    _add_summary(summary, kept, facts, refused)
    if refused:
        raise typer.Exit(1)


def _incoming(
    course: Course, results: Path, signatures: Path | None, *, require: bool
) -> tuple[list[Incoming], list[Refused]]:
    """The results that the course accepts, each with its signature; and those that it refuses."""
    from autograder.assignment.assignment import load_assignment
    from autograder.ci.record import Incoming
    from autograder.publishing.signing import ENDING, read_signature
    from autograder.publishing.untrusted import Accepted, examine
    from autograder.records.store import result_path

    if results.is_symlink() or not results.is_dir():
        raise AutograderError(f"{results}: expected a folder of results, got none.")
    suites = {name: load_assignment(course.solutions / name) for name in course.names()}
    incoming: list[Incoming] = []
    refused: list[Refused] = []
    for each in examine(results, suites):
        if not isinstance(each, Accepted):
            refused.append(each)
            continue
        place = result_path(signatures or results, each.result.assignment, each.result.student, each.result.attempt)
        signature = read_signature(place.with_name(place.name + ENDING)) or b""
        if require and not signature:
            raise AutograderError(
                f"{place}{ENDING}: expected a signature, got none. Hint: autograder ci publish first."
            )
        incoming.append(Incoming(each.result, each.data, signature))
    return incoming, refused


def _counts(changes: Changes) -> str:
    return f"{len(changes.new)} new results, {len(changes.changed)} changed, {len(changes.kept)} kept of an earlier run"


def _add_summary(given: Path | None, kept: RecordUpdate, facts: PageFacts, refused: list[Refused]) -> None:
    """Add this run's counts and the page, as far as GitHub shows them: 1 MiB for all of a step."""
    from autograder.ci.record_page import page
    from autograder.exports.github import MAX_BYTES, bounded, markdown_text

    target = given or (Path(os.environ["GITHUB_STEP_SUMMARY"]) if os.environ.get("GITHUB_STEP_SUMMARY") else None)
    if target is None:
        return
    names = [f"* refused: {markdown_text(each.name)}: {markdown_text(each.reason)}\n" for each in refused]
    names += [f"* kept of an earlier run: {markdown_text(path)}\n" for path in kept.changes.kept]
    room = MAX_BYTES - (target.stat().st_size if target.exists() else 0)
    head = bounded(
        [f"{_counts(kept.changes)}\n\n", *names, "\n"],
        room // 4,
        lambda n: f"* {n} more\n\n",
        lambda b: len(b.encode()),
    )
    text = head + page(kept.marks, facts, room - len(head.encode()))
    with target.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


@ci_app.command(epilog="Example: autograder ci fetch-record && autograder export csv")
def fetch_record(
    branch: BranchOption = "marks",
    remote: RemoteOption = "origin",
    results: Annotated[Path | None, typer.Option("--results", help="Where they go. Default: work/results.")] = None,
    course: CourseOption = None,
) -> None:
    """Bring the results of record into work/results, where report, export and verify read them. In a clone only."""
    from autograder.ci.branch import Branch
    from autograder.ci.record import INDEX, restore

    this_course = course_of(course)
    source = Branch(this_course.root, remote, branch)
    commit = source.fetch()
    files = source.files(commit) if commit else {}
    if INDEX not in files:
        raise AutograderError(f"{branch}: expected a branch that autograder ci record wrote, got none. Hint: --branch.")
    folder = results or this_course.work / "results"
    number = restore(files, folder)
    say(f"{number} results of {branch}, commit {str(commit)[:12]}: {short(folder)}. Next: autograder export csv")

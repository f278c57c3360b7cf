"""Commands for a CI: `ci init` writes workflows, and their jobs run the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, RosterOption, app, course_of
from autograder.cli.console import say, short
from autograder.cli.servers import FEEDBACK_TOKEN, provider_of, server_with
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    from autograder.ci.board import Board
    from autograder.ci.feedback_pages import Unaddressed
    from autograder.ci.post import Posted
    from autograder.hosting.api import Api

ci_app = typer.Typer(no_args_is_help=True, help="Score a class in CI, with hidden checks that stay hidden.")
app.add_typer(ci_app, name="ci")


@ci_app.callback()
def ci() -> None:
    """Commands of the grading repository."""


@ci_app.command(epilog="Example: autograder ci init --provider github")
def init(
    provider: Annotated[
        str, typer.Option("--provider", metavar="github|gitlab|classroom50", help="Where the course is kept.")
    ],
    classroom: Annotated[
        str, typer.Option("--classroom", metavar="SHORT-NAME", help="With classroom50: its short name there.")
    ] = "",
    wake: Annotated[
        str, typer.Option("--wake", metavar="URL", help="With classroom50: what a hand-in calls, to be graded at once.")
    ] = "",
    course: CourseOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a workflow that was changed by hand.")] = False,
) -> None:
    """Write a workflow that collects, grades and publishes, and what it installs, into the course."""
    from autograder.ci.setup import Classroom50, write

    if provider != "classroom50" and (classroom or wake):
        raise AutograderError("--classroom, --wake: expected with --provider classroom50, got them without it.")
    if provider == "classroom50":
        for path in write(course_of(course), "github", force=force, classroom50=Classroom50(classroom, wake)):
            say(f"wrote {path}")
        say(f"Next: copy classroom50/{classroom} into your clone of Classroom 50's repository, and push both.")
        say("Secrets here: COLLECT_TOKEN, CLASSROOM50_TOKEN and AUTOGRADER_SIGNING_KEY. docs/classroom50.md has more.")
        return
    wanted = provider_of(provider, "github, gitlab or classroom50")
    for path in write(course_of(course), wanted, force=force):
        say(f"wrote {path}")
    record = ", RECORD_TOKEN in one called marks" if provider == "gitlab" else ""
    say(f"Next: fill in students.csv (id,name,{provider}; autograder ci repos fills in remote), commit, push to a")
    say("private repository, and set the secrets there: COLLECT_TOKEN, FEEDBACK_TOKEN and AUTOGRADER_SIGNING_KEY in an")
    say(f"environment called grading{record}. docs/ci.md has each step.")


@ci_app.command(epilog="Example: autograder ci post feedback --submitted work/submitted")
def post(
    feedback: Annotated[Path, typer.Argument(metavar="FEEDBACK", help="What `autograder ci publish` wrote.")],
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Where commits are recorded. Default: work/submitted.")
    ] = None,
    roster: RosterOption = None,
    kind: Annotated[
        str, typer.Option("--as", metavar="comment|check", help="An issue, or a check run (GitHub App).")
    ] = "comment",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be written, and write nothing.")] = False,
    course: CourseOption = None,
) -> None:
    """Bring each student's feedback on GitHub or GitLab up to date: one issue an assignment.

    The token is $AUTOGRADER_FEEDBACK_TOKEN. Exit 1 if a student could not be told, or is left for the next run.
    """
    from datetime import UTC, datetime

    from autograder.ci.feedback_pages import Message, Pages, find
    from autograder.ci.post import post as send
    from autograder.roster.read import read_roster

    this_course = course_of(course)
    if not feedback.is_dir():
        raise AutograderError(f"{feedback}: expected a folder of feedback, got none. Hint: autograder ci publish.")
    submitted = submitted or this_course.work / "submitted"
    class_ = read_roster(roster or this_course.root / this_course.roster_file, this_course.zone)
    with _feedback_api(dry_run=dry_run) as api:
        board = _board(api, kind)
        pages = list(find(Pages(this_course, class_, api.server, feedback, submitted, datetime.now(UTC))))
        posted = send(board, [page for page in pages if isinstance(page, Message)])
    _say_posted(posted, [page for page in pages if not isinstance(page, Message)], dry_run=dry_run)


def _feedback_api(*, dry_run: bool) -> Api:
    from autograder.ci.rehearsal import Rehearsal
    from autograder.hosting.api import Api

    server = server_with(FEEDBACK_TOKEN, "docs/ci.md, the secret FEEDBACK_TOKEN")
    return Rehearsal(server, say) if dry_run else Api(server)


def _board(api: Api, kind: str) -> Board:
    from autograder.ci import on_github, on_gitlab

    if kind not in {"comment", "check"}:
        raise AutograderError(f"--as: expected comment or check, got {kind!r}.")
    if api.server.kind == "github":
        return on_github.GitHubIssues(api) if kind == "comment" else on_github.CheckRuns(api)
    if kind == "check":
        raise AutograderError("--as: expected comment, as GitLab has no check runs, got 'check'.")
    return on_gitlab.GitLabIssues(api)


def _say_posted(posted: Sequence[Posted], unaddressed: Sequence[Unaddressed], *, dry_run: bool) -> None:
    """How many, and why not. Exits with 1 if a student was not told."""
    from collections import Counter

    from autograder.ci.post import OUTCOMES

    counts = Counter(each.outcome for each in posted)
    counts["failed"] += len(unaddressed)
    rehearsed = "Nothing was written. It would be: " if dry_run else ""
    say(rehearsed + ", ".join(f"{counts[outcome]} {outcome}" for outcome in OUTCOMES))
    for page in unaddressed:
        say(f"{page.assignment}, {page.student}: {page.reason}", indent=2)
    for each in posted:
        if each.outcome == "failed":
            say(f"{each.assignment}, {', '.join(each.students)}: {each.reason}", indent=2)
    left = next((each for each in posted if each.outcome == "left"), None)
    if left:
        number = f"{counts['left']} of {len(posted)}"
        say(f"{number} left for the next run: {left.reason} Hint: run the same command in an hour.")
    if counts["failed"] or left:
        raise typer.Exit(1)


@ci_app.command(epilog="Example: autograder ci keygen --out ~/.config/autograder/course.pem")
def keygen(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The private key; FILE.pub is the public one.")],
) -> None:
    """Make a pair of Ed25519 keys. Store the private key as a secret of the CI, never in a repository."""
    from autograder.publishing.signing import VARIABLE, generate

    public = generate(out)
    say(f"{out}: private. Its text goes into the CI's secret {VARIABLE}, and into no repository.")
    say(f"{public}: public, for autograder verify --key")


@ci_app.command(epilog="Example: autograder ci publish results --out feedback")
def publish(
    results: Annotated[Path, typer.Argument(metavar="RESULTS", help="What the grading job handed over. Not trusted.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where signatures and feedback go.")],
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="Default: $AUTOGRADER_SIGNING_KEY; else unsigned.")
    ] = None,
    roster: RosterOption = None,
    require_signature: Annotated[
        bool, typer.Option("--require-signature", help="Without a key, publish nothing and exit with 2.")
    ] = False,
    course: CourseOption = None,
) -> None:
    """Check results against this course, sign them, write feedback without secrets. Exit 1 if any was refused."""
    from datetime import UTC, datetime

    from autograder.cli.by_hand import hand_work
    from autograder.publishing.publish import Class
    from autograder.publishing.publish import publish as run
    from autograder.publishing.signing import VARIABLE, private_key
    from autograder.roster.class_roster import class_roster

    this_course = course_of(course)
    key = private_key(key_file)
    if key is None and require_signature:
        raise AutograderError(
            f"${VARIABLE}: expected a signing key, got none. "
            "Hint: autograder ci keygen makes one; its text goes into the CI's secret of this name."
        )
    hand = hand_work(this_course, this_course.names())
    published = run(this_course, results, out, key, Class(class_roster(this_course, roster), hand, datetime.now(UTC)))
    for refused in published.refused:
        say(f"refused {refused.name}: {refused.reason}")
    state = "signed and published" if key else "published, NOT signed: there is no key"
    say(f"{published.number} results {state}; {len(published.refused)} refused. Feedback: {short(out)}")
    if published.stale:
        stale = counted(len(published.stale), "student has", "students have")
        say(f"{stale} feedback of an earlier time there. Hint: publish into a new folder.")
    if published.refused:
        raise typer.Exit(1)

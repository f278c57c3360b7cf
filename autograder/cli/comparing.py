"""Commands about earlier results: `diff` and `revert` compare gradings and put one back, `verify` grades again."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, JobsOption, app, course_of, jobs_of
from autograder.cli.console import cell, columns, say, short, show
from autograder.errors import AutograderError, CourseError
from autograder.text import counted

if TYPE_CHECKING:
    from autograder.publishing.verify import Verification
    from autograder.records.result import Result


ResultsOption = Annotated[
    Path | None, typer.Option("--results", metavar="DIR", help="The folder with the history. Default: work/results.")
]


@app.command(epilog="Example: autograder diff previous current --csv changes.csv")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A grading, or a folder of results.")] = "previous",
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same.")] = "current",
    results: ResultsOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every result that changed.")] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Also write everything as CSV.")] = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write everything as JSON.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="Show the gradings that there are, and stop.")] = False,
    course: CourseOption = None,
) -> None:
    """Say whose score changes between two gradings, by which check and why. Exits with 1 if some score does.

    A grading is `current`, `previous`, or the first letters of its id (see --list).
    """
    from autograder.cli.changes import as_csv, as_json, print_comparison
    from autograder.files import write_atomically
    from autograder.records.compare import compare

    if listing:
        _print_gradings(_folder(results, course))
        return
    sides = _results_of(old, results, course), _results_of(new, results, course)
    comparison = compare(*sides, _counts(course))
    print_comparison(comparison, everything=everything)
    for path, text in ((csv, as_csv(comparison)), (json, as_json(comparison, old, new))):
        if path:
            write_atomically(path, text)
            say(f"everything: {short(path)}")
    if comparison.of("score"):
        raise typer.Exit(1)


@app.command(epilog="Example: autograder revert previous")
def revert(
    grading: Annotated[str, typer.Argument(metavar="GRADING", help="`previous`, or an id.")] = "previous",
    results: ResultsOption = None,
    course: CourseOption = None,
) -> None:
    """Put the results of an earlier grading back: a new grading, so nothing is lost and a revert can be reverted."""
    from autograder.cli.changes import summary
    from autograder.records import history
    from autograder.records import writer as keeper
    from autograder.records.compare import compare

    folder = _folder(results, course)
    last = history.current(folder)
    back = keeper.revert(folder, grading)
    before = history.read_graded(folder, last) if last else []
    changed = summary(compare(before, history.read_graded(folder, back), _counts(course)))
    say(f"{short(folder)}: the results of grading {back[:8]} again: {changed}.")
    say("Next: autograder report. `autograder grade` would grade again what the checks of today judge otherwise.")


def _counts(course: Path | None) -> float:
    """The share of carried points that counts in the course; the default's if two folders lie in none."""
    from autograder.marking_rules import MarkingRules

    try:
        return course_of(course).policy.carried_forward
    except CourseError:
        if course is not None:
            raise
        return MarkingRules().carried_forward


def _folder(results: Path | None, course: Path | None) -> Path:
    return results or course_of(course).work / "results"


def _results_of(name: str, results: Path | None, course: Path | None) -> list[Result]:
    """The results of a folder, or else of the grading of that name."""
    from autograder.records import history
    from autograder.records.store import read_attempts

    if name not in {"current", "previous"} and Path(name).is_dir():
        return read_attempts(Path(name))
    folder = _folder(results, course)
    if name == "current" and history.current(folder) is None:
        return read_attempts(folder)
    if "/" in name:
        raise AutograderError(f"{name}: expected a folder of results, got none. Hint: autograder diff --list.")
    return history.read_graded(folder, history.resolve(folder, name))


def _print_gradings(folder: Path) -> None:
    """Print the gradings, the last one first. The time is the file's, and nothing depends on it."""
    from autograder.records import history

    gradings = list(history.gradings(folder))
    if not gradings:
        say(f"{short(folder)}: no grading yet. Next: autograder grade")
        return
    first_of = {str(sorted(g.files.items())): i for i, g in gradings}  # the earliest with these results
    table = columns(
        "grading", "when", "results", "changed", "new", "gone", "", right=("results", "changed", "new", "gone")
    )
    for i, (identity, grading) in enumerate(gradings):
        files = grading.files
        before = gradings[i + 1][1].files if i + 1 < len(gradings) else {}
        counts = (
            len(files),
            sum(files[k] != before[k] for k in files.keys() & before.keys()),
            len(files.keys() - before.keys()),
            len(before.keys() - files.keys()),
        )
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(history.grading_path(folder, identity).stat().st_mtime))
        same = first_of[str(sorted(files.items()))]
        note = {0: "current", 1: "previous"}.get(i, "") + (f" = {same[:8]}" if same != identity else "")
        table.add_row(cell(identity[:8]), when, *(str(n) for n in counts), cell(note))
    show(table)


_MAX_SHOWN = 20  # differences of one result


@app.command(epilog="Example: autograder verify work/results/a1_gradient_ascent/ada.json")
def verify(
    results: Annotated[
        list[Path] | None, typer.Argument(metavar="[RESULT]...", help="Result files, or folders of them.")
    ] = None,
    submitted: Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")] = None,
    notebook: Annotated[Path | None, typer.Option("--notebook", help="What was handed in, of one result.")] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PUBLIC.pem", help="Insist on signatures of this key.")
    ] = None,
    signatures: Annotated[
        Path | None, typer.Option("--signatures", metavar="DIR", help="Where ci publish wrote. Default: beside.")
    ] = None,
    receipt: Annotated[
        Path | None,
        typer.Option(
            "--receipt", metavar="FILE", help="A receipt of the portal, in the place of results; needs --key."
        ),
    ] = None,
    jobs: JobsOption = None,
    course: CourseOption = None,
) -> None:
    """Grade again with the recorded seed, and say identical or what differs. Exit 1 if anything does.

    With --receipt: say whose it is, and if --notebook is what was handed in.
    """
    if receipt:
        if results or not key:
            raise AutograderError(
                "--receipt: expected --key and no results. Hint: the key is work/portal/receipts.pem.pub."
            )
        _verify_receipt(receipt, notebook, key)
        return
    if not results:
        raise AutograderError("verify: expected results or --receipt, got neither. Hint: autograder verify --help.")
    from autograder.intake.received import Trust
    from autograder.publishing import signing
    from autograder.publishing import verify as stage
    from autograder.secret import known_secret

    this_course = course_of(course)
    files = _files(results)
    if notebook and len(files) != 1:
        raise AutograderError(f"--notebook: expected one result for it, got {len(files)}.")
    public = signing.public_key(key) if key else None
    secret = known_secret(this_course)
    sources = stage.Sources(
        this_course,
        submitted or this_course.work / "submitted",
        notebook,
        public,
        signatures,
        Trust(secret, this_course.trust_timestamps) if secret else None,
    )
    differing = 0
    for finding in stage.verify(files, sources, jobs_of(jobs)):
        _print(finding)
        differing += bool(finding.differs)
    if len(files) > 1:
        say(f"{counted(len(files), 'result')}: {len(files) - differing} identical, {differing} differ")
    if differing:
        raise typer.Exit(1)


def _verify_receipt(file: Path, notebook: Path | None, key: Path) -> None:
    """One line: whose, what and when. Exit 1 if this key did not sign it, or it is of another notebook."""
    from autograder.files import read_bytes, size_text
    from autograder.intake.reader import NOTEBOOK
    from autograder.portal import signed_receipts
    from autograder.publishing.signing import public_key

    public, text = public_key(key), read_bytes(file, signed_receipts.FILE)
    try:
        receipt = signed_receipts.checked(text, public)
    except AutograderError as error:
        say(str(error))
        raise typer.Exit(1) from None
    about = f"{receipt.student}, {receipt.assignment}, {receipt.when:%Y-%m-%d %H:%M:%S %Z}, {size_text(receipt.size)}"
    fits = notebook is None or receipt.is_of(read_bytes(notebook, NOTEBOOK))
    of = "" if notebook is None else f"; {notebook.name} is {'what' if fits else 'NOT what'} was handed in"
    say(f"receipt {receipt.id}: {about}, {receipt.course}: signed{of}")
    if not fits:
        raise typer.Exit(1)


def _files(given: list[Path]) -> list[Path]:
    """Files as they are; of folders, what lies where `grade` writes results."""
    files: list[Path] = []
    for path in given:
        matches = (
            [*path.glob("*.json"), *path.glob("*/*.json"), *path.glob("*/earlier/*/*.json")] if path.is_dir() else []
        )
        if not matches and not path.is_file():
            raise AutograderError(f"{path}: expected a result file or a folder of them, got none.")
        files += sorted(matches) or [path]
    return files


def _print(finding: Verification) -> None:
    end = "differs" if finding.differs else "identical"
    say(f"{finding.name}: {end}" + (f" ({finding.signature})" if finding.signature else ""))
    for each in finding.differs[:_MAX_SHOWN]:
        say(each, indent=2)
    if len(finding.differs) > _MAX_SHOWN:
        say(f"and {len(finding.differs) - _MAX_SHOWN} more", indent=2)
    if finding.environment:
        say(f"environment: {'; '.join(finding.environment)}", indent=2)

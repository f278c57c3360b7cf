"""Commands that compare gradings, and put an earlier one back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app
from autograder.cli.console import cell, columns, say, short, show
from autograder.cli.options import CourseOption, course_of
from autograder.errors import AutograderError

if TYPE_CHECKING:
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
    found = compare(_results_of(old, results, course), _results_of(new, results, course))
    print_comparison(found, everything=everything)
    for path, text in ((csv, as_csv(found)), (json, as_json(found, old, new))):
        if path:
            write_atomically(path, text)
            say(f"everything: {short(path)}")
    if found.of("score"):
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
    changed = summary(compare(before, history.read_graded(folder, back)))
    say(f"{short(folder)}: the results of grading {back[:8]} again: {changed}.")
    say("Next: autograder report. `autograder grade` would grade again what the checks of today judge otherwise.")


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

    found = list(history.gradings(folder))
    if not found:
        say(f"{short(folder)}: no grading yet. Next: autograder grade")
        return
    first_of = {str(sorted(g.files.items())): i for i, g in found}  # the earliest with these results
    table = columns(
        "grading", "when", "results", "changed", "new", "gone", "", right=("results", "changed", "new", "gone")
    )
    for i, (identity, grading) in enumerate(found):
        files = grading.files
        before = found[i + 1][1].files if i + 1 < len(found) else {}
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

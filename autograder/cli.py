"""The commands. Each says what it did in a few lines; errors are one line. Nothing is decided here.

Imports of the stages stand inside the commands: `autograder --help` must not wait for NumPy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder import __version__
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.course import Course
    from autograder.grading.results import Result
    from autograder.reports.summary import Summary

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Release notebooks, grade what students hand in, report. The student's process never holds the answer.",
)

# What a CI runner takes for a command wherever it stands in a log: `::error::`, `##[error]`, `##vso[…]`. GitHub's
# also skips the spaces before it, and a table breaks its lines where it likes: so not only at the beginning of a line.
_LOG_COMMAND = re.compile(r":(?=:[A-Za-z][\w-]*[ :])|#(?=#(?:vso)?\[)")

CourseOption = Annotated[
    Path | None, typer.Option("--course", help="The course folder. Default: looked for upwards from here.")
]
Assignments = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Assignments. Default: all.")]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", min=1, max=256, help="Grader processes. Default: one a core.")
]
TierOption = Annotated[
    str | None,
    typer.Option("--tier", metavar="A|B", help="Insist on a sandbox tier. Default: the best that holds."),
]


def main() -> None:
    """Run a command; what goes wrong is one line on stderr and exit code 2."""
    try:
        app()
    except AutograderError as error:
        typer.echo(f"autograder: {_plain(str(error))}", err=True)
        raise SystemExit(2) from None
    except BrokenPipeError:  # `autograder grade | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Options before a command."""
    if show:
        typer.echo(f"autograder {__version__}")
        raise typer.Exit


@app.command(epilog="Example: autograder init my-course")
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a course folder that holds the assignments of this package, ready to release."""
    from autograder.scaffold import init as make

    course = make(folder)
    _console().print(
        f"{course.root}: a course with {', '.join(course.names())}. Next: cd {folder} && autograder release",
        soft_wrap=True,
    )


@app.command(epilog="Example: autograder new a4_attention")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _.")],
    course: CourseOption = None,
) -> None:
    """Add a skeleton assignment that already releases, grades and passes its audit."""
    from autograder.scaffold import new as make

    folder = make(_course(course), name)
    _console().print(f"{folder}: written. Next: edit notebook.py there, then autograder audit {name}", soft_wrap=True)


@app.command(epilog="Example: autograder release a1_gradient_ascent")
def release(
    names: Assignments = None,
    course: CourseOption = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if assignments/ is stale.")] = False,
) -> None:
    """Make what students get: solutions/NAME → assignments/NAME, checked for leaks first."""
    from autograder.release import build

    here = _course(course)
    stale = []
    for name in here.select(names or ()):
        if check:
            fresh = build.is_fresh(here, name)
            stale += [] if fresh else [name]
            _console().print(
                f"{name}: {'fresh' if fresh else 'stale. Run: autograder release ' + name}", soft_wrap=True
            )
        else:
            files = build.release(here, name)
            _console().print(f"{name}: wrote {', '.join(str(_short(f)) for f in files)}", soft_wrap=True)
    if stale:
        raise typer.Exit(1)


@app.command(epilog="Example: autograder audit a1_gradient_ascent")
def audit(
    names: Assignments = None,
    course: CourseOption = None,
    seeds: Annotated[int, typer.Option(min=1, help="Grade each as often, with other hidden inputs every time.")] = 1,
    tier: TierOption = None,
    jobs: JobsOption = None,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write everything as JSON.")] = None,
) -> None:
    """Test the tests: solution, starter, every sample and every mutant of the solution → kill matrix."""
    from autograder.audit import figure
    from autograder.audit.accuracy import accuracy, as_json
    from autograder.audit.run import audit as run
    from autograder.audit.run import corpus
    from autograder.audit.show import show
    from autograder.authoring.assignment import load_assignment
    from autograder.grading.results import write_atomically

    here = _course(course)
    audits = []
    for name in here.select(names or ()):
        cases = corpus(load_assignment(here.solutions / name))
        with _progress(name, len(cases) * seeds) as step:
            findings = run(here, name, cases, seeds=seeds, tier=_tier(tier), jobs=_jobs(jobs), done=step)
        numbers = accuracy(name, findings)
        show(_console(), findings, numbers)
        picture = here.work / "audit" / f"{name}.png"
        figure.save(picture, findings, numbers)
        _console().print(f"  kill matrix: {_short(picture)}", soft_wrap=True)
        audits.append((findings, numbers))
    if json:
        write_atomically(json, as_json(audits))
    if any(numbers.idle or any(f.problem for f in findings) for findings, numbers in audits):
        raise typer.Exit(1)


@app.command(epilog="Example: autograder check a1_gradient_ascent.ipynb")
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    assignment: Annotated[
        str | None, typer.Option("-a", "--assignment", help="Default: the notebook's file name.")
    ] = None,
    course: CourseOption = None,
    tier: TierOption = None,
) -> None:
    """Run the public checks on a notebook, in the same sandbox as the mark. For students."""
    from autograder.authoring.released import load_released
    from autograder.grading.submission import grade_notebook
    from autograder.intake.reader import read_notebook
    from autograder.sandbox.tiers import open_sandbox

    here = _course(course, start=notebook.parent)
    suite = load_released(here.assignments / (assignment or notebook.stem))
    text = read_notebook(notebook)
    with open_sandbox({suite.name: suite.handouts}, _tier(tier)) as zygote:
        result = grade_notebook(text, "you", suite, zygote, b"public checks draw nothing")
    _print_checks(result)
    if any(c.outcome != "pass" for q in result.questions for c in q.checks):
        raise typer.Exit(1)


@app.command(epilog="Example: autograder grade work/submitted --jobs 4")
def grade(
    submitted: Annotated[
        Path | None, typer.Argument(help="STUDENT/ASSIGNMENT/*.ipynb. Default: work/submitted.")
    ] = None,
    names: Annotated[list[str] | None, typer.Option("-a", "--assignment", help="Only these. Repeatable.")] = None,
    student: Annotated[list[str] | None, typer.Option("--student", help="Only these students. Repeatable.")] = None,
    jobs: JobsOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where results go. Default: work/results.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also grade again what is up to date.")] = False,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Grade WITHOUT a sandbox. Stamped on every result.")] = False,
    tier: TierOption = None,
    course: CourseOption = None,
) -> None:
    """Grade what was handed in: hidden checks in the grader, student code in the sandbox."""
    from autograder.grading.grade import Plan
    from autograder.grading.grade import grade as run
    from autograder.intake.submissions import find_submissions

    wanted: Any = "unsafe" if unsafe else _tier(tier)
    here = _course(course)
    chosen = here.select(names or ())
    found = find_submissions(submitted or here.work / "submitted", chosen, student or ())
    plan = Plan(
        here,
        chosen,
        tuple(found),
        out or here.work / "results",
        _jobs(jobs),
        wanted,
        everything,
    )
    with _progress("grading", len(found)) as step:
        results = run(plan, lambda _: step())
    _print_counts(results)
    _console().print(
        f"results: {_short(plan.out)}, grades: {_short(plan.out / 'grades.csv')}. Next: autograder report",
        soft_wrap=True,
    )


@app.command(epilog="Example: autograder report --out work/reports")
def report(
    results: Annotated[Path | None, typer.Argument(metavar="[RESULTS]", help="Default: work/results.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where pages go. Default: work/reports.")] = None,
    course: CourseOption = None,
) -> None:
    """Write the class page and one feedback page a student."""
    from autograder.grading.results import read_results
    from autograder.reports.pages import write_reports

    here = _course(course)
    found = read_results(results or here.work / "results")
    with _progress("writing pages", len(found)) as step:
        index = write_reports(here, found, out or here.work / "reports", step)
    _console().print(f"class report: {_short(index)} ({len(found)} student pages beside it)", soft_wrap=True)


@app.command(epilog="Example: autograder export nbgrader")
def export(
    kind: Annotated[str, typer.Argument(metavar="FORMAT", help="csv, of automatic scores, or nbgrader.")],
    out: Annotated[Path | None, typer.Option("--out", help="A file. Default: work/exports/. Not for nbgrader.")] = None,
    results: Annotated[Path | None, typer.Option("--results", help="Default: work/results.")] = None,
    submitted: Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")] = None,
    course: CourseOption = None,
) -> None:
    """Hand the results on: a table, or nbgrader's gradebook with what formgrader opens."""
    from autograder.grading.results import grades_csv, read_results, write_atomically

    if kind not in {"csv", "nbgrader"}:
        raise AutograderError(f"export: expected csv or nbgrader, got {kind!r}.")
    if kind == "nbgrader" and out:
        raise AutograderError("--out: expected none, got one. Hint: where the gradebook is, course.toml says.")
    here = _course(course)
    found = read_results(results or here.work / "results")
    if kind == "csv":
        target = out or here.work / "exports" / "grades.csv"
        write_atomically(target, grades_csv(found))
        _console().print(f"csv: {_short(target)} ({len(found)} rows)", soft_wrap=True)
        return
    from autograder.interop.gradebook import export_results

    written = export_results(here, found, submitted or here.work / "submitted")
    _console().print(
        f"gradebook: {written.submissions} submissions at {written.url}, {written.look} grades for a person to give. "
        "Next: nbgrader formgrader",
        soft_wrap=True,
    )


@app.command(epilog="Example: autograder demo --out /tmp/demo")
def demo(
    out: Annotated[Path | None, typer.Option("--out", help="A folder to make anew. Default: work/demo.")] = None,
    jobs: JobsOption = None,
) -> None:
    """Show the whole flow on a sample class: release, hand in, grade, report."""
    from autograder import tour

    shown = tour.Stage(_console(), _progress)
    for summary in tour.run(out or Path("work") / "demo", _jobs(jobs), shown):
        _print_summary(summary)


@app.command(epilog="Example: autograder doctor")
def doctor() -> None:
    """Say what this machine can enforce around student code, found out by trying."""
    from autograder.doctor import can_grade, examine

    console = _console()
    findings = examine()
    for finding in findings:
        mark = {True: "[green]yes[/]", False: "[red]no[/]", None: "   "}[finding.good]
        console.print(f"{mark:4} [bold]{finding.what}[/]: ", end="", soft_wrap=True)
        console.print(_plain(finding.says), markup=False, soft_wrap=True)
    if not can_grade(findings):
        raise typer.Exit(1)


def _course(given: Path | None, start: Path | None = None) -> Course:
    from autograder.course import find_course, open_course

    return open_course(given) if given else find_course(start or Path.cwd())


def _tier(text: str | None) -> Any:
    if text not in {None, "A", "B"}:
        raise AutograderError(f"--tier: expected A or B, got {text!r}.")
    return text


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _plain(text: str) -> str:
    from autograder.grading.results import one_line

    return _LOG_COMMAND.sub(lambda sign: f"{sign[0]} ", one_line(text, 2000))


def _jobs(wanted: int | None) -> int:
    return wanted or len(os.sched_getaffinity(0))


def _short(path: Path) -> Path:
    """A path as a person in this folder would type it."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return path


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere: logs and pipes get the closing lines only."""
    console = _console()
    if not console.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def _print_counts(results: list[Result]) -> None:
    """How many of each status, and by name who needs a human: the first few."""
    from collections import Counter

    counts = Counter(r.status for r in results)
    _console().print(
        f"{len(results)} submissions: {', '.join(f'{n} {s}' for s, n in sorted(counts.items())) or 'none'}",
        soft_wrap=True,
    )
    odd = [r for r in results if r.status != "graded"]
    for r in odd[:10]:
        _console().print(_plain(f"  {r.assignment}, {r.student}: {r.status}: {r.reason}"), markup=False, soft_wrap=True)
    if len(odd) > 10:
        _console().print(f"  and {len(odd) - 10} more; see grades.csv", soft_wrap=True)
    if any(r.sandbox.tier == "unsafe" for r in results):
        _console().print("[bold red]graded WITHOUT a sandbox (--unsafe): do not publish these marks[/]", soft_wrap=True)


def _print_checks(result: Result) -> None:
    from rich.table import Table

    table = Table("", "check", "says", box=None, pad_edge=False)
    for question in result.questions:
        for c in question.checks:
            good = c.outcome == "pass"
            table.add_row(
                f"[{'green' if good else 'red'}]{c.outcome}[/]", c.id, _escape(c.title if good else c.message)
            )
    console = _console()
    for error in result.cell_errors:
        console.print(_plain(f"code cell {error.cell}: {error.error}"), markup=False, soft_wrap=True)
    console.print(table)
    passed = sum(c.outcome == "pass" for q in result.questions for c in q.checks)
    total = sum(len(q.checks) for q in result.questions)
    console.print(f"{passed} of {total} public checks passed. Hidden checks run after you hand in.", soft_wrap=True)


def _print_summary(summary: Summary) -> None:
    console = _console()
    console.print(f"\n[bold]{summary.assignment}[/]", soft_wrap=True)
    console.print(
        f"  class mean {summary.mean:.1f}, median {summary.median:.1f} of {summary.max_score:g}",
        soft_wrap=True,
    )
    if summary.hardest:
        q = summary.hardest
        console.print(f"  hardest question: {q.id} {q.title}, {100 * q.rate:.0f} % of the points", soft_wrap=True)
    if summary.mistakes:
        m = summary.mistakes[0]
        console.print(f"  most common mistake: {m} ({m.students} students)", soft_wrap=True)


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(_plain(text))

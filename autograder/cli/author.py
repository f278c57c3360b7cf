"""Commands for authors: init, new, release, audit."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import (
    Assignments,
    CourseOption,
    DeviceOption,
    JobsOption,
    TierOption,
    app,
    course_of,
    jobs_of,
    tier_of,
)
from autograder.cli.console import console, progress, say, short, stages
from autograder.errors import AutograderError, SandboxError
from autograder.text import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from autograder.assignment.assignment import Assignment
    from autograder.course import Course
    from autograder.sandbox.prestart import Prestart


@app.command(epilog="Example: autograder init my-course")
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")]) -> None:
    """Make a course folder that holds the assignments of this package, ready to release."""
    from autograder.scaffold import init as make

    course = make(folder)
    say(f"{course.root}: a course with {', '.join(course.names())}. Next: cd {folder} && autograder release")


@app.command(epilog="Example: autograder new a5_attention, or autograder new a5_tables --kind pandas")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _.")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="numpy|pandas|plots|text|tests",
            help="Arrays; tables, with a CSV file; drawings; answers in words; or a test of functions.",
        ),
    ] = "numpy",
    course: CourseOption = None,
) -> None:
    """Add a skeleton assignment that already releases, grades and passes its audit."""
    from autograder.scaffold import new as make

    folder = make(course_of(course), name, kind)
    say(f"{folder}: written. Next: edit notebook.py there, then autograder audit {name}")


@app.command(epilog="Example: autograder release a1_gradient_ascent --to ../starter")
def release(
    names: Assignments = None,
    course: CourseOption = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 if assignments/ is stale.")] = False,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="DIR", help="Also write a repository for students to start from.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="In DIR, replace what was changed by hand, too.")] = False,
) -> None:
    """Make the files that students get: solutions/NAME → assignments/NAME.

    First your solution runs in the sandbox and must pass every check. Then the files are searched for answers. The
    page that `open_first` of course.toml names goes beside them.
    """
    from autograder.release.unchanged import is_unchanged

    this_course = course_of(course)
    if check and to:
        raise AutograderError("--to: expected without --check, which writes nothing, got both.")
    names = list(this_course.select(names or ()))
    changed = [name for name in names if not is_unchanged(this_course, name)]
    for name in (n for n in names if n not in changed):
        say(f"{name}: fresh" if check else f"{name}: nothing changed since its release")
    stale = _compare(this_course, changed) if check else []
    loaded = {} if check else _make(this_course, changed)
    page_is_stale = _first_page(this_course, loaded, check=check)
    if to:
        from autograder.release.repository import write_starter

        with stages(str(to), 1) as begin:
            begin("searching for answers, then writing")
            written = write_starter(this_course, names, to, force=force)
        say(f"{to}: {counted(len(written), 'file')} written, nothing secret in them")
    _say_next(stale, to, page_is_stale=page_is_stale)
    if stale or page_is_stale:
        raise typer.Exit(1)


def _compare(course: Course, names: list[str]) -> list[str]:
    """The assignments whose release is not what a new one would be."""
    from autograder.release import build

    stale = []
    for name in names:
        with stages(name, build.STAGES) as begin:
            fresh = build.is_fresh(course, name, begin)
        say(f"{name}: {'fresh' if fresh else 'stale'}")
        stale += [] if fresh else [name]
    return stale


def _make(course: Course, names: list[str]) -> dict[str, Assignment]:
    """Release these. Returns them by name, since each takes half a second to read."""
    if not names:
        return {}
    from autograder.assignment.assignment import load_assignment
    from autograder.interop.tools import get_ready
    from autograder.release import build

    get_ready()  # the imports take as long as the trial
    with _prestart(course.solutions / names[0]) as prestart:
        loaded = {name: load_assignment(course.solutions / name) for name in names}
        tried = _try_out(list(loaded.values()), prestart)
    for name in names:
        with stages(name, build.STAGES) as begin:
            files = build.release(course, name, begin, tried=tried, loaded=loaded)
        say(f"{name}: wrote {', '.join(str(short(f)) for f in files)}")
    return loaded


def _first_page(course: Course, loaded: Mapping[str, Assignment], *, check: bool) -> bool:
    """Write the page that students open first, or compare it. Returns whether it is stale."""
    from autograder.release.unchanged import is_first_page_unchanged

    if not course.open_first:
        return False
    if is_first_page_unchanged(course):
        say(f"open first: {'fresh' if check else 'nothing changed'}")
        return False
    from autograder.release.first_page import is_first_page_fresh, release_first_page

    if not check:
        files = release_first_page(course, loaded)
        say(f"open first: wrote {', '.join(str(short(f)) for f in files)}")
        return False
    fresh = is_first_page_fresh(course)
    say(f"open first: {'fresh' if fresh else 'stale'}")
    return not fresh


def _prestart(folder: Path) -> AbstractContextManager[Prestart | None]:
    """A sandbox that starts now, while the assignments are read, with what the first one needs."""
    from autograder.assignment.equipping import equipment_in
    from autograder.sandbox.prestart import Prestart

    return Prestart(None, equipment_in(folder)) if sys.platform == "linux" else nullcontext()


def _try_out(assignments: list[Assignment], prestart: Prestart | None) -> bool:
    """Run each solution in the sandbox, and put all checks to it. Say so, and return False, where nothing can run."""
    from autograder.release.trial import sandboxes_for, try_out

    try:
        with sandboxes_for(assignments, prestart) as sandbox_of:
            for assignment in assignments:
                with stages(assignment.name, 1) as begin:
                    begin("running your solution in the sandbox, with every check")
                    try_out(assignment, sandbox_of(assignment))
    except SandboxError as error:
        say(f"NOT TRIED: neither the solutions nor their public checks ran. {error} Then: autograder audit.", "bold")
        return False
    return True


def _say_next(stale: list[str], to: Path | None, *, page_is_stale: bool) -> None:
    if stale or page_is_stale:
        say(" ".join(["Next: autograder release", *stale]))
    elif to:
        say(f"Next: commit and push {to}, from which students start; then autograder collect")
    else:
        say("Next: give students the folders of assignments/, or autograder release --to DIR for a repository")


@app.command(epilog="Example: autograder audit a1_gradient_ascent")
def audit(
    names: Assignments = None,
    course: CourseOption = None,
    seeds: Annotated[
        int | None,
        typer.Option(min=1, help="Grade each as often, with other hidden inputs every time. Default: 3; a mutant 1."),
    ] = None,
    tier: TierOption = None,
    jobs: JobsOption = None,
    device: DeviceOption = "cpu",
    first: Annotated[bool, typer.Option("--first", help="Stop at the first notebook with other points.")] = False,
    json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Also write everything as JSON.")] = None,
) -> None:
    """Test the checks on the solution, the starter, functions that do nothing, all samples and all mutants.

    Exit 1 if one of them gets other points than it must. The kill matrix is drawn into work/audit/.
    """
    from autograder.assignment.assignment import load_assignment
    from autograder.audit import figure
    from autograder.audit.accuracy import accuracy, as_json
    from autograder.audit.run import audit as run
    from autograder.audit.run import corpus, draws_of
    from autograder.audit.show import show, show_first, show_withheld
    from autograder.authoring.slip_faults import MANY
    from autograder.files import write_atomically
    from autograder.judging.device import open_device
    from autograder.release.trial import require_not_free

    open_device(device)  # now, not in the middle
    this_course = course_of(course)
    audits = []
    for name in this_course.select(names or ()):
        assignment = load_assignment(this_course.solutions / name)
        require_not_free(assignment, MANY)
        cases = corpus(assignment)
        with progress(name, sum(draws_of(case, seeds) for case in cases)) as step:
            how = {"seeds": seeds, "tier": tier_of(tier), "jobs": jobs_of(jobs), "device": device}
            findings = run(this_course, name, cases, **how, first=first, done=step)
        if first and findings[0].problem:
            show_first(console(), name, findings[0])
            raise typer.Exit(1)
        numbers = accuracy(name, findings, this_course.policy.carried_forward)
        show(console(), findings, numbers)
        show_withheld(console(), this_course.solutions / name)
        picture = this_course.work / "audit" / f"{name}.png"
        figure.save(picture, findings, numbers)
        say(f"kill matrix: {short(picture)}", indent=2)
        audits.append((findings, numbers))
    if json:
        write_atomically(json, as_json(audits))
    if any(numbers.idle or any(f.problem for f in findings) for findings, numbers in audits):
        raise typer.Exit(1)

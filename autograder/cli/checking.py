"""The command for students: `check` runs the public checks on their notebooks."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.cli.app import CourseOption, TierOption, app, course_of, tier_of, working_folder
from autograder.cli.console import cell, plain, row, say, short
from autograder.cli.streams import tell
from autograder.errors import AutograderError, KilledError, SandboxError
from autograder.text import named

if TYPE_CHECKING:
    from autograder.assignment.assignment import Assignment
    from autograder.assignment.student_side import StudentSide
    from autograder.judging.own_notebooks import NotebookPlace, OwnNotebook
    from autograder.judging.public_checks import Checked
    from autograder.sandbox.launcher import Zygote
    from autograder.sandbox.prestart import Prestart


@app.command(epilog="Example: autograder check a1_gradient_ascent.ipynb")
def check(
    notebooks: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[NOTEBOOK]...", help="Your notebooks, or folders of them. Default: all that are here."),
    ] = None,
    assignment: Annotated[
        str, typer.Option("-a", "--assignment", help="Default: by the notebook's name, or by its code.")
    ] = "",
    course: CourseOption = None,
    tier: TierOption = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Run WITHOUT a sandbox, as Jupyter does. Only your own notebook.")
    ] = False,
) -> None:
    """Run the public checks on your notebooks, in the same sandbox as the mark. For students.

    The folder can be a course or the repository that you started from. Exit 1 if a check does not pass. The course is
    that of the working folder: a course around a notebook is another person's, perhaps.
    """
    from autograder.sandbox.prestart import Prestart

    wanted: Any = "unsafe" if unsafe else tier_of(tier)
    side = _side(course)
    usual = not any(released.packages or released.files for released in side.notebooks.values())
    with Prestart(wanted) if usual else contextlib.nullcontext() as prestart:
        from autograder.judging.own_notebooks import notebooks_in

        places = notebooks_in(notebooks or [], working_folder(), side)
        chosen, refused = _read(places, side, assignment, named=bool(notebooks))
        good = _put(chosen, wanted, prestart, side) if chosen else True
    _say_next(chosen, good=good, refused=refused)
    if refused or not good:
        raise typer.Exit(2 if refused else 1)


def _side(course: Path | None) -> StudentSide:
    from autograder.assignment.student_side import find_student_side, side_of_course

    return side_of_course(course_of(course)) if course else find_student_side(working_folder())


def _read(
    places: list[NotebookPlace], side: StudentSide, assignment: str, *, named: bool
) -> tuple[list[OwnNotebook], bool]:
    """The notebooks to check, and whether one could not be read. The only notebook raises its error.

    named: the student gave names, so a notebook that was not begun is checked, too.
    """
    from autograder.judging.own_notebooks import read_own

    chosen: list[OwnNotebook] = []
    refused = False
    for place in places:
        if place.copy_of:
            say(f"{short(place.path)}: not checked: it is a copy. Hint: {place.copy_of} is handed in; or name the copy")
            continue
        try:
            own = read_own(short(place.path), side, assignment)
        except AutograderError as error:
            if len(places) == 1:
                raise
            tell(f"autograder: {'' if place.sure else 'not checked: '}{plain(str(error))}")
            refused |= place.sure
            continue
        if not own.begun:
            say(f"{own.path}: as it was handed out: nothing of yours is saved in it. Hint: save it in Jupyter (Ctrl+S)")
        if own.begun or named:
            chosen.append(own)
    return chosen, refused


def _put(chosen: list[OwnNotebook], tier: Any, prestart: Prestart | None, side: StudentSide) -> bool:
    """Put the checks to each notebook, and print what came of it. Returns whether all passed."""
    from autograder.judging.public_checks import put_public_checks

    if tier == "unsafe":
        say("WITHOUT a sandbox (--unsafe): the notebook runs with your own rights, as in Jupyter.", "bold")
    passed = True
    for equipment in dict.fromkeys(own.assignment.equipment for own in chosen):
        sharing = [own for own in chosen if own.assignment.equipment == equipment]
        with _sandbox([own.assignment for own in sharing], tier, prestart, side) as zygote:
            for own in sharing:
                if len(chosen) > 1:
                    say(str(own.path), "bold")
                for remark in own.remarks:
                    say(f"{own.path.name}: {remark}.")
                checked = put_public_checks(own.notebook, own.assignment, zygote)
                _print_checks(checked)
                passed &= all(c.outcome == "pass" for c in checked.checks)
    return passed


def _sandbox(assignments: list[Assignment], tier: Any, prestart: Prestart | None, side: StudentSide) -> Zygote:
    """A sandbox for assignments of equal equipment."""
    from autograder.sandbox.tiers import open_sandbox

    handouts = {each.name: each.handouts for each in assignments}
    try:
        return open_sandbox(handouts, tier, prestart=prestart, equipment=assignments[0].equipment)
    except KilledError:
        raise
    except SandboxError as error:
        if tier is not None:
            raise
        other = ", or python public_checks.py" * side.starter
        raise SandboxError(
            f"sandbox: expected one on this machine, got none ({plain(str(error)).partition(' Hint:')[0]}). "
            f"Hint: your own notebook can run without one: autograder check --unsafe{other}."
        ) from None


def _say_next(chosen: list[OwnNotebook], *, good: bool, refused: bool) -> None:
    if refused:
        say("Next: mend the notebooks that could not be checked, and run autograder check again")
    elif not chosen:
        say("Next: write your answers where it says YOUR CODE HERE, save, and run autograder check again")
    elif good:
        say(f"Next: hand in {', '.join(dict.fromkeys(f'{own.assignment.name}.ipynb' for own in chosen))}")
    else:
        say("Next: mend the first check that does not pass, save the notebook, and run autograder check again")


def _print_checks(result: Checked) -> None:
    from autograder.records.faults import repeated

    for error in result.cell_errors:
        say(f"code cell {error.cell}: {error.error}")
    same = repeated(result.checks)
    for c in result.checks:
        good = c.outcome == "pass"
        row(cell(c.outcome, "green" if good else "red"), cell(named(c.title, c.id)), whole=True)
        if says := "" if good else same.get(c.id, c.message):
            say(says, indent=2)
    passed = sum(c.outcome == "pass" for c in result.checks)
    say(f"{passed} of {len(result.checks)} public checks passed. Hidden checks run after you hand in.")

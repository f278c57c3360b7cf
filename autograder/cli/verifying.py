"""What proves a result: its signature, and the grading once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import app
from autograder.cli.console import say
from autograder.cli.options import CourseOption, course_of
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.publishing.verify import Verification

_MAX_SHOWN = 20  # differences of one result


@app.command(epilog="Example: autograder verify work/results/a1_gradient_ascent/ada.json")
def verify(
    results: Annotated[list[Path], typer.Argument(metavar="RESULT...", help="Result files, or folders of them.")],
    submitted: Annotated[Path | None, typer.Option("--submitted", help="Default: work/submitted.")] = None,
    notebook: Annotated[Path | None, typer.Option("--notebook", help="What was handed in, of one result.")] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PUBLIC.pem", help="Insist on signatures of this key.")
    ] = None,
    signatures: Annotated[
        Path | None, typer.Option("--signatures", metavar="DIR", help="Where ci publish wrote. Default: beside.")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Grade again with the recorded seed, and say identical or what differs. Exit 1 if anything does."""
    from autograder.publishing import signing
    from autograder.publishing import verify as stage

    here = course_of(course)
    files = _files(results)
    if notebook and len(files) != 1:
        raise AutograderError(f"--notebook: expected one result for it, got {len(files)}.")
    public = signing.public_key(key) if key else None
    sources = stage.Sources(here, submitted or here.work / "submitted", notebook, public, signatures)
    differing = 0
    for finding in stage.verify(files, sources):
        _print(finding)
        differing += bool(finding.differs)
    if len(files) > 1:
        say(f"{len(files)} results: {len(files) - differing} identical, {differing} differ")
    if differing:
        raise typer.Exit(1)


def _files(given: list[Path]) -> list[Path]:
    """Files as they are; of folders, what lies where `grade` writes results."""
    files: list[Path] = []
    for path in given:
        found = (
            [*path.glob("*.json"), *path.glob("*/*.json"), *path.glob("*/earlier/*/*.json")] if path.is_dir() else []
        )
        if not found and not path.is_file():
            raise AutograderError(f"{path}: expected a result file or a folder of them, got none.")
        files += sorted(found) or [path]
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

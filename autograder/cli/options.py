"""The options that several commands share, and what they mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course

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

ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard", metavar="I/N", help="Grade only part I of N; after all parts, run it without (docs/scale.md)."
    ),
]
ClusterOption = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Grade on the workers of a Dask scheduler (docs/scale.md)."),
]
DeviceOption = Annotated[
    str, typer.Option("--device", metavar="cpu|cuda|strict", help="Where checks compute that can: cuda for a GPU.")
]


def course_of(given: Path | None, start: Path | None = None) -> Course:
    from autograder.course import find_course, open_course

    return open_course(given) if given else find_course(start or Path.cwd())


def tier_of(text: str | None) -> Any:
    if text not in {None, "A", "B"}:
        raise AutograderError(f"--tier: expected A or B, got {text!r}.")
    return text


def jobs_of(wanted: int | None) -> int:
    return wanted or len(os.sched_getaffinity(0))

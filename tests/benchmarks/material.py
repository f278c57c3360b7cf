"""What is graded in a benchmark: the solution, the starter and honest samples, as students hand them in.

Each is the released notebook, filled in. Samples that loop for ever or crash are left out: a kernel would wait for
those. Cells that only draw a figure are left out as well unless they are asked for: we and the floor do not run them
where they stand as released, nbgrader and otter do, and one of them is an animation of two seconds.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from interop.parity import filled_in

from autograder.assignment.assignment import Assignment
from autograder.assignment.samples import Sample, load_samples, solved_cells, starter_cells
from autograder.course import Course
from autograder.intake.submissions import Submission


@dataclass(frozen=True)
class Class:
    """Submissions of one assignment, the solution first. folder: STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb below it."""

    assignment: Assignment
    folder: Path
    submissions: tuple[Submission, ...]

    def first(self, count: int) -> tuple[Submission, ...]:
        return self.submissions[:count]


def honest(assignment: Assignment) -> list[Sample]:
    """Samples in an order of chance that is the same every time, right and wrong ones mixed."""
    chosen = [s for s in load_samples(assignment) if s.diagnosis not in {"timeout", "crash"}]
    return sorted(chosen, key=lambda s: hashlib.sha256(s.name.encode()).digest())


def hand_in(course: Course, assignment: Assignment, folder: Path, count: int, *, figures: bool = False) -> Class:
    """Write `count` submissions: solution, starter, then a sample each; from the first sample again when all are used."""
    released = json.loads((course.assignments / assignment.name / f"{assignment.name}.ipynb").read_text())
    left_out = set() if figures else {c.name for c in assignment.cells if c.role == "figure"}
    cells = [solved_cells(assignment), starter_cells(assignment)]
    cells += [solved_cells(assignment, sample) for sample in honest(assignment)[: max(0, count - 2)]]
    texts = [filled_in(released, own, left_out) for own in cells[:count]]
    made = []
    for i in range(count):
        path = folder / f"s{i:05}" / assignment.name / f"{assignment.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_told_apart(texts[i % len(texts)], i)))
        for name, file in assignment.handout_files.items():
            shutil.copyfile(file, path.parent / name)
        made.append(Submission(f"s{i:05}", assignment.name, path))
    return Class(assignment, folder, tuple(made))


def _told_apart(notebook: dict, number: int) -> dict:
    """With a comment of its own, so that each has another sha256, and other hidden inputs."""
    own = {"cell_type": "markdown", "id": "own-number", "metadata": {}, "source": f"Submission {number}."}
    return {**notebook, "cells": [*notebook["cells"], own]}

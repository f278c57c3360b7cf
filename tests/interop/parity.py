"""`make parity`: do nbgrader, otter and our grader give the same score for every question?

The real tools grade the same notebooks: `nbgrader autograde` over a class, otter's engine on autograder.zip, and
ours in the sandbox. Each notebook is the released one, filled in: the solution, nothing at all, every right sample
and 30 wrong ones. Figure cells, which carry no points and take most of a kernel's time, are left in the first two
only. Every difference must stand in known_differences.toml with its reason, and every one that stands there must show.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from interop import other_scores

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.samples import load_samples, solved_cells, starter_cells
from autograder.authoring.seeds import seeds_from
from autograder.course import FILE, bundled_course
from autograder.errors import CourseError
from autograder.intake.reader import read_notebook
from autograder.interop import nbgrader, otter
from autograder.interop.tools import run_tool
from autograder.judging.submission import grade_notebook
from autograder.records.result import Result
from autograder.release.build import student_files
from autograder.sandbox.tiers import open_sandbox

KNOWN = Path(__file__).with_name("known_differences.toml")
WRONG = 30
Scores = dict[str, dict[str, float]]  # by case, then by question


@dataclass(frozen=True)
class Handed:
    """The notebooks of one assignment, in a folder of their own each, and what the graders need."""

    assignment: Assignment
    source_metadata: dict
    archive: Path
    notebooks: dict[str, Path]


@dataclass(frozen=True)
class Difference:
    """One question of one notebook on which a grader does not give our score."""

    assignment: str
    case: str
    question: str
    grader: str
    ours: float
    theirs: float

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.assignment, self.case, self.question, self.grader


def chosen_cells(assignment: Assignment, wrong: int = WRONG, right: int | None = None) -> dict[str, list]:
    """Cells by case: the solution, the starter, every right sample, `wrong` of the wrong ones in an order of chance.

    right: how many right samples instead of all.
    """
    samples = load_samples(assignment)
    by_chance = sorted(samples, key=lambda s: hashlib.sha256(s.name.encode()).digest())
    chosen = [s for s in samples if s.kind == "right"][:right] + [s for s in by_chance if s.kind == "wrong"][:wrong]
    made = {"solution": solved_cells(assignment), "starter": starter_cells(assignment)}
    return made | {f"{s.kind}-{s.name}": solved_cells(assignment, s) for s in chosen}


def hand_in(assignment: Assignment, cells: dict[str, list], folder: Path) -> Handed:
    """Release, then fill each case's answers into the released notebook, as a student does."""
    assigned = otter.assign(assignment)
    released = json.loads(student_files(assignment, assigned.metadata)[f"{assignment.name}.ipynb"])
    archive = folder / "autograder.zip"
    archive.write_bytes(assigned.archive)
    figures = {c.name for c in assignment.cells if c.role == "figure"}
    notebooks = {}
    for case, own in cells.items():
        left_out = set() if case in {"solution", "starter"} else figures
        path = folder / "handed_in" / case / f"{assignment.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(filled_in(released, own, left_out)))
        notebooks[case] = path
    return Handed(assignment, assigned.metadata, archive, notebooks)


def filled_in(released: dict, cells: list, left_out: set[str] = frozenset()) -> dict:
    """The released notebook with the sources of `cells` by id; cells that it does not have come last."""
    sources = {name: source for _, name, source in cells}
    kept = [c for c in released["cells"] if c["id"] not in left_out]
    filled = [{**c, "source": sources.pop(c["id"], c["source"])} for c in kept]
    own = [
        {"cell_type": "code", "id": n, "metadata": {}, "source": s, "outputs": [], "execution_count": None}
        for n, s in sources.items()
        if n.startswith("own-")
    ]
    return {**released, "cells": filled + own}


def our_results(handed: Handed) -> dict[str, Result]:
    """What `autograder grade` gives, by case."""
    suite = handed.assignment
    with open_sandbox({suite.name: suite.handouts}) as zygote:
        return {
            case: grade_notebook(read_notebook(path), case, suite, zygote, seeds_from(b"parity"))
            for case, path in handed.notebooks.items()
        }


def scores_of(results: Mapping[str, Result]) -> Scores:
    """The scores of our results."""
    return {case: {q.id: q.score for q in r.questions} for case, r in results.items()}


def waiting_points(assignment: Assignment, results: Mapping[str, Result]) -> Scores:
    """Points of hidden checks that we do not put yet, because a question that they need is wrong (`needs`).

    We carry these points. nbgrader and otter make no check wait, so there a check may pass by itself.
    """
    gated = {check.id for check in assignment.checks if check.needs and check.visibility != "public"}
    return {
        case: {q.id: sum(c.carried for c in q.checks if c.id in gated) for q in r.questions}
        for case, r in results.items()
    }


def nbgrader_scores(handed: Handed, jobs: int = 1) -> Scores:
    """What `nbgrader autograde` gives, one command over each job's share of the class."""
    cases = list(handed.notebooks)
    with ThreadPoolExecutor(jobs) as pool:
        parts = list(pool.map(lambda i: _nbgrader_part(handed, cases[i::jobs]), range(jobs)))
    return {case: scores for part in parts for case, scores in part.items()}


def _nbgrader_part(handed: Handed, cases: list[str]) -> Scores:
    name = handed.assignment.name
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        root = Path(folder)
        (root / FILE).write_text('title = "Parity"\n')
        (root / "solutions").symlink_to(handed.assignment.folder.parent)
        nbgrader.write_source(handed.assignment, root / "source" / name, handed.source_metadata)
        run_tool(root, "nbgrader", "generate_assignment", name, "--create")
        for case in cases:
            target = root / "submitted" / case / name
            target.mkdir(parents=True)
            shutil.copy(handed.notebooks[case], target)
            for handout, file in handed.assignment.handout_files.items():
                shutil.copy(file, target / handout)
        run_tool(root, "nbgrader", "autograde", name, seconds=3600)
        return other_scores.nbgrader_scores(root, handed.assignment)


def otter_scores(handed: Handed, jobs: int = 1) -> Scores:
    """What otter's engine gives on autograder.zip, in processes that have imported otter once."""
    os.environ.setdefault("MPLBACKEND", "Agg")  # the kernels inherit it
    cases = list(handed.notebooks)
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _without_stderr) as pool:
        found = pool.map(_otter_score, [handed.archive] * len(cases), handed.notebooks.values())
        return dict(zip(cases, found, strict=True))


def _otter_score(archive: Path, notebook: Path) -> dict[str, float]:
    """Nothing at all where otter ends without results: Gradescope shows 0 then."""
    try:
        return other_scores.otter_scores(archive, notebook)
    except CourseError:
        return {}


def _without_stderr() -> None:
    """Every kernel that starts warns about its own connection. And what tools.py spares the other tools."""
    sys.modules["rfc3987_syntax"] = None
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def differences(handed: Handed, ours: Scores, waiting: Scores, **others: Scores) -> list[Difference]:
    """Every question of every notebook on which one of the others gives another score than ours.

    waiting: points that they may give besides.
    """
    return [
        Difference(handed.assignment.name, case, question, grader, score, theirs[case].get(question, 0.0))
        for case, own in ours.items()
        for question, score in own.items()
        for grader, theirs in others.items()
        if not -1e-6 <= theirs[case].get(question, 0.0) - score <= waiting[case][question] + 1e-6
    ]


def known_differences() -> dict[tuple[str, str, str, str], str]:
    """(assignment, case, question, grader) → why they cannot agree."""
    listed = tomllib.loads(KNOWN.read_text()).get("difference", [])
    return {(d["assignment"], d["case"], d["question"], d["grader"]): d["reason"] for d in listed}


def compare(assignment: Assignment, wrong: int, jobs: int) -> tuple[list[str], int, int]:
    """Lines to print, how many differences are not known or known and gone, and how many scores were compared."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="parity-") as folder:
        handed = hand_in(assignment, chosen_cells(assignment, wrong), Path(folder))
        results = our_results(handed)
        theirs = {"nbgrader": nbgrader_scores(handed, jobs), "otter": otter_scores(handed, jobs)}
    ours = scores_of(results)
    found = differences(handed, ours, waiting_points(assignment, results), **theirs)
    known = {k: v for k, v in known_differences().items() if k[0] == assignment.name and k[1] in handed.notebooks}
    compared = sum(len(own) for own in ours.values())
    lines = [f"{assignment.name}: {len(ours)} notebooks, {compared} question scores, {time.monotonic() - began:.0f} s"]
    lines += [
        f"  {d.case} {d.question}: ours {d.ours:g}, {d.grader} {d.theirs:g}. {known.get(d.key, 'NOT KNOWN')}"
        for d in found
    ]
    gone = set(known) - {d.key for d in found}
    lines += [f"  {' '.join(key)}: listed as a difference, and there is none" for key in sorted(gone)]
    lines.append(f"  agree: {compared - len({(d.case, d.question) for d in found})} of {compared}")
    return lines, len(gone) + sum(d.key not in known for d in found), compared


def main() -> int:
    """Compare the assignments of the course; 1 if anything differs that is not known to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="assignments; default: all")
    parser.add_argument("--wrong", type=int, default=WRONG, help="wrong samples of each assignment")
    parser.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)))
    given = parser.parse_args()
    course = bundled_course()
    problems = 0
    for name in course.select(given.names):
        lines, bad, _ = compare(load_assignment(course.solutions / name), given.wrong, given.jobs)
        print("\n".join(lines), flush=True)
        problems += bad
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

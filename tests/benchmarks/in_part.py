"""Hidden checks of A2 changed: what does grading in part save, and is every result what a full grading gives?

Grades all samples, right and wrong, changes the checks in several ways, and grades again twice: over the recorded results,
and anew. Compares the bytes of every result file, and the processor time of grader and sandbox, one process each.
Run it as `python tests/benchmarks/in_part.py [EVERY]`: EVERY 8 takes each eighth sample. All take a few minutes.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import load_samples, notebook_text, solved_cells, starter_cells
from autograder.course import Course, bundled_course, open_course
from autograder.grading.grade_class import Plan, grade_class
from autograder.grading.tally import Tally
from autograder.intake.submissions import find_submissions

NAME = "a2_mlp_backprop"
_LOGITS = "return size * rng.standard_normal((N, K))"
# What an author might do, as (pattern, text instead).
CHANGES = {
    "nothing": [],
    "a title and points": [
        (r'@check\("q3", points=3(.*\)\s.*\s)    """.*?"""', r'@check("q3", points=2\1    """Another title"""'),
        (r'@check\("q3", points=1\)(\sdef test_q3_stable)', r'@check("q3", points=2)\1'),
    ],
    "one check, loosened": [(r'(name="logits", suspects=_forward_mistakes\(X, params\))', r"\1, rtol=1e-4")],
    "one check, that nobody passes": [(r"(def test_q2_f32\(.*\):\n    .*\n)", r'\1    fail("no.")\n')],
    "a helper of seven checks": [(re.escape(_LOGITS), "return size * rng.uniform(-2, 2, (N, K))")],
}


def changed_course(course: Course, change: list[tuple[str, str]], root: Path) -> Course:
    """A copy of the course's A2 with other hidden checks."""
    shutil.copytree(course.solutions / NAME, root / "solutions" / NAME)
    (root / "course.toml").write_text('title = "Test"\n')
    checks = root / "solutions" / NAME / "hidden_checks.py"
    text = checks.read_text()
    for pattern, instead in change:
        text, found = re.subn(pattern, instead, text, count=1)
        assert found, pattern
    checks.write_text(text)
    limits = root / "solutions" / NAME / "assignment.toml"  # wide, so that a busy machine meets none of them
    limits.write_text(re.sub(r"(?m)^(call|submission|cell)_seconds = .*", r"\1_seconds = 300", limits.read_text()))
    return open_course(root)


def hand_in(course: Course, root: Path, every: int = 1) -> int:
    """Write a notebook a sample, the solution's and the starter's; how many."""
    suite = load_assignment(course.solutions / NAME)
    cells = {f"{s.kind}-{s.name}": solved_cells(suite, s) for s in load_samples(suite)[::every]}
    cells |= {"solution": solved_cells(suite), "starter": starter_cells(suite)}
    for student, each in cells.items():
        (root / student / NAME).mkdir(parents=True)
        (root / student / NAME / f"{NAME}.ipynb").write_text(notebook_text(each))
    return len(cells)


def graded(
    course: Course, submitted: Path, out: Path, *, everything: bool = False
) -> tuple[dict[str, bytes], str, float]:
    """{student: result file}, what there was to do, and processor seconds of it all."""
    began, tally = cpu(), Tally()
    submissions = tuple(find_submissions(submitted, (NAME,)))
    grade_class(Plan(course, (NAME,), submissions, out, everything=everything), tally=tally)
    return {p.stem: p.read_bytes() for p in sorted((out / NAME).glob("*.json"))}, str(tally), cpu() - began


def cpu() -> float:
    """Seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def main() -> int:
    """Print a line a change; 1 if any result differs."""
    os.environ["AUTOGRADER_SECRET"] = "in part"
    every, different = int(sys.argv[1]) if sys.argv[1:] else 1, 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        first = changed_course(bundled_course(), [], root / "course")
        n = hand_in(first, root / "submitted", every)
        graded(first, root / "submitted", root / "results")
        for i, (what, change) in enumerate(CHANGES.items()):
            course = changed_course(first, change, root / f"course-{i}")
            shutil.copytree(root / "results", root / f"again-{i}")
            again, told, seconds = graded(course, root / "submitted", root / f"again-{i}")
            anew, _, full = graded(course, root / "submitted", root / f"anew-{i}")
            wrong = sorted(s for s in anew if anew[s] != again[s])
            different += len(wrong)
            print(f"{what}: {told}; {seconds:.2f} of {full:.2f} s, {full / seconds:.1f} × less", *wrong, flush=True)
        print(f"{n} notebooks, {different} results differ from a full grading")
    return different > 0


if __name__ == "__main__":
    sys.exit(main())

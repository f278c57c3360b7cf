"""`autograder demo`: the whole flow on a sample class, made from the assignments' own samples.

The students are typical: right in an unusual way, wrong in a common way, half done, with a syntax error, with an
endless loop, with an attempt to cheat, or without a notebook.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.assignment.assignment import Assignment, load_assignment
from autograder.assignment.handouts import handed_out
from autograder.assignment.samples import Cells, load_samples, notebook_text, solved_cells, starter_cells
from autograder.errors import AutograderError
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.intake.received import Trust
from autograder.intake.submissions import find_submissions
from autograder.marks import marks_of
from autograder.release.build import release
from autograder.release.first_page import release_first_page
from autograder.reports.pages import write_reports
from autograder.reports.summary import Summary, summarise
from autograder.scaffold import init
from autograder.secret import course_secret
from autograder.text import counted

NAMES = (
    "ada alan alonzo anita barbara blaise carl charlotte claude donald dorothy edsger emmy ernst euclid evelyn "
    "frances george grace hedy henri hypatia isaac ivan joan john kathleen katherine kurt leonhard lise lovelace "
    "maria marie mary maryam michael mina niels noether olga omar paul pierre radia rosalind shafi sofia sophie "
    "srinivasa stefan subra tim tu vera wang xia yann zeno"
).split()

_MADE_HERE = ".autograder-demo"  # a folder with this file was made by the demo, which may replace it

_CHEAT = """
import builtins, os, sys
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
loot = []
for root, folders, files in os.walk("/"):
    loot += [os.path.join(root, f) for f in files if "hidden" in f or "solution" in f]
for frame in sys._current_frames().values():
    while frame:
        loot += [k for k in frame.f_locals if "expected" in k or "reference" in k]
        frame = frame.f_back
print('{"score": 100, "max_score": 100, "status": "passed"}', loot)
"""


Progress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]


def run(out: Path, jobs: int, say: Callable[[str], None], progress: Progress) -> Iterator[Summary]:
    """Release, hand in, grade, report below `out`; then one summary an assignment. Raises AutograderError.

    progress(what, total): a context that gives a function to call at each step.
    """
    if out.exists() and any(out.iterdir()):
        if not (out / _MADE_HERE).is_file():
            raise AutograderError(
                f"{out}: expected a new or empty folder, or an earlier demo, got other files. Hint: --out DIR."
            )
        shutil.rmtree(out)
    course = init(out)
    (out / _MADE_HERE).touch()
    names = course.names()
    assignments = [load_assignment(course.solutions / name) for name in names]
    loaded = dict(zip(names, assignments, strict=True))
    for name in names:
        release(course, name, loaded=loaded)
    release_first_page(course, loaded)
    say(f"1. released {', '.join(names)}: {course.assignments}")
    count = write_class(assignments, course.work / "submitted")
    say(f"2. {counted(count, 'notebook')} handed in: {course.work / 'submitted'}")
    trust, ours = Trust(course_secret(course)), handed_out(course, names)
    submissions = tuple(find_submissions(course.work / "submitted", names, trust=trust, handed_out=ours))
    with progress("grading", len(submissions)) as step:
        results = grade(GradingPlan(course, names, submissions, course.work / "results", jobs), lambda _: step())
    tiers = ", ".join(sorted({r.sandbox.tier for r in results if r.status == "graded"}))
    say(f"3. graded in sandbox tier {tiers}: {course.work / 'results' / 'grades.csv'}")
    index = write_reports(course, results, course.work / "reports")
    say(f"4. reported: {index}")
    for name in names:
        yield summarise([m.counted for m in marks_of(results, course.policy) if m.result.assignment == name])


def sample_class(assignment: Assignment) -> dict[str, str]:
    """A notebook's text for each student: the special cases first, then students with one to three samples each."""
    samples = load_samples(assignment)
    wrong = [s for s in samples if s.kind == "wrong"]
    right = [s for s in samples if s.kind == "right"]
    cells = [solved_cells(assignment), *_unfinished(assignment), *_troubled(assignment)]
    cells += [solved_cells(assignment, s, unanswered=_bonus(assignment)) for s in right[: len(NAMES) // 4]]
    for i in range(min(len(wrong), len(NAMES) - len(cells))):
        some = (wrong[(i * step) % len(wrong)] for step in (1, 3, 7)[: 1 + i % 3])
        mistakes = {sample.name: sample for sample in some}
        cells.append(solved_cells(assignment, *mistakes.values(), unanswered=_bonus(assignment)))
    return {name: notebook_text(each) for name, each in zip(NAMES, cells, strict=False)}


def _bonus(assignment: Assignment) -> frozenset[str]:
    """Most students leave the bonus out."""
    return frozenset(q.id for q in assignment.settings.questions if q.bonus)


def write_class(assignments: list[Assignment], folder: Path) -> int:
    """Write SUBMITTED/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb for all students but one. Returns the number of notebooks."""
    count = 0
    for assignment in assignments:
        for student, text in sample_class(assignment).items():
            target = folder / student / assignment.name
            target.mkdir(parents=True, exist_ok=True)
            (target / f"{assignment.name}.ipynb").write_text(text, encoding="utf-8")
            count += 1
    (folder / "zoe").mkdir(parents=True, exist_ok=True)
    return count


def _unfinished(assignment: Assignment) -> list[Cells]:
    """Students who are half done: the first half, every other question, the first third."""
    questions = [q.id for q in assignment.settings.questions]
    parts = (questions[: len(questions) // 2], questions[::2], questions[: len(questions) // 3])
    return [solved_cells(assignment, unanswered=frozenset(questions) - frozenset(part)) for part in parts]


def _troubled(assignment: Assignment) -> list[Cells]:
    """Special cases: untouched, a syntax error, an endless loop, a crash, a cheat on an empty notebook."""
    name, function, signature = _first_function(assignment)
    bodies = {
        "syntax": f"def {function}({signature})\n    return 0",
        "loop": f"def {function}({signature}):\n    while True:\n        pass",
        "crash": f"import ctypes\n\n\ndef {function}({signature}):\n    return ctypes.string_at(0)",
    }
    broken = [[(k, n, body if n == name else s) for k, n, s in solved_cells(assignment)] for body in bodies.values()]
    return [starter_cells(assignment), *broken, [*starter_cells(assignment), ("code", "extra", _CHEAT)]]


def _first_function(assignment: Assignment) -> tuple[str, str, str]:
    """(cell, function, parameters) of the first function students write."""
    for cell in assignment.cells:
        if cell.role == "solution":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef):
                    return cell.name, node.name, ast.unparse(node.args)
    raise ValueError(f"{assignment.name}: expected a function among the solutions, got none")

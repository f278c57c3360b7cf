"""Five courses and nbgrader's own example: imported, then graded by the real `nbgrader autograde` and by ours.

The author's solution, the blank notebook and ten mutants must get the same points for each test. `NAME…` takes some of
the courses. Part of `make parity`: it takes minutes.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import nbgrader as nbgrader_package
from importing.five_courses import COURSES, write_course
from interop.nbgrader_course import autograde

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, starter_cells, with_cell
from autograder.audit.mutants import mutants
from autograder.course import open_course
from autograder.errors import CourseError
from autograder.grading.grade_class import grade
from autograder.grading.plan import GradingPlan
from autograder.importing.bring import bring
from autograder.importing.evidence import MUTANTS
from autograder.importing.nbgrader_source import read_assignment
from autograder.importing.report import rows, summary
from autograder.intake.submissions import Submission
from autograder.interop.tools import run_tool

EXAMPLE = Path(nbgrader_package.__file__).parent / "docs" / "source" / "user_guide" / "source" / "ps1"
# nbgrader gives 0 to a cell that prints to stderr: this mutant divides by -0.0, and NumPy warns.
MEANT_TO_DIFFER = {("physics", "mutant2", "step_public")}
AT_LEAST = 0.75  # of a course's tests run outside the student's process


def cells_of(text):
    return json.loads(text)["cells"]


def is_answer(cell):
    return cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution")


def variants(source, assignment):
    """{name: (text of a notebook in their form, and in ours)}: the solution, and mutants of ours in it.

    Ours are made of our release: a cell of it may keep a value that a later cell sets again.
    """
    solution = solved_cells(assignment)
    answers = [c.name for c in assignment.cells if c.role == "solution"]
    every = list(mutants(assignment, statements=True))
    chosen = [every[i * len(every) // MUTANTS] for i in range(MUTANTS)] if len(every) > MUTANTS else every
    made = {"solution": (source, notebook_text(solution))}
    for i, mutant in enumerate(chosen):
        document = json.loads(source)
        theirs = [cell for cell in document["cells"] if is_answer(cell)]
        theirs[answers.index(mutant.cell)]["source"] = mutant.source
        own = notebook_text(with_cell(solution, mutant.cell, mutant.source))
        made[f"mutant{i}"] = json.dumps(document), own
    return made


def compare(folder, name, source_folder, notebook_name):
    """The differences of one course, as lines; and the sentence about it."""
    course_folder, theirs = folder / "ours", folder / "theirs"
    course_folder.mkdir()
    (course_folder / "course.toml").write_text('title = "Parity"\n')
    course = open_course(course_folder)
    imported = next(n for n in read_assignment(source_folder) if n.name == notebook_name)
    made = bring(course, "imported", imported, "nbgrader", len(os.sched_getaffinity(0)))
    assignment = load_assignment(made.folder)
    place = theirs / "source" / name
    place.mkdir(parents=True)
    text = (source_folder / f"{notebook_name}.ipynb").read_text()
    (place / f"{notebook_name}.ipynb").write_text(text)
    (theirs / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 60\n")
    run_tool(theirs, "nbgrader", "generate_assignment", name, "--create")
    released = (theirs / "release" / name / f"{notebook_name}.ipynb").read_text()
    notebooks = variants(text, assignment) | {"blank": (released, notebook_text(starter_cells(assignment)))}
    for student, (content, own) in notebooks.items():
        submitted = theirs / "submitted" / student / name
        submitted.mkdir(parents=True)
        for file, data in imported.files.items():
            (submitted / file).parent.mkdir(parents=True, exist_ok=True)
            (submitted / file).write_bytes(data)
        (submitted / f"{notebook_name}.ipynb").write_text(content)
        (folder / f"{student}.ipynb").write_text(own)
    _, kernel = autograde(theirs, name)
    ours = graded(course, {n: folder / f"{n}.ipynb" for n in notebooks})
    table = rows(made.settled)
    lines = [
        f"{name}, {student}, {row.theirs}: nbgrader {kernel[student][row.theirs]}, ours {ours[student][row.ours]}"
        for student in notebooks
        for row in table
        if row.way != "dropped" and (name, student, row.theirs) not in MEANT_TO_DIFFER
        if kernel[student][row.theirs] != ours[student][row.ours]
    ]
    outside = sum(row.way not in {"inside", "dropped"} for row in table) / len(table)
    if outside < AT_LEAST:
        lines.append(f"{name}: expected at least {AT_LEAST:.0%} of the tests outside, got {outside:.0%}")
    return lines, f"{name}: {len(notebooks)} notebooks, {summary(table)}"


def graded(course, notebooks):
    submissions = tuple(Submission(student, "imported", path) for student, path in sorted(notebooks.items()))
    plan = GradingPlan(course, ("imported",), submissions, course.work / "results", everything=True, pictures=False)
    return {r.student: {check.id: check.points for check in r.checks} for r in grade(plan)}


def main(names):
    """Print what was compared; 1 if anything differs."""
    wrong = []
    for name in names or ["ps1", *COURSES]:
        with tempfile.TemporaryDirectory() as folder:
            source = EXAMPLE if name == "ps1" else write_course(Path(folder) / "written", name)
            try:
                lines, sentence = compare(Path(folder), name, source, "problem1" if name == "ps1" else name)
            except CourseError as error:
                lines, sentence = [f"{name}: {error}"], f"{name}: not imported"
        print(sentence, *lines, sep="\n  ", flush=True)
        wrong += lines
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

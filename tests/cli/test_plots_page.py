"""docs/plots.md: its example is an assignment that grades as the page says, with its messages."""

import json
import re
from pathlib import Path

import pytest
from commands import run
from patience import be_patient, within
from three_questions import handed_in

from autograder.assignment.assignment import load_assignment
from autograder.assignment.source import solution_names
from autograder.authoring.inprocess import PlainStudent

PAGE = Path(__file__).parents[2] / "docs" / "plots.md"
LIMITS = "[limits]\nmemory_mb = 1024\ncell_seconds = 10\ncall_seconds = 2\nsubmission_seconds = 30\n"
NAME = "a9_curves"
TITLE = 'plt.title("A parabola")'
OWN_CELL = (TITLE, f"{TITLE}\nplt.show()\nplt.plot(x, x)\nplt.show()\nplt.plot(x, -x)")
WRONG = {
    "linear": ((".semilogy(", ".plot("), "q1.curves", "the plot: expected a log scale on the y axis."),
    "logarithms": (
        ("ax.semilogy(epochs, test,", "ax.plot(epochs, np.log(test),"),
        "q1.curves",
        "the plot: one of the lines shows the logarithm of the values. Hint: plot the values, and make the scale logarithmic.",
    ),
    "unlabelled": (('xlabel="epoch", ', ""), "q1.example", "give the x axis a label"),
    "cubic": (("x**2", "x**3"), "q2.parabola", "the plot: the line leaves the expected curve."),
    "untitled": ((TITLE, ""), "q2.parabola", "the plot: the title is missing. Hint: plt.title or ax.set_title."),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    folder = root / "solutions" / NAME
    folder.mkdir(parents=True)
    (root / "course.toml").write_text('title = "Test course"\n')
    blocks = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["assignment.toml", "notebook.py", "hidden_checks.py"]
    for name, text in blocks:
        (folder / name).write_text(text.replace("[[questions]]", f"{LIMITS}[[questions]]", 1))
    be_patient(folder)
    return root


def test_the_examples_notebooks_get_these_points_and_sentences(course):
    assignment = within(load_assignment(course / "solutions" / NAME))
    notebooks = {"right": (), "own cell": (OWN_CELL,), **{name: (change,) for name, (change, *_) in WRONG.items()}}
    for student, changes in notebooks.items():
        folder = course / "work" / "submitted" / student.replace(" ", "_") / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(handed_in(assignment, *changes))
    run("grade", course / "work" / "submitted", "--course", course, "--jobs", 1)
    results = {f.stem: json.loads(f.read_text()) for f in (course / "work" / "results").rglob("*.json")}
    graded = {result["student"]: result for result in results.values() if result.get("student")}
    assert graded["right"]["score"] == graded["own_cell"]["score"] == 8.0
    for name, (_, check, sentence) in WRONG.items():
        checks = {c["id"]: c for q in graded[name]["questions"] for c in q["checks"]}
        assert checks[check]["message"] == sentence, name
        assert graded[name]["score"] < 8.0


def test_the_authors_own_solution_shows_the_figures_of_its_cells(course):
    assignment = load_assignment(course / "solutions" / NAME)
    student = PlainStudent(solution_names(assignment.cells, assignment.handouts))
    (plot,) = student.plot(question="q2")
    assert (plot.axes[0].title, plot.question, student.plot(question="q1")) == ("A parabola", "q2", ())

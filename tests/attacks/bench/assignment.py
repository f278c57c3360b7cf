"""One tiny assignment in the form that each tool's documentation describes, with the same questions, tests and points.

`mean_square` has 10 points and `double` 5. Of these, 2 and 2 are for public tests. The hidden tests use fixed inputs,
as nbgrader's and otter's examples do. Random marks stand in the hidden tests and in the author's solution only.
"""

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass, fields

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.interop.nbgrader import cell_metadata
from autograder.interop.tools import run_tool

NAME = "ps"
FUNCTIONS = {"mean_square": "q1", "double": "q2"}
RIGHT = {
    "mean_square": "def mean_square(x):\n    return float(np.mean(x * x))",
    "double": "def double(x):\n    return 2 * x",
}
# No solution: the values of the public tests as constants. They get the points of the public tests.
WRONG = {"mean_square": "def mean_square(x):\n    return 12.5", "double": "def double(x):\n    return np.array([6.0])"}
PUBLIC = {
    "mean_square": "assert abs(mean_square(np.array([3.0, 4.0])) - 12.5) < 1e-9",
    "double": "assert double(np.array([3.0]))[0] == 6",
}
POINTS = {"mean_square": (2, 8), "double": (2, 3)}
MAX_SCORE = 15
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


@dataclass(frozen=True)
class Marks:
    """Random text that nobody but the instructor should read. The prefix says where it stands."""

    hidden: str  # in the hidden tests
    number: str  # an input of a hidden test: nine digits
    reference: str  # in the author's solution
    neighbour: str  # in another student's notebook
    key: str  # in a private file of the instructor's
    token: str  # in the environment of the command
    stamp: str  # the time of a private file, in seconds: nine digits

    @classmethod
    def draw(cls):
        text = {f.name: f"{f.name}_{secrets.token_hex(6)}" for f in fields(cls)}
        numbers = {name: str(secrets.randbelow(8 * 10**8) + 10**8) for name in ("number", "stamp")}
        return cls(**{**text, **numbers})


def expected(marks):
    """Input and right answer of the hidden test of `mean_square`, as text."""
    values = [1.5, -2.5, float(marks.number)]
    return f"np.array([1.5, -2.5, {marks.number}.0])", repr(sum(v * v for v in values) / 3)


def hidden(marks):
    """The hidden tests in plain Python. `numpy.testing` is what both tools' examples use."""
    argument, value = expected(marks)
    return {
        "mean_square": f"note = {marks.hidden!r}\nnp.testing.assert_allclose(mean_square({argument}), {value}, rtol=1e-6)",
        "double": "np.testing.assert_allclose(double(np.array([1.0, -4.5, 7.25])), [2.0, -9.0, 14.5], rtol=1e-6)",
    }


def write_nbgrader(folder, marks):
    """A course directory of nbgrader's, after `nbgrader generate_assignment`. Returns the released notebook."""
    cells = [new_markdown_cell("# Problem set", id="title"), new_code_cell("import numpy as np", id="setup")]
    for name, solution in RIGHT.items():
        public, secret = POINTS[name]
        answer = _with_markers(solution, marks, "### ")
        cells += [
            new_code_cell(answer, id=name, metadata=cell_metadata(name, solution=True)),
            _graded(f"public-{FUNCTIONS[name]}", PUBLIC[name], public),
            _graded(
                f"hidden-{FUNCTIONS[name]}",
                f"# Checked later\n### BEGIN HIDDEN TESTS\n{hidden(marks)[name]}\n### END HIDDEN TESTS",
                secret,
            ),
        ]
    source = folder / "source" / NAME / f"{NAME}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells, metadata=_KERNEL), source)
    run_tool(folder, "nbgrader", "generate_assignment", NAME, "--create")
    return json.loads((folder / "release" / NAME / f"{NAME}.ipynb").read_text())


def _graded(name, source, points):
    return new_code_cell(source, id=name, metadata=cell_metadata(name, grade=True, locked=True, points=points))


def write_otter(folder, marks):
    """A folder with the results of `otter assign`. Returns the student's notebook."""
    cells = [
        new_raw_cell("# ASSIGNMENT CONFIG\ntests: {ok_format: false}\nrun_tests: false\nexport_cell: false"),
        new_code_cell("import numpy as np"),
    ]
    for name, solution in RIGHT.items():
        public, secret = POINTS[name]
        cells += [
            new_raw_cell(f"# BEGIN QUESTION\nname: {FUNCTIONS[name]}"),
            new_raw_cell("# BEGIN SOLUTION"),
            new_code_cell(_with_markers(solution, marks, "# ")),
            new_raw_cell("# END SOLUTION"),
            new_raw_cell("# BEGIN TESTS"),
            _otter_test(name, PUBLIC[name], public, hide=False),
            _otter_test(name, hidden(marks)[name], secret, hide=True),
            new_raw_cell("# END TESTS"),
            new_raw_cell("# END QUESTION"),
        ]
    master = folder / f"{NAME}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=_KERNEL), master)
    run_tool(folder, "otter", "assign", "--no-pdfs", "--no-run-tests", master.name, "dist")
    next((folder / "dist" / "autograder").glob("*.zip")).rename(folder / "autograder.zip")
    return json.loads((folder / "dist" / "student" / master.name).read_text())


def _with_markers(solution, marks, sign):
    head, _, body = solution.partition("\n")
    return f"{head}\n    {sign}BEGIN SOLUTION\n{body}  # {marks.reference}\n    {sign}END SOLUTION"


def _otter_test(name, source, points, *, hide):
    body = "".join(f"    {line}\n" for line in ["import numpy as np", *source.splitlines()])
    config = f'""" # BEGIN TEST CONFIG\npoints: {points}\nhidden: {str(hide).lower()}\n""" # END TEST CONFIG\n'
    return new_code_cell(f"{config}def test_{name}_{'hidden' if hide else 'public'}({name}):\n{body}")


def write_ours(folder, marks, limits):
    """A course of ours, after `autograder release`. Returns the released notebook.  limits: of assignment.toml."""
    (folder / "course.toml").write_text('title = "Attack bench"\n')
    solutions = folder / "solutions" / NAME
    solutions.mkdir(parents=True)
    (solutions / "assignment.toml").write_text(_settings(limits))
    (solutions / "notebook.py").write_text(
        '# %% role="setup"\nimport numpy as np\n' + "".join(_question(n, marks) for n in RIGHT)
    )
    (solutions / "hidden_checks.py").write_text(_checks(marks))
    _release(folder)
    return json.loads((folder / "assignments" / NAME / f"{NAME}.ipynb").read_text())


def _settings(limits):
    text = 'title = "Problem set"\n\n[limits]\n' + "".join(f"{key} = {value}\n" for key, value in limits.items())
    for name, points in POINTS.items():
        hints = '["Read the title.", "Write the formula.", "Use NumPy."]'
        text += (
            f'\n[[questions]]\nid = "{FUNCTIONS[name]}"\ntitle = "{name}"\npoints = {sum(points)}\nhints = {hints}\n'
        )
    return text


def _question(name, marks):
    question = FUNCTIONS[name]
    return f'''

# %% q="{question}" role="solution"
{_with_markers(RIGHT[name], marks, "# ")}


# %% q="{question}" role="check" points={POINTS[name][0]}
def test_example({name}):
    """The example of the text"""
    {PUBLIC[name]}, "see the example"
'''


def _checks(marks):
    argument, value = expected(marks)
    return f'''"""Hidden checks of the attack bench."""

import numpy as np

from autograder.authoring import assert_array, assert_number, check


@check("q1", points={POINTS["mean_square"][1]})
def test_value(student):
    """Right for three numbers"""
    # {marks.hidden}
    assert_number(student.mean_square({argument}), {value})


@check("q2", points={POINTS["double"][1]})
def test_q2_value(student):
    """Right for three numbers"""
    assert_array(student.double(np.array([1.0, -4.5, 7.25])), np.array([2.0, -9.0, 14.5]))
'''


def _release(folder):
    subprocess.run([sys.executable, "-m", "autograder", "release"], cwd=folder, check=True, capture_output=True)

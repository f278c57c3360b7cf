"""An assignment of three questions, each of which calls the one before."""

from patience import PATIENT, within

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells

NOTEBOOK = '''# %% [markdown]
# # Three

# %% role="setup"
import numpy as np

# %% [markdown] q="q1"
# ## Question 1 (1 point)

# %% q="q1" role="solution"
def double(x):
    """2 x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION

# %% [markdown] q="q2"
# ## Question 2 (1 point)

# %% q="q2" role="solution"
def fourfold(x):
    """4 x."""
    # BEGIN SOLUTION
    return double(x=double(x))
    # END SOLUTION

# %% [markdown] q="q3"
# ## Question 3 (2 points)

# %% q="q3" role="solution"
def at_place(f, x):
    """f(x) and 4 x."""
    # BEGIN SOLUTION
    return f(x), fourfold(x)
    # END SOLUTION
'''
CHECKS = '''import numpy as np

from autograder.authoring import assert_number, check


@check("q1", points=1)
def test_double(student):
    """Double"""
    assert_number(student.double(3.0), 6.0)


@check("q2", points=1)
def test_fourfold(student):
    """Fourfold"""
    assert_number(student.fourfold(3.0), 12.0)


@check("q3", points=1)
def test_place(student):
    """f(x)"""
    assert_number(student.at_place(lambda x: x + 1, 3.0)[0], 4.0)


@check("q3", points=1, needs="q1")
def test_needs(student):
    """4 x"""
    assert_number(student.at_place(lambda x: x + 1, 3.0)[1], 12.0)
'''
SETTINGS = 'title = "Three"\n' + "".join(
    f'[[questions]]\nid = "q{i}"\ntitle = "{title}"\npoints = {points}\n'
    for i, title, points in ((1, "double", 1), (2, "fourfold", 1), (3, "at_place", 2))
)

WRONG_DOUBLE = ("return 2 * x", "return 3 * x")


def written(root, *replaced, settings="", limits=PATIENT):
    """The assignment in a new course at `root`, some text of its notebook replaced, some settings added."""
    folder = root / "solutions" / "a8_three"
    folder.mkdir(parents=True)
    (root / "course.toml").write_text('title = "Test course"\n')
    notebook = NOTEBOOK
    for old, new in replaced:
        notebook = notebook.replace(old, new)
    for name, text in (
        ("notebook.py", notebook),
        ("hidden_checks.py", CHECKS),
        ("assignment.toml", settings + SETTINGS),
    ):
        (folder / name).write_text(text)
    return within(load_assignment(folder), **limits)


def handed_in(assignment, *replaced):
    """The solution's notebook, some text replaced."""
    cells = solved_cells(assignment)
    for old, new in replaced:
        cells = [(kind, name, source.replace(old, new)) for kind, name, source in cells]
    return notebook_text(cells)

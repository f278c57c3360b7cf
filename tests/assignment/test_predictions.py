"""A prediction is asked before its figure, nothing above the figure answers it, and nobody grades it."""

import shutil

import pytest

from autograder.assignment.assignment import load_assignment
from autograder.assignment.predictions import require_no_spoiler
from autograder.assignment.released_cells import released_cells
from autograder.errors import CourseError

PREDICTION = """# %% [markdown]
# {text}

# %% role="predict" spoilers=["313", "three  hundred"]
{line}

# %% role="figure"
draw(mean_square, guess=ratio)  # {comment}

# %% [markdown]
# It is 313 times dearer.

"""
BEFORE = '# %% [markdown] q="explain"\n# ## In your own words'


@pytest.fixture
def asking(skeleton, tmp_path):
    """asking(text=…, line=…, comment=…): the cells that students get of the skeleton with a prediction."""

    def load(old="", new="", *, text="How many times dearer?", line="ratio = None  # a number", comment=""):
        folder = tmp_path / "a9_test"
        shutil.copytree(skeleton.folder, folder, dirs_exist_ok=True)
        source = (skeleton.folder / "notebook.py").read_text()
        cells = PREDICTION.format(text=text, line=line, comment=comment)
        assert BEFORE in source
        (folder / "notebook.py").write_text(source.replace(BEFORE, cells + BEFORE).replace(old, new))
        return released_cells(load_assignment(folder))

    return load


def test_students_get_one_plain_line_without_the_spoilers_and_a_figure_that_draws_it(asking):
    cells = {cell.name: cell for cell in asking()}
    assert (cells["predict"].kind, cells["predict"].source) == ("code", "ratio = None  # a number")
    assert cells["predict"].spoilers == ("313", "three  hundred")


def test_the_answer_may_stand_below_the_figure_only(asking):
    require_no_spoiler("a9_test", asking())


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ({"text": "Is it 313 times?"}, "text"),
        ({"text": "It is Three hundred times dearer."}, "text"),
        ({"text": "Ratio:313."}, "text"),
        ({"line": "ratio = None  # not 313"}, "predict"),
        ({"comment": "313 in the text of the figure"}, "figure"),
        ({"old": "# This notebook has", "new": "# A product is 313 times dearer. This notebook has"}, "text"),
    ],
)
def test_a_release_stops_at_the_cell_that_gives_the_answer_away(asking, place, names):
    place = {**place, "new": place.get("new", ""), "old": place.get("old", "")}
    with pytest.raises(CourseError, match=rf"a9_test, predict: expected .* in the cell {names}") as refused:
        require_no_spoiler("a9_test", asking(**place))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["0.313262", "1313", "x313", "313.5", "31 3", "three-hundred"])
def test_a_word_inside_another_number_or_word_is_no_answer(asking, text):
    require_no_spoiler("a9_test", asking(text=f"Here stands {text} and no more."))


def test_the_solution_may_know_the_answer(asking):
    require_no_spoiler("a9_test", asking("    return np.mean(np.square(x))", "    return np.mean(np.square(x))  # 313"))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ratio = None", "ratio = 3", "Hint: guess = None"),
        ("ratio = None", "ratio = other = None", "Hint: guess = None"),
        ("ratio = None", "ratio = None\nx = 1\n", "Hint: guess = None"),
        ("guess=ratio)", "None)", "the next figure to draw 'ratio', got figure"),
        ('# %% role="figure"\n', "# %%\n", "got no figure"),
        (' spoilers=["313", "three  hundred"]', "", "expected spoilers, a list of texts"),
        ('spoilers=["313", "three  hundred"]', "spoilers=[]", "expected spoilers, a list of texts"),
        ('spoilers=["313", "three  hundred"]', "spoilers=[313]", "expected spoilers, a list of texts"),
        ('role="predict" spoilers', 'role="figure" spoilers', "in a cell with the role predict and in no other"),
        ("spoilers=", "spoiler=", "Hint: spoilers"),
        ('role="predict"', 'role="predicts"', "Hint: predict"),
        ('# %% role="predict"', '# %% [markdown] role="predict"', "expected one line for a prediction"),
    ],
)
def test_a_mistake_of_the_authors_is_one_line(asking, old, new, says):
    with pytest.raises(CourseError) as refused:
        asking(old, new)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)

"""Drawings of student code cross the border as values: of calls, of names, of cells. Both tiers give the same."""

import numpy as np
import pytest
from bundled import ONE_TIER
from patience import opened

from autograder.authoring import CheckFailed, Line, Points, assert_plot
from autograder.errors import CrashError, NotDefinedError, RaisedError
from autograder.sandbox.sandboxed_student import SandboxedStudent

SETUP = "import matplotlib.pyplot as plt\nimport numpy as np\nimport warnings\nwarnings.simplefilter('error')\n"


@pytest.fixture
def student(zygote):
    """student(cell, …): a student whose notebook ran these cells, each in the question "q" and its number."""
    with opened(zygote) as process:

        def inner(*cells):
            for number, cell in enumerate((SETUP, *cells)):
                process.ran.append((number, f"q{number}" if number else ""))
                process.run_cell(cell)
            return SandboxedStudent(process)

        yield inner


def heights(plots):
    """The y of the first line of each plot, with its cell."""
    return [(plot.cell, plot.axes[0].all(Line)[0].y.tolist()) for plot in plots]


def test_a_call_gives_what_it_returned_or_what_it_left(student):
    made = student(
        "def a(y): plt.plot(y)\ndef b(y):\n    fig, ax = plt.subplots(); plt.figure(); ax.plot(y); return ax"
    )
    for name in ("a", "b"):
        assert_plot(made.plot(name, np.array([5.0, 6.0])), lines=[Line([0, 1], [5, 6])])


def test_each_call_draws_on_figures_of_its_own(student):
    made = student("def f(y): plt.plot(y)")
    for y in ([1.0, 2.0], [3.0, 4.0]):
        assert_plot(made.plot("f", y=np.array(y)), lines=[Line([0, 1], y)])
    made.f(np.ones(2))
    assert_plot(made.plot("f", np.zeros(2)), lines=[Line([0, 1], [0, 0])])


def test_a_value_is_read_by_its_name(student):
    made = student("fig, axs = plt.subplots(2)\naxs[1].plot([1, 2])\nlist_of = [*axs]\nn = 3", "plt.plot([7, 7])")
    for name in ("fig", "axs", "list_of"):
        assert_plot(made.plot(name), lines=[Line([0, 1], [1, 2])])
    with pytest.raises(CheckFailed, match="nothing is drawn"):
        assert_plot(made.plot("n"), lines=1)
    with pytest.raises(NotDefinedError):
        made.plot("absent")


def test_a_figure_belongs_to_the_cell_that_drew_it_and_ends_with_it(student):
    made = student(
        "plt.plot([1, 1])", "x = 1", "plt.plot([2, 2]); plt.show(); plt.plot([3, 3])", "plt.title('no line')"
    )
    assert heights(made.plot()[:3]) == [(1, [1, 1]), (3, [2, 2]), (3, [3, 3])]
    assert heights(made.plot(question="q3")) == [(3, [2, 2]), (3, [3, 3])]
    assert made.plot(question="q2") == ()
    assert made.plot(question="q4")[0].axes[0].title == "no line"


def test_one_of_the_last_three_figures_of_a_question_must_be_right(student):
    made = student("for i in range(5): plt.plot([i, i]); plt.show()")
    for i in (2, 3, 4):
        assert_plot(made.plot(question="q1"), lines=[Line([0, 1], [i, i])])
    with pytest.raises(CheckFailed, match="the line shows other values"):
        assert_plot(made.plot(question="q1"), lines=[Line([0, 1], [1, 1])])
    with pytest.raises(CheckFailed, match="nothing is drawn"):
        assert_plot(made.plot(question="q9"), lines=1)


@ONE_TIER
def test_many_figures_neither_warn_nor_stay(student):
    """matplotlib warns from the 21st open figure on, and SETUP makes the warning an error."""
    made = student(*["plt.figure(); plt.plot([1, 2])"] * 22, "for i in range(100): plt.plot([i, i]); plt.show()")
    plots = made.plot()
    assert len(plots) == 100
    assert heights([plots[0], plots[-1]]) == [(23, [0, 0]), (23, [99, 99])]


def test_a_cell_that_fails_leaves_what_it_drew(student):
    with pytest.raises(RaisedError):
        made = student("plt.plot([4, 4])\n1 / 0")
    made = student("plt.plot([5, 5])")
    assert [y for _, y in heights(made.plot())] == [[4, 4], [5, 5]]


def test_an_exception_of_a_drawing_function_is_the_students(student):
    with pytest.raises(RaisedError) as raised:
        student("def f(): plt.plot([1, 2], [1])").plot("f")
    assert raised.value.type_name == "ValueError"


def test_many_points_are_left_out_and_the_rest_stays(student):
    made = student("def f(n):\n    plt.plot(np.zeros(n)); plt.plot([1, 2]); plt.title('t' * n)")
    (line,) = made.plot("f", 1_000_000).axes[0].all(Line)
    assert line.y.tolist() == [1, 2]
    assert len(made.plot("f", 100_000).axes[0].all(Line)) == 2


def test_a_changed_matplotlib_gives_a_wrong_answer_and_no_more(student):
    made = student(
        "from matplotlib.axes import Axes\nfrom matplotlib.lines import Line2D\n"
        "Axes.get_title = lambda *_: 5\nLine2D.get_xdata = lambda *_, **__: 'x'\nLine2D.get_linestyle = lambda _: []\n"
        "def f(): plt.plot([1, 2]); plt.scatter([1], [2])"
    )
    axes = made.plot("f").axes[0]
    assert axes.title == "5"
    assert axes.all(Line) == ()
    assert axes.all(Points)[0].y.tolist() == [2]


HOSTILE = [
    "5", "None", "{}", "[5]", "[{}]", "[{'axes': 5}]", "[{'title': 't', 'xlabel': '', 'ylabel': '', 'axes': [5]}]",
    "[{'title': 't' * 300, 'xlabel': '', 'ylabel': '', 'axes': []}]", "[[]] * 5000", "[{'title': '', 'xlabel': '', 'ylabel': '', 'axes': [{}]}]",
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
def test_an_answer_that_is_no_drawing_fails_in_one_line(student, answer):
    made = student(
        "import gc\n(session,) = [o for o in gc.get_objects() if type(o).__name__ == 'Session']\n"
        f"type(session).do_plot = lambda *_, **__: {answer}\ntype(session).do_drawings = lambda *_: {answer}\n"
        "def f(): pass"
    )
    for arguments in (("f",), ()):
        with pytest.raises((CheckFailed, CrashError)) as failed:
            made.plot(*arguments)
        assert str(failed.value) == "the plot: expected a drawing that can be read."


FIELDS = [
    ("x", "np.zeros(3)"), ("x", "'a'"), ("x", "np.zeros((2, 1))"), ("x", "np.zeros(2, int)"), ("color", "[1, 2]"),
    ("color", "'red'"), ("label", "5"), ("label", "'l' * 300"), ("width", "'w'"), ("width", "True"), ("straight", "1"),
    ("kind", "'lines'"), ("kind", "[]"), ("y", "[1.0, {}]"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), FIELDS)
def test_a_field_of_another_type_or_size_fails_in_one_line(student, field, value):
    made = student(
        "import gc\n(session,) = [o for o in gc.get_objects() if type(o).__name__ == 'Session']\nhonest = type(session).do_plot\n"
        "def forged(*a, **k):\n    answer = honest(*a, **k)\n"
        f"    answer[0]['axes'][0]['artists'][0][{field!r}] = {value}\n    return answer\n"
        "type(session).do_plot = lambda self, *a, **k: forged(self, *a, **k)\ndef f(): plt.plot([1, 2])"
    )
    with pytest.raises(CheckFailed) as failed:
        made.plot("f")
    assert str(failed.value) == "the plot: expected a drawing that can be read."


@pytest.mark.parametrize("twin", ["5", "-1", "0", "float('nan')", "'a'"])
def test_axes_that_are_the_twin_of_none_before_them_fail_in_one_line(student, twin):
    made = student(
        "import gc\n(session,) = [o for o in gc.get_objects() if type(o).__name__ == 'Session']\n"
        "honest = type(session).do_plot\n"
        "def forged(*a, **k):\n    answer = honest(*a, **k)\n"
        f"    answer[0]['axes'][0]['twin_of'] = {twin}\n    return answer\n"
        "type(session).do_plot = lambda self, *a, **k: forged(self, *a, **k)\ndef f(): plt.plot([1, 2])"
    )
    with pytest.raises(CheckFailed, match="expected a drawing that can be read"):
        made.plot("f")


def test_a_function_that_was_exchanged_for_the_authors_draws_in_the_authors_process(zygote):
    with opened(zygote) as own, opened(zygote) as right:
        own.run_cell(SETUP + "def draw(y): pass")
        right.run_cell(SETUP + "def draw(y): plt.plot(y)")
        own.exchange({"draw": right.get("draw")})
        assert_plot(SandboxedStudent(own).plot("draw", np.array([1.0, 2.0])), lines=[Line([0, 1], [1, 2])])
        own.exchange({})
        assert SandboxedStudent(own).plot("draw", np.zeros(2)).axes == ()

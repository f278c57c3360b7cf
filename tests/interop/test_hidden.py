"""The cell of a question's hidden checks: in a kernel it ends in the points that all of them give together."""

import shutil
import sys
import warnings

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from autograder.course import open_course
from autograder.interop import hidden
from autograder.interop.hidden import run_hidden_check, run_hidden_checks
from autograder.scaffold import new

MORE = '''

@check("q1", points=1)
def test_zero(student, rng):
    """Zero for zeros"""
    assert student.mean_square(np.zeros(2)) == 0, "zeros have the mean 0"


@check("q1", points=2.5)
def test_part(student, rng):
    """In part"""
    assert_number(student.mean_square(np.array([3.0])), 9.0)
    raise PartOfThePoints(1.25)
'''


@pytest.fixture
def folder(skeleton, tmp_path):
    """solutions/a9_test in a course of its own."""
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    shutil.copytree(skeleton.folder, tmp_path / "solutions" / skeleton.name)
    return tmp_path / "solutions" / skeleton.name


@pytest.fixture
def asking(skeleton, folder, monkeypatch):
    """asking(mean_square): the points of the hidden checks: 7 for value, 1 for pure, 1 for zero, 2.5 for part."""
    checks, settings = folder / "hidden_checks.py", folder / "assignment.toml"
    head = "import numpy as np\n\nfrom autograder.authoring.failing import PartOfThePoints\n"
    checks.write_text(checks.read_text().replace("from autograder", f"{head}from autograder", 1) + MORE)
    settings.write_text(settings.read_text().replace("points = 10", "points = 13.5"))
    monkeypatch.chdir(folder)
    hidden._loaded.cache_clear()
    yield lambda mean_square: run_hidden_checks(skeleton.name, "q1", {"mean_square": mean_square})
    hidden._loaded.cache_clear()


def mean_square(x):
    return np.mean(np.square(x))


def test_the_points_of_all_hidden_checks_are_one_float_of_pythons(asking):
    """nbgrader takes np.float64(10.25) for no number, and gives full marks."""
    points = asking(mean_square)
    assert type(points) is float
    assert points == 7 + 1 + 1 + 1.25


def test_a_check_that_fails_costs_its_own_points_and_is_named_on_stdout(asking, capsys):
    assert asking(lambda x: mean_square(x) if x.any() else 1.0) == 7 + 1 + 1.25
    assert capsys.readouterr() == ("Zero for zeros (q1.zero): zeros have the mean 0\n", "")


def test_whatever_students_code_raises_the_next_check_is_put(asking, capsys):
    def exits(x):
        if not x.any():
            sys.exit()
        if x.size == 4:
            raise ValueError("four")
        return mean_square(x)

    assert asking(exits) == 7 + 1.25
    said = capsys.readouterr().out
    assert "(q1.pure): ValueError: four\n" in said
    assert "(q1.zero): " in said


def test_nothing_that_students_code_says_reaches_stderr_where_it_would_cost_all_points(asking, capsys):
    def warns(x):
        warnings.warn("slow", stacklevel=1)
        print("slow", file=sys.stderr)
        return mean_square(x)

    assert asking(warns) == 10.25
    assert capsys.readouterr() == ("", "")


def test_code_without_an_end_costs_the_checks_that_it_is_in(asking, folder, capsys):
    settings = folder / "assignment.toml"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith("call_seconds")]
    text = "\n".join(lines)
    settings.write_text(text.replace("[limits]", "[limits]\ncall_seconds = 0.1"))

    def goes_on(x):
        while x.size == 4:
            try:
                x.sum()
            except Exception:  # noqa: BLE001 — as students write it
                continue
        return mean_square(x)

    assert asking(goes_on) == 7 + 1 + 1.25
    assert "(q1.pure): no answer after 0.2 s of processor time" in capsys.readouterr().out


@pytest.mark.parametrize("setting", ["%precision 0", "%config InteractiveShell.ast_node_interactivity = 'none'"])
def test_no_setting_of_the_notebook_hides_or_rounds_the_points(asking, setting):
    """nbgrader reads them from what the cell shows, and gives full marks to one that shows no number."""
    shell = InteractiveShell.instance()
    try:
        shell.push({"points": lambda: asking(lambda x: mean_square(x) if x.any() else 1.0)})
        shell.run_cell(setting)
        with capture_output() as shown:
            shell.run_cell("points()")
    finally:
        shell.ast_node_interactivity = "last_expr"
        InteractiveShell.clear_instance()
    assert shown.stdout.strip().endswith(": 9.25")


@pytest.mark.parametrize(("odd", "expected"), [("float('nan')", 9), ("float('inf')", 9), ("-3.0", 9), ("99.0", 11.5)])
def test_a_check_gives_no_more_than_its_points_and_no_less_than_none(asking, folder, odd, expected):
    checks = folder / "hidden_checks.py"
    checks.write_text(checks.read_text().replace("PartOfThePoints(1.25)", f"PartOfThePoints({odd})"))
    assert asking(mean_square) == expected


def test_a_notebook_without_an_answer_gets_nothing(asking, skeleton):
    assert run_hidden_checks(skeleton.name, "q1", {}) == 0.0


def test_a_cell_of_an_earlier_release_puts_its_one_check(asking, skeleton):
    """A class in the middle of its term has nbgrader's sources with a cell for each hidden check."""
    run_hidden_check(skeleton.name, "q1.value", {"mean_square": mean_square})
    with pytest.raises(AssertionError):
        run_hidden_check(skeleton.name, "q1.value", {"mean_square": lambda x: 0.0 * mean_square(x)})


@pytest.mark.parametrize(("accepts", "points", "asked"), [("good", 9.0, 28), ("everything", 0.0, 28)])
def test_a_test_as_the_answer_is_put_once_for_all_checks_of_the_cell(tmp_path, monkeypatch, accepts, points, asked):
    """The seven wrong medians are shown twice, and each stands twice behind a right one: nine of these differ."""
    (tmp_path / "course.toml").write_text('title = "Test course"\n')
    folder = new(open_course(tmp_path), "a8_median", "tests")
    monkeypatch.chdir(folder)
    hidden._loaded.cache_clear()
    right = {(7,): 7, (5, 1, 3): 3, (9, 1, 3, 2): 2.5, (2, 2, 2, 9, 5): 2}
    calls = []

    def good(median):
        calls.append(1)
        try:
            return all(abs(median(list(numbers)) - answer) < 1e-6 for numbers, answer in right.items())
        except IndexError:
            return False

    everything = {"good": good, "everything": lambda median: calls.append(1) or True}
    assert run_hidden_checks("a8_median", "q1", {"accepts": everything[accepts]}) == points
    assert len(calls) == asked
    hidden._loaded.cache_clear()

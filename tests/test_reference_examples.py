"""The examples of docs/reference/checks.md run, and give what the sentence beside them says.

An example is the code after "Example: " in a docstring. Its pieces run in their order, in names that are made here by
hand. These rules make a whole of each piece:

* `_` is the last value, as in Python's shell. After a `def`, it is the function.
* A decorator stands above the `def` that comes next, or above one that returns its arguments.
* A name alone is not run; it must be a name of the notebook, of the check or of what draws the plot.
* A call of pyplot draws the plot of the example. If the example has none, PLOTS has it.
* A part of a plot alone is expected of this plot.

What comes out is in OUTCOMES. An example without an outcome judges a student: it must raise AssertionError for a wrong
notebook, or a wrong plot.
"""

import ast
import inspect
import re
import typing

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from matplotlib import pyplot as plt
from reference_pages import checks_page

from autograder import authoring
from autograder.authoring.checks import MARK, CheckMark
from autograder.authoring.inprocess import PlainStudent
from autograder.authoring.pictures import PICTURE_MARK
from autograder.authoring.plot_assertions import Expected
from autograder.authoring.plot_words import Contains
from autograder.authoring.rules import RULE_MARK, rule_faults
from autograder.authoring.slips import SLIPS_MARK
from autograder.authoring.student import Student


def read_examples():
    """{name: its pieces of code, and the sentence without them}"""
    methods = {f"Student.{name}": method for name, method in vars(Student).items() if inspect.isfunction(method)}
    for name, thing in [*methods.items(), *((name, getattr(authoring, name)) for name in authoring.__all__)]:
        for text in (inspect.getdoc(thing) or "").split("Example: ")[1:]:
            line = " ".join(text.split())
            yield name, (re.findall(r"`([^`]+)`", line), re.sub(r"`[^`]+`", "", line))


EXAMPLES = dict(read_examples())

NOTEBOOK = """
import numpy as np
import scipy.sparse

def mean(x): return sum(x) / len(x)
def relu(x): return np.maximum(x, 0)
def step(x): return x / 2
def mean_square(x): return np.mean(x * x)
def multiplications(rows, inner, columns): return rows * inner * columns
def count_words(text): return {word: text.split().count(word) for word in text.split()}
def cheapest(df): return df.sort_values("price").head(2)
def ages(df): return 2026 - df["year"]
def laplacian(n): return scipy.sparse.diags_array([-np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1)], offsets=[-1, 0, 1]).tocsr()
def path(): return [[0, 0], [1, 2], [3, 2]]
def slope(f, x): return f(x + 0.5) - f(x - 0.5)
def backward(cache): return {"W": cache["X"].T @ cache["d"], "b": cache["d"].sum(axis=0)}
def accepts(median): return median([3, 1, 2]) == 2 and median([1, 2, 3, 4]) == 2.5
def draw(y):
    from matplotlib import pyplot as plt
    plt.plot(y)
    plt.title("Losses")

class Dual:
    def __init__(self, value, slope): self.value, self.slope = value, slope
    def __mul__(self, other): return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)
    def __neg__(self): return Dual(-self.value, -self.slope)
def derivative(f, x): return f(Dual(x, 1.0)).slope

class Tree: pass
tree = Tree()
"""


def notebook_of(name):
    """The names that the notebook of an example defines: the docstring of Student has one of its own."""
    own = "\n".join(re.findall(r"^    (.*)$", inspect.getdoc(Student), re.MULTILINE))
    names = {}
    exec(own if name.startswith("Student.") else NOTEBOOK, names)
    return names


def wrong(names):
    """A notebook with these names whose functions change their argument and return nothing, and whose values are 0."""

    def function(*arguments):
        for argument in arguments:
            if isinstance(argument, np.ndarray):
                argument[...] = 0

    defined = {name: value for name, value in names.items() if name != "__builtins__"}
    return {n: v if isinstance(v, type) else function if callable(v) else 0 for n, v in defined.items()}


def refusal(call):
    """What a check says that fails."""
    with pytest.raises(authoring.CheckFailed) as failed:
        call()
    return str(failed.value)


VALUES = """
x = np.array([-2.0, 1.0, 4.0], np.float32); y = np.array([3.0, 1.0, 2.0]); u, v = y + 1, y - 1
X = np.array([[1.0, 2.0], [3.0, 4.0]]); W = np.array([[2.0, 4.0]]); b = np.array([8.0])
mean, error = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3])
epochs, losses = np.arange(3), np.array([0.9, 0.5, 0.4])
cache = {"X": X, "d": np.array([[1.0], [10.0]])}; d_W = np.array([[31.0], [42.0]]); d_b = np.array([11.0])
yours, right, d, answer, memo = 3.0, 2.0, 3, [1, 2], {}
rng, reference = np.random.default_rng(0), None
df = pd.DataFrame({"price": [3.0, 1.0, 2.0], "year": [2020, 2006, 1926]})
def middle_as_given(numbers): return numbers[len(numbers) // 2]
def upper_middle(numbers): return sorted(numbers)[len(numbers) // 2]
def floats(numbers): return ([float(number) for number in numbers],)
EVEN = Faults("a median of an even number of entries passed.", {"upper": lambda: upper_middle})
"""
MORE_VALUES = {
    "assert_frame": 'expected = pd.DataFrame({"price": [2.0, 1.0], "year": [1926, 2006]}, index=[2, 1])',
    "assert_sparse": "expected = scipy.sparse.csr_array(2 * np.eye(5) - np.eye(5, k=1) - np.eye(5, k=-1))",
}
PLOTS = {
    "Annotation": ['annotate("the peak", (3, 9), (1, 2))'],
    "Area": ["fill_between(x, mean - error, mean + error)"],
    "Arrows": ["quiver(x, y, u, v)"],
    "BarChart": ['bar(["cat", "dog"], [3, 1])'],
    "Box": ['boxplot([[1, 2, 3, 9]], tick_labels=["cat"])'],  # quartiles 1.75, 2.5 and 4.5
    "Contours": ["contour([[0, 1], [2, 3]], levels=[1, 2])"],
    "Curve": ["plot(np.linspace(0, 2, 20), np.linspace(0, 2, 20) ** 2)"],
    "ErrorBars": ['errorbar(x, y, yerr=error, fmt="o")'],
    "Histogram": ["hist(x, bins=10)", "stairs([5, 3], [0, 1, 2])"],
    "Line": ['plot(epochs, losses, label="train")'],
    "Pie": ['pie([3, 1], labels=["cat", "dog"])'],
    "Surface": ['axes(projection="3d").plot_surface(*np.meshgrid([0, 1], [0, 1]), X)'],
    "assert_plot": ['plot(x, y, label="train"); xlabel("Epoch"); legend()'],
    "contains": ['plot(x, y); xlabel("step")'],
}
PARTS = {  # the class of a part: the argument of assert_plot that takes it
    kind: name
    for name, hint in typing.get_type_hints(Expected).items()
    for kind in typing.get_args(hint)
    if getattr(kind, "__module__", "").startswith("autograder.authoring.plot_") and kind is not Contains
}
WRONG_PLOT = "plot([70, 80], [50, 90])"

OUTCOMES = {
    "Student.__getattr__": {"student.mean(np.array([1.0, 3.0]))": 2.0, "student.rate": 0.5},
    "Student.each": {"_": [2.0, 0.0]},
    "Student.keep": {"_": [0.5, 0.5, 0.5]},
    "Student.keep_each": {"student.fetch(p)": {"W": np.array([[1.0, 2.0]]), "b": np.array([8.0])}},
    "Student.keeping": {"loss": 30.0, "_": [[2.0, 4.0], [6.0, 8.0]]},
    "Student.fetch": {"_": [[2.0, 4.0]]},
    "Student.overwrite": {"_": [[0.0, 0.0], [0.0, 0.0]], "X": [[1.0, 2.0], [3.0, 4.0]]},
    "Student.shown": {"x": [0.5, 0.5, 0.5]},
    "Student.plot": {"_": [1, 3]},
    "Bars": {"_.bars[0].yours": ((3.0,),), "_.bars[0].reference": ((2.0,),)},
    "Callback": {"_": 6.0},  # 3.5**2 - 2.5**2
    "CheckFailed": {"assert_number(4, 4)": None},
    "Expression": {"_": 6.0},
    "Faults": {'_.makers["as given"]()([3, 1, 2])': 1},
    "Formula": {"_": 2.0},
    "KillMatrix": {"_.agrees": True},
    "KillRow": {"_.caught": False},
    "NoPicture": {"type(raised)": authoring.NoPicture, "str(raised)": "forward returned no pair"},
    "Plot": {"_": 1},
    "PlotAxes": {"_": "Losses"},
    "SafeText": {"type(name)": authoring.SafeText, "name": authoring.SafeText("the gradient, d = 3")},
    "Slip": {"_.variant(np.array([1.0, 3.0]))": 4.0},
    "Suspect": {
        "refusal(lambda: assert_array(np.array(4.0), np.array(right), suspects=[_]))": "the result: a factor of two is left over."
    },
    "blocked": {
        "str(raised)": "This cannot be checked before q3 passes: the loss is needed.",
        f"_.{MARK}": CheckMark("q4", 5.0, ("q3",), device=False),
    },
    "check": {f"_.{MARK}": CheckMark("q2", 5.0, ("q1",), device=False)},
    "describe": {"str(raised)": "expected a pair, got a list."},
    "fail": {"str(raised)": "expected the pair (y, dy/dx), got a list."},
    "no_picture": {"str(raised)": "forward returned no pair"},
    "numbers": {"_": [[0.0, 0.0], [1.0, 2.0], [3.0, 2.0]]},
    "picture": {f"_.{PICTURE_MARK}": ("q3", "Your path")},
    "rule": {"_(2, 3)": 6, f"list(rule_faults(_.{RULE_MARK}))": []},
    "slips": {f'1.0 < _.{SLIPS_MARK}.answer(student, reference, "a seed") < 2.0': True},
}
RAISING = {"NoPicture", "blocked", "describe", "fail", "no_picture"}


class Run:
    """The run of one example. names: the globals of the check that it is a line of."""

    def __init__(self, name, notebook, plots=()):
        self.name, self.notebook = name, notebook
        self.names = {each: getattr(authoring, each) for each in authoring.__all__}
        self.names |= {"np": np, "pd": pd, "scipy": scipy, "pytest": pytest, "student": PlainStudent(notebook)}
        self.names |= {"rule_faults": rule_faults, "refusal": refusal}
        exec(VALUES + MORE_VALUES.get(name, ""), self.names)
        self.plots = [self._drawn(lines) for lines in plots]
        if self.plots:
            self.names["plot"] = self.plots[0]

    def _drawn(self, lines):
        return PlainStudent({"draw": lambda: exec(lines, vars(plt) | self.names)}).plot("draw")

    def do(self, piece):
        if piece.isidentifier():
            assert piece in {*self.notebook, *self.names} or f"{piece}(" in "".join(PLOTS[self.name])
            return
        try:
            exec(with_value(piece), self.names)
        except (authoring.CheckFailed, authoring.NoPicture) as error:
            if self.name not in RAISING:
                raise
            self.names["raised"] = error
        if part := PARTS.get(type(self.names.get("_"))):
            authoring.assert_plot(self.plots.pop(0), **{part: self.names.pop("_")})


def with_value(piece):
    """A piece of code as a tree, which puts its value into `_`."""
    tree = ast.parse(piece)
    match tree.body[-1]:
        case ast.Expr(value=value):
            tree.body[-1] = ast.Assign([ast.Name("_", ast.Store())], value)
        case ast.FunctionDef(name=name):
            tree.body.append(ast.Assign([ast.Name("_", ast.Store())], ast.Name(name, ast.Load())))
    return compile(ast.fix_missing_locations(tree), piece, "exec")


def whole(pieces):
    """The pieces, with each decorator above a `def` that has a body."""
    decorator = ""
    for piece in [*pieces, ""]:
        if decorator:
            given = piece.startswith("def ")
            function = (
                piece + " return locals()" * piece.endswith(":") if given else "def function(*given): return given"
            )
            yield f"{decorator}\n{function}"
            piece = "" if given else piece  # noqa: PLW2901 — it is used
        decorator = piece if piece.startswith("@") else ""
        if piece and not decorator:
            yield piece


def is_drawing(piece):
    called = re.match(r"(\w+)\(", piece)
    return bool(called) and called[1] in vars(plt) and called[1] not in vars(authoring)


def run(name, notebook, plots=None):
    pieces = EXAMPLES[name][0]
    drawings = [piece for piece in pieces if is_drawing(piece)] or PLOTS.get(name, [])
    done = Run(name, notebook, [plots] * len(drawings) if plots else drawings)
    for piece in whole(piece for piece in pieces if not is_drawing(piece)):
        done.do(piece)
    return done.names


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_what_its_sentence_says(name):
    names = run(name, notebook_of(name))
    for expression, expected in OUTCOMES.get(name, {}).items():
        np.testing.assert_equal(eval(expression, names), expected)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in OUTCOMES])
def test_an_example_that_judges_a_student_fails_a_wrong_one(name):
    with pytest.raises(AssertionError):
        run(name, wrong(notebook_of(name)), WRONG_PLOT)


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_value_in_the_sentence_of_an_example_is_compared(name):
    said = [ast.literal_eval(text) for text in re.findall(r"\[.*?\]|\d+\.\d+", EXAMPLES[name][1])]
    assert [value for value in said if value not in list(OUTCOMES.get(name, {}).values())] == []


def test_the_page_has_every_example_as_it_ran():
    page = checks_page.page()
    assert len(list(read_examples())) == len(EXAMPLES) == page.count("Example: ")
    words = " ".join(page.split())
    assert [piece for pieces, _ in EXAMPLES.values() for piece in pieces if f"`{piece}`" not in words] == []


def test_every_table_here_is_about_examples():
    assert {*OUTCOMES, *PLOTS, *MORE_VALUES, *RAISING} <= set(EXAMPLES)

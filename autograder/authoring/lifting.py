"""Runs a test that was written for a notebook's own process, and keeps it out of that process.

`lifted` runs the test's text in the grader, unchanged. A function that the test takes from the notebook stands for the
student's: a call crosses the border, and its result comes back as a typed value. What the function prints, raises, or
does to its arguments shows, as it does in a notebook. `inside` runs the text in the student's process, where student
code can read and change it: it is for tests that `lifted` cannot run. `autograder import` writes both.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import random
import sys
from collections.abc import Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from autograder.authoring.failing import PartOfThePoints
from autograder.authoring.student import Student
from autograder.errors import RaisedError, like_python

_POINTS = "points_of_this_test"  # the name of the number with which a test ends


def lifted(student: Student, test: str, *, names: Mapping[str, str], given: str = "") -> None:
    """Run a test of a notebook in the grader.

    test: its lines; or examples of doctest, if it begins with `>>>`.  given: lines of the author's that come first,
    such as imports.
    names: the names that the test takes from the notebook, each with the name that the notebook has for it.
    Raises what the test raises; PartOfThePoints if the test ends with a number.

    Example: `lifted(student, "assert mean([1, 3]) == 2", names={"mean": "mean"})`.
    """
    space = _Names(student, names)
    with _as_in_a_process():
        exec(compile(given, "<given>", "exec", dont_inherit=True), space)  # noqa: S102 — the author's
        if _is_doctest(test):
            _run_examples(test, space)
        else:
            exec(_compiled(test), space)  # noqa: S102 — the author's
    _settle(space.get(_POINTS))


def inside(student: Student, test: str, *, names: Mapping[str, str], given: str = "") -> None:
    """Run a test in the student's process, at the end: for a check with `inside=True`.

    The arguments are those of `lifted`. Nothing that the test says is sure to be true, because student code can change
    what it finds. Raises AssertionError if the test does, PartOfThePoints if it ends with a number.
    """
    kept = "".join(f"{name} = {other}\n" for name, other in names.items() if name != other)
    lines = _examples_as_code(test) if _is_doctest(test) else ast.unparse(_ending_with_points(test))
    try:
        student.run_inside(f"{kept}{given}\n{_POINTS} = None\n{lines}\n")
    except RaisedError as error:
        if error.type_name == "AssertionError":
            raise AssertionError from None
        raise
    _settle(student.shown(_POINTS))


class _Names(dict[str, Any]):
    """The names of a test: its own, and those that it takes from the notebook.

    A value of the notebook is fetched when the test reads it. It stays the same until the test calls a function.
    """

    def __init__(self, student: Student, names: Mapping[str, str]) -> None:
        super().__init__(__name__="__main__")
        self._student, self._taken = student, names
        self._values: dict[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        if name not in self._taken:
            raise KeyError(name)
        if name not in self._values:
            value = self._student.shown(self._taken[name])
            if isinstance(value, FunctionType) or (callable(value) and hasattr(value, "owner")):
                value = self[name] = _Call(value, self)
                return value
            self._values[name] = value
        return self._values[name]

    def copy(self) -> _Names:
        """The same names: doctest asks for a copy, which would be a plain dict."""
        return self

    def forget_values(self) -> None:
        """Fetch values again from now on."""
        self._values.clear()


class _Call:
    """A function of the student for a test, which sees no more of it than its results."""

    def __init__(self, function: Any, names: _Names) -> None:
        self.function, self._names = function, names

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._names.forget_values()
        plain = [arg.function if isinstance(arg, _Call) else arg for arg in args]
        named = {key: arg.function if isinstance(arg, _Call) else arg for key, arg in kwargs.items()}
        try:
            return self.function(*plain, **named)
        except RaisedError as error:
            raise like_python(error, _type_of(error.type_name, self._names)) from None
        finally:
            sys.stdout.write(getattr(self.function, "printed", ""))


def _type_of(name: str, names: Mapping[str, Any]) -> type[Exception] | None:
    """The exception of this name that a test can mean: its own, or one of a package that it imports; None if none."""
    packages = {module.__name__.partition(".")[0] for module in names.values() if isinstance(module, ModuleType)}
    modules = (vars(module) for path, module in list(sys.modules.items()) if path.partition(".")[0] in packages)
    kinds = (space.get(name) for space in (names, *modules))
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Exception)), None)


class _Nowhere:
    """A stdout that keeps nothing."""

    encoding, errors, closed = "utf-8", "replace", False

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None: ...


@contextlib.contextmanager
def _as_in_a_process() -> Iterator[None]:
    """A test may print, draw random numbers, and end its process: none of it reaches the grader."""
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 — a notebook's test uses it
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    try:
        with contextlib.redirect_stdout(_Nowhere()):
            yield
    except SystemExit:
        raise AssertionError from None
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002


def _is_doctest(test: str) -> bool:
    return test.lstrip().startswith(">>>")


def _run_examples(test: str, space: _Names) -> None:
    """Run examples of doctest. An example that fails is an AssertionError; a student's exception comes out as it is."""
    examples = doctest.DocTestParser().get_doctest(test, space, "test", None, 0)
    try:
        doctest.DebugRunner(verbose=False).run(examples, clear_globs=False)
    except doctest.DocTestFailure:
        raise AssertionError from None
    except doctest.UnexpectedException as error:
        raise error.exc_info[1] from None


def _examples_as_code(test: str) -> str:
    """Lines that run examples of doctest, and raise AssertionError if one fails."""
    return (
        "import doctest\n"
        f"_examples = doctest.DocTestParser().get_doctest({test!r}, globals(), 'test', None, 0)\n"
        "assert not doctest.DocTestRunner(verbose=False).run(_examples, out=lambda _: None).failed"
    )


def _compiled(test: str) -> Any:
    return compile(_ending_with_points(test), "<test>", "exec", dont_inherit=True)


def _ending_with_points(test: str) -> ast.Module:
    """The test; if it ends with an expression, its value gets a name."""
    tree = ast.parse(test)
    match tree.body:
        case [*_, ast.Expr(value) as last]:
            target = ast.Name(_POINTS, ast.Store())
            tree.body[-1] = ast.copy_location(ast.Assign([target], value), last)
    return ast.fix_missing_locations(tree)


def _settle(points: Any) -> None:
    """A test that ends with a number gives so many points, as in nbgrader."""
    if type(points) in {int, float}:
        raise PartOfThePoints(float(points))

"""Runs a test that was written for a notebook's own process, in another process: the notebook's names are asked for.

The test's process holds no student code, and the student's process never holds the test. A call of a student's function
goes through the grader. Its result, its exception, its prints and its changes of arguments show, as in a notebook.

`ask(what, name, args, kwargs)` answers for the notebook:

    "get"   ["value", value] or ["function", a function that stands for it]
    "call"  ["result", result, args after the call, kwargs after the call, printed text]
    both    ["raised", name of the exception's type, text]
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from .sharing import updated

POINTS = "points_of_this_test"  # the name of the number with which a test ends
Ask = Callable[[str, str, list[Any], dict[str, Any]], list[Any]]


def run_test(test: str, given: str, names: Mapping[str, str], ask: Ask) -> Any:
    """Run a test. Returns the number with which it ends, or None. Raises what it raises.

    test: its lines; or examples of doctest, if it begins with `>>>`.  given: lines of the author's that come first.
    names: those that the test takes from the notebook, each with the name that the notebook has for it.
    """
    space = _Names(names, ask)
    exec(compile(given, "<given>", "exec", dont_inherit=True), space)  # noqa: S102 — the author's
    if is_doctest(test):
        _run_examples(test, space)
    else:
        code = compile(ending_with_points(test), "<test>", "exec", dont_inherit=True)
        exec(code, space)  # noqa: S102 — the author's
    points = space.get(POINTS)
    return points if type(points) in {int, float} else None


class _Names(dict[str, Any]):
    """The names of a test: its own, and those that it takes from the notebook.

    A value of the notebook is asked for when the test reads it. It stays the same until the test calls a function.
    """

    def __init__(self, names: Mapping[str, str], ask: Ask) -> None:
        super().__init__(__name__="__main__")
        self._taken, self._ask = names, ask
        self._values: dict[str, Any] = {}

    def __missing__(self, name: str) -> Any:
        if name not in self._taken:
            raise KeyError(name)
        if name not in self._values:
            match self.answer("get", name, [], {}):
                case ["function", function]:
                    self[name] = _Call(name, self, function)
                    return self[name]
                case [_, value]:
                    self._values[name] = value
        return self._values[name]

    def copy(self) -> _Names:
        """The same names: doctest asks for a copy, which would be a plain dict."""
        return self

    def answer(self, what: str, name: str, args: list[Any], kwargs: dict[str, Any]) -> list[Any]:
        """Ask. Raises the exception of the student's function."""
        answer = self._ask(what, self._taken[name], args, kwargs)
        if answer[0] == "raised":
            raise _exception(answer[1], answer[2], self)
        return answer

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the notebook. Every value is asked for again afterwards: the call may have changed it."""
        self._values.clear()
        _, result, args_after, kwargs_after, printed = self.answer("call", name, list(args), kwargs)
        updated(list(args), args_after)
        updated(kwargs, kwargs_after)
        sys.stdout.write(printed)
        return result


class _Call:
    """A function of the notebook. The test sees no more of it than its results.

    function: that stands for it where it is an argument of another one.
    """

    def __init__(self, name: str, names: _Names, function: Any) -> None:
        self.__name__, self._names, self.function = name, names, function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        named = {key: _standing_for(arg) for key, arg in kwargs.items()}
        return self._names.call(self.__name__, tuple(map(_standing_for, args)), named)


def _standing_for(argument: Any) -> Any:
    return argument.function if isinstance(argument, _Call) else argument


def _exception(name: str, text: str, names: Mapping[str, Any]) -> Exception:
    """The exception of this type: one of Python's, of the test's, or of a package that the test imports."""
    packages = {module.__name__.partition(".")[0] for module in names.values() if isinstance(module, ModuleType)}
    modules = [vars(module) for path, module in list(sys.modules.items()) if path.partition(".")[0] in packages]
    kinds = (space.get(name) for space in (vars(builtins), names, *modules))
    ends_loops = (StopIteration, StopAsyncIteration)  # a student could choose how many rounds a loop has
    kind: Any = next((k for k in kinds if isinstance(k, type) and issubclass(k, Exception)), Exception)
    if issubclass(kind, (*ends_loops, ExceptionGroup)):
        return RuntimeError(text)
    made: Exception = type(kind.__name__, (kind,), {"__init__": lambda *_: None, "__str__": lambda _: text})(text)
    return made


def is_doctest(test: str) -> bool:
    """Whether a test is examples of doctest."""
    return test.lstrip().startswith(">>>")


def _run_examples(test: str, space: _Names) -> None:
    """Run examples of doctest. One that fails is an AssertionError; an exception comes out as it is."""
    import doctest  # a command that grades no such test starts without it

    examples = doctest.DocTestParser().get_doctest(test, space, "test", None, 0)
    try:
        doctest.DebugRunner(verbose=False).run(examples, clear_globs=False)
    except doctest.DocTestFailure:
        raise AssertionError from None
    except doctest.UnexpectedException as error:
        raise error.exc_info[1] from None


def ending_with_points(test: str) -> ast.Module:
    """The test; if it ends with an expression, its value gets a name."""
    tree = ast.parse(test)
    match tree.body:
        case [*_, ast.Expr(value) as last]:
            target = ast.Name(POINTS, ast.Store())
            tree.body[-1] = ast.copy_location(ast.Assign([target], value), last)
    return ast.fix_missing_locations(tree)

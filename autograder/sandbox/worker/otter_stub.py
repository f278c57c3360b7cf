"""`import otter` of a notebook that is graded as otter grades it: a stand-in that holds no test.

The real package keeps tests, expected outputs, points and results in the student's process. This one asks the grader
for the examples of a test case at the moment at which the case runs. It gives back what they printed or raised, and
learns no verdict. Python's own doctest runs them, so that what they print is exactly what otter would compare.

An exception-based test (`OK_FORMAT = False`) is a function that calls student code and raises. It can only run here.
"""

from __future__ import annotations

import builtins
import contextlib
import doctest
import glob
import inspect
import io
import json
import os
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython

TESTS = "./tests"
NOTEBOOK_CLASS = "notebook_AUTOGR"  # the name under which a notebook finds the class for the checks that otter inserts
_PRINTED, _RAISED = "printed\n", "raised\n"
MAX_TEXT = 100_000  # characters of what an example printed
_TESTS_WITHOUT_FORMAT = "OK_FORMAT must be specified with tests"

Names = dict[str, Any]


class test_case:
    """The decorator of an exception-based test case, as `from otter.test_files import test_case` gives it."""

    def __init__(
        self,
        name: str | None = None,
        points: float | None = None,
        hidden: bool = False,
        success_message: str | None = None,
        failure_message: str | None = None,
    ) -> None:
        self.name, self.points, self.hidden = name, points, hidden
        self.success_message, self.failure_message = success_message, failure_message
        self.test_func: Callable[..., None] = lambda: None

    def __call__(self, test_func: Callable[..., None]) -> test_case:
        self.test_func = test_func
        return self


class NoVerdict:
    """The result of `grader.check` while a notebook is graded. It says nothing: the grader has the verdict."""

    def __init__(self, question: str) -> None:
        self.question = question

    def __repr__(self) -> str:
        return f"{self.question}: checked by the grader"


def nothing(*_: object, **__: object) -> None:
    """Otter's methods that do nothing while a notebook is graded, such as `export`."""


@dataclass(frozen=True)
class Desk:
    """The way to the grader. ask: asks it, see otter_courses/check_desk.py.

    has_folder: whether the notebook has a folder of its own. Without one, no file of the submission can be looked for.
    """

    ask: Callable[..., Any]
    has_folder: bool


def stand_in(desk: Desk) -> type:
    """The class `otter.Notebook`."""

    class OtterNotebook:
        def __init__(self, nb_path: str | None = None, *_: object, **__: object) -> None:
            if desk.has_folder:
                _require_notebook(nb_path)

        def check(self, question: str, global_env: Names | None = None) -> NoVerdict:
            path = f"{TESTS}/{question}.py"
            names = sys._getframe(1).f_globals if global_env is None else global_env  # noqa: SLF001 — as otter does
            run_test(desk, path, names)
            return NoVerdict(question)

        check_all = export = to_pdf = add_plugin_files = run_plugin = init_grading_mode = staticmethod(nothing)

    return OtterNotebook


def install(desk: Desk, names: Names) -> None:
    """Make `import otter` find the stand-in, and put its class among the notebook's names."""
    notebook = names[NOTEBOOK_CLASS] = stand_in(desk)
    modules: dict[str, Names] = {
        "otter": {"Notebook": notebook, "__version__": "7.0.0"},
        "otter.check": {},
        "otter.check.notebook": {"Notebook": notebook},
        "otter.test_files": {"test_case": test_case},
    }
    for name, content in modules.items():
        module = sys.modules[name] = types.ModuleType(name)
        vars(module).update(content, __path__=[])
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)


def run_test(desk: Desk, path: str, names: Names) -> None:
    """Run one test file on these names. Raises what otter would raise, such as FileNotFoundError."""
    if desk.has_folder and not os.path.isfile(path):  # noqa: PTH113 — plain text
        raise FileNotFoundError(f"Test {path} does not exist")
    ask = desk.ask
    number, form, content = ask("begin", path)
    if form == "examples":
        for case in range(content):
            ask("answers", number, case, run_examples(ask("case", number, case), names))
    else:
        ask("verdicts", number, run_cases(content, path, names))
    ask("end", number)


class _Recorder(doctest.OutputChecker):
    """Keeps what every example gave: whether it raised, and the text."""

    def __init__(self) -> None:
        self.answers: list[list[Any]] = []

    def check_output(self, want: str, got: str, optionflags: int) -> bool:  # noqa: ARG002 — doctest's own shape
        self.answers.append([want == _RAISED, got[:MAX_TEXT]])
        return True


def run_examples(sources: list[str], names: Names) -> list[list[Any]]:
    """The outputs and exceptions of these examples, in a copy of the names: [whether it raised, text] of each."""
    recorder = _Recorder()
    examples = [doctest.Example(source, _PRINTED, _RAISED) for source in sources]
    test = doctest.DocTest(examples, names, "test", None, None, None)
    runner = doctest.DocTestRunner(recorder, verbose=False)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), _without_displays():
        runner.run(test, out=nothing, clear_globs=False)
    return recorder.answers


@contextlib.contextmanager
def _without_displays() -> Iterator[None]:
    """Let `display(x)` show nothing, as otter does."""
    shell: Any = get_ipython()
    if shell is None:
        yield
        return
    formatters, shell.display_formatter.formatters = shell.display_formatter.formatters, {}
    try:
        yield
    finally:
        shell.display_formatter.formatters = formatters


def run_cases(source: str, path: str, names: Names) -> list[list[Any]]:
    """Run the cases of an exception-based test: [whether it passed, the exception's text] of each."""
    verdicts = []
    for case in cases_in(executed(source, path)):
        wanted = inspect.signature(case.test_func).parameters
        try:
            case.test_func(**{name: names if name == "env" else names.get(name) for name in wanted})
        except Exception as error:  # noqa: BLE001 — an exception is how such a test says no
            _require_line(error)
            verdicts.append([False, f"{type(error).__name__}: {error}"[:MAX_TEXT]])
        else:
            verdicts.append([True, ""])
    return verdicts


def _require_line(error: Exception) -> None:
    """Raise what otter raises if the function could not even be called: otter looks for the line of the test."""
    if error.__traceback__ is None or error.__traceback__.tb_next is None:
        raise AttributeError("'NoneType' object has no attribute 'tb_lineno'")


def executed(source: str, path: str) -> Names:
    """The names that a test file defines."""
    names: Names = {}
    exec(compile(source, path, "exec", dont_inherit=True), names)  # noqa: S102 — the teacher's own file
    return names


def cases_in(content: Names) -> list[test_case]:
    """The test cases among them, in order."""
    return [value for value in content.values() if isinstance(value, test_case)]


def _require_notebook(nb_path: str | None) -> None:
    """Read the notebook that `otter.Notebook("x.ipynb")` names. Raises as otter does if a student renamed it."""
    settings = glob.glob("*.otter")  # noqa: PTH207 — plain text
    if len(settings) > 1:
        raise AssertionError("More than 1 otter config file found")
    for name in settings:
        with open(name, encoding="utf-8") as file:  # noqa: PTH123
            nb_path = json.load(file)["notebook"]
    if nb_path:
        with open(nb_path, encoding="utf-8") as file:  # noqa: PTH123
            metadata = json.load(file).get("metadata", {}).get("otter", {})
        if ("tests" in metadata) != ("OK_FORMAT" in metadata):
            raise ValueError(_TESTS_WITHOUT_FORMAT)


_own_open = builtins.open


def require_own_open(names: Names, of_the_shell: object) -> None:
    """Raise what otter's last cell raises if the notebook has a name `open` that opens no file.

    of_the_shell: the `open` that the shell itself gave to the notebook.
    """
    opener = names.get("open", builtins.open)
    if opener is not _own_open and opener is not of_the_shell:
        with opener(".otter-results.pkl", "wb") as file:
            file.write(b"")

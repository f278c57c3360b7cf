"""An assignment for the grader: `solutions/NAME/`, read and checked."""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.assignment.asked import asked_names
from autograder.assignment.author_code import author_code
from autograder.assignment.concepts import concept_checks, rules_of
from autograder.assignment.consistency import require_consistent, require_cores, require_each_name_once
from autograder.assignment.equipping import equipment_of
from autograder.assignment.handouts import HIDDEN, locate_handouts, module_texts
from autograder.assignment.headings import title_text, with_functions
from autograder.assignment.hint_cells import with_hints
from autograder.assignment.self_checks import with_self_checks
from autograder.assignment.settings import Question, RubricItem, Settings, read_settings
from autograder.assignment.source import SourceCell, read_source, solution_namespace
from autograder.assignment.suite_hash import PICTURES, suite_sha256
from autograder.assignment.written_checks import public_checks
from autograder.authoring.checks import MARK, PARAMETERS, Check, CheckMark
from autograder.authoring.failing import texts_in
from autograder.authoring.pictures import PictureFunction, pictures_in
from autograder.authoring.rules import RightRule
from autograder.authoring.slips import SLIPS_MARK, SlipGroup
from autograder.course import author_text
from autograder.equipment import Equipment
from autograder.errors import CourseError
from autograder.text import nearest


@dataclass(frozen=True)
class Assignment:
    """Everything that later stages need from one assignment."""

    name: str
    folder: Path
    settings: Settings
    cells: tuple[SourceCell, ...]
    checks: tuple[Check, ...]
    suite_sha256: str
    pictures: tuple[PictureFunction, ...] = ()
    slips: tuple[SlipGroup, ...] = ()
    rules: Mapping[str, RightRule] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title for people: of assignment.toml, else the notebook's first heading, else the name."""
        return title_text(self.settings.title, self.cells, self.name)

    def title_of(self, question: Question) -> str:
        """A question's title with the functions that it asks for: "the way back (backward)"."""
        return with_functions(question, self.cells)

    @property
    def max_score(self) -> float:
        """Points without the bonus."""
        return sum(q.points for q in self.settings.questions if not q.bonus)

    @property
    def by_hand(self) -> dict[str, float]:
        """Points of the questions that a person grades. They are not in `max_score`."""
        return {c.question: c.points for c in self.cells if c.role == "manual"}

    def rubric(self, question: str) -> tuple[RubricItem, ...]:
        """By what a person grades a question; empty if the author wrote no rubric."""
        return next((rubric.items for rubric in self.settings.rubrics if rubric.question == question), ())

    @functools.cached_property
    def handout_files(self) -> dict[str, Path]:
        """Every hand-out file, by its name for students."""
        return locate_handouts(self.folder, self.settings.handout, self.settings.handout_mb)

    @functools.cached_property
    def handouts(self) -> dict[str, str]:
        """Hand-out modules by name, without `.py`. Modules in folders are not among them: they are files."""
        return module_texts(self.handout_files)

    @functools.cached_property
    def equipment(self) -> Equipment:
        """The packages and files that its submissions get. Raises CourseError if a package is not installed."""
        return equipment_of(self.name, self.settings.packages, self.cells, self.handout_files)

    def in_folder(self) -> contextlib.AbstractContextManager[None]:
        """Work in its folder if it has data, so that the author's code opens the same files by the same names."""
        has_files = bool(self.equipment.files) or (self.folder / HIDDEN).is_dir()
        return contextlib.chdir(self.folder) if has_files else contextlib.nullcontext()

    @functools.cached_property
    def asked(self) -> dict[str, frozenset[str]]:
        """The names that each assignment of its course asks for."""
        return asked_names(self.folder.parent)

    @functools.cached_property
    def reference(self) -> Any:
        """The module or namespace that hidden checks compare with."""
        if name := self.settings.reference:
            with author_code(f"{self.name}, the reference {name}", "", expected="it to import"):
                return importlib.import_module(name)
        with self.in_folder():
            return solution_namespace(self.cells, self.handouts)

    def reference_of(self, check: Check) -> Any:
        """The reference for a check that reads it. For all others the author's solution need not run here: None."""
        return self.reference if "reference" in check.parameters else None


def load_assignment(folder: Path) -> Assignment:
    """Read `solutions/NAME`. Raises CourseError if its parts do not fit together."""
    folder = folder.absolute()  # an author's code runs in the folder
    settings = read_settings(folder / "assignment.toml")
    cells = with_self_checks(read_source(folder / "notebook.py"), folder.name)
    cells = with_hints(cells, settings.questions) if settings.hints_in_notebook else cells
    files = locate_handouts(folder, settings.handout, settings.handout_mb)
    equipment_of(folder.name, settings.packages, (), files)  # names a missing package before a check imports it
    hidden = import_file(folder / "hidden_checks.py")
    groups = (getattr(f, SLIPS_MARK) for f in _marked_functions(hidden, SLIPS_MARK))
    slips = tuple(sorted(groups, key=lambda group: group.question))  # those of one question together
    checks = (
        *public_checks(folder, files, cells),
        *_hidden_checks(folder / "hidden_checks.py", hidden),
        *(check for q in settings.questions for check in concept_checks(q.id, q.points, q.answers, hidden)),
    )
    require_consistent(folder, settings, cells, checks)
    require_cores(folder.name, slips, checks)
    order = {question.id: i for i, question in enumerate(settings.questions)}
    ordered = sorted(checks, key=lambda c: (order[c.question], c.visibility != "public"))
    pictures = _pictures(hidden, folder / PICTURES, settings)
    rules = {f"{q.id}.{key}": right for q in settings.questions for key, right in rules_of(q.answers, hidden).items()}
    digest = suite_sha256(folder, settings)
    return Assignment(folder.name, folder, settings, cells, tuple(ordered), digest, pictures, slips, rules)


def suite_of(folder: Path) -> str:
    """The assignment's `suite_sha256`, without loading the assignment. Raises CourseError."""
    return suite_sha256(folder, read_settings(folder / "assignment.toml"))


def is_as_loaded(assignment: Assignment) -> bool:
    """Whether its files are still what they were when it was loaded."""
    try:
        return suite_of(assignment.folder) == assignment.suite_sha256
    except (CourseError, OSError):  # the author is in the middle of a change
        return False


def _hidden_checks(path: Path, module: ModuleType) -> list[Check]:
    source = ast.parse(author_text(path))  # once for both: it takes a fifth of the time to load an assignment
    texts = texts_in(source)
    require_each_name_once(path, source)
    return [_hidden_check(f, getattr(f, MARK), texts) for f in _marked_functions(module, MARK)]


def _marked_functions(module: ModuleType, mark: str) -> list[Any]:
    return [f for f in vars(module).values() if inspect.isfunction(f) and hasattr(f, mark)]


def _hidden_check(function: Callable[..., None], mark: CheckMark, texts: frozenset[str]) -> Check:
    # `test_q3_cost` and `test_cost` are both q3.cost, so that two questions of one file can have a check of one name
    name = f"{mark.question}.{function.__name__.removeprefix('test_').removeprefix(f'{mark.question}_')}"
    parameters = tuple(inspect.signature(function).parameters)
    odd = [p for p in parameters if p not in PARAMETERS]
    if odd:
        near = nearest(odd[0], PARAMETERS)
        raise CourseError(f"{name}: expected parameters out of {', '.join(PARAMETERS)}, got {odd[0]!r}.{near}")
    if not mark.inside and {"inside", "run_inside"} & set(function.__code__.co_names):
        raise CourseError(f"{name}: expected inside=True in its @check, because it runs in the student's process.")
    return Check(
        name,
        mark.question,
        _title(function),
        mark.points,
        "inside" if mark.inside else "hidden",
        function,
        parameters,
        mark.needs,
        mark.device,
        texts,
        mark.core,
    )


def _pictures(hidden: ModuleType, path: Path, settings: Settings) -> tuple[PictureFunction, ...]:
    """The functions of pictures.py, if there is such a file, and of hidden_checks.py."""
    names = vars(import_file(path)) if path.exists() else {}
    return pictures_in({**names, **vars(hidden)}, {q.id for q in settings.questions})


def _title(function: Callable[..., None]) -> str:
    return (inspect.getdoc(function) or function.__name__).splitlines()[0]


def import_file(path: Path) -> ModuleType:
    """Run an author's Python file as a module of its own. Raises CourseError.

    importlib is not used: for its bytecode cache, a file of the same size and second is the same file, so a repaired
    check could grade like the old one.
    """
    module = ModuleType(f"_course_{path.parent.name}_{path.stem}")
    module.__file__ = str(path)
    source = author_text(path)
    with author_code(str(path), str(path), expected="it to import"):
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 — the author's
    return module

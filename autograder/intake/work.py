"""A student's work on one assignment, read: the notebook's bytes, and the modules beside it that it uses.

It says in words what the grader will not be able to use, so that this is known when the work is collected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from autograder.errors import MalformedError
from autograder.files import size_text
from autograder.intake.another_assignment import another_assignment
from autograder.intake.assignment_names import stem_of
from autograder.intake.own_modules import MAX_MODULES, MODULE, is_taken, module_of, module_text, names_in, used
from autograder.intake.reader import cells_of, code_of
from autograder.intake.regrade_reason import is_reason, reason_among
from autograder.intake.which_notebook import Choice, WantedNotebooks


@dataclass(frozen=True, slots=True)
class Work:
    """A notebook and its modules, as bytes, by name. remarks: one line each, for the person who collects.

    belongs_to: another assignment, if the notebook is that one's; else "".  reason: why to grade it again, or b"".
    """

    notebook: bytes
    modules: Mapping[str, bytes]
    remarks: tuple[str, ...] = ()
    belongs_to: str = ""
    reason: bytes = b""


def read_work(choice: Choice, wanted: WantedNotebooks) -> Work:
    """Read what was chosen. Raises MalformedError if the notebook's file itself cannot be read."""
    data, reason = choice.read(), reason_among(choice.beside)
    try:
        code = code_of(cells_of(data))
    except MalformedError as error:
        return Work(data, {}, (*choice.remarks, f"it cannot be graded: {error.advice}"), reason=reason)
    files = {name: read for name, read in choice.beside.items() if not is_reason(name)}
    modules = _Modules(files, frozenset(wanted.handed_out.get(choice.assignment, ())))
    texts = used(code, modules.files, modules.read)
    kept = {name: modules.data[name] for name in texts}
    other = another_assignment([*code, *texts.values()], choice.assignment, wanted.asked)
    remarks = (*choice.remarks, *modules.remarks(code, texts))
    return Work(data, kept, remarks, other, reason)


class _Modules:
    """The Python files beside a notebook that can be its modules. files: by the module's name.  data: of those read."""

    def __init__(self, beside: Mapping[str, Callable[[], bytes]], handed_out: frozenset[str]) -> None:
        self._beside, self._handed_out = beside, handed_out
        self.files = {m: f for f in beside if (m := module_of(f)) and self._can_be_own(m)}
        for file in beside:  # the host or a browser added a number to the name
            module = module_of(f"{stem_of(file)}.py")
            if module and not module_of(file) and self._can_be_own(module):
                self.files.setdefault(module, file)
        self.data: dict[str, bytes] = {}
        self._problems: list[str] = []

    def _can_be_own(self, module: str) -> bool:
        return module not in self._handed_out and not is_taken(module)

    def read(self, module: str) -> str | None:
        """The text of a module, or None if it cannot be kept."""
        file = self.files[module]
        try:
            data = self._beside[file]()
        except MalformedError as error:
            self._problems.append(f"{file} was not kept: {error.advice}")
            return None
        if len(data) > MODULE.limit:
            self._problems.append(f"{file} was not kept: expected at most {size_text(MODULE.limit)}, got more")
            return None
        self.data[module] = data
        return module_text(data)

    def remarks(self, code: list[str], kept: Mapping[str, str]) -> Iterator[str]:
        """What was not kept though the code names it, and what was renamed."""
        words = {word for text in (*code, *kept.values()) for word in names_in(text)}
        yield from self._problems
        for file in self._beside:
            module = module_of(file)
            if module in words and is_taken(module):
                yield f"{file} was not kept, because Python or the course has a module of this name. Hint: rename it"
            elif not module and file not in self.files.values() and any(file in text for text in code):
                yield f"{file} was not kept: expected a name that Python can import. Hint: rename it"
        for module in kept:
            if self.files[module] != f"{module}.py":
                yield f"{self.files[module]} was kept as {module}.py"
        if len(kept) == MAX_MODULES and len(words & self.files.keys()) > MAX_MODULES:
            yield f"expected at most {MAX_MODULES} modules of the student's own, got more: the others were not kept"

"""What the grader knows of a notebook before it puts a hidden check: the facts that a message may hold.

At that time no student code has seen a hidden input. So a name, a cell or a line that is known then can carry none out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from autograder.authoring.checks import Check
from autograder.errors import RaisedError
from autograder.judging.exceptions import name_of
from autograder.judging.find_flags import defined_names
from autograder.judging.own_raises import OwnRaise, in_words, own_raises

_UNREADABLE = frozenset({"SyntaxError", "IndentationError", "TabError"})
_FEW = 2  # cells in one message


@dataclass(frozen=True, slots=True)
class BrokenCell:
    """A code cell that did not run to its end.

    number: among the code cells, from 1.  names: that it would define.  error: None if it ended its process.
    """

    number: int
    names: frozenset[str]
    error: RaisedError | None = None

    @property
    def unreadable(self) -> bool:
        """Whether nothing of it ran, because it is no Python."""
        return self.error is not None and self.error.type_name in _UNREADABLE

    def __str__(self) -> str:
        line = f" (line {self.error.line})" if self.error is not None and self.error.line else ""
        if self.unreadable:
            return f"code cell {self.number} cannot be read as Python{line}"
        how = f"stopped with {name_of(self.error)}{line}" if self.error is not None else "ended its process"
        return f"code cell {self.number} {how}"


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception of a public check: its name out of exceptions.py, and its line in a cell."""

    name: str
    line: int


@dataclass(slots=True)
class Facts:
    """defined: names that the notebook's text defines.  broken: cells that did not run to their end.

    given: names that a notebook of this release begins with.
    raised: by question, the exception of its first public check that raised one.
    raises: the `raise` statements of its text.
    """

    defined: tuple[str, ...] = ()
    given: frozenset[str] = frozenset()
    broken: list[BrokenCell] = field(default_factory=list)
    raised: dict[str, Raised] = field(default_factory=dict)
    raises: tuple[OwnRaise, ...] = ()

    def note(self, check: Check, error: RaisedError) -> None:
        """Remember what a public check raised. Public checks are put before all hidden ones."""
        if check.visibility == "public" and error.line:
            self.raised.setdefault(check.question, Raised(name_of(error), error.line))

    def that_would_define(self, name: str) -> BrokenCell | None:
        """The first broken cell whose text defines this name."""
        return next((cell for cell in self.broken if name in cell.names), None)

    def place_of(self, question: str, name: str) -> str:
        """Where the same exception came from in the question's public check: " (line 3, …)", or ""."""
        seen = self.raised.get(question)
        return f" (line {seen.line}, as in the public check)" if seen is not None and seen.name == name else ""

    def raise_of(self, error: RaisedError) -> str:
        """The `raise` of the notebook's text that an exception can come from, in words; "" if it comes from none.

        Where several raise this type, all of them are meant, whichever it was: student code chooses that.
        """
        alike = [r for r in self.raises if r.type_name == error.type_name]
        return in_words(alike) if any(r.may_say(error.said) for r in alike) else ""

    def unreadable_cells(self) -> str:
        """The first few cells of which nothing ran, in words; "" if there are none."""
        return " and ".join([str(cell) for cell in self.broken if cell.unreadable][:_FEW])


def broken_cell(number: int, source: str, error: RaisedError | None = None) -> BrokenCell:
    """The cell, with the names that its text would define."""
    return BrokenCell(number, frozenset(defined_names([source])), error)


def facts_of(cells: Iterable[tuple[int, str]], given: Iterable[str] = ()) -> Facts:
    """The facts of a notebook's text alone. cells: (number, source)."""
    cells = tuple(cells)
    return Facts(defined_names(source for _, source in cells), frozenset(given), raises=own_raises(cells))

"""Output of the commands: plain lines for a log, colour and a progress bar for a person.

A terminal gets tables as wide as it is, colour unless NO_COLOR or TERM=dumb says otherwise, and a bar that is erased
at the end. A pipe or a file gets whole lines: no escape sequence, no box, no bar, nothing cut off.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table
    from rich.text import Text

# A CI runner reads these as commands anywhere in a log: `::error::`, `##[error]`, `##vso[…]`. GitHub skips spaces
# before them, and a table can break a line anywhere, so they are looked for in the whole line.
_LOG_COMMAND = re.compile(r":(?=:[A-Za-z][\w-]*[ :])|#(?=#(?:vso)?\[)")
_NO_EDGE = 10_000  # columns without a terminal: lines are as long as they need to be
_NARROW = 60  # columns; a terminal with less has no room for a bar, nor for a table of many columns


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else _NO_EDGE)


def say(text: str, style: str = "", indent: int = 0) -> None:
    """One line, its text as it is: no name in it becomes markup, an emoji, or an escape sequence.

    A line that is too long for a terminal keeps its indentation.
    """
    if indent and sys.stdout.isatty():
        from rich.padding import Padding

        console().print(Padding(cell(text, style), (0, 0, 0, indent), expand=False))
    else:
        console().print(" " * indent + plain(text), style=style or None, markup=False, soft_wrap=True)


def cell(text: str, style: str = "") -> Text:
    """The same for a cell of a table."""
    from rich.text import Text

    return Text(_visible(text), style)


def narrow() -> bool:
    """Whether a table of many columns has no room here."""
    return console().width < _NARROW


def row(*cells: Text, indent: int = 0, whole: bool = False) -> None:
    """Cells beside each other on one line, which ends with the terminal's edge and an ellipsis unless `whole`."""
    from rich.text import Text

    line = Text(" " * indent) + Text("  ").join(c for c in cells if c.plain)
    if whole or not sys.stdout.isatty():
        console().print(line, soft_wrap=True)
    else:
        console().print(line, no_wrap=True, overflow="ellipsis")


def columns(*names: str, right: tuple[str, ...] = (), whole: tuple[str, ...] = ()) -> Table:
    """A table without lines. right: columns of numbers.  whole: columns that are never broken.

    Without names for them, columns have no heads.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim", show_header=any(names))
    for name in names:
        justify: Literal["right", "left"] = "right" if name in right else "left"
        table.add_column(name, justify=justify, no_wrap=name in whole, overflow="fold")
    return table


def show(table: Table) -> None:
    """Print a table; where nobody sees its edge, without the blanks that lead there."""
    screen = console()
    if sys.stdout.isatty():
        screen.print(table)
        return
    with screen.capture() as captured:
        screen.print(table)
    for line in captured.get().splitlines():
        sys.stdout.write(f"{line.rstrip()}\n")


def _visible(text: str) -> str:
    """`plain`, but blanks that line cells up stay at its end."""
    return plain(text) + " " * (len(text) - len(text.rstrip(" ")))


def plain(text: str) -> str:
    from autograder.text import one_line

    return _LOG_COMMAND.sub(lambda sign: f"{sign[0]} ", one_line(text, 2000))


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar with the time left on a terminal, nothing elsewhere: logs and pipes get the closing lines only."""
    if not _shows_bars() or total == 0:
        yield lambda: None
        return
    with _bar() as bar:
        task = bar.add_task(plain(what), total=total)
        yield lambda: bar.advance(task)


@contextmanager
def stages(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar that says which stage runs; where there is no terminal, a line for each stage when it begins.

    The function that it gives is called with the words of each. Nothing else may print meanwhile.
    """
    if not _shows_bars():
        yield lambda words: say(f"{what}: {words}")
        return
    with _bar() as bar:
        task = bar.add_task(plain(what), total=total)
        begun = count()
        yield lambda words: bar.update(task, description=plain(f"{what}: {words}"), completed=next(begun))


def _shows_bars() -> bool:
    return sys.stdout.isatty() and not console().is_dumb_terminal


def _bar() -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

    screen = console()
    shown: list[ProgressColumn] = [TextColumn("{task.description}", markup=False), MofNCompleteColumn()]
    if screen.width >= _NARROW:
        shown.insert(1, BarColumn(bar_width=min(40, screen.width - _NARROW + 10)))
    shown += [TimeRemainingColumn(), TextColumn("left", style="progress.remaining")]
    return Progress(*shown, console=screen, transient=True)


def short(path: Path) -> Path:
    """A path as a person in this folder would type it."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve())
    except (ValueError, OSError):
        return path

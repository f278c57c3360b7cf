"""How commands speak: plain lines where a log reads them, colour and a bar where a person does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

# What a CI runner takes for a command wherever it stands in a log: `::error::`, `##[error]`, `##vso[…]`. GitHub's
# also skips the spaces before it, and a table breaks its lines where it likes: so not only at the beginning of a line.
_LOG_COMMAND = re.compile(r":(?=:[A-Za-z][\w-]*[ :])|#(?=#(?:vso)?\[)")


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def plain(text: str) -> str:
    from autograder.grading.results import one_line

    return _LOG_COMMAND.sub(lambda sign: f"{sign[0]} ", one_line(text, 2000))


def markup(text: str) -> str:
    from rich.markup import escape

    return escape(plain(text))


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere: logs and pipes get the closing lines only."""
    screen = console()
    if not screen.is_terminal:
        yield lambda: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def short(path: Path) -> Path:
    """A path as a person in this folder would type it."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve())
    except ValueError:
        return path

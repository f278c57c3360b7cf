"""The one border between data that somebody may have made to break a parser, and the run that reads it.

No list of the exceptions that a parser can raise is complete: YAML, JSON, zip and git have raised a dozen types. So the
border has no list of types. Every exception of a parser becomes one line about one source, one upload or one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.errors import AutograderError, MalformedError
from autograder.text import one_line


@contextmanager
def hostile(expected: str) -> Iterator[None]:
    """Turn every exception of the block into MalformedError. expected: what the data should be, for the message.

    Our own exceptions pass: they say already what is wrong, and a full disk must end the run.
    """
    try:
        yield
    except AutograderError:
        raise
    except Exception as error:  # noqa: BLE001 — see the module's docstring
        raise MalformedError(f"expected {expected}, got {_shown(error)}") from None


def _shown(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = one_line(str(error), 100)
    return f"data that cannot be read ({type(error).__name__}{': ' if text else ''}{text})"

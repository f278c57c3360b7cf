"""Runs code of the author's in this process. Whatever goes wrong is a CourseError of one line, with file and line.

An endless loop is ended, too, where a timer can be set: in the main thread.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import traceback
from collections.abc import Iterator
from types import FrameType

from autograder.errors import AutograderError, CourseError
from autograder.text import one_line

SECONDS = 60.0  # for an import, or for the cells of a solution


class _NoEndError(BaseException):
    """The time is over. No `except Exception` of the author's may catch it. line: that ran, or 0."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


@contextlib.contextmanager
def author_code(where: str, file: str, *, seconds: float | None = None, expected: str = "it to run") -> Iterator[None]:
    """While this is open, code of the author's runs. Raises CourseError for every exception and for a missing end.

    where: for the message.  file: by which the code was compiled; its line is named.  seconds: None for SECONDS.
    """
    limit = SECONDS if seconds is None else seconds
    try:
        with _time_limit(limit, file):
            yield
    except _NoEndError as error:
        raise CourseError(f"{_place(where, error.line)}: expected {expected} within {limit:g} s, got no end.") from None
    except AutograderError:
        raise
    except SyntaxError as error:
        line = error.lineno or 0 if error.filename == file else line_in(file, error)
        raise CourseError(f"{_place(where, line)}: expected Python, got {said(error)}.") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001 — the author's code may raise anything
        raise CourseError(f"{_place(where, line_in(file, error))}: expected {expected}, got {said(error)}.") from None


def said(error: BaseException) -> str:
    """An exception in one line: its type and its text, without the place that Python adds to a SyntaxError."""
    text = one_line(error.msg if isinstance(error, SyntaxError) else str(error), 200).removesuffix(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def line_in(file: str, error: BaseException) -> int:
    """The last line of this file on the way to the exception; 0 if there is none."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == file), 0)


def _place(where: str, line: int) -> str:
    return f"{where}, line {line}" if line else where


@contextlib.contextmanager
def _time_limit(seconds: float, file: str) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield  # a limit that is around this one holds
        return

    def end(_: int, frame: FrameType | None) -> None:
        while frame is not None and frame.f_code.co_filename != file:
            frame = frame.f_back
        raise _NoEndError(frame.f_lineno if frame else 0)

    before = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

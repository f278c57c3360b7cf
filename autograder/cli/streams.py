"""The standard streams: a command works wherever its output goes, to nobody, to a reader that leaves, to ASCII."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from typing import TextIO

_STDOUT, _STDERR = 1, 2
_SHORTEST = 3  # seconds of `ulimit -t`; with less no command gets far


class _Output(io.TextIOWrapper):
    """Text output. When its reader has gone, it goes on into nothing: `autograder grade | head` grades everybody.

    Another error is raised once, on stdout; after it the output goes on into nothing, too.
    """

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, self.fileno())
        os.close(nothing)
        if self.fileno() == _STDOUT and not isinstance(error, BrokenPipeError):
            raise error


def open_streams() -> None:
    """Prepare the standard streams. Call it once, before anything is printed or opened.

    A closed stream becomes /dev/null: otherwise the next file that is opened would get its number, and what a library
    prints. A character that the encoding of a terminal lacks is written as an escape.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest free number: this one
    if sys.stdout is sys.__stdout__:  # no other program holds them, as a test does
        sys.stdout, sys.stderr = _output(sys.stdout, _STDOUT), _output(sys.stderr, _STDERR)


def _output(stream: TextIO | None, number: int) -> _Output:
    encoding = stream.encoding if stream is not None else "utf-8"
    by_lines = number == _STDERR or os.isatty(number)
    binary = os.fdopen(number, "wb", closefd=False)
    return _Output(binary, encoding, errors="backslashreplace", line_buffering=by_lines)


def say_when_time_is_used_up() -> None:
    """Let a command that meets `ulimit -t` end with a line and exit code 2. What it has written is whole."""
    import resource  # not on Windows

    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if most == resource.RLIM_INFINITY or most < _SHORTEST:
        return

    def end(*_: object) -> None:
        tell(f"autograder: ulimit -t: {most} s of processor time are used up. Hint: raise it, and run it again.")
        os._exit(2)

    signal.signal(signal.SIGXCPU, end)
    resource.setrlimit(resource.RLIMIT_CPU, (most - 1, most))  # at the other limit the kernel sends SIGKILL


def tell(line: str) -> None:
    """Write a line to stderr, if there is anybody who reads it."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

"""The stdout and stderr of a submission's process."""

from __future__ import annotations

import io


class TextSink(io.TextIOBase):
    """A text stream that never closes: some libraries close stdout or ask for its number.

    fileno: 1 for stdout, 2 for stderr; both lead to /dev/null in the sandbox.
    """

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, fileno: int) -> None:
        self._fileno = fileno

    def fileno(self) -> int:
        return self._fileno

    def close(self) -> None: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


class Output(TextSink):
    """A stdout that keeps the beginning, drops the rest and never raises. limit: characters."""

    def __init__(self, limit: int) -> None:
        super().__init__(1)
        self.parts: list[str] = []
        self.left = limit
        self.dropped = 0

    def write(self, text: str, /) -> int:
        kept = text[: self.left]
        if kept:
            self.parts.append(kept)
            self.left -= len(kept)
        self.dropped += len(text) - len(kept)
        return len(text)

"""The stdout and stderr of a submission's process."""

from __future__ import annotations

from collections.abc import Sequence


class Output:
    """A stdout that keeps the beginning, drops the rest and never raises. limit: characters."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, limit: int) -> None:
        self.parts: list[str] = []
        self.left = limit
        self.dropped = 0

    def write(self, text: str) -> int:
        kept = text[: self.left]
        if kept:
            self.parts.append(kept)
            self.left -= len(kept)
        self.dropped += len(text) - len(kept)
        return len(text)

    def writelines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

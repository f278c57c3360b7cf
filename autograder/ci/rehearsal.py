"""`autograder ci post --dry-run`: reads as the real run does, and shows what it would write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from autograder.hosting.api import Api
from autograder.hosting.server import Server


class Rehearsal(Api):
    """An interface that writes nothing. show: gets a line for each request that it would send, and for its text."""

    def __init__(self, server: Server, show: Callable[[str], None]) -> None:
        super().__init__(server)
        self._show = show

    def write(self, method: str, path: str, body: dict[str, Any] | None = None, *, content: bool = True) -> Any:
        """Show the request. A question that makes no content is asked."""
        if not content:
            return super().write(method, path, body, content=False)
        self._show(f"{method} {path}")
        for name, value in (body or {}).items():
            for line in (value if isinstance(value, str) else json.dumps(value)).splitlines():
                self._show(f"{name}: {line}")
        return None

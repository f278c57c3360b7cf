"""The outputs of a notebook's cell, in the form of a notebook file, and the streams and displays that fill them."""

from __future__ import annotations

import base64
import sys
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher

from .output import TextSink

KEPT = ("text/plain", "text/markdown", "text/latex", "image/png", "image/jpeg")  # no HTML, SVG or JavaScript
MAX_TEXT = 1 << 20  # characters of one output


class Outputs:
    """The outputs of a cell, in order.

    left: characters that the notebook's streams may still keep.  taken: how many widgets take outputs now.
    """

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.left = 0
        self.dropped = 0
        self.taken = 0
        self._clear_first = False  # whether the next output takes the place of those before it
        self._displays: dict[str, list[dict[str, Any]]] = {}  # outputs that can be updated, by their id

    def begin(self, limit: int) -> None:
        """Begin a notebook, whose streams keep `limit` characters."""
        self.left = limit

    def add(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Add one output that is not a stream."""
        item = {"output_type": kind, **fields}
        if not self.taken:
            self._clear_if_asked()
            self.items.append(item)
        return item

    def write(self, name: str, text: str) -> None:
        """Add a piece of stdout or stderr. Pieces of one stream become one output."""
        if not text or self.taken:
            return
        self._clear_if_asked()
        kept = text[: self.left]
        self.left -= len(kept)
        self.dropped += len(text) - len(kept)
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += kept
        else:  # also if the text is dropped: an output on stderr decides scores
            self.add("stream", name=name, text=kept)

    def display(self, data: dict[str, str], name: str | None, *, update: bool) -> None:
        """Add an output, or change the data of all that have this id."""
        same = self._displays.setdefault(name, []) if name is not None else []
        for item in same:
            item["data"] = data
        if not update:
            same.append(self.add("display_data", data=data))

    def clear(self, *, wait: bool) -> None:
        """Remove the outputs, now or before the next one."""
        if self.taken:
            return
        self._clear_first = True
        if not wait:
            self._clear_if_asked()

    def _clear_if_asked(self) -> None:
        if self._clear_first:
            self._clear_first = False
            self.items.clear()


class Stream(TextSink):
    """stdout or stderr of a notebook."""

    def __init__(self, name: str, fileno: int, outputs: Outputs) -> None:
        super().__init__(fileno)
        self.name, self.outputs = name, outputs

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.outputs.write(self.name, text)
        return len(text)


class Publisher(DisplayPublisher):
    """Makes an output of `display(…)`."""

    outputs: Outputs

    def publish(
        self,
        data: dict[str, Any],
        metadata: Any = None,  # noqa: ARG002
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        self.outputs.display(_portable(data), (transient or {}).get("display_id"), update=update)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait=wait)


class ResultHook(DisplayHook):
    """Makes an output of a cell's last value."""

    outputs: Outputs

    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:  # noqa: ARG002
        self.outputs.add("execute_result", data=_portable(format_dict), execution_count=self.prompt_count)

    def finish_displayhook(self) -> None:
        sys.stdout.flush()


def _portable(data: dict[str, Any]) -> dict[str, str]:
    """The representations that an output keeps, images as base64."""
    shown = {}
    for kind in KEPT:
        value = data.get(kind)
        if isinstance(value, bytes):
            value = base64.b64encode(value).decode("ascii")
        if isinstance(value, str):
            shown[kind] = value[: 8 * MAX_TEXT] if kind.startswith("image/") else value[:MAX_TEXT]
    return shown

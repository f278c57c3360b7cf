"""Reads a teacher's notebook file: its cells as plain fields, and its attachments as files.

The file is no attack, but it may be broken. Whatever is wrong with it becomes one line.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import CourseError, FileError
from autograder.files import FileKind, read_text
from autograder.intake.reader import other_language

_NOTEBOOK = FileKind("a notebook", 100 << 20, "clear all outputs and save it again", links=True)
_ATTACHED = re.compile(r"\(attachment:([^)\s]+)\)")


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell. kind: code, markdown or raw.  output: the text of its outputs, in order."""

    kind: str
    source: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True, slots=True)
class RawNotebook:
    """A notebook. place: its path, for messages.  files: its attachments, by name."""

    place: str
    cells: tuple[RawCell, ...]
    metadata: Mapping[str, Any]
    files: Mapping[str, bytes]


def read_raw(path: Path) -> RawNotebook:
    """Read a notebook of Python, of any version of the format. Raises CourseError."""
    try:
        text = read_text(path, _NOTEBOOK)
    except FileError as error:
        raise CourseError(str(error)) from None
    return raw_notebook(text, str(path))


def raw_notebook(text: str, place: str) -> RawNotebook:
    """The notebook of a file's text. Raises CourseError."""
    document = _document(text, place)
    metadata = _table(document.get("metadata"))
    if language := other_language(metadata):
        raise CourseError(f"{place}: expected a notebook of Python, got one of {language}.")
    files: dict[str, bytes] = {}
    cells = tuple(_cell(cell, files) for cell in document["cells"] if isinstance(cell, dict))
    return RawNotebook(place, cells, metadata, files)


def _document(text: str, place: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
        if document.get("nbformat", 4) < 4:
            import nbformat

            document = nbformat.reads(text, as_version=4)
        if not isinstance(document["cells"], list):
            raise TypeError("cells is no list")  # noqa: TRY301 — the same message as for all others
    except Exception as error:  # noqa: BLE001 — json and nbformat raise a dozen types; each means the same
        raise CourseError(f"{place}: expected a Jupyter notebook, got {type(error).__name__}: {error}.") from None
    return dict(document)


def _cell(cell: dict[str, Any], files: dict[str, bytes]) -> RawCell:
    source = _joined(cell.get("source"))
    files.update(_attachments(cell))
    if cell.get("cell_type") == "markdown":
        source = _ATTACHED.sub(lambda match: f"({_plain_name(match[1])})", source)
    return RawCell(
        str(cell.get("cell_type", "")), source, _table(cell.get("metadata")), "".join(_outputs(cell.get("outputs")))
    )


def _attachments(cell: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    for name, kinds in _table(cell.get("attachments")).items():
        for data in list(_table(kinds).values())[:1]:
            try:
                yield _plain_name(name), base64.b64decode(_joined(data))
            except (ValueError, binascii.Error):
                continue


def _plain_name(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name.replace("%20", "_")).lstrip(".") or "attachment"


def _outputs(outputs: Any) -> Iterator[str]:
    """The texts that otter compares with: printed ones, and the value of the last expression."""
    for output in outputs if isinstance(outputs, list) else []:
        yield _joined(output.get("text"))
        yield _joined(_table(output.get("data")).get("text/plain"))


def _joined(text: Any) -> str:
    return "".join(map(str, text)) if isinstance(text, list) else str(text or "")


def _table(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}

"""A submitted notebook, from bytes to cells. Reads only what grading needs and believes none of it.

Not `nbformat.reads`: on malformed input it raised seven types of exception, accepted a dict as a cell's
source, and its first validation costs 36 ms. Metadata, outputs and attachments are ignored here, so what
Colab or VS Code strip or add does not matter.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes

NOTEBOOK = FileKind("a notebook", 20 << 20, "clear all outputs and save again", subject="notebook")
MAX_CELLS = 2000
MAX_CELL_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. id: as in the file, "" where an editor stripped it."""

    kind: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Notebook:
    """Cells in order, and the sha256 of the file's bytes."""

    cells: tuple[Cell, ...]
    sha256: str

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells."""
        return tuple(cell for cell in self.cells if cell.kind == "code")


def read_notebook(path: Path) -> Notebook:
    """Read and check a notebook file. Raises MalformedError with one line that says what to mend."""
    data = read_bytes(path, NOTEBOOK)
    return Notebook(_cells(_parse(data)), hashlib.sha256(data).hexdigest())


def _no_notebook(reason: str, hint: str = "") -> MalformedError:
    return MalformedError(reason, hint=hint, what="notebook")


def _parse(data: bytes) -> dict[str, Any]:
    if not data.strip():
        raise _no_notebook("expected a notebook, got an empty file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedError(
            f"expected UTF-8, got byte 0x{data[error.start]:02x} at {error.start}",
            hint="save it as UTF-8",
            what="notebook",
        ) from None
    try:
        document = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except RecursionError:
        raise _no_notebook("expected JSON of ordinary depth, got thousands of nested brackets") from None
    except MalformedError:
        raise
    except ValueError as error:  # JSONDecodeError, and integers of more than 4300 digits
        reason = getattr(error, "msg", "an integer with too many digits")
        raise _no_notebook(f"expected JSON, got text that is none ({reason})") from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        raise _no_notebook("expected a Jupyter notebook with a list of cells, got other JSON")
    return document


def _refuse_constant(name: str) -> None:
    raise _no_notebook(f"expected JSON, got the non-number {name}")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _no_notebook("expected each field once, got a repeated key", "save it again from Jupyter")
    return fields


def _cells(document: dict[str, Any]) -> tuple[Cell, ...]:
    version = document.get("nbformat")
    if version != 4 or isinstance(version, bool):
        got = version if isinstance(version, int) and abs(version) < 1000 else "something else"
        raise _no_notebook(f"expected nbformat 4, got {got}", "open it in Jupyter and save it again")
    _require_python(document.get("metadata"))
    if len(document["cells"]) > MAX_CELLS:
        raise _no_notebook(f"expected at most {MAX_CELLS} cells, got {len(document['cells'])}")
    cells = tuple(_cell(i, raw) for i, raw in enumerate(document["cells"], 1))
    ids = [cell.id for cell in cells if cell.id]
    if len(set(ids)) < len(ids):
        twice = Counter(ids).most_common(1)[0][0]
        raise MalformedError(
            f"expected each cell id once, got {twice[:64]!r} twice",
            hint="copy the code into a new cell",
            what="notebook",
        )
    return cells


def _require_python(metadata: Any) -> None:
    if not isinstance(metadata, dict):
        return
    for field, key in (("kernelspec", "language"), ("language_info", "name")):
        described = metadata.get(field)
        language = described.get(key) if isinstance(described, dict) else None
        if isinstance(language, str) and language.lower() not in {"python", "python3", "ipython"}:
            raise _no_notebook(f"expected a Python notebook, got one for {language[:40]!r}")


def _cell(number: int, raw: Any) -> Cell:
    kind = raw.get("cell_type") if isinstance(raw, dict) else None
    if kind not in ("code", "markdown", "raw"):  # a tuple: to look a list up in a set raises
        raise MalformedError(f"cell {number}: expected a code, markdown or raw cell, got something else")
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise MalformedError(f"cell {number}: expected its source to be text, got a {type(source).__name__}")
    if len(source) > MAX_CELL_CHARACTERS:
        raise MalformedError(f"cell {number}: expected at most {MAX_CELL_CHARACTERS} characters, got {len(source)}")
    identity = raw.get("id", "")
    if not isinstance(identity, str):
        raise MalformedError(f"cell {number}: expected its id to be text, got a {type(identity).__name__}")
    plain = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")  # lone surrogates end here
    return Cell(kind, plain, identity)

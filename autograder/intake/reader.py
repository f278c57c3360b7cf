"""A submitted notebook, from bytes to cells. Reads only what grading needs and believes none of it.

Not `nbformat.reads`: on malformed input it raised seven types of exception, accepted a dict as a cell's
source, and its first validation costs 36 ms. Outputs are ignored here. Of metadata and attachments only names are
read: a question for a person finds its answer by them. So what Colab or VS Code strip or add does not matter.
What Jupyter opens is read, also where nbformat would repair it first: doubled cell ids, NaN, a repeated key (the last
one counts, as in Jupyter).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.errors import MalformedError
from autograder.files import FileKind, read_bytes

NOTEBOOK = FileKind("a notebook", 20 << 20, "clear all outputs and save again", subject="notebook")
MAX_CELLS = 2000
MAX_CELL_CHARACTERS = 200_000
MAX_NAME = 200  # characters of a cell's id, and of an attached picture's name
MAX_PICTURES = 20  # names of pictures that are kept for a cell
MAX_CONTAINERS = 1_000_000  # lists and objects, also in outputs: `{"":` is 5 bytes, and takes 200 of memory


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    id: as in the file, "" where an editor stripped it, or an earlier cell has the same.
    names: every id that the file gives the cell, also one that another cell has: its own, and those that Colab and
    nbgrader keep in its metadata.  pictures: names of the files attached to it.
    """

    kind: Literal["code", "markdown", "raw"]
    source: str
    id: str = ""
    names: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


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
    if data.count(b"{") + data.count(b"[") > MAX_CONTAINERS:
        raise _no_notebook(f"expected at most {MAX_CONTAINERS} lists and objects, got more", NOTEBOOK.hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedError(
            f"expected UTF-8, got byte 0x{data[error.start]:02x} at {error.start}",
            hint="save it as UTF-8",
            what="notebook",
        ) from None
    try:
        document = json.loads(text, parse_int=_integer)
    except RecursionError:
        raise _no_notebook("expected JSON of ordinary depth, got thousands of nested brackets") from None
    except json.JSONDecodeError as error:
        raise _no_notebook(f"expected JSON, got text that is none ({error.msg})") from None
    if not isinstance(document, dict):
        raise _no_notebook("expected a Jupyter notebook with a list of cells, got other JSON")
    _require_version(document)
    if not isinstance(document.get("cells"), list):
        raise _no_notebook("expected a Jupyter notebook with a list of cells, got other JSON")
    return document


def _integer(digits: str) -> int:
    """An integer of an output or of metadata may have any length; none that matters here is long."""
    return int(digits) if len(digits) < 20 else 0


def _require_version(document: dict[str, Any]) -> None:
    """Raise MalformedError if it is a notebook of another version. A document without a version has cells, or not."""
    version = document.get("nbformat", 4)
    if version != 4 or isinstance(version, bool):
        got = version if isinstance(version, int) and abs(version) < 1000 else "something else"
        raise _no_notebook(f"expected nbformat 4, got {got}", "open it in Jupyter and save it again")


def _cells(document: dict[str, Any]) -> tuple[Cell, ...]:
    _require_python(document.get("metadata"))
    if len(document["cells"]) > MAX_CELLS:
        raise _no_notebook(f"expected at most {MAX_CELLS} cells, got {len(document['cells'])}")
    seen = set[str]()
    return tuple(_cell(i, raw, seen) for i, raw in enumerate(document["cells"], 1))


def _require_python(metadata: Any) -> None:
    """Raise MalformedError if the notebook is for another language. The kernel's word counts more, as in Jupyter."""
    for field, key in (("kernelspec", "language"), ("language_info", "name")):
        described = metadata.get(field) if isinstance(metadata, dict) else None
        language = described.get(key) if isinstance(described, dict) else None
        if isinstance(language, str) and language.strip():
            if "python" not in language.lower():
                raise _no_notebook(f"expected a Python notebook, got one for {language[:40]!r}")
            return


def _cell(number: int, raw: Any, seen: set[str]) -> Cell:
    """seen: the ids of the cells before."""
    if not isinstance(raw, dict):
        raise MalformedError(f"cell {number}: expected a cell, got a {type(raw).__name__}")
    kind: Literal["code", "markdown", "raw"] = "raw"  # JupyterLab shows a cell of another type as raw
    if raw.get("cell_type") in ("code", "markdown"):  # a tuple: to look a list up in a set raises
        kind = raw["cell_type"]
    source = raw.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    source = "" if source is None else source
    if not isinstance(source, str):
        raise MalformedError(f"cell {number}: expected its source to be text, got a {type(source).__name__}")
    if kind != "code":
        source = source[:MAX_CELL_CHARACTERS]  # a picture that Colab put into the text is longer; no text is
    if len(source) > MAX_CELL_CHARACTERS:
        raise MalformedError(f"cell {number}: expected at most {MAX_CELL_CHARACTERS} characters, got {len(source)}")
    given = raw.get("id")
    identity = _plain(given) if isinstance(given, str) and given not in seen else ""
    seen.add(identity)
    source = _plain(source).replace("\r\n", "\n")
    return Cell(kind, source, identity, _names(raw), _short_texts(raw.get("attachments"))[:MAX_PICTURES])


def _names(raw: dict[str, Any]) -> tuple[str, ...]:
    """All ids of a cell, each once. Colab moves a cell's id into its metadata; nbgrader has one of its own."""
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    graded = metadata.get("nbgrader")
    given = (raw.get("id"), metadata.get("id"), graded.get("grade_id") if isinstance(graded, dict) else None)
    return _short_texts(dict.fromkeys(each for each in given if isinstance(each, str)))


def _short_texts(keys: Any) -> tuple[str, ...]:
    """The keys of a JSON object that are of a usual length; () for anything else."""
    return tuple(_plain(key) for key in keys if 0 < len(key) <= MAX_NAME) if isinstance(keys, dict) else ()


def _plain(text: str) -> str:
    """The text without lone surrogates, which no file and no page could hold."""
    return text.encode("utf-8", "replace").decode("utf-8")

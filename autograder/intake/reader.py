"""A submitted notebook, from bytes to cells. Reads only what grading needs and believes none of it.

Not `nbformat.reads`: on malformed input it raised seven types of exception, accepted a dict as a cell's
source, and its first validation costs 36 ms. Outputs are ignored here. Of metadata and attachments only names are
read: a question for a person finds its answer by them. So what Colab or VS Code strip or add does not matter.
What Jupyter opens is read, also where nbformat would repair it first: doubled cell ids, NaN, a repeated key (the last
one counts, as in Jupyter). The modules beside it that it uses are read with it: see `own_modules`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from autograder.errors import MalformedError, UnreadableError
from autograder.files import FileKind, read_bytes
from autograder.intake.file_kinds import advice, in_words, kind_by_content
from autograder.intake.own_modules import MODULE, module_of, module_text, used, work_sha256

NOTEBOOK = FileKind("a notebook", 20 << 20, "clear all outputs and save again", subject="notebook")
MAX_CELLS = 2000
MAX_CELL_CHARACTERS = 200_000
MAX_NAME = 200  # characters of a cell's id, and of an attached picture's name
MAX_PICTURES = 20  # names of pictures that are kept for a cell
_FILLING = " \t\r\n\0\x1a\ufeff"  # around the JSON: spaces, and what some editors and transfers leave
_DAMAGED = "open it in Jupyter; if that fails, hand in an earlier version"
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
    """Cells in order, and the sha256 of what is graded. modules: texts of the student's own modules, by name."""

    cells: tuple[Cell, ...]
    sha256: str
    modules: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> tuple[Cell, ...]:
        """The code cells."""
        return tuple(cell for cell in self.cells if cell.kind == "code")


def read_notebook(path: Path, beside: Sequence[Path] = ()) -> Notebook:
    """Read and check a notebook file. Raises MalformedError with one line that says what to mend.

    beside: files that can be its modules; see own_modules.modules_beside. One that cannot be taken is left out.
    """
    data = read_bytes(path, NOTEBOOK)
    cells = cells_of(data)
    modules = _modules(cells, beside) if beside else {}
    return Notebook(cells, work_sha256(data, modules), modules)


def read_sha256(path: Path, beside: Sequence[Path] = ()) -> str:
    """The sha256 of what is graded, as read_notebook gives it. Without modules, no cell is read. Raises as it does."""
    if beside:
        return read_notebook(path, beside).sha256
    return work_sha256(read_bytes(path, NOTEBOOK), {})


def _modules(cells: Iterable[Cell], beside: Sequence[Path]) -> dict[str, str]:
    files = {module_of(file.name): file for file in beside}
    return used(code_of(cells), files, lambda name: _text_of(files[name]))


def _text_of(file: Path) -> str | None:
    try:
        return module_text(read_bytes(file, MODULE))
    except UnreadableError:  # the student did not cause it
        raise
    except MalformedError:
        return None


def cells_of(data: bytes) -> tuple[Cell, ...]:
    """The cells of a notebook's bytes. Raises MalformedError with one line that says what to mend."""
    return cells_in(document_of(data))


def code_of(cells: Iterable[Cell]) -> list[str]:
    """The texts of the code cells."""
    return [cell.source for cell in cells if cell.kind == "code"]


def _no_notebook(reason: str, hint: str = "") -> MalformedError:
    return MalformedError(reason, hint=hint, what="notebook")


def document_of(data: bytes) -> dict[str, Any]:
    """The JSON of a notebook, with an unchecked list of cells. Raises MalformedError as `cells_of` does."""
    if not data.strip(_FILLING.encode()):
        raise _no_notebook("expected a notebook, got an empty file", "save it in Jupyter, look at its size")
    if data.count(b"{") + data.count(b"[") > MAX_CONTAINERS:
        raise _no_notebook(f"expected at most {MAX_CONTAINERS} lists and objects, got more", NOTEBOOK.hint)
    try:
        document = json.loads(_text(data).strip(_FILLING), parse_int=_integer)
    except RecursionError:
        raise _no_notebook("expected JSON of ordinary depth, got thousands of nested brackets") from None
    except json.JSONDecodeError as error:
        raise _no_json(data, f"text that is none ({error.msg})", _DAMAGED) from None
    if not isinstance(document, dict):
        raise _no_notebook("expected a Jupyter notebook with a list of cells, got other JSON", _DAMAGED)
    _require_version(document)
    if not isinstance(document.get("cells"), list):
        got, hint = ("a link", advice("link")) if _is_link(document) else ("other JSON", _DAMAGED)
        raise _no_notebook(f"expected a Jupyter notebook with a list of cells, got {got}", hint)
    return document


def _text(data: bytes) -> str:
    """The text in UTF-8, or in UTF-16 as PowerShell writes it. Raises MalformedError for other encodings."""
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        got = f"byte 0x{data[error.start]:02x} at {error.start}"
        raise _no_json(data, got, "save it as UTF-8", expected="UTF-8") from None


def _no_json(data: bytes, got: str, hint: str, *, expected: str = "JSON") -> MalformedError:
    """The error for bytes that are no JSON; it names their kind if that can be seen."""
    kind = kind_by_content(data)
    if kind is None:
        return _no_notebook(f"expected {expected}, got {got}", hint)
    return _no_notebook(f"expected a notebook, got {in_words(kind)}", advice(kind))


def _is_link(document: dict[str, Any]) -> bool:
    """Whether it is what Google Drive leaves in a folder in the place of a file: an address."""
    return isinstance(document.get("url"), str) or isinstance(document.get("doc_id"), str)


def _integer(digits: str) -> int:
    """An integer of an output or of metadata may have any length; none that matters here is long."""
    return int(digits) if len(digits) < 20 else 0


def _require_version(document: dict[str, Any]) -> None:
    """Raise MalformedError if it is a notebook of another version. A document without a version has cells, or not."""
    version = document.get("nbformat")
    if "worksheets" in document and "cells" not in document:
        version = version if version in (1, 2, 3) else 3
    if isinstance(version, int | float) and not isinstance(version, bool) and not 4 <= version < 5:
        got = version if abs(version) < 1000 else "something else"
        raise _no_notebook(f"expected nbformat 4, got {got}", "open it in Jupyter and save it again")


def cells_in(document: dict[str, Any]) -> tuple[Cell, ...]:
    """The cells of a notebook's JSON, one for each in it. Raises MalformedError as `cells_of` does."""
    _require_python(document.get("metadata"))
    if not document["cells"]:
        raise _no_notebook("expected a notebook with cells, got one without any", _DAMAGED)
    if len(document["cells"]) > MAX_CELLS:
        raise _no_notebook(f"expected at most {MAX_CELLS} cells, got {len(document['cells'])}")
    seen = set[str]()
    return tuple(_cell(i, raw, seen) for i, raw in enumerate(document["cells"], 1))


def _require_python(metadata: Any) -> None:
    """Raise MalformedError if the notebook is for another language."""
    if language := other_language(metadata):
        raise _no_notebook(f"expected a Python notebook, got one for {language!r}")


def other_language(metadata: Any) -> str:
    """The language of a notebook that is not for Python; "" for Python, and if its metadata name no language.

    The kernel's word counts more, as in Jupyter.
    """
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        described = metadata.get(part) if isinstance(metadata, Mapping) else None
        language = described.get(key) if isinstance(described, Mapping) else None
        if isinstance(language, str) and language.strip():
            return "" if is_python(language) else language[:40]
    return ""


def is_python(language: str) -> bool:
    """Whether the name of a language or a kernel means Python: `python3`, `ipython`, `Python (my-env)`."""
    return "python" in language.lower()


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
    if source is None or (kind != "code" and not isinstance(source, str)):
        source = ""
    if not isinstance(source, str):
        raise MalformedError(f"cell {number}: expected its source to be text, got a {type(source).__name__}")
    if kind != "code":  # a picture that was pasted into a text is long, and nobody grades it
        source = source[:MAX_CELL_CHARACTERS]
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

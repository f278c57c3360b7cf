"""Reads otter's master notebooks, and the notebook with solutions that `otter assign` writes beside autograder.zip.

A master notebook marks blocks with raw cells, such as `# BEGIN QUESTION`, `# BEGIN SOLUTION` and `# BEGIN TESTS`, and
lines with comments (`# SOLUTION`, `# SOLUTION NO PROMPT`, `# SEED`, `# IGNORE`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from autograder.errors import CourseError
from autograder.importing.notebook_file import RawCell, read_raw
from autograder.importing.otter_answers import plain_answer, prompt_comments
from autograder.importing.otter_tests import ImportedCase, parts_of, test_of_cell
from autograder.importing.parts import LeftOut, SourceNotebook, SourcePart, separated
from autograder.importing.python_text import plain_python
from autograder.text import one_line

_MARK = re.compile(r"^\s*#\s*(BEGIN|END)\s+(QUESTION|SOLUTION|TESTS|PROMPT)\s*$", re.IGNORECASE)
_CONFIG = re.compile(r"^\s*#\s*ASSIGNMENT CONFIG\b", re.IGNORECASE)
_IGNORED_CELL = re.compile(r"#\s*ignore|##\s*ignore\s*##", re.IGNORECASE)  # how the cell begins, as otter reads it
_USED_SETTINGS = frozenset({"name", "points", "manual", "check_cell", "export"})  # of a question
_IGNORED_SETTINGS = frozenset({"name", "files", "autograder_files", "tests", "seed", "solutions_pdf", "template_pdf"})


@dataclass(slots=True)
class _Question:
    """The question that is being read. config: its YAML."""

    name: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    tests: list[ImportedCase] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)

    @property
    def by_hand(self) -> bool:
        return bool(self.config.get("manual"))


def read_master(path: Path) -> SourceNotebook:
    """The master notebook, with the files that it names. Raises CourseError."""
    raw = read_raw(path)
    reader = _Reader(path)
    for number, cell in enumerate(raw.cells, 1):
        reader.take(cell, f"{path}, cell {number}")
    if not reader.parts:
        raise CourseError(f"{path}: expected otter's master notebook with cells, got none.")
    files = {**_files(path.parent, reader.config), **raw.files}
    return SourceNotebook(path.stem, tuple(reader.parts), files, tuple(reader.left_out))


def _files(folder: Path, config: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of `files: […]`. Raises CourseError for one that is missing."""
    names = config.get("files") or []
    files: dict[str, bytes] = {}
    for name in names if isinstance(names, list) else [names]:
        place = folder / str(name)
        paths = sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]
        for path in paths:
            try:
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
            except (OSError, ValueError):
                raise CourseError(f"{folder}, files: expected {str(name)!r} beside the notebook, got none.") from None
    return files


class _Reader:
    """Reads the cells one after another. config: of the assignment.  parts, left_out: what came out so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.config: Mapping[str, Any] = {}
        self.parts: list[SourcePart] = []
        self.left_out: list[LeftOut] = []
        self._question = _Question()
        self._block = ""

    def take(self, cell: RawCell, where: str) -> None:
        """Take one cell."""
        first, _, rest = cell.source.strip().partition("\n")
        if cell.kind == "code" and _IGNORED_CELL.match(cell.source):
            self.left_out.append(LeftOut("ignored", where))
        elif cell.kind == "raw" and _CONFIG.match(first):
            self.config = _yaml(rest, where)
            self.left_out += [LeftOut("setting", where, key) for key in self.config if key not in _IGNORED_SETTINGS]
        elif cell.kind == "raw" and (mark := _MARK.match(first)):
            self._mark(mark[1].upper(), mark[2].upper(), rest, where)
        elif cell.kind == "code" and cell.source.strip():
            self._code(cell, where)
        elif cell.kind == "markdown":
            self._text(cell.source)

    def _mark(self, which: str, block: str, rest: str, where: str) -> None:
        if block != "QUESTION":
            if (which == "BEGIN") == bool(self._block):
                raise CourseError(f"{where}: expected BEGIN and END of a block in turn, got {which} {block}.")
            self._block = block if which == "BEGIN" else ""
        elif which == "BEGIN":
            config = _yaml(rest, where)
            self._question = _Question(str(config.get("name", "")), config)
            unused = [key for key in config if key not in _USED_SETTINGS and config[key]]
            self.left_out += [LeftOut("setting", where, f"{self._question.name}: {key}") for key in unused]
        else:
            self._end_question(where)

    def _end_question(self, where: str) -> None:
        question = self._question
        parts, left_out = separated(parts_of(question.name, question.tests, question.config.get("points"), where))
        self.parts += parts
        self.left_out += left_out
        self._question = _Question()

    def _code(self, cell: RawCell, where: str) -> None:
        question = self._question
        if self._block == "TESTS":
            question.tests.append(test_of_cell(cell, question.name, len(question.tests) + 1, where))
            return
        source, dropped = plain_python(cell.source, where)
        self.left_out += [LeftOut("magic", where, line) for line in dropped]
        if self._block == "PROMPT":
            question.prompts.append(source)
        elif source.strip():
            whole = self._block == "SOLUTION"
            text = plain_answer(source, prompt_comments(question.prompts), where, whole=whole)
            question.prompts.clear()
            kind = "answer" if "# BEGIN SOLUTION" in text else "given"
            self.parts.append(SourcePart(kind, text, question.name, question.name if kind == "answer" else ""))  # type: ignore[arg-type]  # one of the two
            if kind == "answer" and question.by_hand:
                self._by_hand(f"*A person reads the code of {question.name}.*")

    def _text(self, source: str) -> None:
        if self._block == "SOLUTION" and self._question.by_hand:
            self._by_hand(source)
        elif self._block != "PROMPT":
            self.parts.append(SourcePart("prose", source))

    def _by_hand(self, source: str) -> None:
        points = self._question.config.get("points", 1)
        points = points.get("total", points.get("each", 1)) if isinstance(points, dict) else points
        self.parts.append(SourcePart("by_hand", source, self._question.name, points=float(points or 1)))


def _yaml(text: str, where: str) -> Mapping[str, Any]:
    try:
        config = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise CourseError(f"{where}: expected YAML below the mark, got {one_line(str(error), 200)}.") from None
    if not isinstance(config, dict):
        raise CourseError(f"{where}: expected settings such as `name: q1` below the mark, got {str(config)[:60]!r}.")
    return config

"""What each hidden check's verdict depends on, as a hash: of two suites, which checks are other ones?

A check depends on its function and, transitively, on what that mentions of its module's level; on everything else all
checks depend alike, and that is the fingerprint of "rest". Not in either: points, titles, hints, comments and prose, by
which a score may change and no verdict.

Where it is not certain what a check depends on, its fingerprint is that of the whole file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder import __version__
from autograder.assignment.suite_hash import PICTURES, reference_files, suite_sha256
from autograder.authoring.dependencies import Module

if TYPE_CHECKING:
    from autograder.assignment.assignment import Assignment

REST = "rest"  # no check's id: those have a dot
_DIGITS = 16  # of hexadecimals: 64 bits tell an author's versions apart, and a class has a table of them a student


def fingerprints(assignment: Assignment) -> dict[str, str]:
    """{check: fingerprint} for hidden checks, and that of the rest.

    {} for an assignment as students have it, and if the files changed since they were loaded.
    """
    if not (assignment.folder / "hidden_checks.py").exists():
        return {}
    if suite_sha256(assignment.folder, assignment.settings) != assignment.suite_sha256:
        return {}
    module = Module(_text(assignment))
    found = {REST: _hash(_rest(assignment))}
    for check in (c for c in assignment.checks if c.visibility == "hidden"):
        function = getattr(check.function, "__name__", "")  # a concept question's is none of the file's
        parts = module.closure(function) if function else [repr(_answer(assignment, check.id))]
        found[check.id] = _hash(parts)
    return found


def asked_for(assignment: Assignment) -> frozenset[str]:
    """Names that a check may ask a notebook for: what a solution defines, what public checks take, `student.NAME`."""
    defined = (c.defines for c in assignment.cells if c.role == "solution")
    public = (c.parameters for c in assignment.checks if c.visibility == "public")
    return frozenset(re.findall(r"\bstudent\.(\w+)", _text(assignment))).union(*defined, *public)


def handed_over(assignment: Assignment) -> frozenset[str]:
    """Names of the methods of functions that checks hand over: `Callback(..., methods={"vjp": ...})`."""
    tables = re.findall(r"\bmethods=\{([^}]*)\}", _text(assignment))
    return frozenset(name for table in tables for name in re.findall(r"[\"']([a-z]\w*)[\"']:", table))


def _text(assignment: Assignment) -> str:
    return (assignment.folder / "hidden_checks.py").read_text(encoding="utf-8")


def _rest(assignment: Assignment) -> Iterable[str]:
    """All that decides a verdict but the hidden checks. Prose is not in it: no cell of text is ever run."""
    settings = assignment.settings
    yield f"{__version__} numpy {np.__version__}"
    yield settings.limits.model_dump_json()
    yield json.dumps([settings.reference, [q.id for q in settings.questions]])
    yield from (repr((c.name, c.role, c.question, c.source)) for c in assignment.cells if c.kind == "code")
    own = [p for p in [assignment.folder / PICTURES] if p.exists()]
    for file in (*own, *assignment.handout_files.values(), *reference_files(settings.reference)):
        yield f"{file.name} {_file_hash(file)}"


def _file_hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _answer(assignment: Assignment, check: str) -> object:
    question, _, key = check.partition(".")
    return next(q.answers[key] for q in assignment.settings.questions if q.id == question)


def _hash(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\n{part}".encode())
    return digest.hexdigest()[:_DIGITS]

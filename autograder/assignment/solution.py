"""Runs the author's solution in this process. It is trusted code, for pytest and as the default reference."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import ModuleType, SimpleNamespace
from typing import Any

from autograder.assignment.source import SourceCell


def solution_namespace(cells: Iterable[SourceCell], handouts: Mapping[str, str]) -> Any:
    """`reference.NAME` for what the solution defines. cells, handouts: of an Assignment."""
    return SimpleNamespace(**solution_names(cells, handouts))


def solution_names(cells: Iterable[SourceCell], handouts: Mapping[str, str]) -> dict[str, Any]:
    """Run the set-up and solution cells; figures, checks and otter's cells are left out."""
    return run_cells([c for c in cells if c.kind == "code" and c.role not in {"figure", "check", "otter"}], handouts)


def run_cells(cells: list[SourceCell], handouts: Mapping[str, str]) -> dict[str, Any]:
    """Run trusted cells in order in one namespace. They can import the hand-outs."""
    names: dict[str, Any] = {"__name__": "solution"}
    before = {name: sys.modules.get(name) for name in handouts}
    try:
        for name, text in handouts.items():
            sys.modules[name] = module_from(name, text)
        for cell in cells:
            exec(compile(cell.source, f"<{cell.name}>", "exec", dont_inherit=True), names)  # noqa: S102 — the author's
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
    return names


def module_from(name: str, text: str) -> ModuleType:
    """A module from a hand-out's text."""
    module = ModuleType(name)
    exec(compile(text, f"{name}.py", "exec", dont_inherit=True), module.__dict__)  # noqa: S102 — the author's
    return module

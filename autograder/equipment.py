"""The packages and files that an assignment gives to its submissions, besides those that every submission has."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Equipment:
    """Assignments with equal equipment can share a sandbox.

    packages: distributions that may be imported.  files: hand-outs, each with its path beside the notebook.
    modules: to import once, before any submission. They change no answer, so they are not compared.
    """

    packages: tuple[str, ...] = ()
    files: tuple[tuple[str, Path], ...] = ()
    modules: tuple[str, ...] = field(default=(), compare=False)


USUAL = Equipment()
ROOTS = ("numpy", "matplotlib", "ipython", "msgpack")  # packages that every submission may import, or needs

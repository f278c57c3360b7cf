"""Shows the hand-outs beside the notebook: by links in its private folder, or as the folder that it starts in."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beside:
    """The hand-outs. root: their folder, or "".  folders, files: all that are in it, outer folders first."""

    root: str = ""
    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many entries they take in a private folder."""
        return len(self.folders) + len(self.files)

    def link(self) -> None:
        """Show them in the working folder, which is private: folders of its own, and a link for each file."""
        for folder in self.folders:
            os.mkdir(folder)  # noqa: PTH102 — plain text; pathlib is not worth its import here
        for file in self.files:
            os.symlink(f"{self.root}/{file}", file)  # noqa: PTH211 — see above


def start_in(root: str) -> Beside:
    """Make the folder of hand-outs the working folder: a submission without a private folder stays in it."""
    if not root:
        return Beside()
    os.chdir(root)
    folders, files = list[str](), list[str]()
    for place, inner, names in os.walk("."):
        folders += [os.path.normpath(f"{place}/{name}") for name in inner]
        files += [os.path.normpath(f"{place}/{name}") for name in names]
    return Beside(root, tuple(folders), tuple(files))

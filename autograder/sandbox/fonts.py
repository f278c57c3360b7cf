"""matplotlib's list of fonts: making one takes 0.3 s, so the zygote gets a copy of the user's list.

matplotlib keeps it in a JSON file of the user. If none has the right version, matplotlib in the zygote makes one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def lists_of_fonts() -> list[Path]:
    """The files, of any version. matplotlib.get_cachedir documents their folder; matplotlib is not imported."""
    settings, cache = os.environ.get("MPLCONFIGDIR"), os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: this user has no home folder
        folder = Path(settings) if settings else (Path(cache) if cache else Path.home() / ".cache") / "matplotlib"
        return sorted(p for p in folder.absolute().glob("fontlist-v*.json") if p.is_file())
    return []


def copy_lists_of_fonts(to: Path) -> None:
    """Copy the files into another folder."""
    for file in lists_of_fonts():
        with contextlib.suppress(OSError):
            shutil.copyfile(file, to / file.name)

"""matplotlib's list of fonts, which takes it 0.3 s to make: the zygote gets the one that the grader's user has.

It is a file that matplotlib keeps for its user, and of JSON. Where there is none, or none that it can read, of its own
version, matplotlib in the zygote makes one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def lists_of_fonts() -> list[Path]:
    """The files, of any version. Where they are is documented at matplotlib.get_cachedir, and is asked without it."""
    settings, cache = os.environ.get("MPLCONFIGDIR"), os.environ.get("XDG_CACHE_HOME")
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: nobody knows where this user is at home
        folder = Path(settings) if settings else (Path(cache) if cache else Path.home() / ".cache") / "matplotlib"
        return sorted(p for p in folder.absolute().glob("fontlist-v*.json") if p.is_file())
    return []


def copy_lists_of_fonts(to: Path) -> None:
    """Put them into another folder. A copy: matplotlib writes into its own anew."""
    for file in lists_of_fonts():
        with contextlib.suppress(OSError):
            shutil.copyfile(file, to / file.name)

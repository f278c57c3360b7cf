"""Which assignment a name means that a student gave to a folder or a file: `a1` for `a1_gradient_ascent`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_STEM = 500  # characters: a longer name is left as it is, because looking for signs of a copy in it takes minutes
_COPY = re.compile(r"(?:-\d+| ?\(\d+\)|[ _-]copy(?:\d+)?)+$", re.IGNORECASE)  # of a file handed in or saved again
_NOTEBOOK = re.compile(r"\.ipynb(?:\.(?:txt|json))?$", re.IGNORECASE)
_OTHER = re.compile(r"\.[A-Za-z0-9]{1,10}$")


def meant_assignment(name: str, known: Sequence[str]) -> str:
    """The assignment that is called so, or whose name begins so if no other does; "" if none.

    Capitals do not matter, and `-`, a space and `_` are alike. A beginning ends at one of these signs.
    """
    folded = _folded(name)
    exact = [k for k in known if _folded(k) == folded]
    begins = [k for k in known if folded and _folded(k).startswith(f"{folded}_")]
    candidates = exact or begins
    return candidates[0] if len(candidates) == 1 else ""


def stem_of(file: str) -> str:
    """A file's name without its folder, its ending, and what Canvas, browsers and editors add to a copy."""
    name = file.rpartition("/")[2]
    if len(name) > MAX_STEM:
        return name
    stem = _NOTEBOOK.sub("", name)
    return _COPY.sub("", stem if stem != name else _OTHER.sub("", name))


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", unicodedata.normalize("NFC", name).strip().casefold())

"""Provenance: the commit that a notebook came from, and the versions of what was installed.

A grading depends on these besides the notebook, the checks and the seed. The versions are read from the names of the
installed distributions' folders, which the standard makes NAME-VERSION.dist-info: under 1 ms for 170 of them, where
reading their metadata took 180 ms.
https://packaging.python.org/specifications/recording-installed-packages/
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import re
import sysconfig
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from autograder import __version__
from autograder.intake.received import Commit

_INSTALLED = re.compile(r"([A-Za-z0-9._]+)-([^-]+)\.dist-info")
# What `autograder serve` alone imports, and no grader. A security fix of one of them leaves every result as it is.
NEVER_GRADES = frozenset({"alembic", "mako", "python-multipart", "starlette", "uvicorn"})
Version = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9.+!_-]+$")]


class Provenance(BaseModel):
    """commit: of the student's repository, or "".

    lock_sha256: over NAME==VERSION of every installed distribution that can reach a verdict: of all but NEVER_GRADES.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    commit: Commit = ""
    lock_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    autograder: Version
    python: Version
    numpy: Version


def provenance(commit: str = "") -> Provenance:
    """The provenance of a grading by this process."""
    return _here().model_copy(update={"commit": commit})


@functools.cache
def _here() -> Provenance:
    installed = "\n".join(v for v in installed_versions(_site()) if v.partition("==")[0] not in NEVER_GRADES)
    return Provenance(
        lock_sha256=hashlib.sha256(installed.encode()).hexdigest(),
        autograder=__version__,
        python=platform.python_version(),
        numpy=np.__version__,
    )


def _site() -> list[str]:
    """The folders in which packages are installed.

    Not sys.path: some packages add folders to it as they are imported.
    """
    beside_numpy = str(Path(np.__file__).parents[1])
    return list(dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), beside_numpy]))


def installed_versions(folders: list[str]) -> list[str]:
    """NAME==VERSION of every distribution in `folders`, sorted; of two with one name the one that Python imports."""
    versions: dict[str, str] = {}
    for folder in folders:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 — a Path each would be most of the time
        except OSError:  # a zip file, or a folder that is gone
            continue
        for match in map(_INSTALLED.fullmatch, names):
            if match:
                versions.setdefault(re.sub(r"[-_.]+", "-", match[1]).lower(), match[2])
    return sorted(f"{name}=={version}" for name, version in versions.items())

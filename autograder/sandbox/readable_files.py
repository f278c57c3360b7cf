"""The files that a submission may read: the interpreter, and the packages that the course promises.

Both tiers use it: tier A mounts these paths and no others, tier B grants them by Landlock. Packages are an
allow-list of distributions. So a submission cannot read this package, the reference, or any other package in the
same folder, whether it is installed from a wheel or editable.
"""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from autograder.distributions import needed_by
from autograder.equipment import ROOTS
from autograder.installed_files import contents

_NOT_STANDARD = ("site-packages", "dist-packages", "test")  # in the standard library's folder
_SYSTEM_FILES = (
    "/usr/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/usr/lib/locale/C.utf8",
)


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """The files of a submission. paths: absolute files and folders to read.

    packages: the importable top-level names among them.  search: the folders to put on sys.path.  mounts: folders and
    files that hold all paths and, outside of the folders `covered`, nothing else.
    """

    paths: tuple[Path, ...]
    mounts: tuple[Path, ...]
    covered: tuple[Path, ...]
    listable: tuple[Path, ...]
    packages: tuple[str, ...]
    search: tuple[Path, ...]
    interpreter: Path


@lru_cache(maxsize=16)
def file_policy(extra: tuple[str, ...] = ()) -> FilePolicy:
    """The policy for the interpreter that runs the grader. extra: distributions that may be imported as well."""
    interpreter = Path(sys.executable).resolve()
    stdlib = Path(sysconfig.get_path("stdlib")).resolve()
    brought = [contents(name) for name in needed_by((*ROOTS, *extra))]
    packages = list(dict.fromkeys(path for each in brought for path in each.paths))
    namespaces = dict.fromkeys(path for each in brought for path in each.namespaces)
    others = [interpreter, *_library_folders(), *packages, *(Path(p) for p in _SYSTEM_FILES if Path(p).exists())]
    left_out = [stdlib / name for name in _NOT_STANDARD]
    return FilePolicy(
        paths=tuple(dict.fromkeys([*others, *_standard_library(stdlib)])),
        mounts=tuple(dict.fromkeys([stdlib, *others])),
        covered=tuple(p for p in left_out if p.is_dir() and not p.is_symlink()),
        listable=(stdlib, *namespaces),
        packages=tuple(sorted({name.partition(".")[0] for each in brought for name in each.names})),
        search=tuple(dict.fromkeys(folder for each in brought for folder in each.search)),
        interpreter=interpreter,
    )


def _standard_library(stdlib: Path) -> list[Path]:
    """The entries of the standard library, one by one, because site-packages is inside it and must stay out."""
    return [p for p in sorted(stdlib.iterdir()) if p.name not in _NOT_STANDARD]


def _library_folders() -> list[Path]:
    """The folders of this process's shared libraries, outside the folders of Python."""
    with Path("/proc/self/maps").open() as maps:
        mapped = {
            Path(line.split(maxsplit=5)[5].strip())
            for line in maps
            if ".so" in line and len(line.split(maxsplit=5)) == 6
        }
    folders = {p.parent for p in mapped if p.parts[:2] in {("/", "usr"), ("/", "lib"), ("/", "lib64")}}
    lib = Path(sys.base_prefix, "lib")
    return sorted({f for f in folders if f.name != "lib-dynload" and "-packages" not in str(f)}) + sorted(
        lib.glob("libpython*")
    )

"""The files that an installed distribution brings, and the names that they are imported by.

Everything is read from its metadata; nothing is imported.
https://packaging.python.org/specifications/recording-installed-packages/
"""

from __future__ import annotations

import csv
import functools
import importlib.machinery
import importlib.util
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

_SHARED = ("", ".", "..", "/", "__pycache__")  # in a distribution's list of files; other packages use them, too
_SUFFIXES = tuple(sorted(importlib.machinery.all_suffixes(), key=len, reverse=True))  # `.abi3.so` before `.so`


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a distribution that are imported, and the files behind them.

    names: import names, such as "sklearn" or, in a namespace package, "google.protobuf".  paths: their files and
    folders, also those of native libraries and metadata.  namespaces: folders that other distributions use as well.
    search: folders to put on sys.path.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    namespaces: tuple[Path, ...]
    search: tuple[Path, ...]


@functools.cache
def contents(distribution: str) -> Contents:
    """The contents of an installed distribution. distribution: as `normalised` gives it."""
    metadata_of = metadata.distribution(distribution)
    if _is_editable(metadata_of):
        return _editable_contents(metadata_of)
    base = Path(str(metadata_of.locate_file(""))).resolve()
    names, paths, namespaces = list[str](), list[Path](), list[Path]()
    for place, inner, is_namespace in _places(PurePosixPath(), _files(metadata_of)):
        if not (base / place).exists():
            continue
        (namespaces if is_namespace else paths).append(base / place)
        if not is_namespace:
            names += _module_names(place, inner)
    return Contents(tuple(sorted(names)), tuple(paths), tuple(namespaces), (base,) if names else ())


def _files(distribution: metadata.Distribution) -> list[str]:
    """The files of a distribution, as paths. `files` would be slow: it makes an object for each of thousands."""
    if record := distribution.read_text("RECORD"):
        return [row[0] for row in csv.reader(record.splitlines()) if row]
    if listed := distribution.files:
        return [file.as_posix() for file in listed]
    # Debian leaves the list out of some: then the names, or the distribution's own, are looked for.
    names = (distribution.read_text("top_level.txt") or distribution.metadata["Name"].replace("-", "_")).split()
    base = Path(str(distribution.locate_file("")))
    return [f"{name}/__init__.py" if (base / name).is_dir() else f"{name}.py" for name in names]


def _is_editable(distribution: metadata.Distribution) -> bool:
    """Whether its files lie in a working copy (`pip install -e`). https://peps.python.org/pep-0660"""
    try:
        return bool(json.loads(distribution.read_text("direct_url.json") or "{}")["dir_info"]["editable"])
    except (ValueError, LookupError, TypeError):
        return False


def _editable_contents(distribution: metadata.Distribution) -> Contents:
    """The contents of a working copy: the modules that its metadata or its folder names, where Python finds them."""
    base = Path(str(distribution.locate_file(""))).resolve()
    files = _files(distribution)
    folders = [line for f in files if f.endswith(".pth") for line in _lines(base / f) if Path(line).is_dir()]
    packages = [p.parent.name for folder in folders for p in sorted(Path(folder).glob("*/__init__.py"))]
    names = (distribution.read_text("top_level.txt") or "").split() or packages
    origins = {n: spec.origin for n in names if n.isidentifier() and (spec := importlib.util.find_spec(n))}
    modules = {n: Path(o) for n, o in origins.items() if o}
    paths = [p.parent if p.name == "__init__.py" else p for p in modules.values()]
    described = {base / file.partition("/")[0] for file in files if ".dist-info/" in file}
    search = tuple(dict.fromkeys(path.parent for path in paths))
    return Contents(tuple(sorted(modules)), (*paths, *sorted(described)), (), search)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []


def _places(above: PurePosixPath, files: Iterable[str]) -> Iterator[tuple[PurePosixPath, list[str], bool]]:
    """(place, files below it, whether it is a namespace package) of each part that belongs to the distribution.

    A folder without `__init__` that holds modules is a namespace package: other distributions use it, too.
    """
    tops: dict[str, list[str]] = {}
    for file in files:
        top, _, inner = file.partition("/")
        if top not in _SHARED and not top.endswith(".pth"):
            tops.setdefault(top, []).append(inner)
    for top, below in tops.items():
        is_package = any(file.startswith("__init__.") for file in below)
        is_namespace = top.isidentifier() and _holds_modules(below) and not is_package
        yield above / top, below, is_namespace
        if is_namespace:
            yield from _places(above / top, below)


def _holds_modules(files: list[str]) -> bool:
    return any(file.endswith(_SUFFIXES) for file in files)


def _module_names(place: PurePosixPath, inner: list[str]) -> list[str]:
    """The import name of a package or of a file with one module; none for other folders and files."""
    suffix = next((s for s in _SUFFIXES if place.name.endswith(s)), "")
    name = place.name.removesuffix(suffix) if suffix else place.name if _holds_modules(inner) else ""
    return [".".join((*place.parent.parts, name))] if name.isidentifier() else []

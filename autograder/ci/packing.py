"""What a CI installs: this package as it is here, and everything it needs at the versions that are installed here.

So the CI grades with what the instructor tried, whether or not the package can be had anywhere.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import zipfile
from pathlib import Path

import autograder
import reference_impl

NAME = "backprop-course"
_MOMENT = (2020, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_WHEEL = "Wheel-Version: 1.0\nGenerator: backprop-course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = {"__pycache__", "_course"}  # `init` is no command of a CI


def wheel() -> tuple[str, bytes]:
    """(file name, bytes) of a wheel of the installed package."""
    dist = importlib.metadata.distribution(NAME)
    stem = f"{NAME.replace('-', '_')}-{dist.version}"
    files = {path: data for package in (autograder, reference_impl) for path, data in _package(package.__file__)}
    files[f"{stem}.dist-info/METADATA"] = (dist.read_text("METADATA") or "").encode()
    files[f"{stem}.dist-info/entry_points.txt"] = (dist.read_text("entry_points.txt") or "").encode()
    files[f"{stem}.dist-info/WHEEL"] = _WHEEL.encode()
    files[f"{stem}.dist-info/RECORD"] = _record(files, f"{stem}.dist-info/RECORD")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return f"{stem}-py3-none-any.whl", out.getvalue()


def _package(origin: str | None) -> list[tuple[str, bytes]]:
    folder = Path(str(origin)).parent
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and not _LEFT_OUT & set(p.parts))
    return [(p.relative_to(folder.parent).as_posix(), p.read_bytes()) for p in files]


def _record(files: dict[str, bytes], name: str) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    for path, data in files.items():
        code = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.writerow([path, f"sha256={code}", len(data)])
    rows.writerow([name, "", ""])
    return out.getvalue().encode()


def requirements() -> str:
    """requirements.txt: what the package needs, and what that needs, each at the version that is installed here."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    pinned: dict[str, str] = {}
    todo = [(NAME, "")]
    seen = set(todo)
    while todo:
        name, extra = todo.pop()
        for line in importlib.metadata.requires(name) or []:
            needed = Requirement(line)
            if needed.marker and not needed.marker.evaluate({"extra": extra}):
                continue
            package = canonicalize_name(needed.name)
            pinned[package] = importlib.metadata.version(package)
            new = {(package, e) for e in ("", *needed.extras)} - seen
            seen |= new
            todo += sorted(new)
    lines = "".join(f"{name}=={pinned[name]}\n" for name in sorted(pinned))
    return "# What the autograder needs, as installed where `autograder ci init` ran.\n" + lines

"""The packages that a CI installs: this one as it is here, and those that grading imports, at the versions used here.

So the CI grades with what the instructor tried, whether or not the package can be had anywhere. nbgrader and otter are
not installed: they make releases, and take more time than grading. `make lock` writes requirements-grade.lock, which
also a container and a machine that only runs `serve` install.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import autograder
import reference_impl
from autograder.distributions import needed_by

NAME = "backprop-course"
_LOCK = Path(__file__).with_name("requirements-grade.lock")
_PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<marker>[^\\]+?))? \\$", re.MULTILINE)
_MOMENT = (2020, 1, 1, 0, 0, 0)  # the same content gives the same bytes
_WHEEL = "Wheel-Version: 1.0\nGenerator: backprop-course\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = {"__pycache__", "_course"}  # `init` is no command of a CI
_OF_A_TERMINAL = {"jedi", "parso"}  # IPython completes what a person types with them; 33 MB that no grading imports


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


def requirements(packages: Iterable[str] = ()) -> str:
    """The requirements of a CI: the lock of this release, with hashes; or the versions installed here, if they differ.

    A hash is of a file that was downloaded. Nobody can tell it from an installed package. packages: distributions of
    the course's assignments, which are added with all that they need. The list is whole, so pip installs it with
    --no-deps: what is needed and not in it, nothing imports.
    """
    lock = _LOCK.read_text(encoding="utf-8")
    locked = {match["name"]: match["version"] for match in _PIN.finditer(lock) if _applies(match["marker"])}
    here = {name: _installed(name) or version for name, version in locked.items()}
    needed = {*needed_by(packages), *set(needed_by(locked)) - _OF_A_TERMINAL}
    more = {name: _installed(name) for name in sorted(needed - set(locked))}
    if here == locked and not more:
        return lock
    changed = [f"{name} {here[name]} for {locked[name]}" for name in locked if here[name] != locked[name]]
    reasons = [f"other versions: {', '.join(changed)}"] * bool(changed) + ["packages of the course"] * bool(more)
    lines = "".join(f"{name}=={version}\n" for name, version in sorted((here | more).items()))
    return f"# As installed where `autograder ci init` ran. No hashes, because of {' and '.join(reasons)}.\n{lines}"


def _installed(name: str) -> str:
    """The version that is installed here; "" if none is."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _applies(marker: str | None) -> bool:
    from packaging.markers import Marker

    return marker is None or Marker(marker).evaluate()

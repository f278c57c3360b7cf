"""Zip files of many pages, none larger than the host takes. The same pages give the same bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.returning.returnable import FeedbackPage, Unreturned

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can hold
_END, _HEADERS = 22, 30 + 46  # bytes of a zip: at its end, and for each file beside name and content


@dataclass(frozen=True, slots=True)
class Named:
    """A page, and the name by which its host knows whose it is."""

    name: str
    feedback: FeedbackPage


@dataclass(frozen=True, slots=True)
class Archives:
    """The zip files, in order, and the pages that are in none of them."""

    zips: tuple[bytes, ...]
    pages: int
    unreturned: tuple[Unreturned, ...]


def archives(named: Iterable[Named], limit: int) -> Archives:
    """The pages in as few zip files as their order allows. limit: bytes of one."""
    groups: list[list[Named]] = []
    unreturned: list[Unreturned] = []
    left = 0
    for each in sorted(named, key=lambda n: n.name):
        size = _HEADERS + 2 * len(each.name.encode()) + len(_deflated(each.feedback.page))
        if size + _END > limit:
            reason = f"expected a page of at most {limit >> 20} MB, got a larger one"
            unreturned.append(Unreturned(each.feedback.student, each.feedback.assignment, reason))
            continue
        if size > left:
            groups.append([])
            left = limit - _END
        groups[-1].append(each)
        left -= size
    return Archives(tuple(map(_zip, groups)), sum(map(len, groups)), tuple(unreturned))


def _zip(group: Sequence[Named]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        for each in group:
            entry = zipfile.ZipInfo(each.name, _EPOCH)
            entry.external_attr = 0o100644 << 16
            file.writestr(entry, each.feedback.page, zipfile.ZIP_DEFLATED, compresslevel=6)
    return data.getvalue()


def _deflated(page: bytes) -> bytes:
    """As zipfile compresses it."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return packer.compress(page) + packer.flush()

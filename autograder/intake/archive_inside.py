"""Tells an archive of a host that lies in another archive, or in a folder, from the zip of a student."""

from __future__ import annotations

import io

from autograder.errors import MalformedError
from autograder.intake.archives import open_zip, zip_entries
from autograder.intake.boundary import hostile
from autograder.intake.entries import Budget
from autograder.intake.hosts.uploads import Download, Upload
from autograder.intake.layout_kinds import HOSTS, kind_of

_LOOKED_AT = 500  # files of a zip, which can be a student's: they must not keep the class waiting


def archive_inside(upload: Upload) -> MalformedError | None:
    """The reason, if the upload is one zip in which a host put what several people handed in; else None.

    Ask only about an upload that cannot be placed: a student can choose the names in a zip.
    """
    if len(upload.files) != 1 or not upload.files[0][1].name.lower().endswith(".zip"):
        return None
    try:
        with hostile("a zip"):
            entries, _ = zip_entries(open_zip(io.BytesIO(upload.files[0][1].read(Budget()))))
            kind = kind_of(entries[:_LOOKED_AT], Download())
    except MalformedError:
        return None
    if kind == "folder" or len({entry.parts[0] for entry in entries}) < 2:
        return None
    return MalformedError(
        f"expected the files of one student, got an archive with names {HOSTS[kind].names}",
        hint="unpack what is around it, and collect each archive by itself",
    )

"""One portal: a course, what may be known of its assignments, its files and its database. Every page begins with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from autograder.course import Course
from autograder.portal.catalogue import Catalogue
from autograder.portal.database import Database
from autograder.portal.folders import PortalFolders

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Portal:
    """What pages are made from. course: its settings; the web process cannot open `course.solutions`.

    key: signs receipts.  clock: gives the time, with its zone.
    stale: gives the names of the course's files that changed since the start.
    """

    course: Course
    catalogue: Catalogue
    database: Database
    places: PortalFolders
    key: Ed25519PrivateKey
    clock: Callable[[], datetime]
    stale: Callable[[], list[str]] = list

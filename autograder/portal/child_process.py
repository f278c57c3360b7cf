"""What a process of the portal is told at its start, and how its life is bound to the supervisor's.

The settings come as JSON by standard input: there they are in no list of processes, and in no file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from autograder.portal.catalogue import Catalogue
from autograder.portal.portal_clock import PortalClock
from autograder.sandbox.worker.lockdown import die_with_parent

CHECKS_CHANGED = 3  # exit code of a grader that finds other checks than the supervisor


class ChildSettings(BaseModel):
    """What each process gets. parent: the supervisor's process.  root: the course's folder.  places: work/portal.

    bell: the descriptor by which it hears that another process wrote.  bells: those by which it says so itself.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    parent: int
    root: Path
    places: Path
    database: str
    bell: int = -1
    bells: tuple[int, ...] = ()

    @classmethod
    def received(cls) -> Self:
        """The settings that the supervisor sent. From now on, this process ends with the supervisor."""
        settings = cls.model_validate_json(sys.stdin.buffer.read())
        die_with_parent()
        if os.getppid() != settings.parent:
            os._exit(1)  # the supervisor was killed before this process could bind its life to it
        for descriptor in (settings.bell, *settings.bells):
            os.set_inheritable(descriptor, False)  # no program that this process starts has them
        return settings


class WebSettings(ChildSettings):
    """socket: the descriptor that listens.  key: for receipts, as PEM.  proxy: the address whose headers count, or "".

    clock: of the whole server.  watched: files of the course that count from the next start on.
    landlock: whether the process shuts itself in by the kernel's rules for files.
    """

    socket: int
    key: str
    catalogue: Catalogue
    clock: PortalClock
    watched: tuple[Path, ...] = ()
    proxy: str = ""
    landlock: bool = True


class GraderSettings(ChildSettings):
    """owner: the grader's name in leases.  core: the one that it stays on.  slow: whether it takes slow jobs.

    suites: what gradings depend on, as the supervisor found it.  lease: seconds that a job is this grader's.
    """

    owner: str
    core: int
    slow: bool
    suites: dict[str, str]
    lease: float

"""The request of `export` or `return`: which marks, of which results, and where a file goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograder.cli.console import plain
from autograder.errors import AutograderError

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.marks import Mark
    from autograder.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Request:
    """What to take. results: a folder.  assignments, students: only these; empty for all."""

    course: Course
    results: Path
    assignments: Sequence[str]
    students: Sequence[str]
    roster: Roster | None = None

    def marks(self, *, with_manual: bool = False, submitted: Path | None = None) -> list[Mark]:
        """The marks that count, by the rules of course.toml. with_manual: with the points that people gave by hand."""
        from autograder.cli.by_hand import require_hand_work, what_waits
        from autograder.hand.given import HandWork
        from autograder.marks import marks_of, unknown_students
        from autograder.records.store import read_attempts

        attempts = read_attempts(self.results)
        for student in unknown_students(attempts, self.course.policy):
            say(f"course.toml, marks.extensions: {student} has no result")
        names = sorted({r.assignment for r in attempts})
        work = require_hand_work(self.course, names, submitted) if with_manual else HandWork()
        # Drop the lowest over all assignments first; only then leave some out.
        now = datetime.now(UTC)
        marks = self.chosen(marks_of(attempts, self.course.policy, work.points, roster=self.roster, now=now))
        for line in what_waits(self.course, marks, work) if with_manual else ():
            say(line)
        return marks

    def chosen(self, marks: Sequence[Mark]) -> list[Mark]:
        """The marks that were asked for; drafts only if they are named.

        Raises AutograderError for an assignment or a student without results.
        """
        from autograder.text import nearest

        known = {m.result.assignment for m in marks}, {m.result.student for m in marks}
        wanted = self.assignments or known[0] - self._drafts(known[0]), self.students or known[1]
        for option, names, those in zip(("--assignment", "--student"), wanted, known, strict=True):
            for name in names:
                if name not in those:
                    raise AutograderError(
                        f"{option}: expected one that has results, got {name!r}.{nearest(name, those)}"
                    )
        if known[0] and not wanted[0]:
            raise AutograderError("--assignment: expected an assignment that is open, got only drafts. Hint: -a NAME.")
        return [m for m in marks if m.result.assignment in wanted[0] and m.result.student in wanted[1]]

    def _drafts(self, names: set[str]) -> set[str]:
        """The assignments that are not open yet; a line says which."""
        now = datetime.now(UTC)
        drafts = {name for name in names if self.course.policy.of(name).state_at(now) == "draft"}
        if drafts:
            say(f"not open yet, so left out: {', '.join(sorted(drafts))}. Hint: -a NAME")
        return drafts

    def submitted(self, given: Path | None) -> Path:
        """Where collected notebooks are."""
        return given or self.course.work / "submitted"

    def recorded(self, marks: Sequence[Mark], submitted: Path | None) -> dict[tuple[str, str], dict[str, str]]:
        """{(assignment, student): how the host called the student}, as `collect` recorded and signed it.

        Nobody gets what the roster says of another: the number of a group's work is of one member.
        """
        from autograder.intake.wrong_files import way_back_of
        from autograder.secret import known_secret

        secret, root = known_secret(self.course), self.submitted(submitted)
        if secret is None or not root.is_dir():
            return {}
        identities = {}
        for place in {(m.result.assignment, m.result.student) for m in marks}:
            way_back = way_back_of(root / place[1] / place[0], place[1], place[0], secret)
            identity = way_back.identity if way_back else {}
            identities[place] = {k: v for k, v in identity.items() if self._can_be(place[1], k, v)}
        return identities

    def _can_be(self, student: str, column: str, value: str) -> bool:
        from autograder.roster.roster import key_of

        owners = self.roster.index.get((column, key_of(value)), ()) if self.roster else ()
        return not owners or student in owners

    def target(self, out: Path | None, name: str) -> Path:
        """Where to write."""
        return out or self.course.work / "exports" / name


def say(text: str) -> None:
    """One line for the instructor, on stderr, because stdout may go to a pipe."""
    typer.echo(f"autograder: {plain(text)}", err=True)


def write(target: Path, data: str | bytes) -> None:
    """Write the whole file, or none of it."""
    from autograder.files import write_atomically

    write_atomically(target, data)

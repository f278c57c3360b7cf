"""What `export` was asked for: which marks, of which results, and where a file goes."""

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
    from autograder.records.result import Result
    from autograder.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Request:
    """What to export. results: a folder.  assignments, students: only these; empty for all."""

    course: Course
    results: Path
    assignments: Sequence[str]
    students: Sequence[str]
    roster: Roster | None = None

    def marks(self, *, with_manual: bool = False) -> list[Mark]:
        """The marks that count, by the rules of course.toml. with_manual: with scores by hand."""
        from autograder.marks import marks_of, unknown_students
        from autograder.records.store import read_attempts

        attempts = read_attempts(self.results)
        for student in unknown_students(attempts, self.course.policy):
            say(f"course.toml, marks.extensions: {student} has no result")
        by_hand = self._by_hand(attempts) if with_manual else {}
        # Drop the lowest over all assignments first; only then leave some out.
        now = datetime.now(UTC)
        return self.chosen(marks_of(attempts, self.course.policy, by_hand, roster=self.roster, now=now))

    def _by_hand(self, attempts: Sequence[Result]) -> dict[tuple[str, str], float]:
        """Points that people gave, in formgrader and in sheets."""
        from autograder.cli.by_hand import has_gradebook, require_hand_work
        from autograder.hand.given import points_by_hand, waiting

        work = require_hand_work(self.course, sorted({r.assignment for r in attempts}))
        handed_in = {(r.assignment, r.student) for r in attempts if r.has_verdict and r.status != "missing"}
        if has_gradebook(self.course) and (absent := len(handed_in - set(work))):
            say(
                f"not in the gradebook yet: {absent} of {len(handed_in)} submissions. Hint: autograder export nbgrader."
            )
        if waiting(work):
            say(f"{waiting(work)} grades are still for a person to give. Hint: formgrader, or autograder hand sheet.")
        return points_by_hand(work)

    def chosen(self, marks: Sequence[Mark]) -> list[Mark]:
        """The marks that were asked for; drafts only if they are named.

        Raises AutograderError for an assignment or a student without results.
        """
        known = {m.result.assignment for m in marks}, {m.result.student for m in marks}
        wanted = self.assignments or known[0] - self._drafts(known[0]), self.students or known[1]
        for option, names, those in zip(("--assignment", "--student"), wanted, known, strict=True):
            for name in names:
                if name not in those:
                    raise AutograderError(f"{option}: expected one that has results, got {name!r}.")
        if known[0] and not wanted[0]:
            raise AutograderError("export: expected an assignment that is open, got only drafts. Hint: -a NAME.")
        return [m for m in marks if m.result.assignment in wanted[0] and m.result.student in wanted[1]]

    def _drafts(self, names: set[str]) -> set[str]:
        """Those of the assignments that are not open yet; a line says which."""
        now = datetime.now(UTC)
        drafts = {name for name in names if self.course.policy.of(name).state_at(now) == "draft"}
        if drafts:
            say(f"not open yet, so not exported: {', '.join(sorted(drafts))}. Hint: -a NAME")
        return drafts

    def submitted(self, given: Path | None) -> Path:
        """Where collected notebooks are."""
        return given or self.course.work / "submitted"

    def recorded(self, marks: Sequence[Mark], submitted: Path | None) -> dict[tuple[str, str], dict[str, str]]:
        """{(assignment, student): how the host called the student}, as `collect` recorded and signed it.

        Nobody gets what the roster says of another: the number of a group's work is of one member.
        """
        from autograder.intake.received import identity_of
        from autograder.secret import known_secret

        secret, root = known_secret(self.course), self.submitted(submitted)
        if secret is None or not root.is_dir():
            return {}
        identities = {}
        for place in {(m.result.assignment, m.result.student) for m in marks}:
            identity = identity_of(root / place[1] / place[0], place[1], place[0], secret)
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

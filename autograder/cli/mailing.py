"""What `autograder return --to email` does: it sends only what is new, and logs each message before the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli.console import cell, columns, progress, say, short, show
from autograder.errors import AutograderError
from autograder.text import counted

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.mail_settings import MailSettings
    from autograder.returning.letters import Letter
    from autograder.returning.returnable import FeedbackPage, Unreturned


@dataclass(frozen=True, slots=True)
class Return:
    """What goes back, and how. out: None for the usual place.  max_mb: of one archive.  url: of the folder, or ""."""

    course: Course
    pages: Sequence[FeedbackPage]
    submitted: Path
    out: Path | None
    max_mb: int
    url: str
    dry: bool

    @property
    def folder(self) -> Path:
        """Where archives, links and the log of mail are."""
        return self.course.work / "returned"


def mail(wanted: Return) -> list[Unreturned]:
    """Send what is new, or say what would be sent. Returns the pages that did not go."""
    from autograder.files import locked, make_folder
    from autograder.returning.letters import letters, sender_address
    from autograder.returning.sent_log import last_sent, mend

    settings = wanted.course.email
    if settings is None:
        raise AutograderError(
            "email: expected a table [email] with host and sender in course.toml, got none. Hint: docs/returning.md."
        )
    sender_address(settings.sender)
    log = wanted.folder / "sent.jsonl"
    if wanted.dry:
        ready, unreturned, before = letters(wanted.pages, last_sent(log))
        _show(ready)
        say(f"would send {counted(len(ready), 'message')}; {counted(before, 'page was', 'pages were')} sent before")
        return unreturned
    make_folder(wanted.folder)
    with locked(wanted.folder):
        mend(log)
        ready, unreturned, before = letters(wanted.pages, last_sent(log))
        refused = _send(wanted.course, settings, ready, log) if ready else []
    sent = len(ready) - len({each.student for each in refused})
    say(f"{sent} messages sent; {before} pages were sent before. Log: {short(log)}")
    return [*unreturned, *refused]


def _show(ready: Sequence[Letter]) -> None:
    table = columns("student", "name", "address", "assignments")
    for letter in ready:
        names = ", ".join(page.assignment for page in letter.pages)
        table.add_row(cell(letter.student), cell(letter.name), cell(letter.address), cell(names))
    if ready:
        show(table)


def _send(course: Course, settings: MailSettings, ready: Sequence[Letter], log: Path) -> list[Unreturned]:
    from autograder.returning.letters import message, sender_address
    from autograder.returning.sending import MailServer, deliver, password_of
    from autograder.returning.sent_log import append, sent_entries

    sender, subject = sender_address(settings.sender), settings.subject or f"Feedback: {course.title}"
    password = password_of(settings, course.root)
    refused: list[Unreturned] = []
    with MailServer(settings, password) as server, progress("sending", len(ready)) as step:
        made = ((each, message(each, sender, subject, course.title, datetime.now(UTC))) for each in ready)
        for letter, sent, unreturned in deliver(made, server, sender.addr_spec):
            refused += unreturned
            if not unreturned:
                append(log, sent_entries(letter, str(sent["Message-ID"]), datetime.now(UTC)))
            step()
    return refused

"""One message a student, with the pages attached. Pure: names and addresses are checked, and nothing is sent.

A page is attached and not shown in the message: mail programs remove the styles and the foldable parts of a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from autograder.errors import AutograderError, MalformedError
from autograder.returning.returnable import FeedbackPage, Unreturned
from autograder.text import file_name, one_line

_ADDRESS = re.compile(r"(?P<user>[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]{1,64})@(?P<domain>[^\s@<>()\[\],;:\\\"]{1,255})")
_NAME = 78  # characters; a longer line would be folded inside the name

Last = Mapping[tuple[str, str, str], str]  # {(student, assignment, address): sha256 of the page that was sent last}


@dataclass(frozen=True, slots=True)
class Letter:
    """What one student gets. address: where the server sends it."""

    student: str
    name: str
    address: str
    pages: tuple[FeedbackPage, ...]


def mail_address(text: str) -> str:
    """An address of the roster, its domain as servers write it. Raises MalformedError for what is none."""
    match = _ADDRESS.fullmatch(text.strip())
    try:
        domain = match["domain"].encode("idna").decode() if match else ""
    except UnicodeError:
        domain = ""
    if match is None or "." in {domain[:1], domain[-1:], match["user"][0], match["user"][-1]} or not domain:
        got = repr(one_line(text, 60)) if text.strip() else "none"
        raise MalformedError(f"expected an e-mail address in the roster, got {got}")
    return f"{match['user']}@{domain}"


def sender_address(sender: str) -> Address:
    """`Course <course@uni.edu>` of [email]. Raises AutograderError for what is none."""
    name, address = parseaddr(sender)
    try:
        return _address(name, mail_address(address))
    except MalformedError:
        raise AutograderError(
            f"course.toml, email.sender: expected 'Course <course@uni.edu>', got {one_line(sender, 60)!r}."
        ) from None


def _address(name: str, address: str) -> Address:
    """For a header. A name is one line, whatever a roster says: no header can begin in it."""
    user, _, domain = address.rpartition("@")
    return Address(one_line(name, _NAME), user, domain)


def message(letter: Letter, sender: Address, subject: str, course: str, now: datetime) -> EmailMessage:
    """The message. sender: see `sender_address`.  subject: one line.  now: for its date."""
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = _address(letter.name, letter.address)
    made["Subject"] = one_line(subject, 200)
    made["Date"] = format_datetime(now)
    made["Message-ID"] = make_msgid(domain=sender.domain)
    made["Auto-Submitted"] = "auto-generated"  # so that no holiday notice comes back
    made.set_content(_body(letter, course))
    for page in letter.pages:
        made.add_attachment(
            page.page,
            maintype="text",
            subtype="html",
            params={"charset": "utf-8"},
            filename=f"{file_name(page.assignment)}.html",
        )
    return made


def _body(letter: Letter, course: str) -> str:
    lines = [f"{one_line(page.title, 200)}: {page.score}." for page in letter.pages]
    files = "file" if len(lines) == 1 else "files"
    return "\n".join(
        [
            f"Hello {one_line(letter.name, _NAME)},",
            "",
            f"here is your feedback for {one_line(course, 200)}.",
            "",
            *lines,
            "",
            f"Open the attached {files} in a web browser to see each question, hints and pictures.",
            "",
        ]
    )


def letters(pages: Iterable[FeedbackPage], last: Last) -> tuple[list[Letter], list[Unreturned], int]:
    """A letter for each student who has something new, pages without an address, and how many pages were sent before.

    last: what each address has.
    """
    students: dict[str, list[FeedbackPage]] = {}
    for page in pages:
        students.setdefault(page.student, []).append(page)
    ready: list[Letter] = []
    unreturned: list[Unreturned] = []
    before = 0
    for student, each in students.items():
        person = each[0].mark.student
        try:
            address = mail_address(person.email if person else "")
        except MalformedError as error:
            unreturned += [Unreturned(student, page.assignment, error.reason) for page in each]
            continue
        new = tuple(p for p in each if last.get((student, p.assignment, address)) != p.sha256)
        before += len(each) - len(new)
        if new:
            ready.append(Letter(student, each[0].mark.name, address, new))
    return ready, unreturned, before

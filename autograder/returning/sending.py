"""Talks to the mail server. Its certificate is verified; names and passwords go over an encrypted line only."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.errors import AutograderError
from autograder.files import FileKind, read_text
from autograder.mail_settings import MailSettings
from autograder.returning.letters import Letter
from autograder.returning.returnable import Unreturned
from autograder.text import one_line

PASSWORD = "AUTOGRADER_SMTP_PASSWORD"  # noqa: S105 — the variable's name
PASSWORD_FILE = FileKind("a password", 4096, "it holds the password alone", links=True)
SECONDS = 60.0  # that the server may take for one answer


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A message that was not sent. reason: without a full stop.  gone: the server does not answer any more."""

    reason: str
    gone: bool = False


def password_of(settings: MailSettings, root: Path) -> str:
    """From $AUTOGRADER_SMTP_PASSWORD or from the file; "" if nobody logs in. root: of the course.

    Raises AutograderError if there is none, or if others can read the file.
    """
    if not settings.user:
        return ""
    if given := os.environ.get(PASSWORD):
        return _ascii(f"${PASSWORD}", given)
    if not settings.password_file:
        raise AutograderError(f"email: expected a password in ${PASSWORD} or in email.password_file, got none.")
    path = root / Path(settings.password_file).expanduser()
    text = read_text(path, PASSWORD_FILE).strip("\r\n")
    if path.stat().st_mode & 0o077:
        raise AutograderError(
            f"{path}: expected a file for its owner alone, got one that others can read. Hint: chmod 600."
        )
    return _ascii(str(path), text)


def _ascii(where: str, password: str) -> str:
    """Raises AutograderError for a password that Python's smtplib cannot send."""
    if not password.isascii() or not password:
        got = "others" if password else "none"
        raise AutograderError(f"{where}: expected a password of ASCII characters, got {got}. Hint: choose another.")
    return password


class MailServer:
    """A connection that is made when it is first needed, and made anew after it broke."""

    def __init__(self, settings: MailSettings, password: str) -> None:
        self._settings, self._password = settings, password
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        """Connect. Raises AutograderError, in one line, if the server cannot be used."""
        self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye, if the server still listens."""
        self._close()

    def send(self, message: EmailMessage, sender: str, address: str) -> RefusedMessage | None:
        """Send one message; None if the server took it."""
        try:
            smtp = self._ready()
        except AutograderError as error:
            return RefusedMessage(str(error), gone=True)
        try:
            smtp.send_message(message, sender, [address])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._close()  # nobody knows what the server still expects
            return RefusedMessage(_said(error))
        return None

    def _ready(self) -> smtplib.SMTP:
        """A connection that answers: some servers end one after a number of messages."""
        if self._smtp is not None:
            try:
                if self._smtp.noop()[0] == 250:
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass
            self._close()
        return self._connect()

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        where = f"email: {settings.host}:{settings.server_port}"
        try:
            self._smtp = smtp = self._encrypted()
            if settings.user:
                smtp.login(settings.user, self._password)
        except smtplib.SMTPAuthenticationError as error:
            self._close()
            raise AutograderError(f"{where}: expected to log in as {settings.user}, got: {_said(error)}.") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self._close()
            raise AutograderError(
                f"{where}: expected a mail server with {settings.security}, got: {_said(error)}. "
                "Hint: host, port and security of [email] in course.toml."
            ) from None
        return smtp

    def _encrypted(self) -> smtplib.SMTP:
        settings, context = self._settings, ssl.create_default_context()
        if settings.security == "tls":
            return smtplib.SMTP_SSL(settings.host, settings.server_port, timeout=SECONDS, context=context)
        smtp = smtplib.SMTP(settings.host, settings.server_port, timeout=SECONDS)
        try:
            smtp.starttls(context=context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            try:
                smtp.quit()
            except (smtplib.SMTPException, OSError):
                smtp.close()


def deliver(
    made: Iterable[tuple[Letter, EmailMessage]], server: MailServer, sender: str
) -> Iterator[tuple[Letter, EmailMessage, list[Unreturned]]]:
    """Send one message after the other; each comes with its pages that did not go.

    One that is refused stops no other. If the server is gone, the rest is not tried.
    """
    gone: RefusedMessage | None = None
    for letter, message in made:
        refused = gone or server.send(message, sender, letter.address)
        gone = refused if refused and refused.gone else None
        reason = refused.reason if refused else ""
        yield letter, message, [Unreturned(letter.student, p.assignment, reason) for p in letter.pages if refused]


def _said(error: Exception) -> str:
    """An answer of the server, or what the system says, on one line."""
    answer: tuple[int, bytes | str] | None = None
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_code, error.smtp_error
    if answer is None:
        return one_line(str(error), 200) or type(error).__name__
    text = answer[1].decode("utf-8", "replace") if isinstance(answer[1], bytes) else answer[1]
    return f"{answer[0]} {one_line(text, 200)}"

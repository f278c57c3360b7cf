"""[email] of course.toml: the mail server that `autograder return --to email` uses. The password is never in it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError
from autograder.marking_rules import MAX_NAME, nearest

_LINE = r"^[^\x00-\x1f\x7f]*$"
_EXPECTED = {
    "string_type": "a text in quotes",
    "string_pattern_mismatch": "a text on one line",
    "int_type": "a whole number",
    "greater_than_equal": "a port from 1 to 65535",
    "less_than_equal": "a port from 1 to 65535",
    "literal_error": "starttls or tls, as a password never goes over an open line",
    "missing": "it, as in host = 'smtp.uni.edu' and sender = 'Course <course@uni.edu>'",
    "model_type": "a table [email]",
    "dict_type": "a table [email]",
}
_PORTS = {"starttls": 587, "tls": 465}


class MailSettings(BaseModel):
    """security: `starttls` encrypts after the greeting, `tls` from the first byte on; the certificate is verified.

    port: None for the usual one.  user: "" to log in as nobody.  sender: `Course <course@uni.edu>`.
    subject: "" for the course's title.  password_file: of the password, unless $AUTOGRADER_SMTP_PASSWORD is set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: str = Field(pattern=r"^[A-Za-z0-9.:_-]+$")
    sender: str = Field(pattern=_LINE)
    port: int | None = Field(None, ge=1, le=65535)
    security: Literal["starttls", "tls"] = "starttls"
    user: str = Field("", pattern=_LINE)
    subject: str = Field("", pattern=_LINE, max_length=200)
    password_file: str = Field("", pattern=_LINE)

    @property
    def server_port(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.security]


def read_mail_settings(table: Any, where: str) -> MailSettings | None:
    """[email] as MailSettings; None if there is no such table. where: the file.  Raises CourseError."""
    if table is None:
        return None
    try:
        return MailSettings.model_validate(table)
    except ValidationError as error:
        raise CourseError(f"{where}, {_said(error)}") from None


def _said(error: ValidationError) -> str:
    # A key that nobody knows explains the one that is missing.
    first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
    key = ".".join(str(part)[:MAX_NAME] for part in first["loc"])
    place = f"email.{key}" if key else "email"
    if first["type"] == "extra_forbidden":
        if key == "password":
            return f"{place}: expected no password in this file. Hint: password_file, or $AUTOGRADER_SMTP_PASSWORD."
        return (
            f"{place}: expected one of {', '.join(MailSettings.model_fields)}.{nearest(key, MailSettings.model_fields)}"
        )
    expected = _EXPECTED.get(first["type"])
    got = "nothing" if first["type"] == "missing" else repr(str(first["input"])[:MAX_NAME])
    return f"{place}: expected {expected}, got {got}." if expected else f"{place}: {first['msg']}."

"""[email] of course.toml: the mail server that `autograder return --to email` uses. The password is never in it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from autograder.errors import CourseError
from autograder.toml_errors import what_is_wrong

_LINE = r"^[^\x00-\x1f\x7f]*$"
_ONE_LINE = "a text on one line"
_EXPECTED = {
    "greater_than_equal": "a port from 1 to 65535",
    "less_than_equal": "a port from 1 to 65535",
    "literal_error": "starttls or tls, as a password never goes over an open line",
    "missing": "it, as in host = 'smtp.uni.edu' and sender = 'Course <course@uni.edu>'",
}
_PORTS = {"starttls": 587, "tls": 465}


class MailSettings(BaseModel):
    """`[email]`: the mail server that `autograder return --to email` uses. A password never stands in this file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    host: str = Field(
        pattern=r"^[A-Za-z0-9.:_-]+$",
        title="the name of a server, such as smtp.uni.edu",
        description="the mail server",
        examples=["smtp.uni.edu"],
    )
    sender: str = Field(
        pattern=_LINE,
        title=_ONE_LINE,
        description="name and address that students see",
        examples=["Course <course@uni.edu>"],
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="default: 587 for `starttls`, 465 for `tls`", examples=[587]
    )
    security: Literal["starttls", "tls"] = Field(
        "starttls",
        description="`starttls` encrypts after the greeting, `tls` from the first byte on; the certificate is verified",
        examples=["starttls"],
    )
    user: str = Field(
        "", pattern=_LINE, title=_ONE_LINE, description="to log in with; empty: without a login", examples=["course"]
    )
    subject: str = Field(
        "",
        pattern=_LINE,
        title=_ONE_LINE,
        max_length=200,
        description="of each letter; default: the course's title",
        examples=["Your feedback"],
    )
    password_file: str = Field(
        "",
        pattern=_LINE,
        title=_ONE_LINE,
        description="a file with the password, for its owner alone; $AUTOGRADER_SMTP_PASSWORD comes before it",
        examples=["~/.smtp"],
    )

    @property
    def server_port(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.security]


def read_mail_settings(table: Any, where: str) -> MailSettings | None:
    """[email] as MailSettings; None if there is no such table. where: the file.  Raises CourseError."""
    if table is None:
        return None
    if isinstance(table, dict) and "password" in table:
        raise CourseError(
            f"{where}, email.password: expected no password in this file. Hint: password_file, or "
            "$AUTOGRADER_SMTP_PASSWORD."
        )
    try:
        return MailSettings.model_validate(table)
    except ValidationError as error:
        text = what_is_wrong(error, MailSettings, table, within="email", expected=_EXPECTED)
        raise CourseError(f"{where}, {text}") from None

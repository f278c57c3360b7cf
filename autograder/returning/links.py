"""Pages for a web server: each student's are in a folder whose name nobody can guess, and which stays the same."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from autograder.returning.returnable import FeedbackPage
from autograder.text import csv_text, file_name, spreadsheet_text

TOKEN_CHARACTERS = 32  # of base 16: 128 bits
_EMPTY = b""  # in the place of a list of the folder's files


def token(secret: bytes, student: str) -> str:
    """The folder's name. It says nothing about the student, and only the course's secret gives it."""
    text = b"feedback link\0" + student.encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:TOKEN_CHARACTERS]


def site(pages: Sequence[FeedbackPage], secret: bytes) -> Mapping[str, bytes]:
    """{path: content} of every file. An empty index.html in each folder keeps a server from listing it."""
    files = {"index.html": _EMPTY}
    for page in pages:
        folder = token(secret, page.student)
        files[f"{folder}/index.html"] = _EMPTY
        files[f"{folder}/{file_name(page.assignment)}.html"] = page.page
    return files


def links_csv(pages: Sequence[FeedbackPage], secret: bytes, url: str) -> str:
    """`student,name,email,assignment,link`, for the instructor alone. url: where the folder will be, or ""."""
    rows = [("student", "name", "email", "assignment", "link")]
    for page in pages:
        person = page.mark.student
        texts = (page.student, person.name if person else "", person.email if person else "", page.assignment)
        path = f"{token(secret, page.student)}/{file_name(page.assignment)}.html"
        rows.append((*map(spreadsheet_text, texts), f"{url.rstrip('/')}/{path}" if url else path))  # type: ignore[arg-type]
    return csv_text(rows)

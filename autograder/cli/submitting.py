"""`autograder submit`: hand in a notebook to a portal, keep the receipt, and read the feedback in one line."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.cli.app import CourseOption, app, working_folder
from autograder.cli.console import say
from autograder.errors import AutograderError, CourseError

if TYPE_CHECKING:
    import httpx

ADDRESS, TOKEN = "AUTOGRADER_PORTAL", "AUTOGRADER_TOKEN"
_FRESH = 60  # seconds; an older file was perhaps not saved
_PATIENCE = 300  # seconds for the grading


@app.command(epilog="Example: autograder submit a1_gradient_ascent.ipynb --token-file ~/.autograder-token")
def submit(
    notebook: Annotated[Path, typer.Argument(metavar="FILE.ipynb", help="What to hand in.")],
    url: Annotated[
        str | None, typer.Option("--url", help=f"The portal. Default: ${ADDRESS}, or [portal].url of course.toml.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help=f"Holds your token; only you may read it. Default: ${TOKEN}.")
    ] = None,
    assignment: Annotated[str, typer.Option("--assignment", help="Default: the name of the file.")] = "",
    late: Annotated[bool, typer.Option("--late", help="Late work may replace work in time.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask, also if the file is old.")] = False,
    course: CourseOption = None,
) -> None:
    """Hand in to the portal, keep its receipt beside the notebook, and wait for the feedback."""
    from autograder.files import read_bytes, write_atomically
    from autograder.intake.reader import NOTEBOOK
    from autograder.portal.portal_client import PortalClient, feedback_line

    address, token = _address(url, course), _token(token_file)
    data = read_bytes(notebook, NOTEBOOK)
    _require_fresh(notebook, yes)
    with client_of(address, token) as http:
        portal = PortalClient(http, time.sleep)
        answer = portal.send(assignment or notebook.stem, data, late=late)
        receipt = notebook.with_name(f"{notebook.stem}-{answer['id']}.receipt.json")
        say(f"{notebook.name}: handed in, id {answer['id']}")
        write_atomically(receipt, answer["receipt"])
        say(f"receipt: {receipt}")
        say(feedback_line(portal.result_of(answer["id"], _PATIENCE)))
        say(f"page: {address}{answer.get('page', '/')}")


def client_of(address: str, token: str) -> httpx.Client:
    """What asks the portal. It follows no redirect, so the token goes nowhere else."""
    import httpx

    return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=90)


def _address(given: str | None, course: Path | None) -> str:
    """The portal's address. A token goes over TLS, or to this machine. Raises AutograderError."""
    from urllib.parse import urlsplit

    address = (given or os.environ.get(ADDRESS, "") or _address_of_course(course)).rstrip("/")
    try:
        parts = urlsplit(address)
        host, scheme = parts.hostname, parts.scheme
    except ValueError:
        host, scheme = None, ""
    if not host or scheme not in {"http", "https"}:
        raise AutograderError(f"portal: expected its address, got {address[:80]!r}. Hint: --url, or ${ADDRESS}.")
    if scheme == "http" and host not in {"localhost", "127.0.0.1", "::1"}:
        raise AutograderError(f"portal: expected https://…, got {address[:80]!r}. Hint: others could read your token.")
    return address


def _address_of_course(course: Path | None) -> str:
    from autograder.course import find_course, open_course

    try:
        return (open_course(course) if course else find_course(working_folder())).portal.url
    except CourseError:
        if course:
            raise
        return ""


def _token(file: Path | None) -> str:
    """The token. Raises AutograderError if there is none, or if others may read its file."""
    from autograder.files import read_text
    from autograder.portal.portal_client import TOKEN_FILE

    if file is None:
        token = os.environ.get(TOKEN, "")
    else:
        text = read_text(file, TOKEN_FILE)
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise AutograderError(f"{file}: expected a file that only you may read. Hint: chmod 600 {file}.")
        token = text.strip()
    if not token.isascii() or not token.isprintable() or not token or " " in token:
        raise AutograderError(f"token: expected one, got none. Hint: make one on your page; --token-file or ${TOKEN}.")
    return token


def _require_fresh(notebook: Path, yes: bool) -> None:
    """Say how old the file is, and ask if it is old. Raises AutograderError where nobody can be asked."""
    age = max(0, int(time.time() - notebook.stat().st_mtime))
    text = f"{age} seconds" if age < 120 else f"{age // 60} minutes" if age < 7200 else f"{age // 3600} hours"
    say(f"{notebook.name}: saved {text} ago")
    if age <= _FRESH or yes:
        return
    if not sys.stdin.isatty():
        raise AutograderError(f"{notebook.name}: expected a file saved just now, got one {text} old. Hint: --yes.")
    typer.confirm("Hand it in?", abort=True)

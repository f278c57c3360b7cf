"""`autograder submit`: a notebook goes to a real portal's pages, its receipt is kept, and every error is one line."""

import asyncio
import hashlib
import os
from pathlib import Path

import httpx
import pytest
from portal.conftest import database, empty_tables, places  # noqa: F401 — fixtures
from portal.portal_helpers import at
from portal.student_desk import NAME, Clock, graded, result, student_portal
from typer.testing import CliRunner

from autograder.cli import submitting
from autograder.cli.main import app
from autograder.errors import AutograderError
from autograder.portal.credentials import give
from autograder.portal.portal_client import TRIES, PortalClient
from autograder.portal.schema import SubmissionRow
from autograder.portal.signed_receipts import checked
from autograder.portal.web.application import create_app

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def url(places):  # noqa: F811
    """How a notebook is sent does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(database, places):  # noqa: F811
    return student_portal(database, places, Clock(at(100)))


class ToPortal(httpx.BaseTransport):
    """The portal's application as a transport. before: answers or errors that come first."""

    def __init__(self, portal, *before, after=None):
        self.portal, self.app, self.before, self.after = portal, create_app(portal), list(before), after
        self.keys = []

    def handle_request(self, request):
        self.keys.append(request.headers.get("idempotency-key"))
        data = request.read()
        if self.before and isinstance(self.before[0], httpx.Response):
            return self.before.pop(0)
        answer = asyncio.run(self._ask(request, data))
        if self.before:  # the portal has it, and the answer is lost
            raise self.before.pop(0)
        if self.after:
            self.after(request)
        return answer

    async def _ask(self, request, data):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as client:
            got = await client.request(request.method, request.url, content=data, headers=request.headers)
        return httpx.Response(got.status_code, headers=got.headers, content=got.content)


def token_of(portal, person="ada"):
    with portal.database.write() as session:
        return give(session, person, "token", portal.clock(), by="test")


def client(portal, *before, pauses=None):
    transport = ToPortal(portal, *before)
    headers = {"Authorization": f"Bearer {token_of(portal)}"}
    http = httpx.Client(transport=transport, base_url=SITE, headers=headers)
    return PortalClient(http, [].append if pauses is None else pauses.append), transport


def count(portal):
    with portal.database.read() as session:
        return session.query(SubmissionRow).count()


def test_a_lost_answer_is_asked_for_again_with_the_same_key_and_handed_in_once(portal):
    sender, transport = client(portal, httpx.ReadError("gone"))
    answer = sender.send(NAME, b"{}")
    assert (answer["again"], count(portal)) == (True, 1)
    assert len(transport.keys) == 2
    assert len(set(transport.keys)) == 1


def test_it_waits_as_long_as_the_portal_says_but_at_most_a_minute(portal):
    pauses = []
    busy = (httpx.Response(503, headers={"Retry-After": "7"}), httpx.Response(429, headers={"Retry-After": "99999"}))
    client(portal, *busy, pauses=pauses)[0].send(NAME, b"{}")
    assert pauses == [7.0, 60.0]


def test_it_gives_up_after_some_tries_with_one_line(portal):
    sender, transport = client(portal, *[httpx.Response(503, text="<p>busy")] * TRIES)
    with pytest.raises(AutograderError, match=r"^portal: expected its answer, got code 503"):
        sender.send(NAME, b"{}")
    assert len(transport.keys) == TRIES


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"receipt": 1, "id": 2}', b"{" + b" " * (5 << 20) + b"}"])
def test_what_is_no_answer_of_a_portal_is_one_line(portal, body):
    with pytest.raises(AutograderError, match=r"^portal: expected "):
        client(portal, httpx.Response(200, content=body))[0].send(NAME, b"{}")


def test_the_portals_own_line_is_the_error(portal):
    with pytest.raises(AutograderError, match=r"^address: expected one of an assignment that is open"):
        client(portal)[0].send("none", b"{}")


# --- The command ---


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / f"{NAME}.ipynb"
    path.write_bytes(b"{}")
    return path


@pytest.fixture
def submitted(portal, monkeypatch):
    """Run the command against the portal; what was handed in is graded at once."""

    def grade_at_once(request):
        if request.method == "PUT":
            with portal.database.read() as session:
                row = session.query(SubmissionRow).one_or_none()
            if row:
                graded(portal, row, result())

    def client_of(address, token):
        assert address == SITE
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=ToPortal(portal, after=grade_at_once), base_url=address, headers=headers)

    monkeypatch.setattr(submitting, "client_of", client_of)

    def run(file, *more, token=None):
        given = {"AUTOGRADER_TOKEN": token_of(portal) if token is None else token}
        return CliRunner().invoke(app, ["submit", str(file), "--url", SITE, *more], env=given)

    return run


def test_the_receipt_lies_beside_the_notebook_and_one_line_is_the_feedback(portal, notebook, submitted):
    done = submitted(notebook)
    assert done.exit_code == 0, done.exception
    text = next(notebook.parent.glob(f"{NAME}-*.receipt.json")).read_bytes()
    receipt = checked(text, portal.key.public_key())
    assert (receipt.student, receipt.sha256) == ("ada", hashlib.sha256(b"{}").hexdigest())
    assert "\ngraded: 6 of 10 points shown\n" in done.stdout
    assert f"\npage: {SITE}/a/{NAME}/{receipt.id}\n" in done.stdout


def test_an_old_file_is_sent_only_if_somebody_says_so(portal, notebook, submitted):
    os.utime(notebook, (0, 0))
    refused = submitted(notebook)
    assert "Hint: --yes" in str(refused.exception)
    assert count(portal) == 0
    assert submitted(notebook, "--yes").exit_code == 0
    assert count(portal) == 1


def test_a_token_that_others_can_read_is_refused(portal, notebook, submitted, tmp_path):
    file: Path = tmp_path / "token"
    file.write_text(token_of(portal) + "\n")
    file.chmod(0o644)
    assert "Hint: chmod 600" in str(submitted(notebook, "--token-file", str(file)).exception)
    file.chmod(0o600)
    assert submitted(notebook, "--token-file", str(file), token="").exit_code == 0


@pytest.mark.parametrize(
    ("token", "line"), [("", "token: expected one, got none"), ("bad", "token: expected one that")]
)
def test_without_a_good_token_nothing_is_handed_in(portal, notebook, submitted, token, line):
    assert str(submitted(notebook, token=token).exception).startswith(line)
    assert count(portal) == 0


@pytest.mark.parametrize("url", ["", "ftp://a.b", "http://grading.example.edu", "https://[", "nonsense"])
def test_a_token_goes_only_over_tls_or_to_this_machine(notebook, url):
    done = CliRunner().invoke(app, ["submit", str(notebook), "--url", url], env={"AUTOGRADER_TOKEN": "t"})
    assert str(done.exception).startswith("portal: expected ")

"""Handing in by a program: a token in the place of a session, the receipt as the answer, and one line for errors."""

import re

import pytest
from portal.portal_helpers import at
from portal.portal_web import browser_of
from portal.student_desk import NAME, Clock, graded, result, student_portal

from autograder.portal.credentials import give
from autograder.portal.handing_in import NotTakenError
from autograder.portal.schema import SubmissionRow
from autograder.portal.signed_receipts import checked
from autograder.portal.web import portal_api, request_pace
from autograder.portal.web.application import ROUTES
from autograder.portal.web.rendering import PROGRAMS
from autograder.portal.web.request_pace import RequestPace


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(database, places):
    return student_portal(database, places, Clock(at(100)))


def bearer(portal, person="ada"):
    with portal.database.write() as session:
        return {"Authorization": f"Bearer {give(session, person, 'token', portal.clock(), by='test')}"}


def put(portal, data=b"{}", name=NAME, **headers):
    browser = browser_of(portal)
    return browser.ask("PUT", f"/api/v1/hand-in/{name}", content=data, headers={**bearer(portal), **headers})


def test_the_answer_is_a_receipt_of_the_bytes(portal):
    answer = put(portal)
    assert answer.status_code == 201
    assert checked(answer.json()["receipt"].encode(), portal.key.public_key()).is_of(b"{}")


def test_sending_again_with_the_same_key_hands_in_once(portal):
    first, second = put(portal, b"1", **{"Idempotency-Key": "k"}), put(portal, b"2", **{"Idempotency-Key": "k"})
    assert (second.status_code, second.json()["again"]) == (200, True)
    assert first.json()["receipt"] == second.json()["receipt"]


@pytest.mark.parametrize(("data", "name", "code"), [(b"", NAME, 400), (b"{}", "none", 404)])
def test_what_cannot_be_taken_is_said_in_one_line(portal, data, name, code):
    answer = put(portal, data, name)
    assert (answer.status_code, list(answer.json())) == (code, ["error"])
    with portal.database.read() as session:
        assert session.query(SubmissionRow).count() == 0


def test_a_session_opens_no_address_of_programs_and_a_token_no_page(portal):
    refused = browser_of(portal, "ada").get("/api/v1/hand-ins/0000000000000000")
    assert (refused.status_code, list(refused.json())) == (401, ["error"])
    assert browser_of(portal).get("/", headers=bearer(portal)).status_code == 303


def test_the_sixty_first_request_of_a_minute_waits_for_the_next_one():
    pace = RequestPace()
    for _ in range(60):
        pace.require("ada's", 120.0)
    pace.require("bob's", 120.0)
    with pytest.raises(NotTakenError, match=r"^token: expected at most 60 requests a minute, got more") as refused:
        pace.require("ada's", 150.5)
    assert (refused.value.code, refused.value.seconds) == (429, 30)  # 180.0 is the next minute: 29.5 s away
    pace.require("ada's", 180.0)


def test_too_many_requests_are_told_in_json_when_to_come_again(portal, monkeypatch):
    monkeypatch.setattr(request_pace, "A_MINUTE", 2)
    browser, headers = browser_of(portal), bearer(portal)
    path = "/api/v1/hand-ins/0000000000000000"
    answers = [browser.get(path, headers=headers) for _ in range(5)]  # two minutes have at most 4
    assert answers[0].status_code == 404
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert list(refused.json()) == ["error"]
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_fault_of_ours_is_one_line_of_json_without_its_words(portal, monkeypatch):
    def fail(visit):
        raise RuntimeError("SECRET")

    monkeypatch.setattr(portal_api, "hand_in_of", fail)
    browser, path = browser_of(portal), "/api/v1/hand-ins/0000000000000000"
    with pytest.raises(RuntimeError):  # the server's log has it
        browser.get(path, headers=bearer(portal))
    browser.raises = False
    answer = browser.get(path, headers=bearer(portal))
    assert (answer.status_code, list(answer.json())) == (500, ["error"])
    assert "SECRET" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/api/v1/none", 404), ("POST", "/api/v1/hand-ins/0", 405), ("PUT", f"/api/v1/hand-in/{NAME}", 401)],
)
def test_each_error_of_an_address_of_programs_is_json(portal, method, path, code):
    """A program need not say from which page it comes, as no cookie opens these addresses."""
    answer = browser_of(portal, "ada").ask(method, path, headers={"Sec-Fetch-Site": ""})
    assert (answer.status_code, list(answer.json())) == (code, ["error"])


def test_a_token_and_nothing_else_opens_each_address_of_programs():
    assert {route.right for route in ROUTES if route.path.startswith(PROGRAMS)} == {"token"}
    assert {route.right for route in ROUTES if not route.path.startswith(PROGRAMS)}.isdisjoint({"token"})


def test_the_state_is_waiting_and_then_the_result_that_may_be_seen(portal):
    id_ = put(portal).json()["id"]
    browser, path = browser_of(portal), f"/api/v1/hand-ins/{id_}"
    assert browser.get(path, headers=bearer(portal)).json()["state"] == "waiting"
    with portal.database.read() as session:
        row = session.get(SubmissionRow, id_)
    graded(portal, row, result())
    answer = browser.get(path, headers=bearer(portal)).json()
    assert (answer["state"], answer["result"]["score"], answer["result"]["max_score"]) == ("graded", 6.0, 10.0)
    assert browser.get(path, headers=bearer(portal, "bob")).status_code == 404


def test_a_person_makes_a_token_sees_it_once_and_ends_it(portal):
    browser = browser_of(portal, "ada")
    (token,) = re.findall("<code>([A-Za-z0-9_-]{40,})</code>", browser.post("/me", data={"label": "my desk"}).text)
    text = browser.get("/me").text
    assert "my desk" in text
    assert token not in text
    ended = text.split("my desk")[1].split('name="end" value="')[1].split('"')[0]
    browser.post("/me", data={"end": ended})
    assert "my desk" not in browser.get("/me").text

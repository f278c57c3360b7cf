"""Who may use which route: each route of the portal × each kind of visitor. A new route fails until its line is here."""

import dataclasses
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import NOON, at, send
from portal.portal_web import browser_of
from starlette.responses import Response

from autograder.course import bundled_course
from autograder.portal.catalogue import Catalogue, CatalogueEntry, CatalogueQuestion
from autograder.portal.credentials import give, revoke_all
from autograder.portal.opening import remember_address
from autograder.portal.portal import Portal
from autograder.portal.schema import PersonRow, RequestRow
from autograder.portal.web.application import ROUTES, create_app

# x: the route answers.  .: it does as if there were nothing.  Things in a path ({id}, {student}) are ada's.
# own: ada.  other: a student who is not ada.  token: ada's token of the command line, without a session.
# revoked: an admin, whose session was ended.
VISITORS = ("nobody", "own", "other", "grader", "instructor", "admin", "token", "revoked")
#                                              nobody own other grader instructor admin token revoked
TABLE = """
GET  /                                           .     x    x     x        x        x     .      .
GET  /marks                                      .     x    x     x        x        x     .      .
GET  /me                                         .     x    x     x        x        x     .      .
POST /me                                         .     x    x     x        x        x     .      .
GET  /submit.py                                  .     x    x     x        x        x     .      .
GET  /events                                     .     x    x     x        x        x     .      .
GET  /a/{name}                                   .     x    x     x        x        x     .      .
POST /a/{name}                                   .     x    x     x        x        x     .      .
GET  /a/{name}/download/notebook                 .     x    x     x        x        x     .      .
GET  /a/{name}/download/zip                      .     x    x     x        x        x     .      .
GET  /a/{name}/{id}                              .     x    .     .        .        .     .      .
GET  /a/{name}/{id}/drawings.css                 .     x    .     .        .        .     .      .
GET  /a/{name}/{id}/receipt                      .     x    .     .        .        .     .      .
GET  /a/{name}/{id}/notebook                     .     x    .     .        .        .     .      .
PUT  /api/v1/hand-in/{name}                      .     .    .     .        .        .     x      .
GET  /api/v1/hand-ins/{id}                       .     .    .     .        .        .     x      .
GET  /drawings/scenes.css                        x     x    x     x        x        x     x      x
GET  /drawings/{names}/player.js                 x     x    x     x        x        x     x      x
GET  /healthz                                    x     x    x     x        x        x     x      x
GET  /readyz                                     x     x    x     x        x        x     x      x
GET  /signin                                     x     x    x     x        x        x     x      x
POST /signout                                    .     x    x     x        x        x     .      .
GET  /join/{token}                               x     x    x     x        x        x     x      x
POST /join/{token}                               x     x    x     x        x        x     x      x
GET  /static/{name}                              x     x    x     x        x        x     x      x
GET  /class                                      .     .    .     x        x        x     .      .
GET  /class/needs                                .     .    .     x        x        x     .      .
POST /class/needs                                .     .    .     x        x        x     .      .
GET  /class/s/{student}                          .     .    .     x        x        x     .      .
GET  /class/s/{student}/{id}                     .     .    .     x        x        x     .      .
GET  /class/s/{student}/{id}/notebook            .     .    .     x        x        x     .      .
POST /class/s/{student}/grant                    .     .    .     .        x        x     .      .
POST /class/s/{student}/take-back                .     .    .     .        x        x     .      .
GET  /class/people                               .     .    .     .        x        x     .      .
POST /class/people                               .     .    .     .        x        x     .      .
POST /class/people/{student}/link                .     .    .     .        x        x     .      .
POST /class/people/{student}/change              .     .    .     .        x        x     .      .
POST /class/people/{student}/sign-out            .     .    .     .        x        x     .      .
GET  /class/events                               .     .    .     .        x        x     .      .
GET  /class/publish                              .     .    .     .        x        x     .      .
POST /class/publish                              .     .    .     .        x        x     .      .
POST /class/withdraw                             .     .    .     .        x        x     .      .
GET  /class/export                               .     .    .     .        x        x     .      .
GET  /class/regrade                              .     .    .     .        x        x     .      .
POST /class/regrade                              .     .    .     .        x        x     .      .
GET  /class/h                                    .     .    .     x        x        x     .      .
GET  /class/h/{name}/{question}                  .     .    .     x        x        x     .      .
POST /class/h/{name}/{question}                  .     .    .     x        x        x     .      .
GET  /class/h/{name}/{question}/rubric           .     .    .     x        x        x     .      .
POST /class/h/{name}/{question}/rubric           .     .    .     x        x        x     .      .
GET  /class/requests                             .     .    .     x        x        x     .      .
GET  /class/requests/{id}                        .     .    .     x        x        x     .      .
POST /class/requests/{id}                        .     .    .     x        x        x     .      .
POST /class/requests/{id}/again                  .     .    .     x        x        x     .      .
POST /a/{name}/{id}/request                      .     x    .     .        .        .     .      .
"""
EXPECTED = {
    (line.split()[0], line.split()[1]): dict(zip(VISITORS, line.split()[2:], strict=True))
    for line in TABLE.strip().splitlines()
}
ENDLESS = {"/events"}  # a stream of which only the beginning is asked for
FORMS = {
    ("POST", "/a/{name}/{id}/request"): {"question": "explain", "text": "x" * 20},
    ("POST", "/class/h/{name}/{question}"): {"n": "1", "version": "0", "free": "0", "comment": ""},
}
NAME = "a1_gradient_ascent"
PEOPLE = {"grader": "tom", "instructor": "dana", "admin": "amy", "own": "ada", "other": "bob"}


@pytest.fixture
def url(places):
    """Rights do not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def portal(database, places):
    with database.write() as session:
        remember_address(session, "http://127.0.0.1:8000")
        session.add_all([PersonRow(id="tom", role="grader"), PersonRow(id="amy", role="admin")])
    explain = CatalogueQuestion(id="explain", title="in words", points=10, by_hand=True)
    entry = CatalogueEntry(name=NAME, title="Climber", suite="5" * 64, submission_seconds=9, questions=(explain,))
    key, catalogue = Ed25519PrivateKey.generate(), Catalogue(entries=(entry,))
    return Portal(bundled_course(), catalogue, database, places, key, lambda: at(0))


@pytest.fixture
def things(portal):
    """What stands in the paths."""
    notebook = Path(bundled_course().assignments / NAME / f"{NAME}.ipynb").read_bytes()
    sent = send(portal.database, portal.places, notebook, assignment=NAME)
    about = {"assignment": NAME, "student": "ada", "question": "explain", "submission_id": sent.submission.id}
    with portal.database.write() as session:  # a request has the id of the submission here, so one id fits all paths
        session.add(RequestRow(id=sent.submission.id, text="why", at=NOON, **about))
    return {"name": NAME, "question": "explain", "student": "ada", "id": sent.submission.id, "token": "none",
            "names": "backward+graph"}  # fmt: skip


def address(path, things):
    return path.format(**things | ({"name": "portal.css"} if path.startswith("/static") else {}))


def browsers(portal):
    """A browser of each kind of visitor, and the headers that it sends besides."""
    with portal.database.write() as session:
        token = give(session, "ada", "token", NOON, by="test")
    made = {visitor: (browser_of(portal, person), {}) for visitor, person in PEOPLE.items()}
    revoked = browser_of(portal)
    with portal.database.write() as session:
        session.add(PersonRow(id="old", role="admin"))
        session.flush()
        revoked.cookies.set("session", give(session, "old", "session", NOON, by="test"))
        revoke_all(session, "old", NOON, by="test")
    return made | {
        "nobody": (browser_of(portal), {}),
        "token": (browser_of(portal), {"Authorization": f"Bearer {token}"}),
        "revoked": (revoked, {}),
    }


def came_in(method, answer):
    """Whether the route answered: it is neither hidden nor does it ask to sign in."""
    if method == "GET" and answer.headers.get("location") == "/signin":
        return False
    return answer.status_code not in {401, 404}


def stub(route):
    """An endless route with the same right."""
    return dataclasses.replace(route, streams=None, answer=lambda visit: Response("in"))


def test_the_table_has_each_route_and_no_other():
    assert set(EXPECTED) == {(route.method, route.path) for route in ROUTES}


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_a_route_answers_those_whom_the_table_names(portal, things, route):
    shown = {}
    for visitor, (browser, headers) in browsers(portal).items():
        if route.path in ENDLESS:
            browser._app = create_app(portal, [stub(route)])
        fields = {"data": FORMS.get((route.method, route.path), {})} if route.method == "POST" else {}
        answer = browser.ask(route.method, address(route.path, things), headers=headers, **fields)
        assert answer.status_code < 500, f"{visitor}: {answer.text}"
        shown[visitor] = "x" if came_in(route.method, answer) else "."
    assert shown == EXPECTED[route.method, route.path]


def test_a_session_opens_no_route_of_the_command_line_and_a_token_no_page(portal, things):
    """The same for routes that nobody wrote yet: the right alone decides."""
    opened = [dataclasses.replace(stub(ROUTES[0]), method="GET", path=f"/{right}", right=right)
              for right in ("open", "student", "grader", "instructor", "admin", "token")]  # fmt: skip
    rights = {}
    for visitor, (browser, headers) in browsers(portal).items():
        browser._app = create_app(portal, opened)
        rights[visitor] = {r.right for r in opened if came_in("GET", browser.get(r.path, headers=headers))}
    assert rights == {
        "nobody": {"open"},
        "own": {"open", "student"},
        "other": {"open", "student"},
        "grader": {"open", "student", "grader"},
        "instructor": {"open", "student", "grader", "instructor"},
        "admin": {"open", "student", "grader", "instructor", "admin"},
        "token": {"open", "token"},
        "revoked": {"open"},
    }

"""Hostile and broken uploads: no file, no row, and one line that says what was wrong."""

import asyncio
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from portal.portal_helpers import at, send
from portal.portal_web import browser_of
from portal.student_desk import NAME, Clock, student_portal
from sqlalchemy.exc import OperationalError

from autograder.portal import clerk
from autograder.portal.schema import SubmissionRow
from autograder.portal.web import taking_uploads as uploads
from autograder.portal.web.application import NO_DATABASE, create_app

PAGE = f"/a/{NAME}"
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.fixture
def url(places):
    """What pages do does not depend on the kind of database."""
    return f"sqlite:///{places.database}"


@pytest.fixture
def clock():
    return Clock(at(100))


@pytest.fixture
def portal(database, places, clock):
    return student_portal(database, places, clock, due=at(3600))


@pytest.fixture
def ada(portal):
    return browser_of(portal, "ada")


def rows(portal):
    with portal.database.read() as session:
        return session.query(SubmissionRow).all()


def files(portal):
    return [path for path in portal.places.handed_in.rglob("*") if path.is_file()]


def post(browser, data=b"{}", name="n.ipynb", **fields):
    return browser.post(PAGE, files={"notebook": (name, data)}, data=fields)


def part(name, data, more=b""):
    return b'--x\r\nContent-Disposition: form-data; name="' + name + b'"' + more + b"\r\n\r\n" + data + b"\r\n"


def test_a_form_hands_in_exactly_the_bytes_of_its_file(portal, ada):
    data = bytes(range(256)) * 500 + b"\r\n--x\r\n"
    answer = post(ada, data, key="k")
    assert answer.status_code == 303
    (row,), (path,) = rows(portal), files(portal)
    assert answer.headers["location"] == f"{PAGE}/{row.id}"
    assert (path.read_bytes(), row.student, row.key, row.received) == (data, "ada", "k", at(100))


@pytest.mark.parametrize("name", ["../../../etc/passwd", "/etc/passwd", "a\x00b", "x" * 300, 'a"; name="key', ""])
def test_a_name_with_a_path_means_nothing(portal, ada, name):
    body = part(b"notebook", b"{}", b'; filename="' + name.encode() + b'"') + b"--x--\r\n"
    ada.post(PAGE, content=body, headers=FORM)
    assert [path.parent for path in files(portal)] == [portal.places.folder_of(NAME, "ada")] * len(rows(portal))


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", FORM),
        (b"{}", {"Content-Type": "application/json"}),
        (b"{}", FORM),
        (b"{}", {"Content-Type": "multipart/form-data"}),
        (part(b"notebook", b""), FORM),
        (part(b"notebook", b"{}"), FORM),  # cut off: the form has no end
        (part(b"other", b"{}") + b"--x--\r\n", FORM),
        (part(b"notebook", b"{}") * 2 + b"--x--\r\n", FORM),
        (part(b"other", b"") * 9 + part(b"notebook", b"{}") + b"--x--\r\n", FORM),
        (b"--x\r\n" + b"A" * 100_000, FORM),
        (b"--x\r\n" + b"A: b\r\n" * 1000 + b"\r\n{}\r\n--x--\r\n", FORM),
    ],
)
def test_what_is_no_whole_form_leaves_nothing(portal, ada, body, headers):
    answer = ada.post(PAGE, content=body, headers=headers)
    assert answer.status_code == 400
    assert "NOT handed in" in answer.text
    assert (rows(portal), files(portal)) == ([], [])


def test_what_is_too_long_leaves_nothing(portal, ada):
    assert post(ada, b"x" * ((20 << 20) + 1)).status_code == 413
    assert (rows(portal), files(portal)) == ([], [])


def test_the_same_bytes_give_the_same_receipt_also_at_once(portal, ada):
    first, second = post(ada, key="1"), post(ada, key="2")
    assert second.headers["location"] == first.headers["location"] + "?again"
    assert len(rows(portal)) == 1


def test_a_person_hands_in_once_in_five_seconds(portal, ada, clock):
    post(ada, b"1")
    answer = post(ada, b"2")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "6")
    clock.now += timedelta(seconds=5)
    assert post(ada, b"2").status_code == 303
    assert len(files(portal)) == 2


def test_a_clock_that_was_set_back_keeps_nobody_waiting(portal, ada, clock):
    post(ada, b"1")
    clock.now -= timedelta(hours=1)
    assert post(ada, b"2").status_code == 303


def test_a_person_hands_in_two_hundred_times_a_day(portal, ada, clock, monkeypatch):
    monkeypatch.setattr(uploads, "A_DAY", 2)
    for second in (0, 10):
        send(portal.database, portal.places, b"%d" % second, assignment=NAME, received=at(second))
    assert post(ada, b"3").status_code == 429
    clock.now = at(0) + timedelta(days=1, seconds=1)
    assert post(ada, b"3", late="yes").status_code == 303


def test_with_all_places_taken_it_says_when_to_try_again(portal, ada, monkeypatch):
    monkeypatch.setattr(uploads, "AT_ONCE", 0)
    answer = post(ada)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert rows(portal) == []


def test_late_work_replaces_work_in_time_only_if_its_student_wants_it(portal, ada, clock):
    send(portal.database, portal.places, b"in time", assignment=NAME, received=at(0))
    clock.now = at(3601)
    assert post(ada, b"late").status_code == 409
    assert post(ada, b"late", late="yes").status_code == 303
    clock.now = at(3701)
    assert post(ada, b"later").status_code == 303  # the newest is late already


@pytest.mark.parametrize("when", ["before the row", "at its commit"])
def test_a_notebook_whose_row_cannot_be_written_is_kept_and_adopted(portal, ada, monkeypatch, when):
    write = portal.database.write

    @contextmanager
    def away(*, lasting=False):
        if lasting and when == "before the row":
            raise OperationalError("INSERT", {}, Exception("the connection ended"))
        with write(lasting=lasting) as session:
            yield session
            if lasting:
                raise OperationalError("COMMIT", {}, Exception("the connection ended"))

    with monkeypatch.context() as patched:
        patched.setattr(portal.database, "write", away)
        answer = post(ada, b"{}")
    assert (answer.status_code, NO_DATABASE in answer.text) == (503, True)
    assert rows(portal) == []
    (path,) = files(portal)
    assert clerk.adopt(portal.database, portal.places, portal.catalogue.suites, at(1000)) == 1
    (row,) = rows(portal)
    assert (row.student, row.received, row.adopted, path.read_bytes()) == ("ada", at(100), True, b"{}")


def test_nobody_hands_in_what_is_not_there(ada):
    answer = ada.post("/a/nothing", files={"notebook": ("n.ipynb", b"{}")})
    assert answer.status_code == 404


def broken(portal, ada, *events):
    """Send a body by ASGI's events. Returns the answer's status, or None."""
    asked, said = iter(events), []

    async def receive():
        event = next(asked)
        if event is None:
            await asyncio.Event().wait()
        return event

    async def send_(event):
        said.append(event)

    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"sec-fetch-site", b"same-origin")]
    headers.append((b"cookie", f"session={ada.cookies['session']}".encode()))
    scope = {"type": "http", "method": "POST", "path": PAGE, "query_string": b"", "headers": headers, "scheme": "http"}
    with suppress(StopIteration):
        asyncio.run(create_app(portal)(scope, receive, send_))
    return next((e["status"] for e in said if e["type"] == "http.response.start"), None)


BEGUN = {"type": "http.request", "body": part(b"notebook", b"{}")[:-3], "more_body": True}


def test_a_connection_that_ends_leaves_nothing(portal, ada):
    assert broken(portal, ada, BEGUN, {"type": "http.disconnect"}) == 400
    assert (rows(portal), files(portal)) == ([], [])


def test_a_body_that_never_ends_is_given_up(portal, ada, monkeypatch):
    monkeypatch.setattr(uploads, "SECONDS", 0.2)
    assert broken(portal, ada, BEGUN, None) == 408
    assert (rows(portal), files(portal)) == ([], [])

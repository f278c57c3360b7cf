"""People: added, let in by a link that is shown once, and let out; nobody reaches above their own rights."""

import re

import pytest
from portal.class_helpers import portal_with
from portal.portal_helpers import NOON
from portal.portal_web import browser_of

from autograder.portal.events import note
from autograder.portal.schema import CredentialRow, EventRow, PersonRow


@pytest.fixture
def portal(database, places):
    with database.write() as session:
        session.add_all([PersonRow(id="amy", role="admin"), PersonRow(id="dora", role="instructor")])
    return portal_with(database, places)


@pytest.fixture
def dana(portal):
    return browser_of(portal, "dana")


def person(portal, id_):
    with portal.database.read() as session:
        return session.get(PersonRow, id_)


def links(answer):
    return re.findall(r"http://127\.0\.0\.1:8000(/join/[\w-]+)", answer.text)


def test_a_person_is_added_with_a_link_that_works_and_is_shown_once(portal, dana):
    answer = dana.post("/class/people", data={"id": "zoe", "name": "Zoe", "role": "student"})
    (link,) = links(answer)
    assert browser_of(portal).post(link).status_code == 303
    assert link not in dana.get("/class/people").text
    assert (person(portal, "zoe").name, person(portal, "zoe").role) == ("Zoe", "student")


def test_a_new_link_voids_the_one_before(portal, dana):
    (first,) = links(dana.post("/class/people/ada/link"))
    (second,) = links(dana.post("/class/people/ada/link"))
    assert browser_of(portal).post(first).status_code == 410
    assert browser_of(portal).post(second).status_code == 303


def test_the_database_has_no_link_only_its_hash(portal, dana):
    (link,) = links(dana.post("/class/people/ada/link"))
    with portal.database.read() as session:
        assert all(link.removeprefix("/join/") not in row.sha256 for row in session.query(CredentialRow))


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ({"id": ""}, "id: expected a text, got none."),
        ({"id": "../eve"}, "id: expected letters, digits and ._@+-"),
        ({"id": "ADA"}, "id: expected a new one, got &#39;ADA&#39;, who is there already."),
        ({"id": "zoe", "role": "admin"}, "role: expected one of student, grader, got &#39;admin&#39;."),
        ({"id": "zoe", "role": "king"}, "role: expected one of student, grader, got &#39;king&#39;."),
    ],
)
def test_what_cannot_be_added_is_said_in_one_line(portal, dana, form, line):
    answer = dana.post("/class/people", data=form)
    assert answer.status_code == 400
    assert line in answer.text
    assert person(portal, "zoe") is None


def test_who_may_not_sign_in_is_out_at_once_and_everywhere(portal, dana):
    ada = browser_of(portal, "ada")
    assert ada.get("/").status_code == 200
    assert dana.post("/class/people/ada/change", data={"role": "student", "active": "no"}).status_code == 303
    assert ada.get("/").headers["location"] == "/signin"
    assert dana.post("/class/people/ada/link").status_code == 400
    dana.post("/class/people/ada/change", data={"role": "student", "active": "yes"})
    assert ada.get("/").headers["location"] == "/signin"  # the old session stays over


def test_signing_out_everywhere_ends_sessions_and_lets_the_person_come_again(portal, dana):
    ada = browser_of(portal, "ada")
    dana.post("/class/people/ada/sign-out")
    assert ada.get("/").headers["location"] == "/signin"
    assert person(portal, "ada").active


def test_an_instructor_makes_graders_and_no_instructors(portal, dana):
    assert dana.post("/class/people/ada/change", data={"role": "grader"}).status_code == 303
    assert dana.post("/class/people/bob/change", data={"role": "instructor"}).status_code == 400
    assert (person(portal, "ada").role, person(portal, "bob").role) == ("grader", "student")


@pytest.mark.parametrize("what", ["link", "change", "sign-out"])
@pytest.mark.parametrize("above", ["amy", "dora", "dana"])
def test_an_instructor_reaches_nobody_of_the_same_or_a_higher_right(portal, dana, above, what):
    """A link for an admin would make its reader one."""
    assert dana.post(f"/class/people/{above}/{what}", data={"active": "no"}).status_code == 404
    assert person(portal, above).active


def test_an_admin_changes_instructors_but_not_themselves(portal):
    amy = browser_of(portal, "amy")
    assert amy.post("/class/people/dana/change", data={"role": "grader"}).status_code == 303
    assert person(portal, "dana").role == "grader"
    assert amy.post("/class/people/amy/change", data={"role": "student"}).status_code == 400
    assert person(portal, "amy").role == "admin"


def test_changes_are_in_the_record_with_before_and_after(portal, dana):
    dana.post("/class/people/ada/change", data={"role": "grader"})
    dana.post("/class/people/ada/change", data={"role": "grader"})  # changes nothing
    with portal.database.read() as session:
        (event,) = session.query(EventRow).filter_by(what="changed")
    assert event.data == {
        "before": {"role": "student", "active": True},
        "after": {"role": "grader", "active": True},
    }


def numbers(page):
    return [int(n) for n in re.findall(r"score: (\d+)", page.text)]


def test_the_record_is_shown_newest_first_a_page_at_a_time(portal, dana):
    with portal.database.write() as session:
        for i in range(150):
            note(session, NOON, "grader-1", "graded", f"x{i}", score=i)
    first = dana.get("/class/events")
    assert numbers(first) == list(range(149, 49, -1))
    (older,) = re.findall(r'href="(/class/events\?before=\d+&amp;about=)"', first.text)
    assert numbers(dana.get(older.replace("&amp;", "&"))) == list(range(49, -1, -1))
    assert numbers(dana.get("/class/events?about=x7")) == [7]
    assert dana.get("/class/events?before=x&about=<b>").status_code == 200

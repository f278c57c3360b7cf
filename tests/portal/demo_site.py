"""The sample class of the demo on a real server, in every state that a page shows, and all pages of it.

ada handed in A1 twice: a wrong notebook and then a right one, and its marks are published. Her A2 is graded and not
published, her A3 cannot be read, and her A4 waits. Others are half done, wrong in Python, or cheat.
"""

import asyncio
import contextlib
import socket
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from portal.portal_helpers import send
from portal.portal_web import browser_of

from autograder.assignment.assignment import load_assignment
from autograder.assignment.samples import notebook_text, solved_cells, with_cell
from autograder.demo import sample_class
from autograder.demo_portal import people_of_demo
from autograder.grading.grader import Grader, load_suites
from autograder.marking_rules import AssignmentRules, MarkingRules
from autograder.portal.answers_in_words import newest_of_each
from autograder.portal.catalogue import catalogue_of
from autograder.portal.credentials import give
from autograder.portal.database import open_database
from autograder.portal.opening import folders_of
from autograder.portal.portal import Portal
from autograder.portal.queue_grader import QueueGrader
from autograder.portal.schema import RequestRow
from autograder.portal.web_process import server_of
from autograder.release.build import release

A1, A2, A3, A4 = "a1_gradient_ascent", "a2_mlp_backprop", "a3_forward_vs_reverse", "a4_autodiff_engine"
CLASS = ("ada", "alan", "barbara", "blaise", "claude", "zeno")  # each is a kind of notebook of its own
WORDS = "The slope is zero at both.\n\nOnly the curvature <b>tells</b> them apart: " + "x" * 200


@dataclass(frozen=True)
class DemoSite:
    """A server. cookies: by person, of a session.  hand_ins: ada's, by what they show."""

    url: str
    portal: Portal
    cookies: dict
    hand_ins: dict
    request: str

    def pages(self):
        """{name: (who looks, path)}: every page once, and in every state."""
        own = {name: ("ada", f"/a/{row.assignment}/{row.id}") for name, row in self.hand_ins.items()}
        staff = ("needs", "h", "requests", "publish", "regrade", "export", "people", "events")
        claude = f"/class/s/claude/{self.newest('claude')}"
        return {
            "home": ("ada", "/"),
            "home of one who begins": ("zeno", "/"),
            "assignment": ("ada", f"/a/{A1}"),
            "assignment without hand-ins": ("zeno", f"/a/{A4}"),
            **own,
            "marks": ("ada", "/marks"),
            "no marks": ("zeno", "/marks"),
            "me": ("ada", "/me"),
            "not found": ("ada", "/nothing"),
            "sign in": (None, "/signin"),
            "join": (None, f"/join/{self.invitation('zeno')}"),
            "join with an old link": (None, "/join/old"),
            "class": ("dana", "/class"),
            **{f"class {name}": ("dana", f"/class/{name}") for name in staff},
            "class without hand-ins": ("dana", f"/class?a={A4}&q=nobody"),
            "needs nobody": ("tom", f"/class/needs?a={A4}"),
            "student": ("dana", "/class/s/ada"),
            "submission": ("dana", claude),
            "unreadable submission": ("dana", f"/class/s/ada/{self.hand_ins['unreadable'].id}"),
            "answers": ("dana", f"/class/h/{A1}/explain?n=all"),
            "answer": ("dana", f"/class/h/{A1}/explain?n=2"),
            "rubric": ("dana", f"/class/h/{A1}/explain/rubric"),
            "request": ("dana", f"/class/requests/{self.request}"),
        }

    def invitation(self, person):
        with self.portal.database.write() as session:
            return give(session, person, "invitation", self.portal.clock(), by="test")

    def newest(self, student):
        with self.portal.database.read() as session:
            return newest_of_each(session, A1)[student].id


def demo_portal(course):
    """The portal of a released course with the people of the demo, before anybody hands in."""
    for name in course.names():
        release(course, name)
    now = datetime.now(UTC)
    rules = MarkingRules(assignments={A1: AssignmentRules(due=now + timedelta(days=3))}, late_percent_a_day=10)
    places = folders_of(course)
    places.make()
    database = open_database(f"sqlite:///{places.database}")
    people_of_demo(database, now)
    key = Ed25519PrivateKey.generate()
    return Portal(replace(course, policy=rules), catalogue_of(course), database, places, key, lambda: datetime.now(UTC))


def notebooks_of(course):
    """(student, assignment, bytes), in the order in which they come in."""
    first = sample_class(load_assignment(course.solutions / A1))
    suites = {name: load_assignment(course.solutions / name) for name in (A2, A4)}
    right = {name: notebook_text(solved_cells(suite)) for name, suite in suites.items()}
    mine = notebook_text(with_cell(solved_cells(load_assignment(course.solutions / A1)), "explain", WORDS))
    yield "ada", A1, first["zeno"].encode()
    yield from ((student, A1, first[student].encode()) for student in CLASS[1:-1])
    yield "ada", A1, mine.encode()
    yield "ada", A2, right[A2].encode()
    yield "ada", A3, b"%PDF no notebook"
    yield "ada", A4, right[A4].encode()


def handed_in_and_graded(portal):
    """Let the class hand in, and grade all but ada's A4. Returns ada's hand-ins by what their pages show."""
    course, start = portal.course, portal.clock() - timedelta(hours=1)
    rows = []
    for i, (student, name, data) in enumerate(notebooks_of(course)):
        given = {"student": student, "assignment": name, "suite": portal.catalogue.suites[name]}
        if name == A4:
            grade_all(portal)
        taken = send(portal.database, portal.places, data, received=start + timedelta(minutes=i), **given)
        rows.append(taken.submission)
    wrong, *_, right, second, unreadable, waiting = rows
    return {"superseded": wrong, "graded": right, "provisional": second, "unreadable": unreadable, "waiting": waiting}


def grade_all(portal):
    """Grade whatever waits."""
    suites = load_suites(portal.course, tuple(portal.catalogue.suites), pictures=True)
    with contextlib.closing(Grader(suites, b"demo", None)) as grader:
        given = portal.database, portal.places, grader, "grader", timedelta(hours=1), True, portal.clock
        while QueueGrader(*given).grade_next():
            pass


def marked_and_published(portal, hand_in):
    """A mark by hand, an exception, published marks, and a request of ada's. Returns the request's id."""
    dana, ada = browser_of(portal, "dana"), browser_of(portal, "ada")
    mark = {"n": "1", "version": "0", "free": "2", "comment": "Say where the slope is zero.", "keep": "1"}
    for path, data in (
        (f"/class/h/{A1}/explain", mark),
        ("/class/s/blaise/grant", {"a": A1, "excused": "yes", "why": "ill"}),
        ("/class/publish", {"a": A1}),
    ):
        assert dana.post(path, data=data).status_code == 303, path
    asked = {"question": "q3", "text": "My answer is right for a negative slope, too: see cell 14."}
    assert ada.post(f"/a/{A1}/{hand_in.id}/request", data=asked).status_code == 303
    with portal.database.read() as session:
        return session.query(RequestRow).one().id


@contextlib.contextmanager
def served(portal):
    """The address of a server of these pages, while it runs."""
    server = server_of(portal, "")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextlib.contextmanager
def demo_site(course):
    """A course of the bundled assignments, served with its class in every state."""
    portal = demo_portal(course)
    hand_ins = handed_in_and_graded(portal)
    request = marked_and_published(portal, hand_ins["graded"])
    cookies = {name: browser_of(portal, name).cookies["session"] for name in ("ada", "zeno", "tom", "dana")}
    with served(portal) as url:
        yield DemoSite(url, portal, cookies, hand_ins, request)
    portal.database.close()

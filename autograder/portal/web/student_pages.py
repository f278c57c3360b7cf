"""What a student sees: the assignments, one assignment with its hand-ins, and the feedback for one of them."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from autograder.hand.given import NOTHING, GivenToOne
from autograder.marking_rules import State
from autograder.portal.arrived import arrived
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.hand_marks import given_by_hand
from autograder.portal.published import latest
from autograder.portal.schema import SubmissionRow
from autograder.portal.shown_feedback import ShownFeedback, StudentWork, work_of
from autograder.portal.signed_receipts import SignedReceipt
from autograder.portal.web.drawing_files import with_styles_apart
from autograder.portal.web.event_stream import news_so_far
from autograder.portal.web.rendering import attachment, page
from autograder.portal.web.request_pages import asking_of
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit
from autograder.portal.web.taking_uploads import replaces_work_in_time, take_form
from autograder.records.result import Result
from autograder.reports.student_page import hand_points, page_fields


@dataclass(frozen=True, slots=True)
class HandInLine:
    """A hand-in in a list. score, max_score: of what is shown; None while it is not graded, or could not be."""

    row: SubmissionRow
    state: str
    score: float | None = None
    max_score: float | None = None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class OneHandIn:
    """A hand-in of the person who asks, and what is shown of it. result: None while it waits."""

    entry: CatalogueEntry
    work: StudentWork
    row: SubmissionRow
    shown: ShownFeedback
    result: Result | None

    @property
    def state(self) -> str:
        """In a word: waiting, or what came of it."""
        return self.result.status if self.result else "waiting"


def home(visit: Visit) -> Response:
    """The assignments."""
    with visit.portal.database.read() as session:
        works = [work_of(session, visit.portal.course, entry, visit.who.id, visit.now) for entry in _open(visit)]
    return page("home.html", visit, works=[(work, _state(visit, work.entry), _newest(visit, work)) for work in works])


def assignment(visit: Visit) -> Response:
    """One assignment: download, hand in, and what was handed in."""
    entry, since = entry_of(visit), news_so_far(visit)
    with visit.portal.database.read() as session:
        work = work_of(session, visit.portal.course, entry, visit.who.id, visit.now)
    return page(
        "assignment_page.html",
        visit,
        since=since,
        work=work,
        state=_state(visit, entry),
        lines=[_line(visit, work, row) for row in work.hand_ins],
        released=_released_files(visit, entry),
        asks=replaces_work_in_time(work.due, [row.received for row in work.hand_ins], visit.now),
        key=secrets.token_hex(16),
    )


async def send(visit: Visit) -> Response:
    """The form of that page."""
    taken = await take_form(visit)
    again = "?again" if taken.again else ""
    return RedirectResponse(f"/a/{taken.submission.assignment}/{taken.submission.id}{again}", 303)


def feedback(visit: Visit) -> Response:
    """One hand-in: its receipt, what arrived, and its feedback."""
    return page_of(visit)


def feedback_style(visit: Visit) -> Response:
    """The styles of the drawings on that page, which may not stand in it."""
    css = with_styles_apart(bytes(page_of(visit, apart=False).body).decode()).css
    return Response(css, media_type="text/css")


def page_of(visit: Visit, *, apart: bool = True) -> Response:
    """The page of a hand-in. apart: without styles in its elements, which the portal's policy forbids."""
    since, one = news_so_far(visit), hand_in_of(visit)
    fields = {}
    if one.result and one.result.questions:
        share = visit.portal.course.policy.carried_forward
        carried = share * one.result.carried
        fields = page_fields(one.result.carrying(share), one.entry.about, carried)
    given = _given(visit, one)
    answer = page(
        "hand_in.html",
        visit,
        since=since,
        one=one,
        asking=asking_of(visit, one.entry, one.work.publication, visit.who.id),
        again="again" in visit.request.query_params,
        receipt=receipt_of(visit, one.row),
        came=arrived(_notebook(visit, one.row), _release(visit, one.entry), one.entry),
        opens_later="When the marks are published",
        later=sorted(one.shown.later),
        given=given,
        by_hand=hand_points(one.entry.about, given),
        next=None,
        late=None,
        **fields,
    )
    return Response(with_styles_apart(bytes(answer.body).decode()).html, media_type="text/html") if apart else answer


def receipt(visit: Visit) -> Response:
    """The receipt's file."""
    row = row_of(visit)
    text = receipt_of(visit, row).signed(visit.portal.key)
    return attachment(text.encode(), f"{row.assignment}-{row.id}.receipt.json", "application/json")


def notebook(visit: Visit) -> Response:
    """The bytes as they were handed in."""
    row = row_of(visit)
    return attachment(_notebook(visit, row).read_bytes(), f"{row.assignment}.ipynb")


def download(visit: Visit) -> Response:
    """The notebook as students get it."""
    entry = entry_of(visit)
    path = _release(visit, entry)
    if not path.is_file():
        raise NotFoundError
    return attachment(path.read_bytes(), path.name)


def download_all(visit: Visit) -> Response:
    """All that students get, in one file."""
    entry = entry_of(visit)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _released_files(visit, entry):
            archive.write(path, f"{entry.name}/{path.relative_to(visit.portal.course.assignments / entry.name)}")
    return attachment(packed.getvalue(), f"{entry.name}.zip", "application/zip")


def marks(visit: Visit) -> Response:
    """The marks that were published."""
    with visit.portal.database.read() as session:
        rows = [(entry, latest(session, entry.name)) for entry in _open(visit)]
    mine = [(entry, row.at, row.shown[visit.who.id]) for entry, row in rows if row and visit.who.id in row.shown]
    return page("marks.html", visit, marks=mine)


# --- What pages are made from ---


def entry_of(visit: Visit) -> CatalogueEntry:
    """The assignment of the address. A draft is nobody's yet."""
    entry = visit.portal.catalogue.of(visit.path("name"))
    if entry is None or _state(visit, entry) == "draft":
        raise NotFoundError
    return entry


def row_of(visit: Visit) -> SubmissionRow:
    """The hand-in of the address, if it is this person's."""
    which = select(SubmissionRow).where(SubmissionRow.id == visit.path("id"), SubmissionRow.student == visit.who.id)
    with visit.portal.database.read() as session:
        row = session.scalar(which)
    if row is None or row.assignment != visit.request.path_params.get("name", row.assignment):
        raise NotFoundError
    return row


def hand_in_of(visit: Visit) -> OneHandIn:
    """The hand-in of the address, with what its student may see of the result now."""
    row = row_of(visit)
    entry = visit.portal.catalogue.of(row.assignment)
    if entry is None:
        raise NotFoundError
    with visit.portal.database.read() as session:
        work = work_of(session, visit.portal.course, entry, visit.who.id, visit.now)
    shown = work.shown(row.id)
    return OneHandIn(entry, work, row, shown, _result(visit, work, row, shown))


def _given(visit: Visit, one: OneHandIn) -> GivenToOne:
    """What people gave, once marks are published. It belongs to the newest hand-in, as in a mark."""
    if one.work.publication is None or one.row.id != one.work.hand_ins[0].id:
        return NOTHING
    with visit.portal.database.read() as session:
        return given_by_hand(session, one.entry).get(visit.who.id, NOTHING)


def receipt_of(visit: Visit, row: SubmissionRow) -> SignedReceipt:
    """The receipt of a hand-in. The same hand-in always has the same one."""
    title, when = visit.portal.course.title, row.received.isoformat()
    return SignedReceipt(title, row.assignment, row.student, row.id, row.sha256, row.size, when)


def _result(visit: Visit, work: StudentWork, row: SubmissionRow, shown: ShownFeedback) -> Result | None:
    grading = work.gradings.get(row.id)
    if grading is None:
        return None
    try:
        whole = Result.from_json(visit.portal.places.result_of(grading.result).read_bytes())
    except (OSError, ValidationError):  # a backup that is not whole yet, say: it is graded again
        return None
    return shown.of(whole, visit.portal.course.policy.carried_forward)


def _line(visit: Visit, work: StudentWork, row: SubmissionRow) -> HandInLine:
    shown = work.shown(row.id)
    result = _result(visit, work, row, shown)
    if result is None or not result.questions:
        return HandInLine(row, result.status if result else "waiting", opens=shown.opens)
    counted = result.carrying(visit.portal.course.policy.carried_forward)
    return HandInLine(row, "graded", counted.score, counted.max_score, shown.opens)


def _newest(visit: Visit, work: StudentWork) -> HandInLine | None:
    return _line(visit, work, work.hand_ins[0]) if work.hand_ins else None


def _open(visit: Visit) -> list[CatalogueEntry]:
    return [entry for entry in visit.portal.catalogue.entries if _state(visit, entry) != "draft"]


def _state(visit: Visit, entry: CatalogueEntry) -> State:
    return visit.portal.course.policy.of(entry.name).state_at(visit.now)


def _notebook(visit: Visit, row: SubmissionRow) -> Path:
    return visit.portal.places.notebook_of(row.assignment, row.student, row.received, row.id)


def _release(visit: Visit, entry: CatalogueEntry) -> Path:
    return visit.portal.course.assignments / entry.name / f"{entry.name}.ipynb"


def _released_files(visit: Visit, entry: CatalogueEntry) -> Sequence[Path]:
    folder = visit.portal.course.assignments / entry.name
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]


ROUTES: tuple[PortalRoute, ...] = (
    PortalRoute("GET", "/", "student", home),
    PortalRoute("GET", "/marks", "student", marks),
    PortalRoute("GET", "/a/{name}", "student", assignment),
    PortalRoute("POST", "/a/{name}", "student", streams=send),
    PortalRoute("GET", "/a/{name}/download/notebook", "student", download),
    PortalRoute("GET", "/a/{name}/download/zip", "student", download_all),
    PortalRoute("GET", "/a/{name}/{id}", "student", feedback),
    PortalRoute("GET", "/a/{name}/{id}/drawings.css", "student", feedback_style),
    PortalRoute("GET", "/a/{name}/{id}/receipt", "student", receipt),
    PortalRoute("GET", "/a/{name}/{id}/notebook", "student", notebook),
)

"""Requests to look at a mark again: how a student asks, and how staff answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import RedirectResponse, Response

from autograder.portal.answers_in_words import answer_of
from autograder.portal.catalogue import CatalogueEntry
from autograder.portal.jobs import REPLAY
from autograder.portal.mark_requests import answer, ask, ends_at, open_requests, requests_of
from autograder.portal.published import latest
from autograder.portal.replays import grade_again, is_waiting, replay_of
from autograder.portal.schema import GradingRow, PersonRow, PublicationRow, RequestRow, SubmissionRow
from autograder.portal.web.rendering import page
from autograder.portal.web.request_fields import number_of, text_of
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit


@dataclass(frozen=True, slots=True)
class StudentRequests:
    """A student's requests about an assignment. until: when the last one may be sent; None before publication.

    may: whether one may be sent now.
    """

    rows: Sequence[RequestRow]
    until: datetime | None
    may: bool


def asking_of(visit: Visit, entry: CatalogueEntry, publication: PublicationRow | None, student: str) -> StudentRequests:
    """What a student may ask about an assignment, and has asked."""
    until = ends_at(publication, visit.portal.course.portal.feedback_of(entry.name).regrade_days)
    with visit.portal.database.read() as session:
        rows = requests_of(session, student, entry.name)
    return StudentRequests(rows, until, until is not None and visit.now <= until)


def send_request(visit: Visit) -> Response:
    """A student asks about a question of an own hand-in."""
    entry = visit.portal.catalogue.of(visit.path("name"))
    question = visit.form.get("question", "")
    if entry is None or question not in {q.id for q in entry.questions}:
        raise NotFoundError
    with visit.portal.database.write(lasting=True) as session:
        submission = session.get(SubmissionRow, visit.path("id"))
        if submission is None or (submission.student, submission.assignment) != (visit.who.id, entry.name):
            raise NotFoundError
        days = visit.portal.course.portal.feedback_of(entry.name).regrade_days
        ends = ends_at(latest(session, entry.name), days)
        ask(session, submission, question, visit.form.get("text", ""), visit.now, ends)
    return RedirectResponse(f"/a/{entry.name}/{submission.id}#requests", 303)


def open_list(visit: Visit) -> Response:
    """All requests that wait."""
    with visit.portal.database.read() as session:
        rows = open_requests(session)
        names = {p.id: p.name or p.id for p in session.query(PersonRow)}
    return page("requests.html", visit, rows=rows, names=names)


def show_request(visit: Visit) -> Response:
    """One request with what it is about."""
    with visit.portal.database.read() as session:
        row = _row(visit, session.get(RequestRow, visit.path("id")))
        submission = session.get_one(SubmissionRow, row.submission_id)
        of_hand_in = session.query(GradingRow).where(GradingRow.submission_id == row.submission_id)
        gradings = of_hand_in.where(GradingRow.suite != REPLAY).all()
        student = session.get_one(PersonRow, row.student)
        replay = replay_of(session, visit.portal.places, submission.id)
        waits = is_waiting(session, submission.id)
    entry = visit.portal.catalogue.of(row.assignment)
    question = next((q for q in entry.questions if q.id == row.question), None) if entry else None
    in_words = question is not None and question.by_hand
    text = answer_of(visit.portal.course, visit.portal.places, submission, row.question).text if in_words else None
    fields: dict[str, Any] = {"row": row, "gradings": gradings, "student": student, "question": question, "text": text}
    return page("request.html", visit, **fields, replay=replay, waits=waits)


def replay(visit: Visit) -> Response:
    """Let a grader grade the hand-in again."""
    with visit.portal.database.write() as session:
        row = _row(visit, session.get(RequestRow, visit.path("id")))
        grade_again(session, row.submission_id, visit.who.id, visit.now)
    return RedirectResponse(f"/class/requests/{row.id}", 303)


def give_answer(visit: Visit) -> Response:
    """A person answers in words, with points or without."""
    added = number_of(visit, "added")
    text = text_of(visit, "text", 1000, lines=True)
    with visit.portal.database.write(lasting=True) as session:
        row = _row(visit, session.get(RequestRow, visit.path("id")))
        answer(session, row, text, added, visit.who.id, visit.now)
    return RedirectResponse("/class/requests", 303)


def _row(visit: Visit, row: RequestRow | None) -> RequestRow:
    if row is None or visit.portal.catalogue.of(row.assignment) is None:
        raise NotFoundError
    return row


ROUTES = (
    PortalRoute("POST", "/a/{name}/{id}/request", "student", send_request),
    PortalRoute("GET", "/class/requests", "grader", open_list),
    PortalRoute("GET", "/class/requests/{id}", "grader", show_request),
    PortalRoute("POST", "/class/requests/{id}", "grader", give_answer),
    PortalRoute("POST", "/class/requests/{id}/again", "grader", replay),
)

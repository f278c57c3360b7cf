"""Grading by hand: one question of all students, without names, with a rubric and by keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from autograder.errors import AutograderError
from autograder.portal import hand_marks
from autograder.portal.answers_in_words import AnswerToMark, answer_of, newest_of_each
from autograder.portal.catalogue import CatalogueEntry, CatalogueQuestion
from autograder.portal.hand_marks import HandDecision, SomebodyElseError, points_of
from autograder.portal.schema import HandMarkRow, PersonRow, RubricItemRow
from autograder.portal.web.rendering import page
from autograder.portal.web.request_fields import number_of, text_of, whole_number
from autograder.portal.web.routes import NotFoundError, PortalRoute, Visit


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer in the list. number: its place, from 1, which stands for the name.  changed: since it was marked."""

    number: int
    student: str
    answer: AnswerToMark
    mark: HandMarkRow | None
    points: float | None

    @property
    def changed(self) -> bool:
        """Whether the student handed in another answer since."""
        return self.mark is not None and self.mark.answer_sha256 != self.answer.sha256

    @property
    def waits(self) -> bool:
        """Whether a person has to read it."""
        return self.mark is None or self.changed


@dataclass(frozen=True, slots=True)
class MarkingDesk:
    """One question with all that a person needs to grade it."""

    entry: CatalogueEntry
    question: CatalogueQuestion
    rubric: tuple[RubricItemRow, ...]
    lines: tuple[AnswerLine, ...]
    names: dict[str, str]

    @property
    def address(self) -> str:
        """Of its page."""
        return f"/class/h/{self.entry.name}/{self.question.id}"

    @property
    def waiting(self) -> int:
        """How many answers wait."""
        return sum(line.waits for line in self.lines)

    def next_after(self, number: int) -> AnswerLine | None:
        """The next answer that waits, from the beginning again after the last."""
        waiting = [line for line in self.lines if line.waits]
        return next((line for line in waiting if line.number > number), next(iter(waiting), None))


def questions(visit: Visit) -> Response:
    """All questions that people grade, with what waits."""
    with visit.portal.database.write() as session:
        asked = [(e, q) for e in visit.portal.catalogue.entries for q in e.questions if q.by_hand]
        desks = [_desk(visit, session, entry, question) for entry, question in asked]
    return page("marking_questions.html", visit, desks=desks)


def show(visit: Visit) -> Response:
    """One answer, or the list of all where no number is given and none waits."""
    with visit.portal.database.write() as session:
        desk = _desk_of(visit, session)
        comments = hand_marks.saved_comments(session, desk.entry.name, desk.question.id)
    wanted = visit.request.query_params.get("n", "")
    if wanted == "all" or not desk.lines:
        return page("marking_list.html", visit, desk=desk)
    if not wanted:
        following = desk.next_after(0)
        return page("marking_list.html", visit, desk=desk) if following is None else _to(desk, following.number)
    line = _line_of(desk, wanted)
    return page("marking_answer.html", visit, desk=desk, line=line, comments=comments, theirs=None, mine=None)


def save(visit: Visit) -> Response:
    """A person decided: keep it, and show the next answer that waits."""
    with visit.portal.database.write(lasting=True) as session:
        desk = _desk_of(visit, session)
        line = _line_of(desk, visit.form.get("n", ""))
        decision = _decision(visit, desk.rubric)
        place = (desk.entry.name, line.student, desk.question.id)
        try:
            hand_marks.decide(session, place, decision, line.answer.sha256, visit.who.id, visit.now)
        except SomebodyElseError as error:
            theirs, comments = error.theirs, hand_marks.saved_comments(session, *place[::2])
            fields = {"desk": desk, "line": line, "comments": comments, "theirs": theirs, "mine": decision}
            return page("marking_answer.html", visit, 409, **fields)
        if visit.form.get("keep"):
            hand_marks.save_comment(session, desk.entry.name, desk.question.id, decision.comment)
        session.flush()
        following = _desk_of(visit, session).next_after(line.number)
    return RedirectResponse(f"{desk.address}?n=all", 303) if following is None else _to(desk, following.number)


def rubric(visit: Visit) -> Response:
    """The rubric, to change it."""
    with visit.portal.database.write() as session:
        desk = _desk_of(visit, session)
    return page("marking_rubric.html", visit, desk=desk, counts=_counts(desk), asked=None)


def change_rubric(visit: Visit) -> Response:
    """Add a line, or change one; a change of points that marks have is asked about first."""
    with visit.portal.database.write(lasting=True) as session:
        desk = _desk_of(visit, session)
        text, points = text_of(visit, "text", 1000), number_of(visit, "points")
        if not text:
            raise AutograderError("text: expected what the line is for, got nothing.")
        item = next((i for i in desk.rubric if str(i.id) == visit.form.get("item")), None)
        counts = _counts(desk)
        if item is None:
            key = len(desk.rubric) + 1
            place = {"assignment": desk.entry.name, "question": desk.question.id}
            session.add(RubricItemRow(**place, text=text, points=points, key=key if key <= hand_marks.KEYS else 0))
        elif counts[item.id] and points != item.points and not visit.form.get("sure"):
            asked = {"item": item.id, "text": text, "points": points, "marks": counts[item.id]}
            return page("marking_rubric.html", visit, desk=desk, counts=counts, asked=asked)
        else:
            item = session.merge(item)
            hand_marks.change_rubric(session, item, text, points, visit.who.id, visit.now)
    return RedirectResponse(f"{desk.address}/rubric", 303)


def _desk_of(visit: Visit, session: Session) -> MarkingDesk:
    entry = visit.portal.catalogue.of(visit.path("name"))
    asked = entry.questions if entry else ()
    question = next((q for q in asked if q.by_hand and q.id == visit.path("question")), None)
    if entry is None or question is None:
        raise NotFoundError
    return _desk(visit, session, entry, question)


def _desk(visit: Visit, session: Session, entry: CatalogueEntry, question: CatalogueQuestion) -> MarkingDesk:
    lines = tuple(hand_marks.begin_rubric(session, entry.name, question))
    newest = newest_of_each(session, entry.name)
    marks = hand_marks.marks_for(session, entry.name, question.id)
    order = hand_marks.in_hidden_order(_secret(visit), question.id, newest)
    names = {p.id: p.name or p.id for p in session.query(PersonRow)}
    answers = (answer_of(visit.portal.course, visit.portal.places, newest[s], question.id) for s in order)
    listed = tuple(
        AnswerLine(
            number,
            student,
            answer,
            mark := marks.get(student),
            points_of(mark, lines, question.points) if mark else None,
        )
        for number, (student, answer) in enumerate(zip(order, answers, strict=True), 1)
    )
    return MarkingDesk(entry, question, lines, listed, names)


def _secret(visit: Visit) -> bytes:
    return visit.portal.key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def _line_of(desk: MarkingDesk, number: str) -> AnswerLine:
    line = next((line for line in desk.lines if str(line.number) == number), None)
    if line is None:
        raise NotFoundError
    return line


def _counts(desk: MarkingDesk) -> dict[int, int]:
    marks = [line.mark for line in desk.lines if line.mark]
    return {item.id: hand_marks.having(marks, item) for item in desk.rubric}


def _decision(visit: Visit, rubric: tuple[RubricItemRow, ...]) -> HandDecision:
    version = whole_number(visit.form.get("version", ""))
    if version is None:
        raise AutograderError("version: expected a number, got something else. Hint: open the page again.")
    chosen = tuple(item.id for item in rubric if visit.form.get(f"item-{item.id}"))
    return HandDecision(
        chosen, number_of(visit, "free"), text_of(visit, "comment", hand_marks.MOST_TEXT, lines=True), version
    )


def _to(desk: MarkingDesk, number: int) -> Response:
    return RedirectResponse(f"{desk.address}?n={number}", 303)


ROUTES = (
    PortalRoute("GET", "/class/h", "grader", questions),
    PortalRoute("GET", "/class/h/{name}/{question}", "grader", show),
    PortalRoute("POST", "/class/h/{name}/{question}", "grader", save),
    PortalRoute("GET", "/class/h/{name}/{question}/rubric", "grader", rubric),
    PortalRoute("POST", "/class/h/{name}/{question}/rubric", "grader", change_rubric),
)

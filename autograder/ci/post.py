"""`autograder ci post`: looks at what a student's repository says, and writes only what is missing or has changed.

It runs in the job that has the token. The server's limits are kept (`hosting/pace.py`). A run that reaches one of them
stops, and the next run goes on: notes that say the right thing are left alone, so nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from autograder.ci.board import Board
from autograder.ci.feedback_pages import Message
from autograder.errors import HostError

Outcome = Literal["created", "edited", "unchanged", "not begun", "failed", "left"]
OUTCOMES: tuple[Outcome, ...] = ("created", "edited", "unchanged", "not begun", "failed", "left")
MAX_SILENT = 3  # students in a row for whom the server gives no answer: then it is the server


@dataclass(frozen=True, slots=True)
class Posted:
    """The outcome for one message. left: for the next run.  silent: the server gave no answer."""

    students: tuple[str, ...]
    assignment: str
    outcome: Outcome
    reason: str = ""
    silent: bool = False


def post(board: Board, messages: Iterable[Message]) -> list[Posted]:
    """Bring every message up to date. A student who is not reached costs nobody else."""
    posted: list[Posted] = []
    stop, silent = "", 0
    for message in messages:
        each = _left(message, stop) if stop else _post(board, message)
        posted.append(each)
        silent = silent + 1 if each.silent else 0
        if each.outcome == "left" or silent == MAX_SILENT:
            stop = each.reason
    return posted


def _left(message: Message, reason: str) -> Posted:
    return Posted(message.students, message.assignment, "left", reason)


def _post(board: Board, message: Message) -> Posted:
    try:
        return Posted(message.students, message.assignment, bring_up_to_date(board, message))
    except HostError as error:
        if error.kind == "limit":
            return _left(message, str(error))
        if error.kind == "absent" and not message.begun:  # no repository, and nothing to say about it
            return Posted(message.students, message.assignment, "not begun")
        return Posted(message.students, message.assignment, "failed", str(error), silent=error.kind == "unreachable")


def bring_up_to_date(board: Board, message: Message) -> Outcome:
    """Look, compare, and write. One note stays, the oldest; a second one that an earlier run left is withdrawn."""
    notes = board.notes(message)
    if not notes:
        if not message.begun:
            return "not begun"
        board.create(message)
        return "created"
    kept, *others = notes
    says = kept.says(message)
    if not says:
        board.edit(kept, message)
    for note in others:
        board.withdraw(note, kept, message)
    return "unchanged" if says and not others else "edited"

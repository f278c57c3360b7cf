"""What staff see of a class: who handed in, what waits, and how it went; it changes by itself while it is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from autograder.portal.class_state import ClassRow, class_state
from autograder.portal.web.event_stream import news_so_far
from autograder.portal.web.rendering import page
from autograder.portal.web.request_fields import chosen_entry, whole_number
from autograder.portal.web.routes import PortalRoute, Visit

ROWS = 100  # of a page; searching and sorting are over all

# By column: its heading, and what it is sorted by. What has no value stands last.
COLUMNS: dict[str, tuple[str, Callable[[ClassRow], Any]]] = {
    "name": ("Student", lambda row: (row.name or row.student).casefold()),
    "score": ("Mark", lambda row: row.score),
    "in": ("Handed in", lambda row: row.received),
    "attempts": ("Attempts", lambda row: row.attempts or None),
    "late": ("Late", lambda row: (row.mark.days_late if row.mark else 0) or None),
    "flags": ("To look at", lambda row: ", ".join(row.flags) or None),
}


def overview(visit: Visit) -> Response:
    """The class page."""
    entry, since = chosen_entry(visit), news_so_far(visit)
    asked = visit.request.query_params
    words, column, down = asked.get("q", "")[:200], asked.get("sort", "name"), asked.get("down", "") == "1"
    column = column if column in COLUMNS else "name"
    order = {"a": entry.name, "q": words, "sort": column, "down": "1" if down else ""}
    with visit.portal.database.read() as session:
        state = class_state(session, visit.portal, entry, visit.now)
    rows = in_order(found(state.rows, words), column, down=down)
    first = first_row(asked.get("from", ""), len(rows))
    return page(
        "class_overview.html",
        visit,
        since=since,
        entries=visit.portal.catalogue.entries,
        entry=entry,
        state=state,
        rows=rows[first : first + ROWS],
        number=len(rows),
        first=first,
        starts=[(start, f"?{urlencode(order)}&from={start + 1}") for start in range(0, len(rows), ROWS)],
        words=words,
        columns=[_heading(name, entry.name, words, column, down=down) for name in COLUMNS],
        places=bars(state.numbers.bins) if state.numbers else [],
    )


def first_row(asked: str, number: int) -> int:
    """Where the part of the list begins that was asked for: 0, 100, … and never behind its end."""
    wanted = (whole_number(asked) or 1) - 1
    return ROWS * (max(0, min(wanted, number - 1)) // ROWS)


def found(rows: tuple[ClassRow, ...], words: str) -> list[ClassRow]:
    """The rows that have each of the words in the student's name or id, or in the state."""
    wanted = words.casefold().split()
    return [row for row in rows if all(word in f"{row.name} {row.student} {row.status}".casefold() for word in wanted)]


def in_order(rows: list[ClassRow], column: str, *, down: bool) -> list[ClassRow]:
    """The rows sorted by a column, by name where it is equal."""
    by_name, value = COLUMNS["name"][1], COLUMNS[column][1]
    ordered = sorted(rows, key=by_name)
    full = [row for row in ordered if value(row) is not None]
    return sorted(full, key=value, reverse=down) + [row for row in ordered if value(row) is None]


def bars(bins: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """(x, height, students) of each bar of the histogram, in a picture of 200 × 50."""
    top = max(*bins, 1)
    return [(20 * i + 1, round(50 * n / top), n) for i, n in enumerate(bins)]


def _heading(name: str, entry: str, words: str, column: str, *, down: bool) -> tuple[str, str, str]:
    """(heading, address that sorts by it, the order now)."""
    again = name == column and not down
    address = "?" + urlencode({"a": entry, "q": words, "sort": name, "down": "1" if again else ""})
    return COLUMNS[name][0], address, ("descending" if down else "ascending") if name == column else ""


ROUTES: tuple[PortalRoute, ...] = (PortalRoute("GET", "/class", "grader", overview),)
